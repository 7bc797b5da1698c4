"""The one engine for background work: create, plan, work off, finish, cancel, retry, watch.

A kind of job (import, export, …) is a `JobKind`: it plans, does one part, finishes, and takes back.
Everything that makes this safe is here: a step may be asked for twice, at once, late or half done, and
still the job's row moves on exactly once. A kind must promise that doing a part again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from chalicelib import observability
from chalicelib.actors import Actor, acting
from chalicelib.clock import Clock
from chalicelib.domain.jobs import (
    MAX_PART_ATTEMPTS,
    MAX_STEP_ATTEMPTS,
    Job,
    JobPart,
    JobState,
    JobStep,
    PartResult,
    Plan,
    Problem,
    Spent,
    check_transition,
    is_stalled,
    next_step,
)
from chalicelib.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SkylabelError,
    UpstreamError,
)
from chalicelib.ids import JobId, OrganizationId, ProjectId, UserId
from chalicelib.ports.jobs import JobQueue, JobReports, JobRepository, Meter

_FOR_GOOD = (InvalidInputError, NotFoundError, ForbiddenError)
"""What no second try would mend: wrong input, a project that is gone, a right that was taken away."""


class JobKind(Protocol):
    """What the engine asks of a kind of job. Every method may be called again for the same job."""

    @property
    def queue(self) -> str:
        """The queue that its messages go to."""

    def plan(self, job: Job, alive: Callable[[], None]) -> Plan:
        """Split the job. Raise `InvalidInputError` with every fault when its input can never succeed."""

    def run_part(self, job: Job, part: JobPart, alive: Callable[[], None]) -> PartResult:
        """Do one part; calling it again must change nothing. `alive` is to be called now and then."""

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Callable[[], None]) -> Mapping[str, object]:
        """What remains when all parts are done; gives the job's result."""

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Take back what parts have done, after a failure or a cancel."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is to be done, for whom."""

    kind: str
    organization: OrganizationId
    project: ProjectId | None
    user: UserId
    arguments: Mapping[str, object]


class JobAbandonedError(SkylabelError):
    """The job was cancelled or ended while a part of it was being done."""

    code = "job_abandoned"


