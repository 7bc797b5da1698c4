"""What the services need of the queue of open tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.entities import Annotator, QueuePlace, Task, TaskWithBody
from chalicelib.ids import ProjectId, TaskId, UserId

PutOffKind = Literal["postponed", "skipped"]
PUT_OFF_KINDS: tuple[PutOffKind, ...] = ("postponed", "skipped")


@dataclass(frozen=True, slots=True)
class PutOff:
    """A task that a user postponed or skipped, and when."""

    kind: PutOffKind
    task_id: TaskId
    at: datetime


class QueueStore(Protocol):
    """The index of open tasks, leases, and each annotator's row."""

    def annotator(self, project: ProjectId, user: UserId) -> Annotator:
        """The user's row in the project; an empty one for a newcomer."""

    def annotators(self, project: ProjectId) -> Sequence[Annotator]:
        """The rows of all users who ever had one in the project, by user."""

    def rows_of(self, user: UserId, projects: Callable[[], Iterable[ProjectId]]) -> Sequence[Annotator]:
        """The rows of the projects, of whichever organization, in which the user has done a task, by project;
        a row may be a moment late. There may be others among them, in which they have done nothing.

        `projects` gives those to look through in an installation whose rows are not all indexed yet.
        """

    def save_annotator(self, annotator: Annotator) -> None:
        """Store lease, cursor and recent tasks; the counters are left alone."""

    def entries(self, partition: str, *, after: str, until: str, limit: int) -> Sequence[OpenTask]:
        """Open tasks with `after < key <= until`, by key, at most `limit`. Eventually consistent."""

    def assignments(
        self, project: ProjectId, user: UserId, *, after: TaskId | None, limit: int
    ) -> Sequence[TaskId]:
        """The tasks assigned to the user that wait for their answer, by id, beyond `after`; never out of
        date."""

    def lease(
        self, entry: OpenTask | Task, *, leases: Mapping[UserId, datetime], place: QueuePlace | None
    ) -> TaskWithBody | Task | None:
        """Set a task's leases and place, and give it whole, if it still is as the entry shows it.

        When it is not, the task as it is now; None when there is none.
        """

    def put_offs(self, project: ProjectId, user: UserId, kind: PutOffKind, limit: int) -> Sequence[PutOff]:
        """What the user postponed or skipped, oldest first; entries may be out of date."""

    def forget_put_off(self, project: ProjectId, user: UserId, entry: PutOff) -> None:
        """Remove an entry that is out of date. Twice is fine."""
