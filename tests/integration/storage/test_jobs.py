"""One suite for the fake job repository and the DynamoDB one, so that the fake cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.session import get_session
from moto import mock_aws

from chalicelib.domain.jobs import Job, JobState, PartResult, Plan, Problem, Spent
from chalicelib.errors import ConflictError
from chalicelib.ids import JobId, OrganizationId, ProjectId, UserId
from chalicelib.ports.jobs import JobRepository
from chalicelib.storage.jobs import DynamoJobRepository
from chalicelib.storage.tables import JOBS, creation
from tests.dynoxide import dynoxide_endpoint
from tests.fakes.jobs import FakeJobRepository

__all__ = ["dynoxide_endpoint"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REGION = "us-east-1"


def make_table(name: str, endpoint: str | None) -> DynamoJobRepository:
    client = get_session().create_client("dynamodb", region_name=REGION, endpoint_url=endpoint)
    client.create_table(**creation(JOBS, name.removesuffix("jobs")))
    return DynamoJobRepository(name, region=REGION, endpoint=endpoint)


@pytest.fixture(params=["fake", "moto", "dynoxide"])
def jobs(request: pytest.FixtureRequest) -> Iterator[JobRepository]:
    if request.param == "fake":
        yield FakeJobRepository()
    elif request.param == "moto":
        with mock_aws():
            yield make_table("skylabel-jobs", None)
    else:
        endpoint = request.getfixturevalue("dynoxide_endpoint")
        yield make_table(f"skylabel-{abs(hash(request.node.name))}-jobs", endpoint)


def make_job(jobs: JobRepository, *, organization: int = 1, project: int | None = 7) -> Job:
    job = Job(
        id=jobs.next_id(),
        kind="import",
        organization=OrganizationId(organization),
        project=None if project is None else ProjectId(project),
        created_by=UserId(3),
        created_at=NOW,
        arguments={"uploads": [1, 2], "naïve": "ü"},
    )
    jobs.create(job)
    return job


def running(jobs: JobRepository, parts: int = 2) -> Job:
    job = jobs.start(make_job(jobs), NOW)
    return jobs.mark_planned(job, Plan([{"n": n} for n in range(parts)], parts, {"header": "h"}), NOW)


def test_a_job_comes_back_as_it_was_stored(jobs: JobRepository) -> None:
    job = make_job(jobs)

    assert jobs.get(job.id) == job
    assert jobs.get(JobId(999)) is None


def test_ids_are_never_given_twice(jobs: JobRepository) -> None:
    assert len({jobs.next_id() for _ in range(20)}) == 20


def test_lists_are_newest_first_by_project_and_organization(jobs: JobRepository) -> None:
    first, second = make_job(jobs), make_job(jobs, project=8)
    make_job(jobs, organization=2)

    assert [j.id for j in jobs.newest(OrganizationId(1), None, 10)] == [second.id, first.id]
    assert [j.id for j in jobs.newest(OrganizationId(1), ProjectId(7), 10)] == [first.id]
    assert [j.id for j in jobs.newest(OrganizationId(1), None, 1)] == [second.id]


def test_unfinished_jobs_are_known_until_they_end(jobs: JobRepository) -> None:
    job = running(jobs, parts=0)
    assert [j.id for j in jobs.unfinished()] == [job.id]

    ended = jobs.end(job, JobState.COMPLETED, NOW, result={"task_count": 5})

    assert list(jobs.unfinished()) == []
    assert (ended.state, ended.result, ended.finished_at) == (JobState.COMPLETED, {"task_count": 5}, NOW)


def test_a_plan_is_stored_once(jobs: JobRepository) -> None:
    job = running(jobs, parts=2)

    again = jobs.mark_planned(job, Plan([{"n": 9}], 1), NOW)

    assert (again.parts_total, again.total, again.plan) == (2, 2, {"header": "h"})


def test_a_part_counts_once_however_often_it_is_finished(jobs: JobRepository) -> None:
    job = running(jobs)
    part = jobs.begin_part(job, 1, NOW)
    assert part is not None

    assert jobs.finish_part(job, part, PartResult(10, {"key": "x"}), NOW)
    assert not jobs.finish_part(job, part, PartResult(10), NOW)

    now = jobs.get(job.id)
    assert now is not None
    assert (now.parts_done, now.done, now.parts_left) == (1, 10, 1)
    assert [(p.is_done, p.done, p.result) for p in jobs.parts(job)] == [
        (True, 10, {"key": "x"}),
        (False, 0, {}),
    ]


def test_beginning_a_part_counts_attempts_and_gives_done_ones_as_they_are(jobs: JobRepository) -> None:
    job = running(jobs)
    jobs.begin_part(job, 1, NOW)
    second = jobs.begin_part(job, 1, NOW)
    assert second is not None
    assert second.attempts == 2

    jobs.finish_part(job, second, PartResult(1), NOW)
    done = jobs.begin_part(job, 1, NOW)

    assert done is not None
    assert (done.is_done, done.attempts) == (True, 2)
    assert jobs.begin_part(job, 77, NOW) is None


def test_a_sign_of_life_fails_once_the_job_is_being_undone(jobs: JobRepository) -> None:
    job = running(jobs)
    later = NOW + timedelta(minutes=1)
    assert jobs.beat(job, later)

    undoing = jobs.begin_undo(job, JobState.FAILED, later, [Problem("line 1", "bad")])

    assert not jobs.beat(job, later)
    assert jobs.beat(undoing, later)
    assert undoing.problems == (Problem("line 1", "bad"),)
    assert undoing.ends_as is JobState.FAILED


def test_a_part_of_a_stopped_job_is_not_counted(jobs: JobRepository) -> None:
    job = running(jobs)
    part = jobs.begin_part(job, 1, NOW)
    assert part is not None
    jobs.begin_undo(job, JobState.CANCELLED, NOW, [])

    assert not jobs.finish_part(job, part, PartResult(1), NOW)


def test_ending_twice_keeps_the_first_end(jobs: JobRepository) -> None:
    job = running(jobs, parts=0)
    jobs.end(job, JobState.COMPLETED, NOW, result={"n": 1})

    assert jobs.end(job, JobState.COMPLETED, NOW, result={"n": 2}).result == {"n": 1}


def test_a_restart_replaces_an_ended_run_once(jobs: JobRepository) -> None:
    from dataclasses import replace

    job = jobs.end(running(jobs), JobState.FAILED, NOW)
    fresh = replace(make_job(jobs), id=job.id, run=job.run + 1)

    jobs.restart(fresh, was=job)

    again = jobs.get(job.id)
    assert again is not None
    assert (again.state, again.run, again.is_planned) == (JobState.QUEUED, 2, False)
    assert jobs.parts(again) == []
    with pytest.raises(ConflictError):
        jobs.restart(fresh, was=job)


def test_many_problems_are_counted_and_the_first_hundred_kept(jobs: JobRepository) -> None:
    problems = [Problem(f"line {n}", "bad") for n in range(250)]
    failed = jobs.end(running(jobs), JobState.FAILED, NOW, problems=problems)

    assert failed.problem_count == 250
    assert failed.problems[:1] == (Problem("line 0", "bad"),)


def test_sixteen_workers_finishing_parts_at_once_lose_no_count(dynoxide_endpoint: str) -> None:
    jobs = make_table("skylabel-race-jobs", dynoxide_endpoint)
    job = running(jobs, parts=48)

    def work(number: int) -> None:
        part = jobs.begin_part(job, number, NOW)
        assert part is not None
        jobs.finish_part(job, part, PartResult(3), NOW)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, [*range(1, 49), *range(1, 49)]))

    now = jobs.get(job.id)
    assert now is not None
    assert (now.parts_done, now.done) == (48, 144)


def test_of_two_plans_made_at_once_one_wins_whole(jobs: JobRepository) -> None:
    started = jobs.start(make_job(jobs), NOW)
    first = Plan([{"ids": "first"}, {"ids": "first"}, {"ids": "first"}], total=3)
    second = Plan([{"ids": "second"}, {"ids": "second"}], total=3)

    planned = jobs.mark_planned(started, first, NOW)
    part = jobs.begin_part(planned, 1, NOW)
    assert part is not None
    jobs.finish_part(planned, part, PartResult(1), NOW)
    late = jobs.mark_planned(started, second, NOW)

    assert (late.parts_total, late.parts_done) == (3, 1)
    assert [p.arguments["ids"] for p in jobs.parts(late)] == ["first"] * 3
    assert [p.is_done for p in jobs.parts(late)] == [True, False, False]
    assert [p.arguments["ids"] for p in jobs.parts(started)] == ["first"] * 3


def test_parts_of_a_plan_that_was_broken_off_are_never_seen(jobs: JobRepository) -> None:
    if not isinstance(jobs, DynamoJobRepository):
        pytest.skip("the fake plans in one step")
    started = jobs.start(make_job(jobs), NOW)
    with pytest.MonkeyPatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(jobs, "_try_update", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.mark_planned(started, Plan([{"n": 1}, {"n": 2}], total=2), NOW)

    assert jobs.parts(started) == []
    assert jobs.begin_part(started, 1, NOW) is None
    planned = jobs.mark_planned(started, Plan([{"n": 3}], total=1), NOW)
    assert [part.arguments for part in jobs.parts(planned)] == [{"n": 3}]


def test_attempts_costs_and_errors_of_steps_stay_on_the_row(jobs: JobRepository) -> None:
    started = jobs.start(make_job(jobs), NOW)

    assert jobs.begin_step(started, NOW) is not None
    begun = jobs.begin_step(started, NOW)
    jobs.note_step(started, Spent(1.5, 2))
    jobs.note_step(started, Spent(1, 0), "plan: Broken")

    found = jobs.get(started.id)
    assert found is not None
    assert begun is not None
    assert (begun.attempts, found.spent, found.last_error) == (2, Spent(2.5, 2), "plan: Broken")
    planned = jobs.mark_planned(started, Plan([], total=0), NOW)
    assert (planned.attempts, planned.planned_at) == (0, NOW)
    assert jobs.begin_step(replace(started, run=2), NOW) is None
