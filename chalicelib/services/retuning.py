"""Bringing tasks in line with their project's settings after those have changed, block by block."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.building import overlap_for
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import refreshed, settle
from chalicelib.errors import ContentionError
from chalicelib.ids import TaskId
from chalicelib.ports import TaskStore
from chalicelib.services.contention import again

RETUNED_FIELDS = (
    "maximum_annotations",
    "overlap_cohort_percentage",
    "skip_queue",
    "sampling",
    "strategy",
    "model_version",
    "show_overlap_first",
)
"""The settings that tasks follow."""
OVERLAP_FIELDS = frozenset({"maximum_annotations", "overlap_cohort_percentage"})


def retune_block(
    tasks: TaskStore, project: Project, block: int, now: datetime, *, resets_overlap: bool
) -> int:
    """Settle the tasks of a block anew; gives how many changed. Can be repeated.

    With `resets_overlap` each gets the overlap that the project's settings give it.
    """
    own = [task for task in tasks.block(block) if task.project_id == project.id]
    retuned = ((task, _retuned(task, project, now, resets_overlap)) for task in own)
    changes = [Change(before=task, after=after) for task, after in retuned if _differs(task, after)]
    try:
        tasks.commit_all(changes)
    except ContentionError:
        for change in changes:
            again(lambda task_id=change.before.id: _retune(tasks, project, task_id, (now, resets_overlap)))  # type: ignore[misc]
    return len(changes)


def _retune(tasks: TaskStore, project: Project, task_id: TaskId, how: tuple[datetime, bool]) -> None:
    task = tasks.get(task_id)
    after = _retuned(task, project, *how) if task is not None else None
    if task is not None and after is not None and _differs(task, after):
        tasks.commit(Change(before=task, after=after))


def _retuned(task: Task, project: Project, now: datetime, resets_overlap: bool) -> Task:
    overlap = overlap_for(project, task.inner_id) if resets_overlap else task.overlap
    return settle(refreshed(replace(task, overlap=overlap), now), project, now, by=None)


def _differs(before: Task, after: Task) -> bool:
    """Whether more changed than the moment at which a touched task became free."""
    return _essence(before) != _essence(after)


def _essence(task: Task) -> tuple[object, ...]:
    partition = task.queue.partition if task.queue else None
    return (task.overlap, task.is_labeled, task.state, task.order_key, partition)
