"""The task engine put together for tests: real services and storage over a given DynamoDB client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chalicelib.auth.principals import Principal, Role
from chalicelib.clock import system_clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import AddedTasks, NewAnnotation, NewTask
from chalicelib.domain.tasks.counts import Contribution, contribution, total
from chalicelib.domain.tasks.rules import answer_of, repredicted
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.services.annotation_history import AnnotationHistoryService
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.assignments import AssignmentService
from chalicelib.services.drafts import DraftService
from chalicelib.services.next_task import NextTaskService
from chalicelib.services.predictions import PredictionService
from chalicelib.services.projects import ProjectService
from chalicelib.services.states import StateService
from chalicelib.services.tasks import TaskService
from chalicelib.services.workflows import WorkflowService
from chalicelib.storage.allocation import DynamoIdSource
from chalicelib.storage.audit_trail import AuditTrail
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.dynamo import Dynamo
from chalicelib.storage.projects import DynamoProjectStore
from chalicelib.storage.queue import DynamoQueueStore
from chalicelib.storage.tables import TABLES, creation
from chalicelib.storage.tasks import DynamoTaskStore
from tests.fakes.blobs import FakeBlobs
from tests.fakes.configs import parse_fake_config
from tests.fakes.task_jobs import FakeTaskJobs
from tests.fakes.task_stores import FakeIdSource, FakeProjectStore, FakeQueueStore, FakeTaskStore

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
CONFIG = "keys text; sentiment Choices text pos,neg"


@dataclass
class FakeClock:
    """Stands still until moved, but for a microsecond with each look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def person(number: int, *, role: Role = Role.MANAGER, organization: int = 1) -> Principal:
    """A member, manager unless said otherwise."""
    return Principal(UserId(number), OrganizationId(organization), role, f"user{number}@example.com")


def choice(label: str = "pos") -> list[Any]:
    """A result with one choice."""
    item = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    return [item]


@dataclass
class Engine:
    """All services over some stores, with a clock that tests move."""

    store: Any
    queue: Any
    project_store: Any
    ids: Any
    blobs: FakeBlobs = field(default_factory=FakeBlobs)
    clock: FakeClock = field(default_factory=FakeClock)
    rng: Random = field(default_factory=lambda: Random(7))
    jobs: FakeTaskJobs = field(default_factory=FakeTaskJobs)
    gone: set[int] = field(default_factory=set)
    """Users who may not annotate any more."""
    client: Any = None
    dynamo: Any = None
    prefix: str = ""

    def __post_init__(self) -> None:
        common: dict[str, Any] = {
            "projects": self.project_store,
            "tasks": self.store,
            "clock": self.clock,
        }
        queue: dict[str, Any] = {"queue": self.queue}
        parse: dict[str, Any] = {"parse_config": parse_fake_config}
        self.projects = ProjectService(**common, **queue, **parse, ids=self.ids, jobs=self.jobs)
        self.tasks = TaskService(**common, **parse, jobs=self.jobs)
        self.annotations = AnnotationService(**common, **queue, **parse, rng=self.rng)
        self.history = AnnotationHistoryService(**common, **parse, annotations=self.annotations)
        self.drafts = DraftService(**common, **queue)
        self.predictions = PredictionService(**common, **parse)
        self.assignments = AssignmentService(
            **common, **queue, jobs=self.jobs, who_annotates=lambda _, users: set(users) - self.gone
        )
        self.next_task = NextTaskService(**common, **queue, rng=self.rng)
        self.workflows = WorkflowService(**common, jobs=self.jobs)
        self.states = StateService(**common, annotations=self.annotations, versions=self.history)

    def project(self, *, by: int = 1, **fields: object) -> Project:
        """A new project of text tasks."""
        return self.projects.create(person(by), {"title": "Reviews", "label_config": CONFIG, **fields})

    def add(self, project: Project, count: int) -> AddedTasks:
        """New tasks."""
        return self.add_all(project, [NewTask(data={"text": f"number {i}"}) for i in range(count)])

    def add_all(self, project: Project, tasks: Sequence[NewTask]) -> AddedTasks:
        """These new tasks."""
        return self.tasks.add(person(1), project.id, tasks)

    def next_id(self, user: int, project: Project) -> TaskId | None:
        """The id of the user's next task."""
        found = self.next_task.next(person(user), project.id)
        return found.whole.task.id if found else None

    def submit(self, user: int, task: int, **fields: Any) -> int:
        """Submit an annotation; gives its id."""
        new = NewAnnotation(**{"result": choice(), **fields})
        return self.annotations.create(person(user), TaskId(task), new).id

    def skip(self, user: int, task: int) -> int:
        """Skip a task."""
        return self.submit(user, task, was_cancelled=True, result=[])

    def counts(self, project: Project, user: int = 1) -> Any:
        """The project's counts for a user."""
        current = self.projects.get(person(user), project.id)
        return self.projects.counts(person(user), current)


