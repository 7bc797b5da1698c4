"""Tasks follow the settings of their project, and the model version that it takes from what is imported:
also where the change broke off half-way, or where two came at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.label_caching import CacheOrder
from chalicelib.domain.projects.entities import Project, Unsettled
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.assignment import Assigning
from chalicelib.domain.tasks.changes import NewAnnotation, NewPrediction, NewTask, PlacedTask
from chalicelib.domain.workflow.documents import dump_machine
from chalicelib.domain.workflow.presets import PLAIN
from chalicelib.errors import ContentionError, UpstreamError
from chalicelib.ids import TaskId, UserId
from chalicelib.services import retuning
from chalicelib.services.label_caching import LabelCacheService
from tests.engine import Engine, assert_counts_are_right, choice, kept_counts, person
from tests.fakes.configs import parse_fake_config
from tests.integration.storage.test_strategies import handed_out

SCORES = (0.99, 0.9, 0.55, 0.8, 0.95)
CHANGES = (
    pytest.param({"maximum_annotations": 3}, id="overlap"),
    pytest.param({"sampling": "Uniform sampling"}, id="places"),
)
LEAST_SURE_FIRST = [2, 3, 1, 4, 0]


def scored(score: float, version: str = "m") -> NewTask:
    return NewTask(data={"text": "x"}, predictions=[prediction(score, version)])


def prediction(score: float, version: str = "m") -> NewPrediction:
    return NewPrediction(result=choice(), score=score, model_version=version)


def uncertain(engine: Engine) -> Project:
    return engine.project(strategy={"name": "uncertainty"})


def now(engine: Engine, project: Project) -> Project:
    return engine.projects.get(person(1), project.id)


def assert_settled(engine: Engine, project: Project) -> None:
    """Nothing is owed, and to settle each task anew changes none."""
    assert now(engine, project).unsettled is Unsettled.NOTHING
    for summary in engine.store.summaries(project.id):
        assert engine.tasks.retune_block(person(1), project.id, summary.block) == 0
    assert_counts_are_right(engine, project.id)


def chunks_of(engine: Engine, project: Project, new: list[NewTask], size: int) -> list[list[PlacedTask]]:
    """The tasks under ids that are set aside for them, as the parts of an import have them."""
    places = engine.store.reserve(project.id, len(new)).places()
    placed = [
        PlacedTask(task_id, inner_id, task) for (task_id, inner_id), task in zip(places, new, strict=True)
    ]
    return [placed[start : start + size] for start in range(0, len(placed), size)]


# ---- the model version of what is imported


def test_imported_predictions_order_their_own_tasks(engine: Engine) -> None:
    project = uncertain(engine)

    ids = engine.add_all(project, [scored(score) for score in SCORES]).task_ids

    assert now(engine, project).model_version == "m"
    assert handed_out(engine, project) == [ids[index] for index in LEAST_SURE_FIRST]
    assert_settled(engine, project)


def test_the_parts_of_an_import_are_ordered_together(engine: Engine) -> None:
    project = uncertain(engine)
    parts = chunks_of(engine, project, [scored(score) for score in SCORES], 2)

    for part in reversed(parts):
        engine.tasks.add_tasks(person(1), project.id, part)

    ids = [placed.id for part in parts for placed in part]
    assert handed_out(engine, project) == [ids[index] for index in LEAST_SURE_FIRST]
    assert_settled(engine, project)


def test_of_two_parts_at_once_both_follow_the_version_that_was_quicker(engine: Engine) -> None:
    project = uncertain(engine)
    first, second = chunks_of(engine, project, [scored(0.4, "a"), scored(0.9, "b"), scored(0.6, "b")], 1)[:2]
    update = engine.project_store.update

    def overtaken(*arguments: Any, **named: Any) -> None:
        engine.project_store.update = update
        engine.tasks.add_tasks(person(1), project.id, second)
        update(*arguments, **named)

    engine.project_store.update = overtaken
    engine.tasks.add_tasks(person(1), project.id, first)

    assert now(engine, project).model_version == "b"
    assert_settled(engine, project)


def test_tasks_whose_predictions_came_earlier_follow_the_version_too(engine: Engine) -> None:
    project = uncertain(engine)
    ids = engine.add(project, 4).task_ids
    for task_id, score in zip(ids, SCORES, strict=False):
        engine.predictions.create(person(1), task_id, prediction(score))

    last = engine.add_all(project, [scored(SCORES[4])]).task_ids

    assert handed_out(engine, project) == [[*ids, *last][index] for index in LEAST_SURE_FIRST]
    assert_settled(engine, project)


def test_very_many_that_came_earlier_follow_it_by_a_job(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retuning, "RETUNED_AT_ONCE", 3)
    project = uncertain(engine)
    for task_id in engine.add(project, 4).task_ids:
        engine.predictions.create(person(1), task_id, prediction(0.5))

    engine.add_all(project, [scored(0.9)])

    assert engine.jobs.retuned == [(project.id, False)]
    assert now(engine, project).unsettled is Unsettled.NOTHING


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_imported_while_settings_change_follows_them(engine: Engine, change: dict[str, Any]) -> None:
    project = uncertain(engine)
    insert = engine.store.insert

    def overtaken(*arguments: Any) -> None:
        engine.store.insert = insert
        engine.projects.update(person(1), project.id, change)
        insert(*arguments)

    engine.store.insert = overtaken
    ids = engine.add(project, 3).task_ids

    assert {task.overlap for task in engine.store.get_many(ids)} == {change.get("maximum_annotations", 1)}
    assert_settled(engine, project)


def test_what_is_imported_while_the_workflow_changes_stands_in_its_states(engine: Engine) -> None:
    project = engine.project()
    renamed = json.loads(json.dumps(dump_machine(PLAIN)).replace('"labeled"', '"finished"'))
    insert = engine.store.insert

    def overtaken(*arguments: Any) -> None:
        engine.store.insert = insert
        engine.workflows.change(person(1), project.id, WantedWorkflow(document=renamed))
        insert(*arguments)

    engine.store.insert = overtaken
    done = NewTask(data={"text": "x"}, annotations=[NewAnnotation(result=choice())])
    engine.add_all(project, [done])

    assert kept_counts(engine, project.id).states == {"finished": 1}
    assert_settled(engine, project)


def forward(engine: Engine, project: Project, ids: list[TaskId]) -> None:
    engine.predictions.create_many(person(1), project.id, [(task_id, prediction(0.5)) for task_id in ids])


def assigned(engine: Engine, project: Project, ids: list[TaskId]) -> None:
    engine.assignments.assign(person(1), project.id, ids, [UserId(2)], Assigning.ADD)


def cleared(engine: Engine, project: Project, ids: list[TaskId]) -> None:
    engine.annotations.delete_of_tasks(person(1), project.id, ids)


def unpredicted(engine: Engine, project: Project, ids: list[TaskId]) -> None:
    engine.predictions.delete_of_tasks(person(1), project.id, ids)


def cached(engine: Engine, project: Project, ids: list[TaskId]) -> None:
    labels = LabelCacheService(
        projects=engine.project_store, tasks=engine.store, clock=engine.clock, parse_config=parse_fake_config
    )
    labels.cache(person(1), project.id, ids, CacheOrder(control="sentiment"))


@pytest.mark.parametrize("work", [forward, assigned, cleared, unpredicted, cached])
@pytest.mark.parametrize("change", [*CHANGES, pytest.param({}, id="workflow")])
def test_who_works_at_many_tasks_while_settings_change_leaves_none_behind(
    engine: Engine, work: Any, change: dict[str, Any]
) -> None:
    project = engine.project()
    done = NewTask(data={"text": "x"}, annotations=[NewAnnotation(result=choice())])
    ids = [*engine.add_all(project, [scored(0.9), done, scored(0.6), done]).task_ids]
    renamed = json.loads(json.dumps(dump_machine(PLAIN)).replace('"labeled"', '"finished"'))
    once = iter([True])

    def overtaken(store: Any) -> Any:
        def then(*arguments: Any) -> None:
            if next(once, False):
                if change:
                    engine.projects.update(person(1), project.id, change)
                else:
                    wanted = WantedWorkflow(document=renamed, states={"labeled": "finished"})
                    engine.workflows.change(person(1), project.id, wanted)
            store(*arguments)

        return then

    engine.store.commit = overtaken(engine.store.commit)
    engine.store.commit_all = overtaken(engine.store.commit_all)
    work(engine, project, ids)

    assert_settled(engine, project)
    assert change or "labeled" not in kept_counts(engine, project.id).states


def test_tasks_moved_while_the_workflow_goes_back_stand_in_no_lost_state(engine: Engine) -> None:
    project = engine.project()
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="review"))
    done = NewTask(data={"text": "x"}, annotations=[NewAnnotation(result=choice(), completed_by=UserId(2))])
    ids = engine.add_all(project, [done, done, done]).task_ids
    commit = engine.store.commit

    def overtaken(*arguments: Any) -> None:
        engine.store.commit = commit
        engine.workflows.reset(person(1), project.id)
        commit(*arguments)

    engine.store.commit = overtaken
    engine.states.transition_many(person(1), project.id, ids, "start_review")

    assert kept_counts(engine, project.id).states == {"labeled": 3}
    assert_settled(engine, project)


def test_a_version_that_the_project_has_stays(engine: Engine) -> None:
    project = engine.project(strategy={"name": "uncertainty"}, model_version="mine")

    engine.add_all(project, [scored(0.4)])

    assert now(engine, project).model_version == "mine"
    assert_settled(engine, project)


# ---- changes that break off


def broken(engine: Engine) -> None:
    """Let the store die at the next commit of many tasks."""
    commit_all = engine.store.commit_all

    def dying(changes: Any) -> None:
        engine.store.commit_all = commit_all
        raise UpstreamError("The database does not answer.")

    engine.store.commit_all = dying


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("next_change", [{}, {"title": "Another"}], ids=["repeated", "another"])
def test_a_change_that_broke_off_is_ended_by_the_next(
    engine: Engine, change: dict[str, Any], next_change: dict[str, Any]
) -> None:
    project = engine.project()
    engine.add(project, 5)
    broken(engine)
    with pytest.raises(UpstreamError):
        engine.projects.update(person(1), project.id, change)
    assert now(engine, project).unsettled is not Unsettled.NOTHING

    engine.projects.update(person(1), project.id, next_change or change)

    assert_settled(engine, project)
    wanted = {task.overlap for task in engine.store.block(engine.store.summaries(project.id)[0].block)}
    assert wanted == {change.get("maximum_annotations", 1)}


def test_a_part_of_an_import_that_broke_off_ends_it_when_it_runs_again(engine: Engine) -> None:
    project = uncertain(engine)
    for task_id in engine.add(project, 3).task_ids:
        engine.predictions.create(person(1), task_id, prediction(0.5))
    ((part),) = chunks_of(engine, project, [scored(0.4)], 1)
    broken(engine)
    with pytest.raises(UpstreamError):
        engine.tasks.add_tasks(person(1), project.id, part)

    engine.tasks.add_tasks(person(1), project.id, part)

    assert_settled(engine, project)


def test_changed_overlaps_are_not_forgotten_for_a_later_change_of_the_order(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 5)
    broken(engine)
    with pytest.raises(UpstreamError):
        engine.projects.update(person(1), project.id, {"maximum_annotations": 2})

    engine.projects.update(person(1), project.id, {"sampling": "Uniform sampling"})

    assert_settled(engine, project)


def test_of_two_changes_at_once_the_tasks_follow_the_last(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 5)
    commit_all = engine.store.commit_all

    def overtaken(changes: Any) -> None:
        engine.store.commit_all = commit_all
        engine.projects.update(person(1), project.id, {"maximum_annotations": 3})
        commit_all(changes)

    engine.store.commit_all = overtaken
    engine.projects.update(person(1), project.id, {"maximum_annotations": 2})

    assert now(engine, project).maximum_annotations == 3
    assert_settled(engine, project)


def test_a_project_that_is_deleted_meanwhile_is_settled_by_nobody(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 3)
    commit_all = engine.store.commit_all

    def overtaken(changes: Any) -> None:
        engine.projects.delete(person(1), project.id)
        commit_all(changes)

    engine.store.commit_all = overtaken

    assert engine.projects.update(person(1), project.id, {"maximum_annotations": 2}).maximum_annotations == 2


def test_what_was_changed_since_is_not_called_settled(engine: Engine) -> None:
    project = engine.project()
    old = engine.projects.update(person(1), project.id, {"title": "Second"})
    engine.projects.update(person(1), project.id, {"title": "Third"})

    assert engine.project_store.settled(old) is None
    read = now(engine, project)
    assert engine.project_store.settled(read) == now(engine, project)
    with pytest.raises(ContentionError):  # what was read before would bring back what is done
        engine.project_store.update(read, read)
