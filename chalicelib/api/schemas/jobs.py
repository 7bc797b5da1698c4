"""Jobs as clients see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import JobStateText
from chalicelib.clock import iso, system_clock
from chalicelib.domain.jobs import Job


class JobProblem(TypedDict):
    """What a job stumbled over, and where."""

    place: str
    message: str


class JobRead(TypedDict):
    """One piece of background work; `done` and `total` count `unit`s.

    `rate` is units a second since the work was planned, `seconds_left` what that means for the rest.
    `attempts` counts the tries of the step that is due, `last_error` says why the last failed one did.
    `read_units` and `write_units` are what the work has cost at the database so far. `report` is the path
    of all its problems as CSV.
    """

    id: int
    kind: str
    project: int | None
    state: JobStateText
    done: int
    total: int | None
    unit: str
    problems: list[JobProblem]
    problem_count: int
    result: dict[str, Any]
    created_by: int
    created_at: str
    started_at: str | None
    heartbeat_at: str | None
    finished_at: str | None
    rate: float | None
    seconds_left: float | None
    attempts: int
    last_error: str
    read_units: float
    write_units: float
    report: str | None


class JobList(TypedDict):
    """Jobs, newest first."""

    results: list[JobRead]


class JobQuery(Body):
    """Which jobs."""

    project: int | None = None


def render_job(job: Job, now: datetime | None = None) -> JobRead:
    """A job, as it looks at that moment; now, unless another is given."""
    now = now or system_clock()
    rate, left = job.rate(now), job.seconds_left(now)
    return {
        "id": job.id,
        "kind": job.kind,
        "project": job.project,
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "unit": job.unit,
        "problems": [{"place": p.place, "message": p.message} for p in job.problems],
        "problem_count": job.problem_count,
        "result": dict(job.result),
        "created_by": job.created_by,
        "created_at": iso(job.created_at),
        "started_at": iso(job.started_at) if job.started_at else None,
        "heartbeat_at": iso(job.heartbeat_at) if job.heartbeat_at else None,
        "finished_at": iso(job.finished_at) if job.finished_at else None,
        "rate": None if rate is None else round(rate, 2),
        "seconds_left": None if left is None else round(left, 1),
        "attempts": job.attempts,
        "last_error": job.last_error,
        "read_units": job.spent.read_units,
        "write_units": job.spent.write_units,
        "report": f"/api/jobs/{job.id}/report/" if job.problem_count else None,
    }
