"""Tasks: adding one or a million, reading them by page, changing and removing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import AddedTasks, NewTask, PlacedTask, Reservation
from chalicelib.domain.tasks.counts import Contribution
from chalicelib.domain.tasks.entities import Task, TaskWithBody
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports import BlockSummary, ConfigParser, ProjectStore, TaskFamily, TaskStore


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with everything that hangs on it; the drafts are the asking user's own."""

    project: Project
    whole: TaskWithBody
    family: TaskFamily


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some tasks in order, and the counts of the whole project."""

    tasks: Sequence[TaskWithBody]
    counts: Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskService:
    """Everything that is done to tasks by people and by jobs."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    parse_config: ConfigParser

    # -- one task

    def create(self, principal: Principal, project_id: ProjectId, new: NewTask) -> TaskDetail:
        """Add one task; InvalidInputError when a data key of the configuration is missing."""
        raise NotImplementedError

    def get(self, principal: Principal, task_id: TaskId) -> TaskDetail:
        """The task with annotations, predictions and the caller's drafts."""
        raise NotImplementedError

    def project_of(self, principal: Principal, task_id: TaskId) -> tuple[Project, Task]:
        """The task without its body, and its project: the cheapest way to ask whether the caller may read."""
        raise NotImplementedError

    def update(
        self,
        principal: Principal,
        task_id: TaskId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> TaskDetail:
        """Change `data`, `meta`, `overlap` or `allow_skip`. StaleVersionError when `if_version` is old."""
        raise NotImplementedError

    def delete(self, principal: Principal, task_id: TaskId, *, if_version: int | None = None) -> None:
        """Remove the task and all that hangs on it."""
        raise NotImplementedError

    def transitions(self, principal: Principal, task_id: TaskId) -> Sequence[Mapping[str, object]]:
        """The states the task has been in, newest first: `state`, `at` (datetime), `user` (id or None)."""
        raise NotImplementedError

    # -- many tasks

    def page(self, principal: Principal, project_id: ProjectId, *, offset: int, limit: int) -> TaskPage:
        """The tasks from `offset` on by id; costs the same wherever the page lies."""
        raise NotImplementedError

    def get_many(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]
    ) -> Sequence[TaskWithBody]:
        """Those of the tasks that exist in this project, in the order asked for."""
        raise NotImplementedError

    def with_families(self, tasks: Sequence[TaskWithBody]) -> Iterator[tuple[TaskWithBody, TaskFamily]]:
        """Each task with all that hangs on it (everybody's drafts); reads ahead in parallel.

        No policy is asked: the caller got the tasks from a method that did.
        """
        raise NotImplementedError

    def blocks(self, principal: Principal, project_id: ProjectId) -> Sequence[BlockSummary]:
        """The blocks of the project with their counts, by block: the parts of an export or of a walk."""
        raise NotImplementedError

    def of_block(self, principal: Principal, project_id: ProjectId, block: int) -> Sequence[TaskWithBody]:
        """All tasks of one block of the project, by id."""
        raise NotImplementedError

    def delete_many(self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]) -> int:
        """Remove those of the tasks that exist in the project; gives how many went. Can be repeated."""
        raise NotImplementedError

    # -- imports

    def reserve(self, principal: Principal, project_id: ProjectId, count: int) -> Reservation:
        """Set ids aside for `count` tasks, in a request or two whatever the count."""
        raise NotImplementedError

    def check_new(self, project: Project, tasks: Sequence[NewTask], *, first_index: int = 0) -> None:
        """Raise InvalidInputError with every fault of tasks to be added, each with its place (`0.data.text`).

        Checks the configuration's data keys and the shape of what comes along; nothing is stored.
        """
        raise NotImplementedError

    def add_tasks(
        self, principal: Principal, project_id: ProjectId, tasks: Sequence[PlacedTask]
    ) -> AddedTasks:
        """Store tasks under reserved ids, with their annotations, predictions and drafts; counters exact.

        Idempotent: tasks that are there already are left as they are and counted in the answer, so a
        part of an import can simply be run again. Takes any number; a thousand is a good part. An
        annotation without an author is the caller's. Does not check the data (see `check_new`).
        """
        raise NotImplementedError

    def add(self, principal: Principal, project_id: ProjectId, tasks: Sequence[NewTask]) -> AddedTasks:
        """`check_new`, `reserve` and `add_tasks` in one, for what fits in a request."""
        raise NotImplementedError

    def retune_block(self, principal: Principal, project_id: ProjectId, block: int) -> int:
        """Bring overlap, labeledness and queue place of a block's tasks in line with the project's settings.

        Gives how many tasks changed. Can be repeated; a job calls it for each block after a change of
        `maximum_annotations`, `overlap_cohort_percentage`, `skip_queue`, `sampling` or `model_version`.
        """
        raise NotImplementedError
