"""What follows from what happens to a task; what it contributes; the states it may go through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.annotations.rules import as_result
from chalicelib.domain.projects.counts import project_counts
from chalicelib.domain.projects.entities import SkipQueue
from chalicelib.domain.tasks.building import free_numbers, next_draft_number, overlap_for
from chalicelib.domain.tasks.changes import IdRange, Reservation
from chalicelib.domain.tasks.counts import (
    Contribution,
    annotator_deltas,
    contribution,
    total,
)
from chalicelib.domain.tasks.entities import Annotator, DraftMark, Task
from chalicelib.domain.tasks.rules import answered, reanswered, settle, withdrawn
from chalicelib.domain.workflow.presets import TaskState
from chalicelib.errors import InvalidInputError, LimitExceededError
from chalicelib.ids import MAX_PER_TASK, ProjectId, TaskId, UserId
from tests.unit.domain.engine.builders import HOUR, NOW, make_annotation, make_project, make_task

# ---- states


@pytest.mark.parametrize(
    ("answers", "overlap", "mode", "state"),
    [
        ([], 1, "REQUEUE_FOR_OTHERS", TaskState.UNLABELED),
        ([(2, "")], 1, "REQUEUE_FOR_OTHERS", TaskState.LABELED),
        ([(2, "")], 2, "REQUEUE_FOR_OTHERS", TaskState.IN_PROGRESS),
        ([(2, "x")], 1, "REQUEUE_FOR_OTHERS", TaskState.SKIPPED),
        ([(2, "x")], 1, "IGNORE_SKIPPED", TaskState.LABELED),
        ([(2, "x"), (3, "")], 2, "REQUEUE_FOR_ME", TaskState.IN_PROGRESS),
        ([(2, ""), (2, "")], 2, "REQUEUE_FOR_OTHERS", TaskState.LABELED),
    ],
)
def test_answers_put_a_task_in_its_state(
    answers: list[tuple[int, str]], overlap: int, mode: str, state: TaskState
) -> None:
    project = make_project(skip_queue=SkipQueue(mode))

    task = settle(make_task(*answers, overlap=overlap), project, NOW, by=UserId(2))

    assert task.state == state
    assert [step.state for step in task.history] == ([] if state == TaskState.UNLABELED else [state])


# ---- what happens


def test_an_annotation_and_its_removal_leave_no_trace_but_its_number() -> None:
    task = make_task(leases={UserId(2): NOW + HOUR, UserId(3): NOW + HOUR})
    annotation = make_annotation(lead_time=2.5)

    with_it = answered(task, annotation)
    without = withdrawn(with_it, annotation, [])

    assert with_it.avg_lead_time == 2.5
    assert dict(with_it.leases) == {UserId(3): NOW + HOUR}
    assert without == replace(task, last_number=1, leases=with_it.leases)


def test_a_changed_annotation_keeps_its_place() -> None:
    task = answered(answered(make_task(), make_annotation(1, 2)), make_annotation(2, 3))
    before, after = make_annotation(1, 2), make_annotation(1, 4, was_cancelled=True, lead_time=1.0)

    changed = reanswered(task, before, after)

    assert [(a.number, a.user, a.cancelled) for a in changed.answers] == [(1, 4, True), (2, 3, False)]
    assert changed.lead_time_count == 1


# ---- counts

ANSWERS = st.lists(st.tuples(st.integers(2, 5), st.sampled_from(["", "x", "g", "xg"])), max_size=6)
TASKS = st.builds(
    lambda answers, overlap, mode: settle(
        make_task(*answers, overlap=overlap),
        make_project(skip_queue=mode, maximum_annotations=overlap),
        NOW,
        by=None,
    ),
    ANSWERS,
    st.integers(1, 3),
    st.sampled_from(list(SkipQueue)),
)


@given(st.lists(TASKS, max_size=5), TASKS)
def test_adding_differences_gives_the_sum(tasks: list[Task], changed: Task) -> None:
    kept = total(contribution(task) for task in tasks)

    for index, task in enumerate(tasks):
        kept = kept + (contribution(changed) - contribution(task))
        tasks = [changed if i == index else t for i, t in enumerate(tasks)]

    assert kept == total(contribution(task) for task in tasks)
    assert kept - kept == Contribution()


@given(TASKS, TASKS)
def test_annotators_gain_what_they_lose_back(before: Task, after: Task) -> None:
    there, back = annotator_deltas(before, after), annotator_deltas(after, before)

    assert {u: (-d.done, -d.kept) for u, d in there.items()} == {u: (d.done, d.kept) for u, d in back.items()}
    assert annotator_deltas(before, before) == {}


@given(TASKS)
def test_a_task_counts_each_of_its_annotations_once(task: Task) -> None:
    counts = contribution(task)

    assert counts.annotations + counts.cancelled == len(task.answers)
    assert counts.with_annotations == int(counts.useful > 0)
    assert counts.finished == int(task.is_labeled)
    assert sum(counts.states.values()) == 1


@pytest.mark.parametrize(
    ("mode", "done", "total_number"),
    [(SkipQueue.REQUEUE_FOR_OTHERS, 5, 11), (SkipQueue.REQUEUE_FOR_ME, 4, 11)],
)
def test_the_queue_of_a_user_is_theirs_and_what_is_open(
    mode: SkipQueue, done: int, total_number: int
) -> None:
    counts = Contribution(tasks=10, finished=2, open_of={UserId(2): 2}, open_skipped_of={UserId(2): 1})
    row = Annotator(project_id=ProjectId(5), user_id=UserId(2), done=5, kept=4)

    shown = project_counts(make_project(skip_queue=mode), counts, row)

    assert (shown.queue_done, shown.queue_total) == (done, total_number)


# ---- numbers


@pytest.mark.parametrize(("percentage", "expected"), [(0, 0), (50, 5), (33, 3), (99, 10), (100, 10)])
def test_a_cohort_has_its_share_of_ten(percentage: int, expected: int) -> None:
    project = make_project(maximum_annotations=3, overlap_cohort_percentage=percentage)

    assert sum(overlap_for(project, inner_id) == 3 for inner_id in range(1, 11)) == expected


def test_draft_numbers_are_reused_at_the_limit_only() -> None:
    def marked(numbers: range) -> Task:
        return make_task(drafts=tuple(DraftMark(number, UserId(2)) for number in numbers))

    assert next_draft_number(marked(range(1, 4))) == 4
    assert next_draft_number(marked(range(3, MAX_PER_TASK + 1))) == 1
    assert next_draft_number(marked(range(1, MAX_PER_TASK + 1))) == MAX_PER_TASK + 1


def test_prediction_numbers_are_reused_at_the_limit_only() -> None:
    full = make_task(last_prediction_number=MAX_PER_TASK - 1)

    assert free_numbers(make_task(last_prediction_number=7), [1], 2) == [8, 9]
    assert free_numbers(full, [2, 4], 3) == [1, 3, 5]
    with pytest.raises(LimitExceededError):
        free_numbers(full, list(range(1, MAX_PER_TASK)), 3)


def test_a_reservation_gives_ids_and_inner_ids_in_step() -> None:
    reserved = Reservation((IdRange(TaskId(256), 2), IdRange(TaskId(1024), 1)), 7)

    assert reserved.places() == [(256, 7), (257, 8), (1024, 9)]


# ---- plain values


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("Choices", "neg", {"choices": ["neg"]}),
        ("Rating", 4, {"rating": 4}),
        ("TextArea", "hello", {"text": ["hello"]}),
        ("Choices", {"choices": ["a"]}, {"choices": ["a"]}),
    ],
)
def test_a_plain_value_becomes_one_item(kind: str, value: object, expected: object) -> None:
    parsed = {"name": {"type": kind, "to_name": ["object"]}}

    assert as_result(value, parsed) == [
        {"from_name": "name", "to_name": "object", "type": kind.lower(), "value": expected}
    ]
    with pytest.raises(InvalidInputError):
        as_result(value, {})
