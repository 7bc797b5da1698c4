"""Votes and doubts of tasks that were predicted before they were kept: strategies order them as new ones."""

from __future__ import annotations

from typing import Any

import pytest

import schema_migrations.m0003_votes_of_models as migration
from chalicelib.domain.tasks.changes import NewPrediction, NewTask
from chalicelib.domain.tasks.entities import Task
from chalicelib.ids import TaskId
from chalicelib.storage.bodies import compress
from schema_migrations.context import Context
from schema_migrations.pacing import PacedClient
from tests.engine import Engine, assert_counts_are_right, choice, person
from tests.integration.storage.conftest import fresh_engine, make_client

COMMITTEE = {"name": "committee", "model_versions": ["a", "b", "c"]}
VOTES = (("pos", "pos", "pos"), ("neg", "neg", "neg"), ("pos", "neg", "pos"))


@pytest.fixture
def engine(dynoxide_endpoint: str) -> Engine:
    return fresh_engine(make_client(dynoxide_endpoint))


def context(engine: Engine, checkpoint: dict[str, Any] | None = None) -> Context:
    place: dict[str, Any] = {} if checkpoint is None else checkpoint
    return Context(
        PacedClient(engine.client, 0),
        lambda name: f"{engine.prefix}{name}",
        place,
        lambda _place: None,
        print,
    )


def predicted(*labels: str) -> NewTask:
    versions = zip("abc", labels, strict=True)
    predictions = [
        NewPrediction(
            result=[{**choice(label)[0], "probabilities": {"pos": 0.7, "neg": 0.2, "mixed": 0.1}}],
            score=0.5,
            model_version=version,
        )
        for version, label in versions
    ]
    return NewTask(data={"text": "x"}, predictions=predictions)


def make_old(engine: Engine, tasks: list[TaskId]) -> None:
    """Cut the states back to what releases before strategies wrote: counts and scores, a place by chance."""
    for task_id in tasks:
        engine.client.update_item(
            TableName=f"{engine.prefix}tasks",
            Key={"pk": {"S": f"TB#{task_id // 256}"}, "sk": {"N": str(task_id)}},
            UpdateExpression="SET m = :m, k = :k, qk = :k",
            ExpressionAttributeValues={
                ":k": {"S": f"9{task_id}"},
                ":m": {
                    "M": {
                        v: {"L": [{"N": "1"}, {"N": "1"}, {"N": "0.5"}, {"N": "0.5"}]}
                        for v in ("a", "b", "c")
                    }
                },
            },
        )


def stored(engine: Engine, tasks: list[TaskId]) -> list[Task]:
    return list(engine.store.get_many(tasks))


def essence(task: Task) -> Any:
    return dict(task.models), task.order_key, task.queue


def test_old_tasks_become_exactly_as_new_ones_and_are_handed_out_in_order(engine: Engine) -> None:
    project = engine.project(strategy=COMMITTEE)
    tasks = list(engine.add_all(project, [predicted(*labels) for labels in VOTES]).task_ids)
    new = [essence(task) for task in stored(engine, tasks)]
    make_old(engine, tasks)

    walked = context(engine)
    migration.up(walked)

    assert [essence(task) for task in stored(engine, tasks)] == new
    assert walked.counts.written == len(tasks)
    assert_counts_are_right(engine, project.id)
    assert engine.next_id(2, project) == tasks[2]


def test_a_second_run_writes_nothing_and_leaves_tasks_without_predictions_alone(engine: Engine) -> None:
    project = engine.project(strategy=COMMITTEE)
    tasks = list(engine.add_all(project, [predicted(*labels) for labels in VOTES]).task_ids)
    engine.add(project, 5)
    make_old(engine, tasks)
    migration.up(context(engine))
    revisions = [task.revision for task in stored(engine, tasks)]

    again = context(engine)
    migration.up(again)

    assert again.counts.written == 0
    assert [task.revision for task in stored(engine, tasks)] == revisions


def test_what_people_do_meanwhile_is_kept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    project = engine.project(strategy=COMMITTEE, maximum_annotations=2)
    tasks = list(engine.add_all(project, [predicted(*labels) for labels in VOTES]).task_ids)
    make_old(engine, tasks)
    rewrite, seen = migration._ordered, set()

    def meanwhile(task: Task, owner: Any) -> Task:
        if task.id not in seen:
            seen.add(task.id)
            engine.submit(7, task.id)
        return rewrite(task, owner)

    monkeypatch.setattr(migration, "_ordered", meanwhile)
    migration.up(context(engine))

    for task in stored(engine, tasks):
        assert [answer.user for answer in task.answers] == [7]
        assert all(stats.vote and stats.doubt for stats in task.models.values())
        assert task.queue is not None
        assert task.queue.partition == f"{project.id}#T"
    assert_counts_are_right(engine, project.id)


def test_down_forgets_and_up_computes_again(engine: Engine) -> None:
    project = engine.project(strategy=COMMITTEE)
    tasks = list(engine.add_all(project, [predicted(*labels) for labels in VOTES]).task_ids)
    new = [essence(task) for task in stored(engine, tasks)]

    migration.down(context(engine))
    assert not [s for task in stored(engine, tasks) for s in task.models.values() if s.vote or s.doubt]
    migration.up(context(engine))

    assert [essence(task) for task in stored(engine, tasks)] == new


def test_tasks_of_a_deleted_project_are_passed_over(engine: Engine) -> None:
    project = engine.project()
    tasks = list(engine.add_all(project, [predicted("pos", "pos", "neg")]).task_ids)
    make_old(engine, tasks)
    engine.project_store.delete(engine.projects.get(person(1), project.id))

    walked = context(engine)
    migration.up(walked)

    assert walked.counts.written == 0


def test_a_result_too_large_for_the_table_is_read_from_the_bucket(engine: Engine) -> None:
    project = engine.project(strategy=COMMITTEE)
    tasks = list(engine.add_all(project, [predicted("pos", "pos", "neg")]).task_ids)
    predictions = engine.store.hints(tasks[0]).predictions
    engine.blobs.put("bodies/1/large", compress(predictions[0].result))
    make_old(engine, tasks)
    engine.client.update_item(
        TableName=f"{engine.prefix}annotations",
        Key={"pk": {"S": f"T#{tasks[0]}"}, "sk": {"S": f"P#{predictions[0].number:04d}"}},
        UpdateExpression="SET bk = :key REMOVE b",
        ExpressionAttributeValues={":key": {"S": "bodies/1/large"}},
    )

    walked = context(engine)
    walked.blob = engine.blobs.get
    migration.up(walked)

    assert all(stats.vote for stats in stored(engine, tasks)[0].models.values())
