"""The queue on DynamoDB: the index of open tasks, leases, and each annotator's row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.entities import Annotator, QueuePlace, Task, TaskWithBody
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.ports.queue import PutOff, PutOffKind
from chalicelib.storage import keys
from chalicelib.storage.dynamo import ConditionError, Dynamo, Expressions, Write, delete, update
from chalicelib.storage.layout import WORK_INDEXED, StoredLayout
from chalicelib.storage.tables import QUEUE_INDEX, WORK_INDEX
from chalicelib.storage.task_items import (
    SCHEMA_VERSION,
    annotator_of,
    annotator_settings,
    leases_map,
    microseconds,
    moment,
    open_task_of,
    task_of,
)
from chalicelib.storage.tasks import TASKS, DynamoTaskStore
from chalicelib.storage.values import Plain, to_wire

_AFTER = "\x00"
"""Appended to a key it gives the next possible key, as ranges in DynamoDB include both ends."""


class DynamoQueueStore:
    """`chalicelib.ports.queue.QueueStore`."""

    def __init__(self, dynamo: Dynamo, tasks: DynamoTaskStore) -> None:
        self._dynamo = dynamo
        self._tasks = tasks
        self._layout = StoredLayout(dynamo)

    def annotator(self, project: ProjectId, user: UserId) -> Annotator:
        """The user's row."""
        return annotator_of(project, user, self._dynamo.get(TASKS, keys.annotator(project, user)))

    def annotators(self, project: ProjectId) -> Sequence[Annotator]:
        """Every user's row."""
        rows = self._dynamo.query(TASKS, keys.annotators(project))
        return [annotator_of(project, UserId(row["sk"]), row) for row in rows]

    def rows_of(self, user: UserId, projects: Callable[[], Iterable[ProjectId]]) -> Sequence[Annotator]:
        """A user's rows by the index, or those in `projects` until all of them are in the index."""
        if self._layout.reaches(WORK_INDEXED):
            entries = self._dynamo.query_index_whole(TASKS, WORK_INDEX, user)
            asked = [ProjectId(entry["ap"]) for entry in entries]
        else:
            asked = list(dict.fromkeys(projects()))
        rows = self._dynamo.get_many(TASKS, [keys.annotator(project, user) for project in asked])
        found = (annotator_of(ProjectId(int(row["pk"].partition("#")[2])), user, row) for row in rows)
        return sorted(found, key=lambda row: row.project_id)

    def save_annotator(self, annotator: Annotator) -> None:
        """Store lease, cursor and recent tasks."""
        key = keys.annotator(annotator.project_id, annotator.user_id)
        setting = annotator_settings(annotator)
        self._dynamo.write(
            update(self._dynamo.table(TASKS), key, setting=setting, first={"sv": SCHEMA_VERSION})
        )

    def entries(self, partition: str, *, after: str, until: str, limit: int) -> Sequence[OpenTask]:
        """Open tasks in the order of their keys."""
        if after >= until:
            return []
        bounds = (after + _AFTER if after else "0", until)
        found = self._dynamo.query_index(TASKS, QUEUE_INDEX, partition, between=bounds, limit=limit)
        return [open_task_of(entry) for entry in found]

    def assignments(
        self, project: ProjectId, user: UserId, *, after: TaskId | None, limit: int
    ) -> Sequence[TaskId]:
        """The tasks that wait for the user's answer, by id."""
        partition = keys.assignments(project, user)
        rows = self._dynamo.query(TASKS, partition, sk=(">", [after or 0]), limit=limit)
        return [TaskId(row["sk"]) for row in rows]

    def lease(
        self, entry: OpenTask | Task, *, leases: Mapping[UserId, datetime], place: QueuePlace | None
    ) -> TaskWithBody | Task | None:
        """Set leases and place if the task still is in the state that the entry shows."""
        try:
            item = self._dynamo.write(self._leasing(entry, leases, place), give_new=True)
        except ConditionError as error:
            # An attempt whose answer was lost has done it: what is there is what we wanted.
            if error.found is None:
                return None
            if not _stands(error.found, leases, place):
                return task_of(error.found)
            item = error.found
        return self._tasks.whole(item)

    def _leasing(
        self, entry: OpenTask | Task, leases: Mapping[UserId, datetime], place: QueuePlace | None
    ) -> Write:
        expressions = Expressions()
        values = {
            "l": leases_map(leases, entry.seats),
            "q": place.partition if place else None,
            "qk": place.key if place else None,
        }
        sets = [f"{expressions.name(k)} = {expressions.value(v)}" for k, v in values.items() if v is not None]
        removes = [expressions.name(k) for k, v in values.items() if v is None]
        clauses = [
            ("SET", sets),
            ("REMOVE", removes),
            ("ADD", [f"{expressions.name('r')} {expressions.value(1)}"]),
        ]
        known = _known_by(entry)
        where = " AND ".join(f"{expressions.name(k)} = {expressions.value(v)}" for k, v in known.items())
        arguments = {
            "TableName": self._dynamo.table(TASKS),
            "Key": to_wire(keys.task(entry.id)),
            "UpdateExpression": " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts),
            "ConditionExpression": where,
            **expressions.arguments(),
        }
        return Write("Update", arguments)

    def put_offs(self, project: ProjectId, user: UserId, kind: PutOffKind, limit: int) -> Sequence[PutOff]:
        """What the user postponed or skipped, oldest first."""
        rows = self._dynamo.query(TASKS, keys.put_offs(project, user, kind), limit=limit)
        parts = (keys.put_off_parts(row["sk"]) for row in rows)
        return [PutOff(kind, TaskId(task_id), moment(at_us)) for at_us, task_id in parts]

    def forget_put_off(self, project: ProjectId, user: UserId, entry: PutOff) -> None:
        """Remove an entry that is out of date."""
        at_us = microseconds(entry.at)
        key = keys.put_off(project, user, entry.kind, at_us=at_us, task_id=entry.task_id)
        self._dynamo.write(delete(self._dynamo.table(TASKS), key))


def _known_by(entry: OpenTask | Task) -> Plain:
    """The attributes that prove the task to be in the state that was read."""
    if isinstance(entry, Task):
        return {"r": entry.revision}
    return {"q": entry.queue.partition, "qk": entry.queue.key}


def _stands(item: Mapping[str, Any], leases: Mapping[UserId, datetime], place: QueuePlace | None) -> bool:
    task = task_of(item)
    return task.queue == place and dict(task.leases) == dict(leases)