class Jobs:
    """The engine; holds the ports and the kinds, and no state of its own."""

    def __init__(
        self,
        repository: JobRepository,
        queue: JobQueue,
        clock: Clock,
        kinds: Mapping[str, Callable[[], JobKind]],
        *,
        meter: Meter | None = None,
        reports: JobReports | None = None,
    ) -> None:
        """`kinds` gives a builder for each kind, so that a worker loads only what its job needs.

        `meter` measures what steps cost, and `reports` keeps the problems that do not fit in a row.
        """
        self._rows = repository
        self._queue = queue
        self._clock = clock
        self._kinds = kinds
        self._meter = meter
        self._reports = reports

    def create(self, request: JobRequest, *, delay_s: int = 0) -> Job:
        """Store the job and nudge a worker, to come after `delay_s` seconds (at most 900).

        A delay leaves the job to `run_here` meanwhile. The row is the job: where the queue cannot be reached
        it is there all the same, and the watchdog nudges it later.
        """
        kind = self._kind(request.kind)
        job = Job(
            id=self._rows.next_id(),
            kind=request.kind,
            organization=request.organization,
            project=request.project,
            created_by=request.user,
            created_at=self._clock(),
            arguments=request.arguments,
        )
        self._rows.create(job)
        try:
            self._queue.send(kind.queue, _message(job, JobStep.PLAN), delay_s=delay_s)
        except UpstreamError:
            observability.exception("job_nudge_failed", job_id=job.id, kind=job.kind)
        return job

    def get(self, organization: OrganizationId, job_id: JobId) -> Job:
        """The job; `NotFoundError` when there is none in this organization."""
        job = self._rows.get(job_id)
        if job is None or job.organization != organization:
            raise NotFoundError("No Job matches the given query.")
        return job

    def newest(
        self, organization: OrganizationId, project: ProjectId | None, *, limit: int = 50
    ) -> Sequence[Job]:
        """The newest jobs first, of a project or of the whole organization."""
        return self._rows.newest(organization, project, limit)

    def cancel(self, organization: OrganizationId, job_id: JobId) -> Job:
        """Stop the job and take back what it did. `ConflictError` when it has ended."""
        return self._stop(self.get(organization, job_id), JobState.CANCELLED, ())

    def retry(self, organization: OrganizationId, job_id: JobId) -> Job:
        """Start a failed or cancelled job from the beginning. `ConflictError` for any other."""
        job = self.get(organization, job_id)
        check_transition(job, JobState.QUEUED)
        fresh = replace(
            job, state=JobState.QUEUED, run=job.run + 1, done=0, total=None, parts_total=None, parts_done=0,
            problems=(), problem_count=0, result={}, plan={}, ends_as=None, started_at=None,
            heartbeat_at=self._clock(), finished_at=None, planned_at=None, plan_token="", attempts=0,
            last_error="", spent=Spent(),
        )  # fmt: skip
        self._rows.restart(fresh, was=job)
        self._nudge(fresh)
        return fresh

    def handle(self, message: Mapping[str, object]) -> None:
        """Do the step that a message asks for, as far as it is still due.

        Returns normally when there is nothing left to do. Raises when the step should be tried again.
        """
        job = self._rows.get(JobId(_integer(message, "job")))
        if job is None or job.has_ended or message.get("run") != job.run:
            return None
        step = JobStep(str(message.get("step")))
        number = _integer(message, "part") if step is JobStep.PART else None
        with acting(_actor(job)):
            return self._measured(job, step, number)

    def _measured(self, job: Job, step: JobStep, number: int | None) -> None:
        if self._meter is None:
            return self._noted(job, step, number)
        with self._meter() as spent:
            try:
                return self._noted(job, step, number)
            finally:
                self._rows.note_step(job, spent())

    def report_url(self, job: Job) -> str:
        """Where every problem of the job can be read for a while, as CSV. `NotFoundError` without any."""
        if not job.problem_count or self._reports is None:
            raise NotFoundError(f"Job {job.id} has no problems to report.")
        return self._reports.url(job)

    def run_here(self, job_id: JobId, *, until_s: float) -> Job | None:
        """Work on the job in this process, until it has ended or `until_s` seconds have gone by.

        A step that has begun is not broken off, so it may take longer. Gives the job as it then is.
        """
        deadline = self._clock() + timedelta(seconds=until_s)
        while (job := self._rows.get(job_id)) is not None:
            step = next_step(job)
            if step is None or self._clock() >= deadline:
                break
            due = next((part for part in self._rows.parts(job) if not part.is_done), None)
            self.handle(_message(job, step, due.number if due and step is JobStep.PART else None))
        return job

    def watch(self) -> int:
        """Nudge every job that shows no sign of life; gives how many there were."""
        stalled = [job for job in self._rows.unfinished() if is_stalled(job, self._clock())]
        for job in stalled:
            self._rows.beat(job, self._clock())
            self._nudge(job)
        return len(stalled)

    # -- steps -----------------------------------------------------------------------------------

    def _noted(self, job: Job, step: JobStep, number: int | None) -> None:
        """Do the step; what breaks it is written on the job before the message goes back to its queue."""
        try:
            if step is JobStep.PLAN:
                self._plan(job)
            elif number is not None:
                self._part(job, number)
            elif step is JobStep.FINISH:
                self._finish(job)
            else:
                self._undo(job)
        except Exception as error:
            place = step.value if number is None else f"{step.value} {number}"
            self._rows.note_step(job, Spent(), f"{place}: {_cause(error)}")
            raise

    def _plan(self, job: Job) -> None:
        if job.state is JobState.UNDOING:
            return self._undo(job)
        if job.is_planned:
            return self._nudge(job)
        try:
            started = self._rows.begin_step(self._rows.start(job, self._clock()), self._clock())
        except ConflictError:  # another worker has ended it, or somebody has stopped it
            return None
        if started is None:
            return None
        if started.attempts > MAX_STEP_ATTEMPTS:
            self._fail(started, (_given_up("planning", MAX_STEP_ATTEMPTS, job),))
            return None
        try:
            plan = self._kind(job.kind).plan(started, self._alive(started))
        except _FOR_GOOD as error:
            self._fail(started, _problems(error))
            return None
        except JobAbandonedError:
            return None
        if plan.problems and self._reports is not None:
            self._reports.write(started, plan.problems)
        planned = self._rows.mark_planned(started, plan, self._clock())
        return self._nudge(planned)

    def _part(self, job: Job, number: int) -> None:
        if job.state is not JobState.RUNNING:
            return self._nudge(job) if job.state is JobState.UNDOING else None
        part = self._rows.begin_part(job, number, self._clock())
        if part is None or part.is_done:
            return self._after_part(job)
        if part.attempts > MAX_PART_ATTEMPTS:
            self._fail(job, (_given_up(f"part {number}", MAX_PART_ATTEMPTS, job),))
            return None
        try:
            result = self._kind(job.kind).run_part(job, part, self._alive(job))
        except _FOR_GOOD as error:
            self._fail(job, _problems(error))
            return None
        except JobAbandonedError:
            return None
        self._rows.finish_part(job, part, result, self._clock())
        return self._after_part(job)

    def _after_part(self, job: Job) -> None:
        fresh = self._rows.get(job.id)
        if fresh is not None and fresh.run == job.run and next_step(fresh) is JobStep.FINISH:
            self._nudge(fresh)

    def _finish(self, job: Job) -> None:
        if next_step(job) is not JobStep.FINISH:
            return self._nudge(job)
        begun = self._rows.begin_step(job, self._clock())
        if begun is None:
            return None
        if begun.attempts > MAX_STEP_ATTEMPTS:
            self._fail(job, (_given_up("finishing", MAX_STEP_ATTEMPTS, job),))
            return None
        try:
            result = self._kind(job.kind).finish(job, self._rows.parts(job), self._alive(job))
        except _FOR_GOOD as error:
            self._fail(job, _problems(error))
            return None
        except JobAbandonedError:
            return None
        self._rows.end(job, JobState.COMPLETED, self._clock(), result=result)
        return None

    def _undo(self, job: Job) -> None:
        if job.state is not JobState.UNDOING or job.ends_as is None:
            return
        begun = self._rows.begin_step(job, self._clock())
        if begun is None:
            return
        if begun.attempts <= MAX_STEP_ATTEMPTS:
            self._kind(job.kind).undo(job, self._rows.parts(job))
            self._rows.end(job, job.ends_as, self._clock(), result=job.result)
            return
        problems = (*job.problems, _given_up("taking back what was done", MAX_STEP_ATTEMPTS, job))
        self._rows.end(job, JobState.FAILED, self._clock(), problems=problems, result=job.result)

    # -- shared ----------------------------------------------------------------------------------

    def _fail(self, job: Job, problems: Sequence[Problem]) -> None:
        """End a job whose step is refused, unless another worker was quicker and has ended it."""
        now = self._rows.get(job.id)
        if now is not None and (now.has_ended or now.run != job.run):
            return
        self._stop(job, JobState.FAILED, problems)

    def _stop(self, job: Job, end: JobState, problems: Sequence[Problem]) -> Job:
        """End a job before its time: at once if no part can have left a trace, else by way of `undoing`."""
        job = self._rows.get(job.id) or job  # another worker may have planned it meanwhile
        if job.state is JobState.UNDOING:
            return job
        check_transition(job, end)
        if problems and self._reports is not None:
            self._reports.write(job, problems)
        if not job.is_planned:
            return self._rows.end(job, end, self._clock(), problems=problems)
        undoing = self._rows.begin_undo(job, end, self._clock(), problems)
        self._nudge(undoing)
        return undoing

    def _nudge(self, job: Job) -> None:
        step = next_step(job)
        if step is None:
            return
        queue = self._kind(job.kind).queue
        if step is not JobStep.PART:
            self._queue.send(queue, _message(job, step))
            return
        for part in self._rows.parts(job):
            if not part.is_done:
                self._queue.send(queue, _message(job, step, part.number))

    def _alive(self, job: Job) -> Callable[[], None]:
        """A sign of life for a long step; raises `JobAbandonedError` when the job was stopped meanwhile."""

        def beat() -> None:
            if not self._rows.beat(job, self._clock()):
                raise JobAbandonedError(f"Job {job.id} was stopped.")

        return beat

    def _kind(self, name: str) -> JobKind:
        builder = self._kinds.get(name)
        if builder is None:
            raise InvalidInputError.at("kind", f"There is no kind of job named {name!r}.")
        return builder()


