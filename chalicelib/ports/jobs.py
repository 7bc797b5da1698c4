"""What the services need of the rows, measures, reports and messages of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan, Problem, Spent
from chalicelib.ids import JobId, OrganizationId, ProjectId

Alive = Callable[[], None]
"""A sign of life to give during long work; raises when the work is no longer wanted."""


class JobRepository(Protocol):
    """The rows of jobs and their parts. Every write is conditional on the state and run it was decided in;
    where somebody else was quicker, the method says so or changes nothing."""

    def next_id(self) -> JobId:
        """A new id, never given before."""

    def create(self, job: Job) -> None:
        """Store a new job, listed under its project and organization, and known as unfinished."""

    def get(self, job_id: JobId) -> Job | None:
        """The job as it is now, or None."""

    def newest(self, organization: OrganizationId, project: ProjectId | None, limit: int) -> Sequence[Job]:
        """The newest jobs first."""

    def unfinished(self) -> Iterator[Job]:
        """Every job that has not ended, of all organizations."""

    def start(self, job: Job, now: datetime) -> Job:
        """Queued becomes running; a running job stays so. `ConflictError` when it is neither."""

    def begin_step(self, job: Job, now: datetime) -> Job | None:
        """The job with one more attempt at the step that is due; None when its state or run has changed."""

    def note_step(self, job: Job, spent: Spent, error: str = "") -> None:
        """Add what a step has cost, and why it failed if it did, whatever state the job is in."""

    def beat(self, job: Job, now: datetime) -> bool:
        """Note a sign of life; False when this run of the job is over or being undone."""

    def mark_planned(self, job: Job, plan: Plan, now: datetime) -> Job:
        """Store the parts, then the plan, once; of two plans made at once one wins whole, and both callers
        get what is stored."""

    def begin_part(self, job: Job, number: int, now: datetime) -> JobPart | None:
        """The part with one attempt more; a done one as it is; None when there is no such part."""

    def finish_part(self, job: Job, part: JobPart, result: PartResult, now: datetime) -> bool:
        """Mark the part done and count it on the job, once; False when it was done or the job has stopped."""

    def parts(self, job: Job) -> Sequence[JobPart]:
        """All parts in order."""

    def begin_undo(self, job: Job, end: JobState, now: datetime, problems: Sequence[Problem]) -> Job:
        """Running becomes undoing, to end as `end`; gives the job as it then is."""

    def end(
        self,
        job: Job,
        state: JobState,
        now: datetime,
        *,
        problems: Sequence[Problem] = (),
        result: Mapping[str, object] | None = None,
    ) -> Job:
        """Put the job in an ended state, once; gives the job as it then is."""

    def restart(self, fresh: Job, *, was: Job) -> None:
        """Replace an ended job by its next run. `ConflictError` when it has changed meanwhile."""


class Meter(Protocol):
    """Measures what a stretch of work costs at the database."""

    def __call__(self) -> AbstractContextManager[Callable[[], Spent]]:
        """While entered, what it gives tells what was spent since."""


class JobReports(Protocol):
    """Keeps all problems of a job, however many, for download."""

    def write(self, job: Job, problems: Sequence[Problem]) -> None:
        """Keep the problems of this run; writing them again replaces them."""

    def url(self, job: Job) -> str:
        """Where they can be read for a while."""


class JobQueue(Protocol):
    """Sends nudges to workers. A message may arrive twice, late, or never."""

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        """Put one message on the named queue."""
