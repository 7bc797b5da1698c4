"""The job engine, with messages that repeat, meet, get lost and workers that die."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan, Problem, Spent
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError, UpstreamError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.services.jobs import JobRequest, Jobs
from tests.fakes.jobs import FakeJobQueue, FakeJobRepository

ORGANIZATION = OrganizationId(1)


class Killed(BaseException):
    """A worker that died: no handler may catch it."""


class Adding:
    """A kind whose parts put names in a set; it can be told to die or to refuse."""

    name = "adding"
    queue = "maintenance"

    def __init__(self) -> None:
        self.present: set[str] = set()
        self.finished = 0
        self.refuse_part: int | None = None
        self.die: Callable[[], bool] = lambda: False

    def plan(self, job: Job, alive: Callable[[], None]) -> Plan:
        alive()
        names = job.arguments["names"]
        assert isinstance(names, list)
        if "" in names:
            raise InvalidInputError.at("names", "must not be empty")
        return Plan([{"name": name} for name in names], total=len(names))

    def run_part(self, job: Job, part: JobPart, alive: Callable[[], None]) -> PartResult:
        alive()
        if part.number == self.refuse_part:
            raise InvalidInputError.at("line 3", "is not a number")
        self.present.add(str(part.arguments["name"]))
        if self.die():
            raise Killed
        return PartResult(1, {"name": part.arguments["name"]})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Callable[[], None]) -> Mapping[str, object]:
        if self.die():
            raise Killed
        self.finished += 1
        return {"names": sorted(str(part.result["name"]) for part in parts)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        self.present.clear()


class World:
    """The engine with fakes around it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.rows = FakeJobRepository()
        self.queue = FakeJobQueue()
        self.kind = Adding()
        self.jobs = Jobs(self.rows, self.queue, lambda: self.now, {"adding": lambda: self.kind})

    def create(self, *names: str) -> Job:
        request = JobRequest("adding", ORGANIZATION, ProjectId(7), UserId(1), {"names": list(names)})
        return self.jobs.create(request)

    def work(self) -> None:
        """Deliver every message, and those that follow, once."""
        while self.queue.messages:
            self.jobs.handle(self.queue.messages.pop(0))

    def now_is(self, job: Job) -> Job:
        return self.jobs.get(ORGANIZATION, job.id)


def test_a_job_is_planned_worked_off_and_finished() -> None:
    world = World()
    job = world.create("a", "b", "c")

    world.work()

    done = world.now_is(job)
    assert (done.state, done.done, done.total) == (JobState.COMPLETED, 3, 3)
    assert done.result == {"names": ["a", "b", "c"]}


def test_a_job_is_there_although_the_queue_is_down_and_the_watchdog_nudges_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()

    def refuse(*_: object, **__: object) -> None:
        raise UpstreamError("The queue did not take a message.")

    with monkeypatch.context() as patch:
        patch.setattr(world.queue, "send", refuse)
        job = world.create("a")
    assert (world.now_is(job).state, world.queue.messages) == (JobState.QUEUED, [])

    world.now += timedelta(hours=1)
    assert world.jobs.watch() == 1
    world.work()

    assert world.now_is(job).state is JobState.COMPLETED


def test_a_job_can_be_run_to_its_end_in_the_process_that_made_it() -> None:
    world = World()
    job = world.create("a", "b")

    done = world.jobs.run_here(job.id, until_s=10)

    assert done is not None
    assert (done.state, done.done) == (JobState.COMPLETED, 2)
    world.work()
    assert world.kind.finished == 1


def test_a_job_without_parts_completes() -> None:
    world = World()
    job = world.create()

    world.work()

    assert world.now_is(job).state is JobState.COMPLETED


def test_bad_input_fails_the_job_with_its_problems_and_no_part_runs() -> None:
    world = World()
    job = world.create("a", "")

    world.work()

    failed = world.now_is(job)
    assert failed.state is JobState.FAILED
    assert [(p.place, p.message) for p in failed.problems] == [("names", "must not be empty")]
    assert world.kind.present == set()


