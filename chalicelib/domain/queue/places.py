"""Where a task stands in the index of open tasks.

The index has three partitions per project. *Fresh* tasks, which nobody has touched, stand in the order
of the sampling. *Touched* tasks, answered, skipped, leased or given back, stand by the moment at which
they became free: a task that is leased out as often as it wants answers stands at the end of its first
lease, in the future, out of sight until then. Whatever makes a task free again moves it to the present,
so that nobody who reads on from where they were can miss it.

Touched tasks that a project wants done before all others (`urgency.py`) stand in a partition of their own,
*urgent*, by the same rule; each annotator has a cursor in both.

A task that is assigned to somebody keeps one of its answers for each of them who has not answered yet: their
*seat*. Others are given what is left; a task of which nothing is left for others stands nowhere. Whose seats
there are find their tasks by rows of their own (`storage/commits.py`).

Every move among touched tasks raises the counter at the end of the key: a key names one state of a task,
and a lease that is conditional on the key is conditional on that state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from chalicelib.domain.projects.entities import SkipQueue
from chalicelib.domain.tasks.entities import Answer, DraftMark, QueuePlace
from chalicelib.ids import ProjectId, TaskId, UserId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Queueable(Protocol):
    """What the rules of the queue look at; a `Task` is one, and so is an `OpenTask`."""

    @property
    def id(self) -> TaskId: ...  # noqa: D102
    @property
    def project_id(self) -> ProjectId: ...  # noqa: D102
    @property
    def overlap(self) -> int: ...  # noqa: D102
    @property
    def is_labeled(self) -> bool: ...  # noqa: D102
    @property
    def answers(self) -> Sequence[Answer]: ...  # noqa: D102
    @property
    def drafts(self) -> Sequence[DraftMark]: ...  # noqa: D102
    @property
    def leases(self) -> Mapping[UserId, datetime]: ...  # noqa: D102
    @property
    def seats(self) -> Sequence[UserId]: ...  # noqa: D102
    @property
    def order_key(self) -> str: ...  # noqa: D102
    @property
    def queue(self) -> QueuePlace | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task as the index knows it, perhaps seconds old; its place proves which state it shows."""

    id: TaskId
    project_id: ProjectId
    queue: QueuePlace
    overlap: int
    answers: tuple[Answer, ...]
    drafts: tuple[DraftMark, ...]
    leases: Mapping[UserId, datetime]
    order_key: str
    seats: tuple[UserId, ...] = ()
    is_labeled: bool = False


def fresh(project: ProjectId) -> str:
    """The partition of the tasks that nobody has touched."""
    return f"{project}#F"


def touched(project: ProjectId) -> str:
    """The partition of the tasks that somebody has touched."""
    return f"{project}#T"


def urgent(project: ProjectId) -> str:
    """The partition of the touched tasks that come before all others."""
    return f"{project}#U"


def honeypots(project: ProjectId) -> str:
    """The partition of the tasks whose answer is known, in projects that mix them in (`honeypots.py`)."""
    return f"{project}#H"


def moment_key(moment: datetime) -> str:
    """The beginning of the touched keys of a moment; sorts as moments do."""
    return f"{(moment - _EPOCH) // _MICROSECOND:017d}"


def counts_for(answer: Answer, user: UserId | None, skip_queue: SkipQueue) -> bool:
    """Whether an annotation takes one of the answers its task wants, as seen by a user (None: a newcomer)."""
    if answer.ground_truth:
        return False
    if not answer.cancelled:
        return True
    if skip_queue == SkipQueue.REQUEUE_FOR_ME:
        return answer.user != user
    if skip_queue == SkipQueue.REQUEUE_FOR_OTHERS:
        return answer.user == user
    return True


def wanted(task: Queueable, user: UserId | None, skip_queue: SkipQueue) -> int:
    """How many more answers the task wants, as seen by a user (None: a newcomer), leases left aside."""
    return task.overlap - sum(counts_for(answer, user, skip_queue) for answer in task.answers)


def held(task: Queueable, now: datetime, *, but: UserId | None = None) -> Mapping[UserId, datetime]:
    """The leases that have not ended, of others than `but`."""
    return {user: until for user, until in task.leases.items() if until > now and user != but}


def has_room(task: Queueable, user: UserId, now: datetime, skip_queue: SkipQueue) -> bool:
    """Whether one of the wanted answers is neither somebody's at present nor kept for anybody else."""
    missing, others = wanted(task, user, skip_queue), held(task, now, but=user)
    if user in task.seats:
        return missing > len(others)
    return missing - len(task.seats) > sum(other not in task.seats for other in others)


def is_free_for(task: Queueable, user: UserId, now: datetime, skip_queue: SkipQueue) -> bool:
    """Whether the task may be given to the user as one they have not done: wanted, not full, not put off."""
    if task.is_labeled or any(answer.user == user for answer in task.answers):
        return False
    if any(mark.user == user and mark.postponed_at for mark in task.drafts):
        return False
    return has_room(task, user, now, skip_queue)


def is_untouched(task: Queueable) -> bool:
    """Whether nobody has answered, leased or put off the task."""
    return not task.answers and not task.leases and not any(mark.postponed_at for mark in task.drafts)


def place(
    task: Queueable, now: datetime, skip_queue: SkipQueue, *, is_urgent: bool | None = None
) -> QueuePlace | None:
    """Where the task is to stand after a change; None when nobody but those with a seat may have it.

    A task stays touched once it has been, and as urgent as it was where `is_urgent` is not said.
    """
    missing = 0 if task.is_labeled else wanted(task, None, skip_queue) - len(task.seats)
    if missing <= 0:
        return None
    if is_untouched(task) and not _was_touched(task):
        return QueuePlace(fresh(task.project_id), task.order_key)
    ends = sorted(end for user, end in held(task, now).items() if user not in task.seats)
    free_at = now if len(ends) < missing else ends[len(ends) - missing]
    if is_urgent is None:
        is_urgent = task.queue is not None and task.queue.partition == urgent(task.project_id)
    partition = urgent if is_urgent else touched
    return QueuePlace(partition(task.project_id), _touched_key(task, free_at))


def _was_touched(task: Queueable) -> bool:
    return task.queue is not None and task.queue.partition != fresh(task.project_id)


def _touched_key(task: Queueable, free_at: datetime) -> str:
    moves = 0
    if task.queue is not None and _was_touched(task):
        moves = int(task.queue.key.rsplit("#", 1)[1]) + 1
    return f"{moment_key(free_at)}#{task.id:016d}#{moves}"
