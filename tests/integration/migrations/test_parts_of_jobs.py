"""Parts of jobs expire: new ones by themselves, old ones by the migration, and jobs go on as before."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.ids import JobId, OrganizationId, UserId
from chalicelib.settings import settings
from chalicelib.storage.job_items import PARTS_KEPT
from chalicelib.storage.jobs import DynamoJobRepository
from schema_migrations.m0004_parts_of_jobs_expire import KEPT_S
from tests.migrating import runner

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PARTS = 30


@pytest.fixture
def repository(environment: dict[str, str]) -> DynamoJobRepository:
    return DynamoJobRepository(
        settings().table("jobs"), region="us-east-1", endpoint=environment["DYNAMODB_ENDPOINT"]
    )


@pytest.fixture
def job(repository: DynamoJobRepository) -> Job:
    made = Job(
        id=JobId(repository.next_id()),
        kind="retune",
        organization=OrganizationId(1),
        project=None,
        created_by=UserId(1),
        created_at=NOW,
        arguments={},
    )
    repository.create(made)
    started = repository.start(made, NOW)
    return repository.mark_planned(started, Plan([{"n": n} for n in range(PARTS)], total=PARTS), NOW)


def rows(prefix: str = "P#") -> list[dict[str, Any]]:
    items = wiring.dynamodb().scan(TableName=settings().table("jobs"))["Items"]
    return [item for item in items if item["sk"]["S"].startswith(prefix)]


def ends() -> list[int]:
    return [int(item["expires_at"]["N"]) for item in rows() if "expires_at" in item]


def test_planned_parts_have_an_end_and_their_job_has_none(job: Job) -> None:
    assert ends() == [int((NOW + PARTS_KEPT).timestamp())] * PARTS
    assert "expires_at" not in rows("ROW")[0]


def test_old_parts_get_one_once_and_give_it_back(repository: DynamoJobRepository, job: Job) -> None:
    for item in rows():
        wiring.dynamodb().update_item(
            TableName=settings().table("jobs"),
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="REMOVE expires_at",
        )
    runner().up("m0003_votes_of_models")
    lines: list[str] = []
    rehearsal = runner()
    rehearsal._log = lines.append
    rehearsal.up(dry_run=True)
    assert f"would write update_item × {PARTS}" in lines[-1]
    assert ends() == []

    runner().up()
    first = ends()
    assert len(first) == PARTS
    assert all(abs(end - time.time() - KEPT_S) < 60 for end in first)
    assert runner().up() == []
    assert ends() == first

    part = repository.begin_part(job, 3, NOW)
    assert isinstance(part, JobPart)
    assert repository.finish_part(job, part, PartResult(1, {}), NOW)
    assert ends() == first

    runner().down("m0003_votes_of_models")
    assert ends() == []
    assert len(repository.parts(job)) == PARTS
