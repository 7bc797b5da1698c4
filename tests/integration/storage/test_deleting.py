"""Deleted tasks take along what hangs on them: also where somebody works on one of them just then, or the
process dies in between."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import Change, NewPrediction, NewTask
from chalicelib.errors import AlreadyExistsError, ContentionError, UpstreamError
from chalicelib.ids import TaskId
from tests.engine import Engine, assert_counts_are_right, choice, person


def answered(engine: Engine, project: Project, count: int) -> list[TaskId]:
    """Tasks with an answer each, whose unique id is made of the task's."""
    ids = list(engine.add(project, count).task_ids)
    for task_id in ids:
        engine.submit(2, task_id, unique_id=f"of {task_id}")
    return ids


def left_of(engine: Engine, ids: list[TaskId]) -> list[TaskId]:
    """Those of the tasks of which something is left."""
    claims = {task_id: engine.store.annotation_by_unique_id(f"of {task_id}") for task_id in ids}
    families = {task_id: engine.store.family(task_id).annotations for task_id in ids}
    return [task_id for task_id in ids if claims[task_id] or families[task_id]]


def dying_after(engine: Engine, count: int) -> None:
    """Let the process die after it has removed what hung on so many tasks."""
    forget, seen = engine.store.forget_family, list[TaskId]()

    def dying(task_id: TaskId) -> None:
        if len(seen) == count:
            engine.store.forget_family = forget
            raise UpstreamError("The database does not answer.")
        seen.append(task_id)
        forget(task_id)

    engine.store.forget_family = dying


def test_nothing_is_left_of_tasks_whose_neighbour_changes_meanwhile(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = answered(engine, project, 4)
    commit_all = engine.store.commit_all

    def overtaken(changes: Any) -> None:
        engine.store.commit_all = commit_all
        commit_all(changes[:2])
        engine.submit(3, ids[3])
        with pytest.raises(ContentionError):
            commit_all(changes[2:])
        raise ContentionError("Somebody else changed this task meanwhile.")

    engine.store.commit_all = overtaken

    assert engine.tasks.delete_many(person(1), project.id, ids) == 4
    assert left_of(engine, ids) == []
    assert_counts_are_right(engine, project.id)


@pytest.mark.parametrize("removed", range(3))
def test_a_deletion_that_broke_off_leaves_nothing_when_it_is_repeated(engine: Engine, removed: int) -> None:
    project = engine.project()
    ids = answered(engine, project, 3)
    dying_after(engine, removed)
    with pytest.raises(UpstreamError):
        engine.tasks.delete_many(person(1), project.id, ids)
    assert len(left_of(engine, ids)) == 3 - removed

    engine.tasks.delete_many(person(1), project.id, ids)

    assert left_of(engine, ids) == []
    assert_counts_are_right(engine, project.id)


def test_a_repeated_deletion_leaves_other_projects_alone(engine: Engine) -> None:
    project, other = engine.project(), engine.project()
    ids = answered(engine, other, 2)
    dying_after(engine, 0)
    with pytest.raises(UpstreamError):
        engine.tasks.delete(person(1), ids[0])

    assert engine.tasks.delete_many(person(1), project.id, ids) == 0

    assert left_of(engine, ids) == ids


def test_the_unique_ids_of_a_task_that_was_half_deleted_can_be_used_again(engine: Engine) -> None:
    project = engine.project()
    ids = answered(engine, project, 2)
    dying_after(engine, 0)
    with pytest.raises(UpstreamError):
        engine.tasks.delete(person(1), ids[0])
    (new,) = engine.add(project, 1).task_ids

    made = engine.submit(2, new, unique_id=f"of {ids[0]}")

    assert engine.store.annotation_by_unique_id(f"of {ids[0]}").id == made
    assert engine.store.family(ids[0]).annotations == []
    with pytest.raises(AlreadyExistsError):
        engine.submit(3, new, unique_id=f"of {ids[1]}")
    assert_counts_are_right(engine, project.id)


def overtaken_by_deletion(engine: Engine, task_id: TaskId) -> None:
    """Let the task be deleted just before the next change of it is stored."""
    commit = engine.store.commit

    def overtaken(change: Change) -> None:
        if change.before.id == task_id:
            engine.store.commit = commit
            engine.tasks.delete(person(1), task_id)
        commit(change)

    engine.store.commit = overtaken


def test_predictions_of_many_tasks_are_stored_although_one_is_deleted_meanwhile(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    overtaken_by_deletion(engine, ids[1])

    new = [(task_id, NewPrediction(result=choice())) for task_id in ids]
    assert engine.predictions.create_many(person(1), project.id, new) == 2

    assert [len(engine.store.family(task_id).predictions) for task_id in ids] == [1, 0, 1]
    assert_counts_are_right(engine, project.id)


def test_annotations_are_made_of_predictions_although_a_task_is_deleted_meanwhile(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add_all(
        project, [NewTask(data={"text": "x"}, predictions=[NewPrediction(result=choice())])] * 3
    ).task_ids
    overtaken_by_deletion(engine, ids[1])

    made = engine.annotations.from_predictions(person(1), project.id, ids)

    assert [annotation.task_id for annotation in made] == [ids[0], ids[2]]
    assert_counts_are_right(engine, project.id)