def test_a_part_that_is_refused_takes_back_what_others_did() -> None:
    world = World()
    world.kind.refuse_part = 3
    job = world.create("a", "b", "c")

    world.work()

    failed = world.now_is(job)
    assert failed.state is JobState.FAILED
    assert failed.problems[0].place == "line 3"
    assert world.kind.present == set()


def test_cancelling_half_way_takes_back_and_later_messages_do_nothing() -> None:
    world = World()
    job = world.create("a", "b", "c")
    world.jobs.handle(world.queue.messages.pop(0))
    world.jobs.handle(world.queue.messages.pop(0))
    assert world.kind.present == {"a"}

    world.jobs.cancel(ORGANIZATION, job.id)
    world.work()

    assert world.now_is(job).state is JobState.CANCELLED
    assert world.kind.present == set()


def test_cancelling_an_ended_job_is_a_conflict_that_says_what_is_allowed() -> None:
    world = World()
    job = world.create("a")
    world.work()

    with pytest.raises(ConflictError, match="completed and cannot become cancelled"):
        world.jobs.cancel(ORGANIZATION, job.id)


def test_a_failed_job_can_be_retried_and_messages_of_the_first_run_are_ignored() -> None:
    world = World()
    world.kind.refuse_part = 1
    job = world.create("a", "b")
    old_messages = list(world.queue.messages)
    world.work()
    world.kind.refuse_part = None

    world.jobs.retry(ORGANIZATION, job.id)
    world.queue.messages = [*old_messages, *world.queue.messages]
    world.work()

    done = world.now_is(job)
    assert (done.state, done.run, done.done) == (JobState.COMPLETED, 2, 2)


def test_a_part_that_always_dies_fails_the_job_after_its_attempts() -> None:
    world = World()
    world.kind.die = lambda: True
    job = world.create("a")

    for _ in range(20):
        world.now += timedelta(minutes=2)
        world.jobs.watch()
        while world.queue.messages:
            try:
                world.jobs.handle(world.queue.messages.pop(0))
            except Killed:
                continue

    failed = world.now_is(job)
    assert failed.state is JobState.FAILED
    assert "failed 5 times" in failed.problems[0].message


def test_another_organization_does_not_see_the_job() -> None:
    world = World()
    job = world.create("a")

    with pytest.raises(NotFoundError):
        world.jobs.get(OrganizationId(2), job.id)


def test_a_living_job_is_not_nudged() -> None:
    world = World()
    world.create("a")

    assert world.jobs.watch() == 0


@given(st.integers(), st.integers(0, 8))
def test_whatever_happens_to_messages_and_workers_each_part_counts_once(seed: int, size: int) -> None:
    """Messages are dropped, doubled and shuffled, workers die at any point; the watchdog saves the day."""
    rng = Random(seed)
    world = World()
    job = world.create(*[f"n{i}" for i in range(size)])
    deaths = iter(range(10))
    world.kind.die = lambda: rng.random() < 0.1 and next(deaths, None) is not None

    for _ in range(400):
        if world.now_is(job).has_ended:
            break
        world.now += timedelta(seconds=100)
        world.jobs.watch()
        rng.shuffle(world.queue.messages)
        arrived, world.queue.messages = world.queue.messages, []
        for message in arrived:
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                try:
                    world.jobs.handle(message)
                except Killed:
                    continue

    done = world.now_is(job)
    if done.state is JobState.FAILED:
        assert "failed 5 times" in done.problems[0].message
        assert world.kind.present == set()
    else:
        assert (done.state, done.done) == (JobState.COMPLETED, size)
        assert len(world.kind.present) == size


class BrokenError(RuntimeError):
    """Something nobody foresaw; its text may hold what is private."""


@pytest.mark.parametrize("step", ["plan", "finish"])
def test_a_step_that_keeps_breaking_ends_the_job_and_says_why(step: str) -> None:
    world = World()

    def breaks(*_: object) -> None:
        raise BrokenError("secret")

    setattr(world.kind, step, breaks)
    job = world.create("a")

    for _ in range(40):
        world.now += timedelta(minutes=5)
        world.jobs.watch()
        while world.queue.messages:
            with contextlib.suppress(BrokenError):
                world.jobs.handle(world.queue.messages.pop(0))

    ended = world.now_is(job)
    assert ended.state is JobState.FAILED
    assert [p.message for p in ended.problems] == [f"failed 10 times. Last: {step}: BrokenError"]
    assert world.kind.present == set()