def _actor(job: Job) -> Actor:
    """Whoever asked for a job does what it does."""
    return Actor(f"job {job.kind}", f"job {job.id}", job.organization, job.created_by)


def _message(job: Job, step: JobStep, part: int | None = None) -> dict[str, object]:
    body: dict[str, object] = {"v": 1, "job": job.id, "run": job.run, "step": step.value, "kind": job.kind}
    return body if part is None else {**body, "part": part}


def _problems(error: InvalidInputError | NotFoundError | ForbiddenError) -> tuple[Problem, ...]:
    if not isinstance(error, InvalidInputError) or not error.faults:
        return (Problem("", error.message),)
    return tuple(Problem(fault.place, fault.message) for fault in error.faults)


def _given_up(what: str, times: int, job: Job) -> Problem:
    """The problem of a step that keeps breaking, with what broke it last."""
    reason = f" Last: {job.last_error}" if job.last_error else ""
    return Problem(what, f"failed {times} times.{reason}")


def _cause(error: Exception) -> str:
    """What may be told of an error: our own messages; of others only their kind, the rest is in the log."""
    return error.message if isinstance(error, SkylabelError) else type(error).__name__


def _integer(message: Mapping[str, object], key: str) -> int:
    value = message.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInputError.at(key, "must be an integer")
    return value


__all__ = ["JobKind", "JobRequest", "Jobs", "PartResult", "Plan"]
