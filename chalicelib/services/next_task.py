"""The next task for an annotator, at a cost that depends on nothing: three reads, two writes.

How: `docs/data-model.md` (the queue). What is chosen: `domain/queue/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.ids import AnnotationId, ProjectId, TaskId
from chalicelib.ports import ProjectStore, QueueStore, TaskFamily, TaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTask:
    """A task given to an annotator: with the predictions to be shown and the annotator's own drafts.

    `queue` says in Label Studio's words why this one; `lease_until` is when others may have it.
    """

    project: Project
    whole: TaskWithBody
    family: TaskFamily
    queue: str
    lock_id: str
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTaskService:
    """Hands out tasks."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    rng: Random
    lease: timedelta = timedelta(days=1)

    def next(
        self, principal: Principal, project_id: ProjectId, *, selection: Sequence[TaskId] | None = None
    ) -> NextTask | None:
        """Lease the caller the task to do next, or None when nothing is left for them.

        Asking again gives the same task until it is submitted, skipped, released or the lease ends. With
        `selection` the first task of it, in its order, that the caller may have.
        """
        raise NotImplementedError

    def release(self, principal: Principal, task_id: TaskId) -> None:
        """Give the caller's lease on the task back; nothing happens when there is none."""
        raise NotImplementedError

    def heartbeat(self, principal: Principal, task_id: TaskId) -> datetime:
        """Extend the caller's lease; gives its new end. ConflictError when the caller holds none."""
        raise NotImplementedError

    def stream_history(
        self, principal: Principal, project_id: ProjectId
    ) -> Sequence[tuple[TaskId, AnnotationId | None]]:
        """The newest 100 tasks the caller worked on, oldest first, with the annotation where there is one."""
        raise NotImplementedError