def engine_on(client: Any, prefix: str) -> Engine:
    """An engine whose tables have a prefix."""
    trail = AuditTrail(lambda name: f"{prefix}{name}", system_clock)
    dynamo, blobs = Dynamo(client, prefix, trail=trail), FakeBlobs()
    store = DynamoTaskStore(dynamo, Bodies(blobs))
    return Engine(
        store=store,
        queue=DynamoQueueStore(dynamo, store),
        project_store=DynamoProjectStore(dynamo, Bodies(blobs)),
        ids=DynamoIdSource(dynamo),
        blobs=blobs,
        client=client,
        dynamo=dynamo,
        prefix=prefix,
    )


def engine_in_memory() -> Engine:
    """An engine that stores nothing."""
    store = FakeTaskStore()
    return Engine(
        store=store, queue=FakeQueueStore(store), project_store=FakeProjectStore(), ids=FakeIdSource()
    )


def create_tables(client: Any, prefix: str) -> None:
    """Make all tables under a prefix."""
    for table in TABLES:
        client.create_table(**creation(table, prefix))


def kept_counts(engine: Engine, project: ProjectId) -> Contribution:
    """The project's counts as they are kept."""
    return total(summary.counts for summary in engine.store.summaries(project))


def recounted(engine: Engine, project: ProjectId) -> Contribution:
    """The project's counts, counted anew from its tasks."""
    blocks = [summary.block for summary in engine.store.summaries(project)]
    return total(contribution(task) for block in blocks for task in engine.store.block(block))


def assert_counts_are_right(engine: Engine, project: ProjectId) -> None:
    """Hold what is kept against what is there: per project, per annotator, and under each task."""
    assert kept_counts(engine, project) == recounted(engine, project)
    done: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    waiting: Counter[tuple[int, int]] = Counter()
    judged: dict[int, list[int]] = {}
    for summary in engine.store.summaries(project):
        for task in engine.store.block(summary.block):
            family = engine.store.family(task.id)
            assert tuple(answer_of(a) for a in family.annotations) == task.answers
            assert tuple(d.number for d in family.drafts) == tuple(mark.number for mark in task.drafts)
            assert dict(repredicted(task, family.predictions).models) == dict(task.models)
            done.update(task.annotators)
            kept.update({answer.user for answer in task.answers if not answer.cancelled})
            for answer in task.answers:
                if answer.number in task.scores:
                    judged.setdefault(answer.user, []).append(task.scores[answer.number])
            assert compared(task, engine.project_store.get(project), lambda f=family: f.annotations) == task  # type: ignore[misc]
            waiting.update({(user, task.id): 1 for user in task.seats})
    rows = {row.user_id: row for row in engine.queue.annotators(project)}
    for user, row in rows.items():
        ids = engine.queue.assignments(project, user, after=None, limit=100_000)
        assert list(ids) == sorted(task_id for who, task_id in waiting if who == user)
        assert row.assigned == len(ids)
        scores = judged.get(user, [])
        told = (row.judged, row.score, row.right)
        assert told == (len(scores), sum(scores), sum(score >= 1000 for score in scores))
    assert {user: row.done for user, row in rows.items() if row.done} == dict(done)
    assert {user: row.kept for user, row in rows.items() if row.kept} == dict(kept)
