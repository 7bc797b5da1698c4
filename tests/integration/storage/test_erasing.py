"""A deleted project is gone with all that hung on it: also where the process dies, or somebody works in it
at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobPart
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import NewAnnotation, NewTask
from chalicelib.errors import NotFoundError, UpstreamError
from chalicelib.ids import JobId
from chalicelib.ports.blobs import BlobInfo
from chalicelib.services.maintenance_jobs import EraseKind
from tests.engine import START, Engine, choice, person


class Files:
    """A store of files that remembers what was removed."""

    def __init__(self, *keys: str) -> None:
        self.there = list(keys)

    def keys(self, prefix: str) -> list[BlobInfo]:
        return [BlobInfo(key, 1, "") for key in self.there if key.startswith(prefix)]

    def delete(self, keys: Sequence[str]) -> None:
        self.there = [key for key in self.there if key not in keys]


def kind_of(engine: Engine, files: Files | None = None) -> EraseKind:
    stored: Any = files or Files()
    return EraseKind(projects=engine.project_store, tasks=engine.store, blobs=stored)


def job_of(project: Project) -> Job:
    return Job(JobId(1), "erase", project.organization_id, project.id, project.created_by, START)


def erase(engine: Engine, project: Project, files: Files | None = None) -> int:
    """Do the whole job; gives how many tasks it removed."""
    kind, job = kind_of(engine, files), job_of(project)
    plan = kind.plan(job, lambda: None)
    numbered = [JobPart(job.id, number, each) for number, each in enumerate(plan.parts, start=1)]
    done = [
        JobPart(p.job, p.number, p.arguments, done=kind.run_part(job, p, lambda: None).done) for p in numbered
    ]
    return int(str(kind.finish(job, done, lambda: None)["erased"]))


def annotated(unique: str = "") -> NewTask:
    return NewTask(data={"text": "x"}, annotations=[NewAnnotation(result=choice(), unique_id=unique or None)])


def assert_nothing_is_left(engine: Engine, project: Project, tasks: Sequence[int]) -> None:
    assert engine.project_store.get(project.id) is None
    assert engine.store.get_many(tasks) == []
    assert [engine.store.family(task_id).annotations for task_id in tasks] == [[] for _ in tasks]
    assert [each for each in engine.store.summaries(project.id) if each.counts.tasks] == []


def test_nothing_is_left_of_an_erased_project(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    ids = engine.add_all(project, [annotated(), annotated()]).task_ids
    engine.submit(2, ids[0], unique_id="mine")
    engine.projects.summary(person(1), project.id)
    files = Files(f"upload/{project.id}/a", f"upload/{project.id}1/b")

    engine.projects.delete(person(1), project.id)

    assert erase(engine, project, files) == 2
    assert erase(engine, project, files) == 0
    assert files.there == [f"upload/{project.id}1/b"]
    for table in ("tasks", "annotations"):
        assert engine.client.scan(TableName=f"{engine.prefix}{table}")["Items"] == []


def test_a_deletion_that_broke_off_is_ended_by_its_job(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add_all(project, [annotated()]).task_ids

    def dying(_: Project) -> None:
        raise UpstreamError("The database does not answer.")

    delete, engine.project_store.delete = engine.project_store.delete, dying
    with pytest.raises(UpstreamError):
        engine.projects.delete(person(1), project.id)
    engine.project_store.delete = delete

    assert engine.jobs.erased == [project.id]
    assert erase(engine, project) == 1
    assert_nothing_is_left(engine, project, ids)


def test_a_part_that_broke_off_leaves_nothing_when_it_runs_again(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    for task_id in ids:
        engine.submit(2, task_id, unique_id=f"of {task_id}")
    engine.projects.delete(person(1), project.id)
    forget = engine.store.forget_family

    def dying(task_id: int) -> None:
        if task_id == ids[1]:
            raise UpstreamError("The database does not answer.")
        forget(task_id)

    engine.store.forget_family = dying
    with pytest.raises(UpstreamError):
        erase(engine, project)
    engine.store.forget_family = forget

    assert erase(engine, project) == 3
    assert_nothing_is_left(engine, project, ids)
    assert [engine.store.annotation_by_unique_id(f"of {task_id}") for task_id in ids] == [None] * 3


def test_what_is_submitted_while_its_task_is_erased_goes_with_it(engine: Engine) -> None:
    project = engine.project()
    (task_id,) = engine.add(project, 1).task_ids
    commit_all = engine.store.commit_all

    def overtaken(changes: Any) -> None:
        engine.store.commit_all = commit_all
        engine.project_store.insert(project)
        engine.submit(2, task_id, unique_id="late")
        engine.project_store.delete(project)
        commit_all(changes)

    engine.projects.delete(person(1), project.id)
    engine.store.commit_all = overtaken

    assert erase(engine, project) == 1
    assert_nothing_is_left(engine, project, [task_id])
    assert engine.store.annotation_by_unique_id("late") is None


def test_tasks_that_were_stored_after_the_plan_are_erased_too(engine: Engine) -> None:
    project = engine.project()
    insert = engine.store.insert
    kind, job = kind_of(engine), job_of(project)

    def overtaken(*arguments: Any) -> None:
        engine.projects.delete(person(1), project.id)
        assert kind.plan(job, lambda: None).parts == []
        insert(*arguments)
        assert kind.finish(job, [], lambda: None) == {"erased": 2}

    engine.store.insert = overtaken
    with pytest.raises(NotFoundError):
        engine.add_all(project, [annotated(), annotated()])

    assert [each for each in engine.store.summaries(project.id) if each.counts.tasks] == []


def test_an_import_into_a_project_that_was_erased_meanwhile_leaves_nothing(engine: Engine) -> None:
    project = engine.project()
    insert, seen = engine.store.insert, list[int]()

    def overtaken(stored: Project, records: Any) -> None:
        engine.projects.delete(person(1), project.id)
        erase(engine, project)
        insert(stored, records)
        seen.extend(record.task.id for record in records)

    engine.store.insert = overtaken
    with pytest.raises(NotFoundError):
        engine.add_all(project, [annotated(), annotated()])

    assert len(seen) == 2
    assert_nothing_is_left(engine, project, seen)
