"""Bringing tasks in line with their project's settings after those have changed, block by block."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.building import overlap_for
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import refreshed, settle
from chalicelib.errors import ContentionError
from chalicelib.ids import TaskId, UserId
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.contention import again

RETUNED_AT_ONCE = 1000
"""Up to so many tasks follow a changed setting within the request, more by a job."""


@dataclass(frozen=True, slots=True)
class Retuning:
    """When tasks are brought in line, by whose change of settings, and whether each is to get the overlap
    that the project's settings give it."""

    at: datetime
    by: UserId
    resets_overlap: bool = False


def retune(tasks: TaskStore, jobs: TaskJobs, project: Project, how: Retuning) -> bool:
    """Bring all tasks in line, or start the job that does; gives whether it is a job."""
    summaries = tasks.summaries(project.id)
    if sum(summary.counts.tasks for summary in summaries) > RETUNED_AT_ONCE:
        jobs.retune(project, resets_overlap=how.resets_overlap, by=how.by)
        return True
    for summary in summaries:
        retune_block(tasks, project, summary.block, how)
    return False


def retune_block(tasks: TaskStore, project: Project, block: int, how: Retuning) -> int:
    """Settle the tasks of a block anew; gives how many changed. Can be repeated."""
    own = [task for task in tasks.block(block) if task.project_id == project.id]
    retuned = ((task, _retuned(tasks, task, project, how)) for task in own)
    changes = [Change(before=task, after=after) for task, after in retuned if _differs(task, after)]
    try:
        tasks.commit_all(changes)
    except ContentionError:
        for change in changes:
            again(lambda task_id=change.before.id: _retune(tasks, project, task_id, how))  # type: ignore[misc]
    return len(changes)


def _retune(tasks: TaskStore, project: Project, task_id: TaskId, how: Retuning) -> None:
    task = tasks.get(task_id)
    after = _retuned(tasks, task, project, how) if task is not None else None
    if task is not None and after is not None and _differs(task, after):
        tasks.commit(Change(before=task, after=after))


def _retuned(tasks: TaskStore, task: Task, project: Project, how: Retuning) -> Task:
    overlap = overlap_for(project, task.inner_id) if how.resets_overlap else task.overlap
    task = compared(task, project, lambda: tasks.family(task.id).annotations)
    return settle(refreshed(replace(task, overlap=overlap), how.at), project, how.at, by=how.by)


def _differs(before: Task, after: Task) -> bool:
    """Whether more changed than the moment at which a touched task became free."""
    return _essence(before) != _essence(after)


def _essence(task: Task) -> tuple[object, ...]:
    partition = task.queue.partition if task.queue else None
    return (
        task.overlap,
        task.is_labeled,
        task.state,
        task.agreement,
        task.seats,
        task.scores,
        task.order_key,
        partition,
    )
