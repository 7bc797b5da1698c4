"""Tasks assigned to people: who is given them, what is kept for whom, and what it costs."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.assignment import MAX_ASSIGNED, Assigning
from chalicelib.domain.tasks.changes import NewDraft
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.workflow.machine import Kind
from chalicelib.errors import ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, OrganizationId, TaskId, UserId
from chalicelib.storage.task_items import task_item, task_of
from tests.counting import Counting
from tests.engine import Engine, assert_counts_are_right, person
from tests.integration.storage.test_budgets import filled
from tests.integration.storage.test_races import label_until_nothing_is_left, together
from tests.unit.domain.engine.builders import make_task

ANN, BEN, EVE = 2, 3, 4


def assign(engine: Engine, project: Project, ids: object, *users: int, how: str = "add") -> int:
    named = [UserId(user) for user in users]
    return engine.assignments.assign(person(1), project.id, list(ids), named, Assigning(how))  # type: ignore[call-overload]


def task_of_id(engine: Engine, task_id: TaskId) -> Task:
    (task,) = engine.store.get_many([task_id])
    return task  # type: ignore[no-any-return]


def handed_out(engine: Engine, project: Project, user: int) -> list[TaskId]:
    given = []
    while (task_id := engine.next_id(user, project)) is not None:
        given.append(task_id)
        engine.submit(user, task_id)
    return given


def test_what_is_assigned_comes_first_and_nobody_else_is_given_it(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 6).task_ids
    assert assign(engine, project, [ids[4], ids[2]], ANN) == 2

    given = engine.next_task.next(person(ANN), project.id)
    assert given is not None
    assert (given.whole.task.id, given.queue) == (ids[2], "Manually assigned queue")
    assert engine.next_id(ANN, project) == ids[2]
    assert handed_out(engine, project, BEN) == [ids[0], ids[1], ids[3], ids[5]]
    assert handed_out(engine, project, ANN) == [ids[2], ids[4]]
    assert engine.counts(project).finished_task_number == 6
    assert_counts_are_right(engine, project.id)


def test_assigning_again_changes_nothing_and_all_of_it_can_be_taken_back(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids

    assert [assign(engine, project, ids, ANN, BEN) for _ in range(2)] == [3, 0]
    task = task_of_id(engine, ids[0])
    assert (task.assigned, task.seats, task.overlap, task.queue) == ((ANN, BEN), (ANN, BEN), 2, None)
    assert assign(engine, project, ids[:1], EVE, how="replace") == 1
    assert assign(engine, project, ids[1:2], ANN, how="remove") == 1
    assert assign(engine, project, ids[2:], how="replace") == 1

    tasks = [task_of_id(engine, task_id) for task_id in ids]
    assert [(task.assigned, task.overlap) for task in tasks] == [((EVE,), 1), ((BEN,), 1), ((), 1)]
    assert handed_out(engine, project, ANN) == [ids[2]]
    assert_counts_are_right(engine, project.id)


def test_of_a_task_that_wants_more_answers_others_are_given_the_rest(engine: Engine) -> None:
    project = engine.project(maximum_annotations=3)
    (task_id,) = engine.add(project, 1).task_ids
    assign(engine, project, [task_id], ANN)

    given = [engine.next_id(user, project) for user in (BEN, EVE, 5, ANN)]
    assert given == [task_id, task_id, None, task_id]
    engine.next_task.release(person(EVE), task_id)
    assert engine.next_id(5, project) == task_id
    for user in (BEN, 5, ANN):
        engine.submit(user, task_id)
    assert task_of_id(engine, task_id).is_labeled
    assert_counts_are_right(engine, project.id)


def test_a_seat_follows_what_happens_to_the_task(engine: Engine) -> None:
    project = engine.project()
    (task_id,) = engine.add(project, 1).task_ids
    assign(engine, project, [task_id], ANN)

    def seats() -> tuple[tuple[int, ...], bool]:
        return task_of_id(engine, task_id).seats, engine.next_id(BEN, project) == task_id

    made = AnnotationId(engine.submit(EVE, task_id))
    assert (seats(), engine.next_id(ANN, project)) == (((), False), None)
    engine.annotations.delete(person(1), made)
    assert seats() == ((ANN,), False)
    assert engine.next_id(ANN, project) == task_id
    engine.drafts.create(person(ANN), task_id, NewDraft(was_postponed=True))
    assert seats() == ((), True)  # what she put off is given to anybody
    engine.next_task.release(person(BEN), task_id)
    assert engine.next_id(ANN, project) == task_id
    engine.skip(ANN, task_id)
    assert seats() == ((), True)
    assert task_of_id(engine, task_id).assigned == (ANN,)
    assert_counts_are_right(engine, project.id)


def test_a_task_in_a_state_that_takes_no_answer_waits_for_nobody(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="review"))
    (task_id,) = engine.add(project, 1).task_ids
    for user in (BEN, EVE):
        engine.submit(user, task_id)
    engine.states.transition(person(1), Kind.TASK, task_id, "accept")
    assign(engine, project, [task_id], ANN)

    assert task_of_id(engine, task_id).seats == ()
    engine.states.transition(person(1), Kind.TASK, task_id, "withdraw", reason="one more")
    engine.states.transition(person(1), Kind.TASK, task_id, "ask_another")
    assert task_of_id(engine, task_id).seats == (ANN,)
    assert engine.next_id(ANN, project) == task_id
    assert_counts_are_right(engine, project.id)


def test_a_project_may_hand_out_nothing_else(engine: Engine) -> None:
    project = engine.project(assigned_only=True, skip_queue="REQUEUE_FOR_ME")
    ids = engine.add(project, 4).task_ids
    assert engine.next_id(ANN, project) is None
    assign(engine, project, ids[2:], ANN)

    assert engine.next_task.next(person(ANN), project.id, selection=ids[:2]) is None
    assert engine.next_id(ANN, project) == ids[2]
    engine.skip(ANN, ids[2])
    assert engine.next_id(ANN, project) == ids[3]
    engine.submit(ANN, ids[3])
    assert engine.next_id(ANN, project) == ids[2]  # what she skipped comes back to her
    assign(engine, project, ids[2:3], ANN, how="remove")
    assert engine.next_id(ANN, project) is None
    assert [engine.next_id(BEN, project)] == [None]


def test_removed_tasks_and_projects_leave_no_rows(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    assign(engine, project, ids, ANN)

    engine.tasks.delete(person(1), ids[0])
    assert engine.next_id(ANN, project) == ids[1]
    assert_counts_are_right(engine, project.id)
    engine.store.forget_project(project.id)
    assert engine.queue.assignments(project.id, ANN, after=None, limit=9) == []


def test_whoever_may_not_annotate_any_more_keeps_nothing(engine: Engine) -> None:
    project, other = engine.project(), engine.project()
    ids, others = engine.add(project, 3).task_ids, engine.add(other, 1).task_ids
    assign(engine, project, ids, ANN, BEN)
    assign(engine, other, others, ANN)
    engine.gone.add(ANN)
    engine.assignments.access_changed(OrganizationId(1), UserId(BEN), None, UserId(1))
    assert task_of_id(engine, ids[0]).seats == (ANN, BEN)

    for _ in range(2):
        engine.assignments.access_changed(OrganizationId(1), UserId(ANN), None, UserId(1))
    assert [task_of_id(engine, task_id).assigned for task_id in (*ids, *others)] == [(BEN,)] * 3 + [()]
    engine.gone.add(BEN)
    engine.assignments.access_changed(OrganizationId(1), None, project.id, UserId(1))
    assert handed_out(engine, project, EVE) == list(ids)
    assert_counts_are_right(engine, project.id)


def test_very_many_tasks_are_given_back_by_a_job(fake_engine: Engine) -> None:
    engine = fake_engine
    project = engine.project()
    assign(engine, project, engine.add(project, 501).task_ids, ANN)
    engine.gone.add(ANN)

    engine.assignments.access_changed(OrganizationId(1), UserId(ANN), None, UserId(1))

    assert engine.jobs.released == [(project.id, ANN)]
    assert sum(engine.assignments.releasing(project, UserId(ANN), UserId(1))) == 501


def test_only_managers_assign_and_only_to_those_who_may_annotate(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 1).task_ids
    engine.gone.add(BEN)

    from chalicelib.auth.principals import Role

    with pytest.raises(ForbiddenError):
        engine.assignments.assign(person(ANN, role=Role.REVIEWER), project.id, ids, [UserId(ANN)])
    with pytest.raises(NotFoundError):
        engine.assignments.assign(person(ANN, organization=2), project.id, ids, [UserId(ANN)])
    with pytest.raises(InvalidInputError) as refused:
        assign(engine, project, ids, ANN, BEN)
    assert [fault.place for fault in refused.value.faults] == ["users[1]"]
    with pytest.raises(InvalidInputError):
        assign(engine, project, ids, *range(100, 101 + MAX_ASSIGNED))
    assert task_of_id(engine, ids[0]).assigned == ()


def test_a_changed_overlap_never_drops_below_those_it_is_assigned_to(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 2).task_ids
    assign(engine, project, ids, ANN, BEN, EVE)

    engine.tasks.update(person(1), ids[0], {"overlap": 1})
    engine.projects.update(person(1), project.id, {"maximum_annotations": 1})

    assert [task_of_id(engine, task_id).overlap for task_id in ids] == [3, 3]
    assert_counts_are_right(engine, project.id)


def test_what_is_stored_of_assignments_is_read_as_it_was_written() -> None:
    task = make_task(assigned=(UserId(17), UserId(5)), seats=(UserId(5), UserId(17)))
    item = {name: value for name, value in task_item(task).items() if value is not None}

    assert task_of(item) == task
    assert (item["as"], len(str(item["l"]))) == (
        "17;5",
        len("{'-5': 10000000000000000, '-17': 10000000000000000}"),
    )


@pytest.mark.parametrize("how", ["add", "replace"])
def test_who_is_removed_while_tasks_are_assigned_to_them_keeps_none(engine: Engine, how: str) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    commit_all = engine.store.commit_all

    def overtaken(changes: object) -> None:
        engine.store.commit_all = commit_all
        engine.gone.add(ANN)
        engine.assignments.access_changed(OrganizationId(1), UserId(ANN), None, UserId(1))
        commit_all(changes)

    engine.store.commit_all = overtaken
    assign(engine, project, ids[:2], ANN, BEN, how=how)

    assert [task_of_id(engine, task_id).assigned for task_id in ids] == [(BEN,), (BEN,), ()]
    assert handed_out(engine, project, BEN) == list(ids)
    assert_counts_are_right(engine, project.id)


# ---- many at once


@pytest.mark.parametrize("assigned_only", [True, False])
def test_sixteen_annotators_finish_what_is_assigned_to_them_in_overlapping_groups(
    dynoxide_engine: Engine, assigned_only: bool
) -> None:
    engine = dynoxide_engine
    project = engine.project(assigned_only=assigned_only)
    ids = engine.add(project, 48).task_ids
    for index, task_id in enumerate(ids):
        assign(engine, project, [task_id], 2 + index % 16, 2 + (index + 5) % 16)
    given: Counter[tuple[int, int]] = Counter()

    done = together(lambda user: label_until_nothing_is_left(engine, project, user, given))

    assert [int(str(number)) for number in done] == [6] * 16
    assert set(given.values()) == {1}
    for index, task in enumerate(engine.store.get_many(ids)):
        assert set(task.annotators) == {2 + index % 16, 2 + (index + 5) % 16}
    assert engine.counts(project).finished_task_number == 48
    assert_counts_are_right(engine, project.id)


def test_tasks_are_assigned_and_taken_back_while_people_work(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 40).task_ids

    def act(user: int) -> None:
        if user < 6:
            for turn in range(8):
                some = ids[turn::7]
                assign(engine, project, some, user + 5, user + 6, how=("add", "replace", "remove")[turn % 3])
            return
        for _ in range(6):
            task_id = engine.next_id(user, project)
            if task_id is not None:
                engine.submit(user, task_id)

    together(act)
    assign(engine, project, ids, how="replace")
    for user in range(20, 23):
        handed_out(engine, project, user)

    found = engine.store.get_many(ids)
    assert all(len(task.annotators) == len(task.answers) for task in found)
    assert all(task.is_labeled and not task.seats for task in found)
    assert_counts_are_right(engine, project.id)


# ---- what it costs


@pytest.mark.parametrize("overlap", [1, 3])
def test_the_next_assigned_task_costs_the_same_however_many_there_are(
    dynoxide_engine: Engine, overlap: int
) -> None:
    engine = dynoxide_engine
    costs = set()
    for size, done in ((60, 0.0), (60, 0.5), (400, 0.0), (400, 0.98)):
        project = filled(engine, size, overlap=overlap, done=done)
        blocks = [engine.store.block(summary.block) for summary in engine.store.summaries(project.id)]
        ids = [task.id for block in blocks for task in block]
        assign(engine, project, ids, ANN)
        with Counting(engine.client) as count:
            given = engine.next_id(ANN, project)
        assert given is not None
        assert (count.read_units <= 6, count.write_units <= 4) == (True, True), (size, done)
        costs.add(tuple(count.operations))
        with Counting(engine.client) as submitted:
            engine.submit(ANN, given)
        assert submitted.write_units <= 12
    assert len(costs) == 1
    assert len(costs.pop()) <= 6
