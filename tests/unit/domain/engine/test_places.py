"""Where a task stands in the queue, and who may have it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.projects.entities import Sampling, SkipQueue
from chalicelib.domain.queue.choice import advanced, begun, in_order
from chalicelib.domain.queue.places import (
    OpenTask,
    fresh,
    is_free_for,
    moment_key,
    place,
    touched,
    wanted,
)
from chalicelib.domain.queue.strategies import STRATEGIES, order_key, sortable
from chalicelib.domain.tasks.entities import Answer, DraftMark, ModelStats, QueuePlace, Task
from chalicelib.ids import ProjectId, TaskId, UserId
from tests.unit.domain.engine.builders import HOUR, NOW, make_project, make_task

OTHERS, ME, IGNORE = SkipQueue.REQUEUE_FOR_OTHERS, SkipQueue.REQUEUE_FOR_ME, SkipQueue.IGNORE_SKIPPED


@pytest.mark.parametrize(
    ("answers", "mode", "user", "expected"),
    [
        pytest.param([], OTHERS, 2, 2, id="nothing done"),
        pytest.param([(3, "")], OTHERS, 2, 1, id="one of two done"),
        pytest.param([(3, "g")], OTHERS, 2, 2, id="ground truth does not count"),
        pytest.param([(3, "x")], OTHERS, 2, 2, id="others' skips do not count"),
        pytest.param([(2, "x")], OTHERS, 2, 1, id="one's own skip counts"),
        pytest.param([(3, "x")], ME, 2, 1, id="for me: others' skips count"),
        pytest.param([(2, "x")], ME, 2, 2, id="for me: one's own do not"),
        pytest.param([(3, "x"), (2, "x")], IGNORE, 2, 0, id="ignored: all skips count"),
    ],
)
def test_how_many_answers_a_task_still_wants(
    answers: list[tuple[int, str]], mode: SkipQueue, user: int, expected: int
) -> None:
    assert wanted(make_task(*answers, overlap=2), UserId(user), mode) == expected


def test_a_fresh_task_stands_by_its_order() -> None:
    task = make_task(order_key="0007")

    assert place(task, NOW, OTHERS) == QueuePlace(fresh(ProjectId(5)), "0007")


def test_a_labeled_task_stands_nowhere() -> None:
    assert place(make_task((2, ""), is_labeled=True), NOW, OTHERS) is None


def test_a_full_task_stands_at_the_end_of_the_lease_that_frees_it() -> None:
    leases = {UserId(2): NOW + 3 * HOUR, UserId(3): NOW + HOUR, UserId(4): NOW + 2 * HOUR}
    ends = []
    for overlap in (1, 2, 3, 4):
        found = place(make_task(leases=leases, overlap=overlap), NOW, OTHERS)
        assert found is not None
        ends.append(found.key.split("#")[0])

    expected = [NOW + 3 * HOUR, NOW + 2 * HOUR, NOW + HOUR, NOW]
    assert ends == [moment_key(at) for at in expected]


def test_every_move_among_touched_tasks_changes_the_key() -> None:
    task = make_task((2, ""), overlap=3)
    keys = []
    for _ in range(4):
        task = replace(task, queue=place(task, NOW, OTHERS))
        assert task.queue is not None
        keys.append(task.queue.key)

    assert len(set(keys)) == 4
    assert task.queue is not None
    assert task.queue.partition == touched(ProjectId(5))


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param(make_task(), True, id="untouched"),
        pytest.param(make_task((2, "")), False, id="answered by me"),
        pytest.param(make_task((2, "x"), overlap=3), False, id="skipped by me"),
        pytest.param(make_task(is_labeled=True), False, id="labeled"),
        pytest.param(make_task(leases={UserId(3): NOW + HOUR}), False, id="leased by another"),
        pytest.param(make_task(leases={UserId(3): NOW}), True, id="a lease that has ended"),
        pytest.param(make_task(leases={UserId(2): NOW + HOUR}), True, id="leased by me"),
        pytest.param(make_task(leases={UserId(3): NOW + HOUR}, overlap=2), True, id="room for two"),
        pytest.param(make_task((3, ""), leases={UserId(4): NOW + HOUR}, overlap=2), False, id="full"),
        pytest.param(make_task(drafts=(DraftMark(1, UserId(2), NOW),)), False, id="postponed by me"),
        pytest.param(make_task(drafts=(DraftMark(1, UserId(3), NOW),)), True, id="postponed by another"),
        pytest.param(make_task(drafts=(DraftMark(1, UserId(2)),)), True, id="drafted by me"),
    ],
)
def test_who_may_have_a_task(task: Task, expected: bool) -> None:
    assert is_free_for(task, UserId(2), NOW, OTHERS) is expected


def open_task(number: int, *users: int) -> OpenTask:
    answers = tuple(Answer(i, UserId(user)) for i, user in enumerate(users, 1))
    where = QueuePlace("5#T", f"{moment_key(NOW + number * HOUR)}#{number:016d}#0")
    return OpenTask(
        id=TaskId(number),
        project_id=ProjectId(5),
        queue=where,
        overlap=3,
        answers=answers,
        drafts=(),
        leases={},
        order_key=f"{number:016d}",
    )


def test_the_cursor_passes_leading_done_tasks_and_no_others() -> None:
    entries = [open_task(1, 2), open_task(2, 2, 3), open_task(3, 3), open_task(4, 2)]

    assert advanced("", entries, UserId(2), until="~") == entries[1].queue.key
    assert advanced("", entries, UserId(3), until="~") == ""


def test_the_cursor_stays_behind_the_present() -> None:
    entries = [open_task(1, 2), open_task(2, 2)]

    assert advanced("", entries, UserId(2), until=moment_key(NOW + 2 * HOUR)) == entries[0].queue.key


def test_begun_tasks_come_by_how_far_they_are() -> None:
    project = make_project(maximum_annotations=3)
    tasks = [open_task(1), open_task(2, 5), open_task(3, 5, 6), open_task(4, 7)]

    found = [candidate.task.id for candidate in begun(tasks, project, Random(1))]

    assert found[0] == 3
    assert set(found) == {2, 3, 4}
    assert begun(tasks, make_project(), Random(1)) == []
    assert [c.task.id for c in in_order(tasks[::-1], project)] == [1, 2, 3, 4]


# ---- orders


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_sortable_texts_sort_as_numbers_do(left: float, right: float) -> None:
    assert (sortable(left) < sortable(right)) == (left < right)
    assert (sortable(left) == sortable(right)) == (left == right)


@pytest.mark.parametrize("sampling", list(Sampling))
def test_no_two_tasks_have_the_same_place(sampling: Sampling) -> None:
    project = make_project(sampling=sampling)
    tasks = [make_task(id=TaskId(number)) for number in range(1, 500)]

    keys = [order_key(task, project) for task in tasks]

    assert len(set(keys)) == len(keys)
    assert keys == [order_key(task, project) for task in tasks]
    assert (keys == sorted(keys)) is (sampling == Sampling.SEQUENTIAL)


def test_the_least_sure_comes_first_and_the_unscored_last() -> None:
    project = make_project(sampling=Sampling.UNCERTAINTY, model_version="m")

    def scored(score: float | None, version: str = "m") -> Task:
        stats = ModelStats(1) if score is None else ModelStats(1, 1, score, score)
        return make_task(models={version: stats})

    keys = [order_key(t, project) for t in (scored(-0.5), scored(0.1), scored(0.9), scored(None))]
    other = order_key(scored(0.0, "another"), project)

    assert keys == sorted(keys)
    assert other > keys[2]


def test_overlap_comes_first_where_that_is_set() -> None:
    project = make_project(show_overlap_first=True)
    once, twice = make_task(id=TaskId(1)), make_task(id=TaskId(2), overlap=2)

    assert order_key(twice, project) < order_key(once, project)
    assert set(STRATEGIES) == set(Sampling)
