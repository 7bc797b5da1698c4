"""A renamed label in all projects of an organization, of which one is deleted meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.domain.jobs import JobState
from chalicelib.domain.projects.entities import Project
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.label_renames import RENAME, LabelRenameKind
from tests.engine import Engine, choice, engine_in_memory, person
from tests.fakes.jobs import FakeJobQueue, FakeJobRepository


def used_in(engine: Engine, projects: Sequence[Project]) -> list[str]:
    """The labels of all results of projects, by task."""
    blocks = [each.block for project in projects for each in engine.store.summaries(project.id)]
    tasks = [task for block in blocks for task in engine.store.block(block)]
    results = [one.result for task in tasks for one in engine.store.family(task.id).annotations]
    return [str(result[0]["value"]["choices"][0]) for result in results]


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_project_that_is_deleted_while_a_label_is_renamed_stops_no_other(is_cancelled: bool) -> None:
    engine = engine_in_memory()
    projects = [engine.project() for _ in range(3)]
    for project in projects:
        engine.submit(2, engine.add(project, 1).task_ids[0], result=choice("pos"))
    kind: Any = LabelRenameKind(
        projects=engine.project_store,
        tasks=engine.store,
        blobs=engine.blobs,  # type: ignore[arg-type]
        clock=engine.clock,
        actor=lambda _, user: person(user),
    )
    queue = FakeJobQueue()
    jobs = Jobs(FakeJobRepository(), queue, engine.clock, {RENAME: lambda: kind})
    request = JobRequest(
        RENAME, projects[0].organization_id, None, person(1).user_id, {"old": "pos", "new": "neg"}
    )
    job = jobs.create(request)
    steps = 0

    while queue.messages:
        jobs.handle(queue.messages.pop(0))
        steps += 1
        if steps == (4 if is_cancelled else 1):
            engine.projects.delete(person(1), projects[1].id)
        if steps == 4 and is_cancelled:
            jobs.cancel(job.organization, job.id)

    ended = jobs.get(job.organization, job.id)
    assert ended.state is (JobState.CANCELLED if is_cancelled else JobState.COMPLETED), ended.problems
    left = used_in(engine, [projects[0], projects[2]])
    assert left == ["pos" if is_cancelled else "neg"] * 2
