"""Background work as a value: what a job is, which states it goes through, when it counts as stalled.

The row of a job is the truth and a queue message only a nudge, so everything here must make sense when a
message comes twice, late, or never. A job is planned once, worked off in parts that can be done in any order
and more than once, and finished once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.errors import ConflictError
from chalicelib.ids import JobId, OrganizationId, ProjectId, UserId

MAX_PROBLEMS_KEPT = 100
"""How many problems stay on the job's row; their full number is in `problem_count`."""
MAX_PART_ATTEMPTS = 5
MAX_STEP_ATTEMPTS = 10
"""How often planning, finishing or undoing may die before the job is given up."""
STALLED_AFTER = timedelta(seconds=90)


class JobState(StrEnum):
    """Where a job is. `undoing` takes back what a cancelled or failed job had already done."""

    QUEUED = "queued"
    RUNNING = "running"
    UNDOING = "undoing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED})

TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.FAILED, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.COMPLETED, JobState.UNDOING, JobState.FAILED, JobState.CANCELLED}),
    JobState.UNDOING: frozenset({JobState.FAILED, JobState.CANCELLED}),
    JobState.COMPLETED: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
}


class JobStep(StrEnum):
    """What a message asks for."""

    PLAN = "plan"
    PART = "part"
    FINISH = "finish"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the input of a job, where it was found, in the user's terms."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What a piece of work cost at the database, in capacity units."""

    read_units: float = 0.0
    write_units: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of background work.

    `done` and `total` count `unit`s (tasks, mostly); `total` is None until the plan knows it.
    `ends_as` is the state that an undoing job goes to when everything is taken back. `plan_token` names the
    plan that won, for two workers may plan at once. `attempts` counts the tries of the step that is due
    (each part counts its own), `last_error` tells why the last one that failed did, and `spent` what all
    steps together cost, failed ones included.
    """

    id: JobId
    kind: str
    organization: OrganizationId
    project: ProjectId | None
    created_by: UserId
    created_at: datetime
    arguments: Mapping[str, object] = field(default_factory=dict)
    state: JobState = JobState.QUEUED
    unit: str = "tasks"
    done: int = 0
    total: int | None = None
    parts_total: int | None = None
    parts_done: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    result: Mapping[str, object] = field(default_factory=dict)
    plan: Mapping[str, object] = field(default_factory=dict)
    run: int = 1
    ends_as: JobState | None = None
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    finished_at: datetime | None = None
    planned_at: datetime | None = None
    plan_token: str = ""
    attempts: int = 0
    last_error: str = ""
    spent: Spent = field(default_factory=Spent)

    def rate(self, now: datetime) -> float | None:
        """Units done a second since the plan was made; None before anything is done."""
        begun = self.planned_at or self.started_at
        if begun is None or not self.done:
            return None
        seconds = ((self.finished_at or now) - begun).total_seconds()
        return self.done / seconds if seconds > 0 else None

    def seconds_left(self, now: datetime) -> float | None:
        """How long the rest will take at the rate so far; None when nobody can say."""
        rate = self.rate(now)
        if rate is None or self.total is None or self.has_ended:
            return None
        return max(self.total - self.done, 0) / rate

    @property
    def is_planned(self) -> bool:
        """Whether its parts are known."""
        return self.parts_total is not None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ENDED

    @property
    def parts_left(self) -> int:
        """How many parts are still to do; 0 when there is no plan yet."""
        return (self.parts_total or 0) - self.parts_done


@dataclass(frozen=True, slots=True)
class JobPart:
    """A share of a job that one worker does in one go; parts count from 1."""

    job: JobId
    number: int
    arguments: Mapping[str, object]
    is_done: bool = False
    done: int = 0
    attempts: int = 0
    result: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a job is split: the arguments of each part, how much there is in all, and what the parts share.

    `problems` are told on the job although it goes on without what they concern.
    """

    parts: Sequence[Mapping[str, object]]
    total: int | None
    shared: Mapping[str, object] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a part did: how many units, and what the finish needs to know of it."""

    done: int
    result: Mapping[str, object] = field(default_factory=dict)


def check_transition(job: Job, to: JobState) -> None:
    """Raise `ConflictError` unless the job may go to the state; the message says where it can go."""
    allowed = TRANSITIONS[job.state]
    if to in allowed:
        return
    options = ", ".join(sorted(allowed)) or "nothing, it has ended"
    raise ConflictError(f"Job {job.id} is {job.state} and cannot become {to}; it can become: {options}.")


def is_stalled(job: Job, now: datetime) -> bool:
    """Whether an unfinished job has shown no sign of life for `STALLED_AFTER` and needs a new nudge."""
    last_sign = job.heartbeat_at or job.created_at
    return not job.has_ended and now - last_sign >= STALLED_AFTER


def next_step(job: Job) -> JobStep | None:
    """What an unfinished job waits for; None when it has ended."""
    if job.has_ended:
        return None
    if job.state is JobState.UNDOING:
        return JobStep.UNDO
    if not job.is_planned:
        return JobStep.PLAN
    return JobStep.PART if job.parts_left else JobStep.FINISH