def test_a_part_that_keeps_breaking_ends_the_job_and_takes_back_the_others() -> None:
    world = World()
    whole = world.kind.run_part

    def breaks_second(job: Job, part: JobPart, alive: Callable[[], None]) -> PartResult:
        if part.number == 2:
            raise BrokenError("secret")
        return whole(job, part, alive)

    world.kind.run_part = breaks_second  # type: ignore[method-assign]
    job = world.create("a", "b")

    for _ in range(20):
        world.now += timedelta(minutes=5)
        world.jobs.watch()
        while world.queue.messages:
            with contextlib.suppress(BrokenError):
                world.jobs.handle(world.queue.messages.pop(0))

    ended = world.now_is(job)
    assert (ended.state, ended.last_error) == (JobState.FAILED, "part 2: BrokenError")
    assert [(p.place, p.message) for p in ended.problems] == [
        ("part 2", "failed 5 times. Last: part 2: BrokenError")
    ]
    assert world.kind.present == set()


def test_what_no_second_try_would_mend_ends_the_job_at_once() -> None:
    world = World()

    def gone(*_: object) -> None:
        raise NotFoundError("No Project matches the given query.")

    world.kind.plan = gone  # type: ignore[method-assign, assignment]
    job = world.create("a")

    world.work()

    ended = world.now_is(job)
    assert (ended.state, ended.problems[0].message) == (
        JobState.FAILED,
        "No Project matches the given query.",
    )


def test_a_worker_that_finds_its_work_done_by_another_leaves_the_job_as_it_is() -> None:
    world = World()
    finish = world.kind.finish

    def overtaken(job: Job, *_: object) -> None:
        world.kind.finish = finish  # type: ignore[method-assign]
        world.jobs.run_here(job.id, until_s=10)
        raise NotFoundError("No blob: whoever was quicker has removed it.")

    world.kind.finish = overtaken  # type: ignore[method-assign, assignment]
    job = world.create("a", "b")

    world.work()

    assert world.now_is(job).state is JobState.COMPLETED
    assert world.kind.present == {"a", "b"}


def test_rate_and_rest_are_told_from_the_moment_the_work_was_planned() -> None:
    world = World()
    job = world.create("a", "b", "c", "d")
    world.now += timedelta(minutes=10)
    world.jobs.handle(world.queue.messages.pop(0))
    assert world.now_is(job).rate(world.now) is None

    world.now += timedelta(seconds=2)
    world.jobs.handle(world.queue.messages.pop(0))

    found = world.now_is(job)
    assert (found.rate(world.now), found.seconds_left(world.now)) == (0.5, 6)


def test_what_every_step_costs_is_added_up_on_the_job() -> None:
    world = World()

    @contextlib.contextmanager
    def meter() -> Iterator[Callable[[], Spent]]:
        yield lambda: Spent(1.5, 2)

    world.jobs = Jobs(world.rows, world.queue, lambda: world.now, {"adding": lambda: world.kind}, meter=meter)
    job = world.create("a", "b")

    world.work()

    assert world.now_is(job).spent == Spent(6, 8)


class Reports:
    """`JobReports` that only writes down."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []

    def write(self, job: Job, problems: Sequence[Problem]) -> None:
        self.kept = list(problems)

    def url(self, job: Job) -> str:
        return f"http://reports/{job.id}"


def test_all_problems_of_a_job_are_kept_for_download_and_a_job_without_any_has_no_report() -> None:
    world = World()
    reports = Reports()
    world.jobs = Jobs(
        world.rows, world.queue, lambda: world.now, {"adding": lambda: world.kind}, reports=reports
    )
    bad, good = world.create("a", ""), world.create("a")

    world.work()

    assert [p.place for p in reports.kept] == ["names"]
    assert world.jobs.report_url(world.now_is(bad)) == f"http://reports/{bad.id}"
    with pytest.raises(NotFoundError):
        world.jobs.report_url(world.now_is(good))
