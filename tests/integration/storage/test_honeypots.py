"""Tasks whose answer is known, mixed in: who is given them when, what they change, and what nobody learns."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.auth.principals import Role
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.queue.honeypots import is_due
from chalicelib.domain.tasks.assignment import Assigning
from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewTask
from chalicelib.domain.workflow.machine import Kind
from chalicelib.errors import ForbiddenError
from chalicelib.ids import AnnotationId, TaskId, UserId
from chalicelib.services.honeypots import HoneypotService
from tests.counting import Counting
from tests.engine import Engine, assert_counts_are_right, choice, person
from tests.integration.storage.test_races import label_until_nothing_is_left, together

TRUTH = NewAnnotation(result=choice("pos"), ground_truth=True, completed_by=UserId(1))
ANN, BEN = 2, 3


@pytest.fixture(params=["fake", "dynoxide"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Not on moto, which copies whole tables with each of so many transactions."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


def project_with(
    engine: Engine, tasks: int, truths: int, **settings: Any
) -> tuple[Project, list[TaskId], set[TaskId]]:
    """A project, its tasks, and those of them whose answer is known, spread among the others."""
    settings = {"honeypot_every": 4, "sampling": "Uniform sampling", **settings}
    project = engine.project(**settings)
    new = [
        NewTask(data={"text": f"{n}"}, annotations=[TRUTH] if n < truths else ())
        for n in range(tasks + truths)
    ]
    ids = engine.add_all(project, new).task_ids
    return project, list(ids), set(ids[:truths])


def handed_out(engine: Engine, project: Project, user: int, label: str = "pos") -> list[TaskId]:
    given: list[TaskId] = []
    while (task_id := engine.next_id(user, project)) is not None:
        given.append(task_id)
        engine.submit(user, task_id, result=choice(label))
    return given


def due(project: Project, user: int, count: int) -> list[bool]:
    return [is_due(done, project, UserId(user), "") for done in range(count)]


def judged(engine: Engine, project: Project) -> dict[int, tuple[int, int, int]]:
    rows = engine.queue.annotators(project.id)
    return {row.user_id: (row.judged, row.score, row.right) for row in rows if row.judged}


def accuracy_service(engine: Engine) -> HoneypotService:
    return HoneypotService(projects=engine.project_store, tasks=engine.store, queue=engine.queue)


@pytest.mark.parametrize("overlap", [1, 3])
def test_one_of_so_many_tasks_is_a_honeypot_as_the_secret_says(engine: Engine, overlap: int) -> None:
    project, ids, truths = project_with(engine, 16, 6, maximum_annotations=overlap)

    given = handed_out(engine, project, ANN)

    assert len(given) == len(set(given))
    expected = due(project, ANN, len(given))
    assert [task_id in truths for task_id in given] == expected
    assert sum(expected) == len(given) // 4 + sum(expected[len(given) // 4 * 4 :])
    assert set(ids) - truths <= set(given)
    counts = engine.counts(project)
    assert counts.finished_task_number == len(truths) + (16 if overlap == 1 else 0)
    assert_counts_are_right(engine, project.id)


def test_everybody_meets_each_honeypot_once_and_none_is_left_when_all_were_met(engine: Engine) -> None:
    project, _, truths = project_with(engine, 40, 3, maximum_annotations=3)

    for user in (ANN, BEN, 4):
        given = handed_out(engine, project, user)
        assert Counter(task_id for task_id in given if task_id in truths) == dict.fromkeys(truths, 1)
    assert engine.counts(project).finished_task_number == 43
    assert_counts_are_right(engine, project.id)


def test_nobody_misses_one_as_long_as_any_is_left(engine: Engine) -> None:
    project, _, truths = project_with(engine, 4, 120, honeypot_every=1)

    given = handed_out(engine, project, ANN)

    assert set(given[:120]) == truths
    assert len(given) == 124
    assert_counts_are_right(engine, project.id)


def test_truths_that_come_late_are_met_as_well(engine: Engine) -> None:
    project, _, truths = project_with(engine, 12, 60, honeypot_every=1)
    first = [engine.next_id(ANN, project) or TaskId(0)]
    while first[-1] in truths:
        engine.submit(ANN, first[-1])
        first.append(engine.next_id(ANN, project) or TaskId(0))
    late = engine.add_all(project, [NewTask(data={"text": "late"}, annotations=[TRUTH])] * 60).task_ids

    rest = handed_out(engine, project, ANN)

    assert set(late) <= set(rest)
    assert len(rest) == 72
    places = [place for place, task_id in enumerate(rest) if task_id in late]
    assert places[-1] < 60 + 6, "one place is missed for each 48 that are passed, and the task in hand"


def test_a_honeypot_is_finished_by_its_truth_whatever_is_answered(engine: Engine) -> None:
    project, ids, _ = project_with(engine, 0, 1, maximum_annotations=3)
    tasks = engine.store.get_many(ids)
    assert [(task.is_labeled, task.overlap, task.state) for task in tasks] == [(True, 3, "labeled")]

    made = AnnotationId(engine.submit(ANN, ids[0]))
    engine.submit(BEN, ids[0], result=choice("neg"))
    engine.annotations.delete(person(1), made)
    before = engine.counts(project)
    assert (before.finished_task_number, before.ground_truth_number, before.total_annotations_number) == (
        1,
        1,
        2,
    )

    truth = engine.store.get_many(ids)[0].annotation_ids[0]
    engine.annotations.update(person(1), truth, {"ground_truth": False})
    task = engine.store.get_many(ids)[0]
    assert (task.is_labeled, task.scores) == (False, {})
    assert engine.next_id(4, project) == ids[0]  # an ordinary task that wants one answer more
    assert_counts_are_right(engine, project.id)


def test_accuracy_follows_answers_truths_removals_and_restored_versions(engine: Engine) -> None:
    project, ids, _ = project_with(engine, 0, 2, maximum_annotations=9)
    first = AnnotationId(engine.submit(ANN, ids[0], result=choice("pos")))
    engine.submit(ANN, ids[1], result=choice("neg"))
    engine.submit(BEN, ids[0], result=choice("neg"))
    assert judged(engine, project) == {ANN: (2, 1000, 1), BEN: (1, 0, 0)}

    engine.annotations.update(person(ANN), first, {"result": choice("neg")})
    assert judged(engine, project)[ANN] == (2, 0, 0)
    truth = engine.store.get_many(ids)[0].annotation_ids[0]
    engine.annotations.update(person(1), truth, {"result": choice("neg")})
    assert judged(engine, project) == {ANN: (2, 1000, 1), BEN: (1, 1000, 1)}
    engine.annotations.delete(person(1), first)
    assert judged(engine, project)[ANN] == (1, 0, 0)
    engine.history.restore(person(1), first, 2)
    assert judged(engine, project)[ANN] == (2, 1000, 1)
    engine.annotations.update(person(ANN), first, {"was_cancelled": True})
    assert judged(engine, project)[ANN] == (1, 0, 0)
    engine.tasks.delete(person(1), ids[1])
    assert judged(engine, project) == {BEN: (1, 1000, 1)}
    assert_counts_are_right(engine, project.id)

    found = accuracy_service(engine).judgements(person(1), project.id)
    ((user, accuracy),) = found.annotators
    assert (found.every, found.truths, user, accuracy.accuracy, accuracy.right) == (4, 1, BEN, 1.0, 1)
    with pytest.raises(ForbiddenError):
        accuracy_service(engine).judgements(person(BEN, role=Role.ANNOTATOR), project.id)


def test_a_new_truth_is_held_against_more_answers_than_fit_in_a_transaction(engine: Engine) -> None:
    project, ids, _ = project_with(engine, 0, 1, maximum_annotations=99)
    for user in range(10, 55):
        engine.submit(user, ids[0], result=choice("neg"))
    truth = engine.store.get_many(ids)[0].annotation_ids[0]

    engine.annotations.update(person(1), truth, {"result": choice("neg")})
    assert sum(right for _, _, right in judged(engine, project).values()) == 40
    engine.submit(9, ids[0], result=choice("neg"))

    assert set(judged(engine, project).values()) == {(1, 1000, 1)}
    assert len(judged(engine, project)) == 46
    assert_counts_are_right(engine, project.id)


def test_the_rate_can_be_set_and_taken_back_while_people_work(engine: Engine) -> None:
    project, ids, truths = project_with(engine, 6, 4, honeypot_every=0, maximum_annotations=2)
    assert engine.counts(project).finished_task_number == 0
    engine.projects.update(person(1), project.id, {"honeypot_every": 1})
    given = [engine.next_id(ANN, project)]
    assert given[0] in truths
    engine.submit(ANN, given[0] or 0)
    assert engine.counts(project).finished_task_number == 4

    engine.projects.update(person(1), project.id, {"honeypot_every": 0})
    assert engine.counts(project).finished_task_number == 1  # the truth and one answer make two
    handed_out(engine, project, BEN)
    handed_out(engine, project, ANN)
    assert engine.counts(project).finished_task_number == len(ids)
    assert_counts_are_right(engine, project.id)


def test_a_honeypot_is_held_prolonged_given_back_and_put_off_like_any_task(engine: Engine) -> None:
    project, ids, truths = project_with(engine, 1, 2, honeypot_every=1)
    first = engine.next_id(ANN, project)
    assert first in truths
    assert engine.next_id(ANN, project) == first
    assert engine.next_task.heartbeat(person(ANN), first or TaskId(0)) > engine.clock.now
    assert engine.next_id(BEN, project) in truths
    engine.next_task.release(person(ANN), first or TaskId(0))
    again = engine.next_id(ANN, project)
    assert again in truths
    engine.drafts.create(person(ANN), again or TaskId(0), NewDraft(was_postponed=True))
    rest = handed_out(engine, project, ANN)
    assert sorted(rest) == sorted(ids)
    assert rest[-1] == again  # what was put off comes last
    assert_counts_are_right(engine, project.id)


def test_a_skipped_honeypot_counts_and_is_not_judged(engine: Engine) -> None:
    project, _, truths = project_with(engine, 1, 2, honeypot_every=1, skip_queue="REQUEUE_FOR_ME")
    first = engine.next_id(ANN, project) or TaskId(0)
    engine.skip(ANN, first)

    assert (first in truths, judged(engine, project)) == (True, {})
    rest = handed_out(engine, project, ANN)
    assert rest[-1] == first
    assert judged(engine, project) == {ANN: (2, 2000, 2)}
    assert_counts_are_right(engine, project.id)


def test_honeypots_are_mixed_into_what_is_assigned(engine: Engine) -> None:
    project, ids, truths = project_with(engine, 12, 5, assigned_only=True)
    regular = [task_id for task_id in ids if task_id not in truths]
    engine.assignments.assign(person(1), project.id, regular[:8], [UserId(ANN)], Assigning.ADD)

    queues = []
    given: list[TaskId] = []
    while (found := engine.next_task.next(person(ANN), project.id)) is not None:
        given.append(found.whole.task.id)
        queues.append(found.queue)
        engine.submit(ANN, given[-1])
    assert [task_id in truths for task_id in given] == due(project, ANN, len(given))
    assert [task_id for task_id in given if task_id not in truths] == regular[:8]
    assert set(queues) == {"Manually assigned queue"}
    assert_counts_are_right(engine, project.id)


def test_a_closed_honeypot_is_not_handed_out(engine: Engine) -> None:
    project, ids, _ = project_with(engine, 0, 1, honeypot_every=1)
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="review"))
    engine.states.transition(person(5), Kind.TASK, ids[0], "accept")

    assert engine.next_id(ANN, project) is None


def test_an_annotator_sees_no_difference(engine: Engine) -> None:
    project, _, truths = project_with(engine, 4, 4, maximum_annotations=1, honeypot_every=2)
    for other in (7, 8, 9):
        for truth in truths:
            engine.submit(other, truth)
    ann = person(ANN, role=Role.ANNOTATOR)
    shapes: set[tuple[object, ...]] = set()
    numbers, queues, counted = set(), set(), []
    for _ in range(6):
        given = engine.next_task.next(ann, project.id)
        assert given is not None
        task = given.whole.task
        queues.add(given.queue)
        shapes.add(
            (task.answers, task.is_labeled, task.state, task.version, task.updated_by, task.completed_at)
        )
        assert task.updated_at == task.created_at
        assert not engine.states.history(ann, Kind.TASK, task.id)
        assert not engine.annotations.of_task(ann, task.id)
        made = engine.annotations.create(ann, task.id, NewAnnotation(result=choice()))
        numbers.add(made.number)
        seen = engine.tasks.get(ann, task.id)
        assert [one.id for one in seen.family.annotations] == [made.id]
        whole = seen.whole.task
        shapes.add((len(whole.answers), whole.is_labeled, whole.state, whole.version, whole.avg_lead_time))
        current = engine.projects.counts(ann, engine.projects.get(ann, project.id))
        counted.append((current.finished_task_number, current.queue_done, current.queue_total))
    assert len(shapes) == 2
    assert len(queues) == 1
    assert counted == [(done, done, 8) for done in range(1, 7)]
    assert len(numbers) > 3
    assert engine.workflows.get(ann, project.id).tasks == {}


@pytest.mark.parametrize("overlap", [1, 3])
def test_a_honeypot_costs_what_any_task_costs(dynoxide_engine: Engine, overlap: int) -> None:
    engine = dynoxide_engine
    shapes: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    submits: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    for truths in (30, 90):
        project, _, known = project_with(engine, 200, truths, maximum_annotations=overlap)
        engine.clock.move(minutes=1)
        for _ in range(8):
            with Counting(engine.client) as count:
                given = engine.next_id(ANN, project)
            assert given is not None
            assert (count.read_units <= 6, count.write_units <= 4, count.requests <= 7) == (True, True, True)
            shapes[given in known].add(tuple(count.operations))
            with Counting(engine.client) as submitted:
                engine.submit(ANN, given)
            assert submitted.write_units <= 12
            submits[given in known].add(tuple(submitted.operations))
    assert shapes[True] <= shapes[False] | {
        ("GetItem", "GetItem", *["Query"] * 3, "UpdateItem", "UpdateItem")
    }
    assert submits[True] == submits[False]


def test_the_last_of_many_honeypots_costs_what_the_first_did(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, _, truths = project_with(engine, 30, 100, honeypot_every=1)
    engine.clock.move(minutes=1)
    met = 0
    for _ in range(110):  # ten more than there are
        with Counting(engine.client) as count:
            given = engine.next_id(ANN, project)
        assert given is not None
        assert (count.read_units <= 6, count.write_units <= 4, count.requests <= 9) == (True, True, True)
        met += given in truths
        engine.submit(ANN, given)
    assert met == 100


def test_sixteen_annotators_meet_honeypots_at_the_rate(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project, ids, truths = project_with(engine, 32, 8, maximum_annotations=3)
    given: Counter[tuple[int, int]] = Counter()

    done = together(lambda user: label_until_nothing_is_left(engine, project, user, given))

    assert set(given.values()) == {1}
    for user, count in enumerate(map(int, map(str, done)), 2):
        met = sum(task_id in truths for task_id, who in given if who == user)
        assert met == sum(due(project, user, count))
    for task in engine.store.get_many(ids):
        assert len(task.answers) == (task.id in truths) + (
            3 if task.id not in truths else len(task.annotators) - 1
        )
        assert task.is_labeled
    assert engine.counts(project).finished_task_number == 40
    assert_counts_are_right(engine, project.id)
