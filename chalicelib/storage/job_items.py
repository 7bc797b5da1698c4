"""The rows of the `jobs` table and what they say; `storage/jobs.py` tells the layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.clock import from_iso, iso
from chalicelib.domain.jobs import Job, JobPart, JobState, Problem, Spent
from chalicelib.ids import JobId, OrganizationId, ProjectId, UserId

SCHEMA_VERSION = 1
ROW = "ROW"
PARTS_KEPT = timedelta(days=90)
"""How long parts stay after they were planned; nobody reads them once their job has ended."""


class JobsTable(Model):
    """One item of the table; which attributes are set depends on the kind of row."""

    class Meta:
        """The name and the endpoint are set by `DynamoJobRepository`."""

        table_name = "skylabel-jobs"
        region = "us-east-1"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    sv = NumberAttribute(default=SCHEMA_VERSION)
    kind = UnicodeAttribute(null=True)
    organization = NumberAttribute(null=True)
    project = NumberAttribute(null=True)
    created_by = NumberAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
    arguments = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    done = NumberAttribute(null=True)
    total = NumberAttribute(null=True)
    parts_total = NumberAttribute(null=True)
    parts_done = NumberAttribute(null=True)
    problems = UnicodeAttribute(null=True)
    problem_count = NumberAttribute(null=True)
    result = UnicodeAttribute(null=True)
    plan = UnicodeAttribute(null=True)
    run = NumberAttribute(null=True)
    ends_as = UnicodeAttribute(null=True)
    started_at = UnicodeAttribute(null=True)
    heartbeat_at = UnicodeAttribute(null=True)
    finished_at = UnicodeAttribute(null=True)
    is_done = BooleanAttribute(null=True)
    attempts = NumberAttribute(null=True)
    value = NumberAttribute(null=True)
    planned_at = UnicodeAttribute(null=True)
    plan_token = UnicodeAttribute(null=True)
    last_error = UnicodeAttribute(null=True)
    read_units = NumberAttribute(null=True)
    write_units = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


def job_row(table: type[JobsTable], job: Job) -> JobsTable:
    """The row a new run of a job begins with."""
    return table(
        job_pk(job.id),
        ROW,
        kind=job.kind,
        organization=job.organization,
        project=job.project,
        created_by=job.created_by,
        created_at=iso(job.created_at),
        arguments=dump(job.arguments),
        state=job.state.value,
        unit=job.unit,
        done=job.done,
        run=job.run,
        heartbeat_at=iso(job.heartbeat_at) if job.heartbeat_at else None,
    )


def part_row(
    table: type[JobsTable],
    job: Job,
    token: str,
    number: int,
    arguments: Mapping[str, object],
    *,
    planned_at: datetime,
) -> JobsTable:
    """The row of a part that waits, of the plan named `token`."""
    return table(
        job_pk(job.id),
        part_sk(token, number),
        arguments=dump(arguments),
        is_done=False,
        attempts=0,
        run=job.run,
        expires_at=int((planned_at + PARTS_KEPT).timestamp()),
    )


def job_pk(job_id: JobId) -> str:
    """The partition of a job and its parts."""
    return f"J#{job_id}"


def job_id_of(row: JobsTable) -> JobId:
    """The job that a row is of."""
    return JobId(int(row.pk.removeprefix("J#")))


def padded(job_id: JobId) -> str:
    """A job's id as it sorts among others."""
    return f"{job_id:015d}"


def part_sk(token: str, number: int) -> str:
    """Where a part of the plan named `token` lies in its job's partition."""
    return f"P#{token}{number:06d}"


def list_keys(job: Job) -> list[str]:
    """The partitions of the lists that a job begins in."""
    keys = [f"JO#{job.organization}", "JU"]
    return keys if job.project is None else [f"JP#{job.project}", *keys]


def dump(value: Mapping[str, object]) -> str:
    """A mapping as the rows keep it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _load(text: str | None) -> dict[str, object]:
    return cast(dict[str, object], json.loads(text)) if text else {}


def _moment(text: str | None) -> datetime | None:
    return from_iso(text) if text else None


def _number(value: float | None) -> int | None:
    return None if value is None else int(value)


def job_of(job_id: JobId, row: JobsTable) -> Job:
    """The job as its row says."""
    problems = json.loads(row.problems) if row.problems else []
    project = _number(row.project)
    job = Job(
        id=job_id,
        kind=row.kind,
        organization=OrganizationId(int(row.organization)),
        project=None if project is None else ProjectId(project),
        created_by=UserId(int(row.created_by)),
        created_at=from_iso(row.created_at),
        arguments=_load(row.arguments),
    )
    return replace(
        job,
        state=JobState(row.state),
        unit=row.unit or "tasks",
        done=int(row.done or 0),
        total=_number(row.total),
        parts_total=_number(row.parts_total),
        parts_done=int(row.parts_done or 0),
        problems=tuple(Problem(**problem) for problem in problems),
        problem_count=int(row.problem_count or 0),
        result=_load(row.result),
        plan=_load(row.plan),
        run=int(row.run),
        ends_as=JobState(row.ends_as) if row.ends_as else None,
        started_at=_moment(row.started_at),
        heartbeat_at=_moment(row.heartbeat_at),
        finished_at=_moment(row.finished_at),
        planned_at=_moment(row.planned_at),
        plan_token=row.plan_token or "",
        attempts=int(row.attempts or 0),
        last_error=row.last_error or "",
        spent=Spent(float(row.read_units or 0), float(row.write_units or 0)),
    )


def part_of(job_id: JobId, row: JobsTable, token: str) -> JobPart:
    """A part as its row says."""
    return JobPart(
        job=job_id,
        number=int(row.sk.removeprefix(f"P#{token}")),
        arguments=_load(row.arguments),
        is_done=bool(row.is_done),
        done=int(row.done or 0),
        attempts=int(row.attempts or 0),
        result=_load(row.result),
    )
