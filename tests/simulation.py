"""Many annotators on one project, simulated: their haste, their absences, and everything that goes wrong.

One thread and one seed, so that a run can be repeated. Time is an event queue; what happens at once is
played by letting another annotator's whole request in between two accesses of a request. Faults are put
between services and stores: refused writes, answers lost after the write, processes that die before or after
one, clocks that are wrong by machine, an index that is late; requests that come twice are put before them.
What is acknowledged to annotators is written into a ledger, against which `check` holds what is stored.

Managers assign tasks and take that back meanwhile, through the same faults; tasks whose answer is known are
mixed in, and `check` computes for each annotator which of their tasks had to be such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.honeypots import is_due
from chalicelib.domain.tasks.assignment import Assigning
from chalicelib.domain.tasks.changes import NewAnnotation, NewTask
from chalicelib.errors import ContentionError, UpstreamError
from chalicelib.ids import TaskId, UserId
from chalicelib.services.contention import again
from tests.engine import START, Engine, FakeClock, assert_counts_are_right, choice, person
from tests.fakes.late_index import LateQueueStore, LateTaskStore
from tests.fakes.task_stores import FakeIdSource, FakeProjectStore

WRITES = frozenset({"commit", "save_annotator", "lease", "forget_put_off"})
ACCESSES = WRITES | {"get", "get_whole", "annotator", "entries", "hints", "get_many", "put_offs"}
_DEEPEST = 3
"""So many requests may lie inside one another."""
_PATIENCE = 60
"""An annotator sends a request so often before the run counts as failed."""


class CrashError(BaseException):
    """The process dies: nothing may catch it but the annotator, who sees a broken connection."""


@dataclass(frozen=True)
class Faults:
    """How often what goes wrong: shares of writes, and of requests that come twice; seconds where told."""

    refused: float = 0.0
    throttled: float = 0.0
    lost: float = 0.0
    died_before: float = 0.0
    died_after: float = 0.0
    twice: float = 0.0
    between: float = 0.0
    """The share of accesses before which somebody else's request comes in between."""
    skew: float = 0.0
    """How many seconds a machine's clock is wrong at most."""
    late: float = 0.0
    """How many seconds the index of open tasks is behind at most; mostly it is far less."""

    @property
    def fates(self) -> tuple[tuple[str, float], ...]:
        """What may become of a write."""
        names = ("refused", "throttled", "lost", "died_before", "died_after")
        return tuple((name, getattr(self, name)) for name in names)


HARSH = Faults(
    refused=0.03,
    throttled=0.02,
    lost=0.03,
    died_before=0.01,
    died_after=0.02,
    twice=0.05,
    between=0.05,
    skew=1.5,
    late=2.0,
)


@dataclass
class SkewedClock(FakeClock):
    """The simulation's time as the machine that serves the present request sees it."""

    skew: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return super().__call__() + self.skew


class FaultyStore:
    """A store in which, by seed, writes fail in every way and others come in between."""

    def __init__(self, store: Any, simulation: Simulation) -> None:
        self._store = store
        self._simulation = simulation

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in ACCESSES:
            return method

        def access(*arguments: Any, **named: Any) -> Any:
            self._simulation.let_others_in()
            fate = self._simulation.fate() if name in WRITES else None
            if fate == "refused":
                raise ContentionError("injected")
            if fate == "throttled":
                raise UpstreamError("injected")
            if fate == "died_before":
                raise CrashError
            answer = method(*arguments, **named)
            if fate == "lost":
                raise UpstreamError("injected, after the write")
            if fate == "died_after":
                raise CrashError
            return answer

        return access


@dataclass
class Annotator:
    """Somebody with a pace (seconds a task), and what they have been given and have sent."""

    user: int
    pace: float
    skips: float = 0.0
    walks_away: float = 0.0
    holding: TaskId | None = None
    done: list[TaskId] = field(default_factory=list)
    """The tasks they answered or skipped, in that order."""
    given: list[TaskId] = field(default_factory=list)
    submits: int = 0
    busy: bool = False


