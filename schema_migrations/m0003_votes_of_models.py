"""Tasks know what their models vote for and doubt, also those that were predicted before this was kept.

Strategies order tasks by votes and doubts that lie in the task's state (`m`). Tasks of older releases have
only counts and scores there, so that `committee`, `uncertainty` by probabilities and `mix` put them last, by
chance. This computes both from the stored predictions, as a new prediction would, and moves a fresh task to
the place that its project's order gives it. The state is written on the condition of its revision, so
nobody's change is lost; whoever changes the task at that moment reads it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.places import fresh
from chalicelib.domain.queue.strategies import order_key
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import QueuePlace, Task
from chalicelib.domain.tasks.rules import repredicted
from chalicelib.errors import ContentionError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.dynamo import Dynamo
from chalicelib.storage.projects import DynamoProjectStore
from chalicelib.storage.task_items import task_of
from chalicelib.storage.tasks import DynamoTaskStore
from chalicelib.storage.values import from_wire
from schema_migrations.context import Context

SUMMARY = "compute what models vote for and doubt, for tasks predicted before these were kept"
STAGE = "backfill"
WALKS = ("tasks",)
PREDICTED: dict[str, Any] = {
    "FilterExpression": "begins_with(pk, :block) AND attribute_exists(#m)",
    "ExpressionAttributeNames": {"#m": "m"},
    "ExpressionAttributeValues": {":block": {"S": "TB#"}},
}
SCANNED_AT_ONCE = 250
ATTEMPTS = 20

Rewrite = Callable[[Task, DynamoTaskStore], Task]


def up(context: Context) -> None:
    """Count the predictions of every task anew of which a model has no vote."""
    _Walk(
        context, _lacks_votes, lambda task, store: repredicted(task, store.hints(task.id).predictions)
    ).run()


def down(context: Context) -> None:
    """Forget all votes and doubts, also those written since; `up` computes them again."""
    _Walk(context, _has_votes, lambda task, _store: _voteless(task)).run()


def _lacks_votes(task: Task) -> bool:
    return any(not stats.vote for stats in task.models.values())


def _has_votes(task: Task) -> bool:
    return any(stats.vote for stats in task.models.values())


def _voteless(task: Task) -> Task:
    models = {version: replace(stats, vote="", doubt=None) for version, stats in task.models.items()}
    return replace(task, models=models)


class _Blobs:
    """Results too large for a table, which are read and never written here."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self, key: str) -> bytes:
        return self._context.blob(key)

    def put(self, key: str, data: bytes) -> object:
        raise NotImplementedError


@dataclass
class _Walk:
    """Rewrites the tasks that are due, each unless it was changed meanwhile."""

    context: Context
    is_due: Callable[[Task], bool]
    rewrite: Rewrite

    def run(self) -> None:
        """Walk over all tasks."""
        dynamo = Dynamo(self.context.dynamodb, self.context.table(""))
        bodies = Bodies(_Blobs(self.context))
        self._tasks, self._projects = DynamoTaskStore(dynamo, bodies), DynamoProjectStore(dynamo, bodies)
        self.context.each("tasks", self._page, Limit=SCANNED_AT_ONCE, **PREDICTED)

    def _page(self, items: list[Any]) -> None:
        known: dict[ProjectId, Project | None] = {}  # for one page: its order may be changed meanwhile
        for task in (task_of(from_wire(item)) for item in items):
            if not self.is_due(task):
                continue
            if task.project_id not in known:
                known[task.project_id] = self._projects.get(task.project_id)
            project = known[task.project_id]
            self.context.breathe()
            if project is not None:
                self._rewrite(task.id, project)

    def _rewrite(self, task_id: TaskId, project: Project) -> None:
        for attempt in range(ATTEMPTS):
            task = self._tasks.get(task_id)
            if task is None or not self.is_due(task):
                return
            try:
                after = _ordered(self.rewrite(task, self._tasks), project)
                self._tasks.commit(Change(before=task, after=after))
            except ContentionError:
                if attempt == ATTEMPTS - 1:
                    raise
                self.context.sleep(0.01 * 2 ** min(attempt, 6))
            else:
                self.context.wrote()
                return


def _ordered(task: Task, project: Project) -> Task:
    """The task at its place in the project's order, where nobody has touched it."""
    key, queue = order_key(task, project), task.queue
    if queue is not None and queue.partition == fresh(project.id):
        queue = QueuePlace(queue.partition, key)
    return replace(task, order_key=key, queue=queue)
