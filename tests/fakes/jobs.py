"""In-memory jobs and queue; the same suite proves them and the DynamoDB adapter alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.jobs import (
    ENDED,
    Job,
    JobPart,
    JobState,
    PartResult,
    Plan,
    Problem,
    Spent,
    check_transition,
)
from chalicelib.errors import ConflictError
from chalicelib.ids import JobId, OrganizationId, ProjectId


class FakeJobRepository:
    """`JobRepository` in two dictionaries."""

    def __init__(self) -> None:
        self.rows: dict[JobId, Job] = {}
        self.part_rows: dict[tuple[JobId, int], tuple[int, JobPart]] = {}
        self._last_id = 0

    def next_id(self) -> JobId:
        self._last_id += 1
        return JobId(self._last_id)

    def create(self, job: Job) -> None:
        self.rows[job.id] = job

    def get(self, job_id: JobId) -> Job | None:
        return self.rows.get(job_id)

    def newest(self, organization: OrganizationId, project: ProjectId | None, limit: int) -> Sequence[Job]:
        mine = [
            job
            for job in self.rows.values()
            if job.organization == organization and (project is None or job.project == project)
        ]
        return sorted(mine, key=lambda job: -job.id)[:limit]

    def unfinished(self) -> Iterator[Job]:
        yield from [job for job in self.rows.values() if not job.has_ended]

    def start(self, job: Job, now: datetime) -> Job:
        row = self.rows[job.id]
        if row.run != job.run or row.state not in {JobState.QUEUED, JobState.RUNNING}:
            raise ConflictError("changed")
        return self._put(
            replace(row, state=JobState.RUNNING, started_at=row.started_at or now, heartbeat_at=now)
        )

    def begin_step(self, job: Job, now: datetime) -> Job | None:
        row = self.rows[job.id]
        if row.run != job.run or row.state is not job.state:
            return None
        return self._put(replace(row, attempts=row.attempts + 1, heartbeat_at=now))

    def note_step(self, job: Job, spent: Spent, error: str = "") -> None:
        row = self.rows[job.id]
        total = Spent(
            row.spent.read_units + spent.read_units,
            row.spent.write_units + spent.write_units,
        )
        self._put(replace(row, spent=total, last_error=error or row.last_error))

    def beat(self, job: Job, now: datetime) -> bool:
        row = self.rows[job.id]
        stopped = row.state is JobState.UNDOING and job.state is not JobState.UNDOING
        if row.run != job.run or row.state in ENDED or stopped:
            return False
        self._put(replace(row, heartbeat_at=now))
        return True

    def mark_planned(self, job: Job, plan: Plan, now: datetime) -> Job:
        row = self.rows[job.id]
        if not self._is_running(job) or row.is_planned:
            return row
        for number, arguments in enumerate(plan.parts, start=1):
            self.part_rows[job.id, number] = (job.run, JobPart(job.id, number, arguments))
        planned = replace(
            row, parts_total=len(plan.parts), plan=plan.shared, heartbeat_at=now, planned_at=now, attempts=0
        )
        if plan.problems:
            planned = replace(planned, problems=tuple(plan.problems), problem_count=len(plan.problems))
        return self._put(planned if plan.total is None else replace(planned, total=plan.total))

    def begin_part(self, job: Job, number: int, now: datetime) -> JobPart | None:
        run, part = self.part_rows.get((job.id, number), (0, None))
        if part is None or run != job.run:
            return None
        if part.is_done:
            return part
        begun = replace(part, attempts=part.attempts + 1)
        self.part_rows[job.id, number] = (run, begun)
        self.beat(job, now)
        return begun

    def finish_part(self, job: Job, part: JobPart, result: PartResult, now: datetime) -> bool:
        run, stored = self.part_rows[job.id, part.number]
        if stored.is_done or run != job.run or not self._is_running(job):
            return False
        done = replace(stored, is_done=True, done=result.done, result=result.result)
        self.part_rows[job.id, part.number] = (run, done)
        row = self.rows[job.id]
        self._put(replace(row, parts_done=row.parts_done + 1, done=row.done + result.done, heartbeat_at=now))
        return True

    def parts(self, job: Job) -> Sequence[JobPart]:
        rows = sorted(self.part_rows.items())
        return [part for (job_id, _), (run, part) in rows if job_id == job.id and run == job.run]

    def begin_undo(self, job: Job, end: JobState, now: datetime, problems: Sequence[Problem]) -> Job:
        row = self.rows[job.id]
        if not self._is_running(job):
            return row
        undoing = replace(row, state=JobState.UNDOING, ends_as=end, heartbeat_at=now, attempts=0)
        return self._put(replace(undoing, problems=tuple(problems), problem_count=len(problems)))

    def end(
        self,
        job: Job,
        state: JobState,
        now: datetime,
        *,
        problems: Sequence[Problem] = (),
        result: Mapping[str, object] | None = None,
    ) -> Job:
        check_transition(job, state)
        row = self.rows[job.id]
        if row.run != job.run or row.state is not job.state:
            return row
        ended = replace(row, state=state, finished_at=now, result=result or {})
        if problems:
            ended = replace(ended, problems=tuple(problems), problem_count=len(problems))
        return self._put(ended)

    def restart(self, fresh: Job, *, was: Job) -> None:
        row = self.rows[fresh.id]
        if row.state is not was.state or row.run != was.run:
            raise ConflictError("changed")
        self._put(fresh)

    def _is_running(self, job: Job) -> bool:
        row = self.rows[job.id]
        return row.run == job.run and row.state is JobState.RUNNING

    def _put(self, job: Job) -> Job:
        self.rows[job.id] = job
        return job


class FakeJobQueue:
    """Keeps messages; a test decides which of them arrive, when, and how often."""

    def __init__(self) -> None:
        self.messages: list[dict[str, object]] = []

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        self.messages.append(dict(message))