@dataclass
class Simulation:
    """A run; `faults` may be switched off to look at what came of it."""

    seed: int
    annotators: int
    tasks: int
    overlap: int
    faults: Faults = Faults()
    settings: dict[str, Any] = field(default_factory=dict)
    skips: float = 0.0
    walks_away: float = 0.0
    assigns: float = 0.0
    """How often, for each step of an annotator, a manager assigns some tasks or takes some back."""
    truths: int = 0
    """So many more tasks have a ground truth."""
    haste: float = 1.0
    """How many times quicker than usual they all are."""

    ledger: dict[str, int] = field(default_factory=dict)
    """The annotation that was acknowledged for each unique id."""
    injected: Counter[str] = field(default_factory=Counter)
    pauses: int = 0
    """Pauses of the present request before it read again."""
    most_pauses: int = 0
    most_sends: int = 0
    requests: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self._depth = 0
        self._calm = True
        self._events: list[tuple[datetime, int, Annotator]] = []
        self._number = 0
        self.clock = SkewedClock(START)
        store = LateTaskStore(lambda: self.clock.now, self._delay)
        self.engine = Engine(
            store=FaultyStore(store, self),
            queue=FaultyStore(LateQueueStore(store), self),
            project_store=FakeProjectStore(),
            ids=FakeIdSource(),
            clock=self.clock,
            rng=Random(self.seed + 1),
        )
        self.project: Project = self.engine.project(maximum_annotations=self.overlap, **self.settings)
        self.ids = self.engine.add(self.project, self.tasks).task_ids
        self.known = self._add_truths()
        self.people = [self._annotator(number) for number in range(self.annotators)]
        self._by_user = {annotator.user: annotator for annotator in self.people}

    def _add_truths(self) -> tuple[TaskId, ...]:
        truth = NewAnnotation(result=choice("pos"), ground_truth=True, completed_by=UserId(1))
        new = [NewTask(data={"text": "known"}, annotations=[truth]) for _ in range(self.truths)]
        return self.engine.add_all(self.project, new).task_ids

    def _annotator(self, number: int) -> Annotator:
        # One is six times as quick as the others, who differ among themselves.
        pace = 10.0 if number == 0 else self.rng.uniform(40, 90)
        return Annotator(number + 2, pace / self.haste, self.skips, self.walks_away)

    # -- what goes wrong

    def fate(self) -> str | None:
        """What becomes of the next write."""
        if self._calm:
            return None
        drawn = self.rng.random()
        for name, share in self.faults.fates:
            if drawn < share:
                self.injected[name] += 1
                return name
            drawn -= share
        return None

    def _delay(self) -> timedelta:
        """How late the index hears of the next change."""
        return timedelta(seconds=self.faults.late * self.rng.random() ** 4)

    def let_others_in(self) -> None:
        """Perhaps let somebody else's next request happen now, in the middle of this one."""
        if self._calm or self._depth >= _DEEPEST or self.rng.random() >= self.faults.between:
            return
        idle = [annotator for annotator in self.people if not annotator.busy]
        if idle:
            self.injected["between"] += 1
            outer = self.clock.skew, self.pauses
            self._act(self.rng.choice(idle))
            self.clock.skew, self.pauses = outer

    # -- what annotators do

    def run(self) -> Simulation:
        """Until every task has its answers; AssertionError when that takes far too long."""
        with pauses_are_counted(self._note_pause):
            self._calm = False
            for annotator in self.people:
                self._later(annotator, self.rng.uniform(0, annotator.pace))
            while not self.is_finished():
                assert self.requests < 100 * self.tasks * self.overlap + 10_000, "it does not end"
                at, _, annotator = heappop(self._events)
                self.clock.now = max(self.clock.now, at)
                self._act(annotator)
                if self.rng.random() < self.assigns:
                    self._assign()
                self._later(annotator, self._pause_of(annotator))
            self._calm = True
        return self

    def is_finished(self) -> bool:
        """Whether all that is wanted was acknowledged."""
        return len(self.ledger) >= self.tasks * self.overlap

    def _later(self, annotator: Annotator, seconds: float) -> None:
        self._number += 1
        heappush(self._events, (self.clock.now + timedelta(seconds=seconds), self._number, annotator))

    def _pause_of(self, annotator: Annotator) -> float:
        if annotator.holding is None:
            return 3600.0
        if self.rng.random() < annotator.walks_away:
            return timedelta(days=1.5).total_seconds()
        return annotator.pace * self.rng.uniform(0.3, 2)

    def _act(self, annotator: Annotator) -> None:
        """One step: send the answer to what they hold, and ask for the next."""
        annotator.busy, self._depth = True, self._depth + 1
        try:
            if annotator.holding is not None:
                self._submit(annotator, annotator.holding)
            annotator.holding = self._sent(lambda: self.engine.next_id(annotator.user, self.project))
            if annotator.holding is not None and annotator.holding not in annotator.given:
                annotator.given.append(annotator.holding)
        finally:
            annotator.busy, self._depth = False, self._depth - 1

    def _assign(self) -> None:
        """A manager gives some tasks to one or two people, or takes them back."""
        size = self.rng.randrange(1, 12)
        start = self.rng.randrange(max(1, len(self.ids) - size))
        users = [self.rng.choice(self.people).user for _ in range(self.rng.randrange(1, 3))][: self.overlap]
        # no more than the overlap, which would grow with them
        how = self.rng.choice([Assigning.REPLACE, Assigning.REMOVE])
        some = [UserId(user) for user in users]
        self._sent(
            lambda: self.engine.assignments.assign(
                person(1), self.project.id, self.ids[start : start + size], some, how
            )
        )

    def _submit(self, annotator: Annotator, task_id: TaskId) -> None:
        task = self.engine.store.get(task_id)
        is_over = task.is_labeled and task_id not in self.known
        if is_over or task.leases.get(annotator.user, self.clock.now) <= self.clock.now:
            return  # they were away for longer than their lease, and the screen tells them
        annotator.submits += 1
        skips = self.rng.random() < annotator.skips
        name = f"{annotator.user}-{annotator.submits}"
        said = choice("pos" if annotator.user % 2 else "neg")
        new = NewAnnotation(result=[] if skips else said, was_cancelled=skips, unique_id=name)
        author = person(annotator.user)
        twice = self.rng.random() < self.faults.twice
        for _ in range(2 if twice else 1):
            made = self._sent(lambda: self.engine.annotations.create(author, task_id, new, replay=True))
            if task_id not in annotator.done:
                annotator.done.append(task_id)
            if not skips and task_id not in self.known:
                assert self.ledger.setdefault(name, made.id) == made.id, "one request, two answers"

    def _sent(self, request: Callable[[], Any]) -> Any:
        for sends in range(1, _PATIENCE):
            self.requests += 1
            self.pauses = 0
            self.clock.skew = timedelta(seconds=self.rng.uniform(-1, 1) * self.faults.skew)
            try:
                answer = request()
            except (UpstreamError, ContentionError, CrashError):
                self.clock.move(seconds=self.rng.uniform(0.2, 2))
                continue
            finally:
                self.most_pauses = max(self.most_pauses, self.pauses)
                self.most_sends = max(self.most_sends, sends)
            return answer
        raise AssertionError(f"a request failed {_PATIENCE} times")

    def _note_pause(self, _: float) -> None:
        self.pauses += 1
        self.clock.move(seconds=self.rng.uniform(0, 0.01 * 2 ** min(self.pauses, 5)))

    # -- what must be so

    def check(self) -> None:
        """Every task has just its answers, nobody one twice, nothing acknowledged is lost, counters exact."""
        found = self.engine.store.get_many(self.ids)
        stored = {
            annotation.unique_id: annotation.id
            for task in found
            for annotation in self.engine.store.family(task.id).annotations
            if not annotation.was_cancelled
        }
        assert stored == self.ledger
        assert {task.total_annotations for task in found} == {self.overlap}
        assert all(len(task.annotators) == len(task.answers) for task in found)
        assert all(task.is_labeled and task.queue is None for task in found)
        counts = self.engine.counts(self.project)
        assert counts.finished_task_number == self.tasks + len(self.known)
        if not self.known:
            assert counts.total_annotations_number == self.tasks * self.overlap
        assert_counts_are_right(self.engine, self.project.id)
        self._check_honeypots()

    def _check_honeypots(self) -> None:
        """Everybody met one wherever one was due, as long as there were any they had not seen."""
        known = set(self.known)
        for annotator in self.people:
            assert len(annotator.done) == len(set(annotator.done))
            for place, task_id in enumerate(annotator.done):
                is_met = task_id in known
                left = known - set(annotator.done[:place])
                expected = is_due(place, self.project, UserId(annotator.user), "") and bool(left)
                assert is_met == expected, (annotator.user, place)


@contextmanager
def pauses_are_counted(note: Callable[[float], None]) -> Iterator[None]:
    """While entered, a request that meets contention tells so in place of sleeping."""
    defaults: dict[str, Any] = again.__kwdefaults__  # type: ignore[assignment]
    sleep, defaults["pause"] = defaults["pause"], note
    try:
        yield
    finally:
        defaults["pause"] = sleep
