"""Storing results of a task that a job has rewritten, with all that follows for the task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import cast

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import Change, Edit
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import edited, placed, repredicted
from chalicelib.errors import ContentionError
from chalicelib.ids import TaskId, UserId
from chalicelib.ports.tasks import TaskFamily, TaskStore

MEMBERS_PER_CHANGE = 12
"""How many results are rewritten in one transaction: with their earlier versions at most 2.4 MB of 4."""

Member = Annotation | Draft | Prediction
Rewrite = tuple[Member, Member]
"""A result as it is and as it is to be."""


def commit(
    tasks: TaskStore,
    project: Project,
    task: Task,
    rewrites: Sequence[Rewrite],
    now: datetime,
    by: UserId,
) -> None:
    """Store the rewritten results of a task, a dozen in a transaction, and where the task stands by them.

    ContentionError when one of them, or the task, was changed or removed meanwhile; what is stored then is
    stored.
    """
    for start in range(0, len(rewrites), MEMBERS_PER_CHANGE):
        some = rewrites[start : start + MEMBERS_PER_CHANGE]
        before = task if start == 0 else _fresh(tasks, task.id)
        tasks.commit(
            Change(
                before=before,
                after=edited(_followed(tasks, project, before, some, now), now, by),
                annotations=tuple(
                    Edit(old, replace(cast(Annotation, new), updated_by=by))
                    for old, new in some
                    if isinstance(old, Annotation)
                ),
                drafts=tuple(Edit(old, cast(Draft, new)) for old, new in some if isinstance(old, Draft)),
                predictions=tuple(
                    Edit(old, cast(Prediction, new)) for old, new in some if isinstance(old, Prediction)
                ),
            )
        )


def _followed(tasks: TaskStore, project: Project, task: Task, some: Sequence[Rewrite], now: datetime) -> Task:
    """The task knowing what its results say by now: how far they agree, what models vote for, its place."""
    new = {(type(each), each.id): each for _, each in some}

    @cache
    def family() -> TaskFamily:
        found = tasks.family(task.id)
        return replace(
            found,
            annotations=[
                cast(Annotation, new.get((Annotation, each.id), each)) for each in found.annotations
            ],
            predictions=[
                cast(Prediction, new.get((Prediction, each.id), each)) for each in found.predictions
            ],
        )

    after = task
    if any(isinstance(old, Prediction) for old, _ in some):
        after = repredicted(after, family().predictions)
    if any(isinstance(old, Annotation) for old, _ in some):
        after = compared(after, project, lambda: family().annotations)
    return task if _signals(after) == _signals(task) else placed(after, project, now)


def _signals(task: Task) -> tuple[object, ...]:
    return dict(task.models), task.agreement, dict(task.scores)


def _fresh(tasks: TaskStore, task_id: TaskId) -> Task:
    task = tasks.get(task_id)
    if task is None:
        # To look at the block again finds the rest of its tasks; a job is not ended by one that is gone.
        raise ContentionError("The task was removed meanwhile.")
    return task
