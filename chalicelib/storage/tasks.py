"""The task store on DynamoDB: tasks, what hangs on them, their counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.comments.entities import Comment
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.tally import Tally, tally_of, tally_value
from chalicelib.domain.tasks.changes import Change, Reservation
from chalicelib.domain.tasks.entities import StateChange, Task, TaskWithBody
from chalicelib.errors import AlreadyExistsError, ContentionError
from chalicelib.ids import (
    TASKS_PER_BLOCK,
    AnnotationId,
    CommentId,
    DraftId,
    PredictionId,
    ProjectId,
    TaskId,
    block_of,
    join_id,
    split_id,
)
from chalicelib.ports.queue import PUT_OFF_KINDS
from chalicelib.ports.tasks import BlockSummary, NewTaskRecord, TaskFamily
from chalicelib.storage import keys
from chalicelib.storage.allocation import reserve
from chalicelib.storage.bodies import Bodies, Packed, compress, decompress
from chalicelib.storage.comment_items import comment_of
from chalicelib.storage.commits import ChangeWriter
from chalicelib.storage.dynamo import (
    MAX_TRANSACTION_BYTES,
    MAX_TRANSACTION_ITEMS,
    ConditionError,
    Dynamo,
    Write,
    delete,
    put,
    update,
)
from chalicelib.storage.inserts import Inserter
from chalicelib.storage.result_items import Member, ResultCodec, packed_of
from chalicelib.storage.task_items import SCHEMA_VERSION, body_of, counts_of, history_of, task_of
from chalicelib.storage.values import Plain

TASKS = "tasks"
ANNOTATIONS = "annotations"


class DynamoTaskStore:
    """`chalicelib.ports.tasks.TaskStore`."""

    def __init__(self, dynamo: Dynamo, bodies: Bodies) -> None:
        self._dynamo = dynamo
        self._bodies = bodies
        self._codec = ResultCodec(bodies)
        self._writer = ChangeWriter(dynamo, bodies)
        self._inserter = Inserter(dynamo, self._writer)

    # -- writing

    def reserve(self, project: ProjectId, count: int) -> Reservation:
        """Set ids aside."""
        return reserve(self._dynamo, project, count)

    def insert(self, project: Project, records: Sequence[NewTaskRecord]) -> None:
        """Store new tasks; those that are there stay as they are."""
        self._inserter.insert(project.id, records)

    def commit(self, change: Change) -> None:
        """Store a change whole."""
        self.commit_all([change])

    def commit_all(self, changes: Sequence[Change]) -> None:
        """Store changes of different tasks, several in a transaction."""
        for batch in self._batches(changes):
            self._store(batch)

    def _store(self, batch: Sequence[tuple[Change, Sequence[Write]]]) -> None:
        claims = [claim for change, _ in batch for claim in self._writer.claims(change)]
        counts = self._writer.counts([change for change, _ in batch])
        writes = [claim.write for claim in claims] + [write for _, writes in batch for write in writes]
        try:
            self._dynamo.transact([*writes, *counts])
        except ConditionError as error:
            if error.failed[0] < len(claims):
                unique_id = claims[error.failed[0]].unique_id
                message = f"An annotation with unique_id {unique_id} exists already."
                raise AlreadyExistsError(message, details={"unique_id": unique_id}) from error
            raise ContentionError("Somebody else changed this task meanwhile.") from error

    def _batches(self, changes: Iterable[Change]) -> Iterator[list[tuple[Change, list[Write]]]]:
        batch: list[tuple[Change, list[Write]]] = []
        size, count = 0, 0
        for change in changes:
            writes = self._writer.of_task(change)
            weight = sum(write.size for write in writes)
            extra = len(writes) + len(self._writer.claims(change)) + len(self._writer.counts([change]))
            if batch and (count + extra > MAX_TRANSACTION_ITEMS or size + weight > MAX_TRANSACTION_BYTES):
                yield batch
                batch, size, count = [], 0, 0
            batch.append((change, writes))
            size, count = size + weight, count + extra
        if batch:
            yield batch

    def save_draft(self, before: Draft, after: Draft) -> None:
        """Store a draft's edit where its task need not change."""
        try:
            self._dynamo.write(self._writer.draft(before, after))
        except ConditionError as error:
            raise ContentionError("Somebody else changed this draft meanwhile.") from error

    def forget_project(self, project: ProjectId) -> None:
        """Remove what is left of a project whose tasks are gone; the rows that lead to others go last."""
        users = [row["sk"] for row in self._dynamo.query(TASKS, keys.annotators(project))]
        partitions = [keys.put_offs(project, user, kind) for user in users for kind in PUT_OFF_KINDS]
        partitions += [keys.assignments(project, user) for user in users]
        partitions += [keys.tallies(project), keys.column_files(project)]
        partitions += [keys.annotators(project), keys.summaries(project)]
        for partition in partitions:
            for row in list(self._dynamo.query(TASKS, partition)):
                self._remove(TASKS, {"pk": row["pk"], "sk": row["sk"]})
        self._remove(TASKS, keys.allocation(project))

    def _remove(self, table: str, key: Mapping[str, Any]) -> None:
        self._dynamo.write(delete(self._dynamo.table(table), key))

    def forget_family(self, task_id: TaskId) -> None:
        """Remove what is left of a removed task."""
        for item in list(self._dynamo.query(ANNOTATIONS, keys.family(task_id))):
            if item["sk"].startswith(keys.ANNOTATIONS):
                number = int(item["sk"].removeprefix(keys.ANNOTATIONS))
                self._release(item["uid"], join_id(task_id, number))
            self._remove(ANNOTATIONS, {"pk": item["pk"], "sk": item["sk"]})

    def _release(self, unique_id: str, annotation_id: int) -> None:
        """Remove a claim, unless it leads elsewhere by now."""
        table, key = self._dynamo.table(ANNOTATIONS), keys.unique_id(unique_id)
        with suppress(ConditionError):
            self._dynamo.write(delete(table, key, only_if={"id": annotation_id}))

    def reclaim(self, before: Annotation, after: Annotation) -> None:
        """Have the claim lead to where the annotation has moved."""
        table, key = self._dynamo.table(ANNOTATIONS), keys.unique_id(before.unique_id)
        with suppress(ConditionError):
            self._dynamo.write(update(table, key, setting={"id": after.id}, only_if={"id": before.id}))

    # -- reading tasks

    def get(self, task_id: TaskId) -> Task | None:
        """The task without its body."""
        item = self._dynamo.get(TASKS, keys.task(task_id))
        return task_of(item) if item else None

    def get_whole(self, task_id: TaskId) -> TaskWithBody | None:
        """The task with its body."""
        item = self._dynamo.get(TASKS, keys.task(task_id))
        return self.whole(item) if item else None

    def glimpse(self, task_id: TaskId) -> TaskWithBody | None:
        """The task with its body, eventually consistent."""
        item = self._dynamo.get(TASKS, keys.task(task_id), consistent=False)
        return self.whole(item) if item else None

    def get_many(self, task_ids: Sequence[TaskId]) -> Sequence[Task]:
        """The tasks in the order asked for."""
        return [task_of(item) for item in self._items(task_ids)]

    def get_many_whole(self, task_ids: Sequence[TaskId]) -> Sequence[TaskWithBody]:
        """The tasks with their bodies, in the order asked for."""
        return self._wholes(self._items(task_ids))

    def _items(self, task_ids: Sequence[TaskId]) -> list[Plain]:
        asked = list(dict.fromkeys(task_ids))
        found = {item["sk"]: item for item in self._dynamo.get_many(TASKS, [keys.task(i) for i in asked])}
        return [found[task_id] for task_id in asked if task_id in found]

    def block(self, block: int) -> Sequence[Task]:
        """The tasks of a block."""
        return [task_of(item) for item in self._dynamo.query(TASKS, keys.task_block(block))]

    def block_whole(self, block: int) -> Sequence[TaskWithBody]:
        """The tasks of a block with their bodies."""
        return self._wholes(list(self._dynamo.query(TASKS, keys.task_block(block))))

    def page(self, summaries: Sequence[BlockSummary], offset: int, limit: int) -> Sequence[TaskWithBody]:
        """The tasks from `offset` on."""
        items: list[Plain] = []
        for summary in summaries:
            size = summary.counts.tasks
            if offset >= size:
                offset -= size
                continue
            wanted = limit - len(items)
            if wanted <= 0:
                break
            items.extend(self._part_of_block(summary.block, size, offset, wanted))
            offset = 0
        return self._wholes(items)

    def page_after(
        self, summaries: Sequence[BlockSummary], after: TaskId, limit: int
    ) -> Sequence[TaskWithBody]:
        """The tasks with larger ids than `after`: of the block that it lies in, and of those behind."""
        items: list[Plain] = []
        for summary in summaries:
            if summary.block < block_of(after) or not summary.counts.tasks or len(items) >= limit:
                continue
            pk = keys.task_block(summary.block)
            items.extend(self._dynamo.query(TASKS, pk, sk=(">", [after]), limit=limit - len(items)))
        return self._wholes(items)

    def _part_of_block(self, block: int, size: int, offset: int, limit: int) -> list[Plain]:
        pk = keys.task_block(block)
        if size == TASKS_PER_BLOCK:
            first = block * TASKS_PER_BLOCK + offset
            return list(self._dynamo.query(TASKS, pk, sk=(">=", [first]), limit=min(limit, size - offset)))
        return list(self._dynamo.query(TASKS, pk, limit=offset + limit))[offset:]

    def whole(self, item: Mapping[str, Any]) -> TaskWithBody:
        """The task of a state's item, with its body fetched from where it is."""
        return self._wholes([item])[0]

    def _wholes(self, items: Sequence[Mapping[str, Any]]) -> list[TaskWithBody]:
        apart = [keys.task_body(item["sk"]) for item in items if item.get("bt")]
        rows = {row["sk"]: bytes(row["b"]) for row in self._dynamo.get_many(TASKS, apart)} if apart else {}
        return [self._whole(item, rows) for item in items]

    def _whole(self, item: Mapping[str, Any], rows: Mapping[int, bytes]) -> TaskWithBody:
        packed = packed_of(item) or Packed(rows[item["sk"]])
        return TaskWithBody(task_of(item), body_of(self._bodies.unpack(packed)))

    def summaries(self, project: ProjectId) -> Sequence[BlockSummary]:
        """The counts of each block."""
        rows = self._dynamo.query(TASKS, keys.summaries(project))
        return [BlockSummary(row["sk"], counts_of(row), row.get("z", 0)) for row in rows]

    def tallies(self, project: ProjectId) -> Mapping[int, tuple[int, Tally]]:
        """What the blocks contain, as last tallied; tallies of before labels' users were counted are none."""
        rows = self._dynamo.query(TASKS, keys.tallies(project))
        found = ((row, decompress(bytes(row["b"]))) for row in rows)
        return {row["sk"]: (row["z"], tally_of(value)) for row, value in found if "used_by" in value}

    def save_tally(self, project: ProjectId, summary: BlockSummary, tally: Tally) -> None:
        """Store what a block contained."""
        key = keys.tally(project, summary.block)
        item = {**key, "sv": SCHEMA_VERSION, "z": summary.edits, "b": compress(tally_value(tally))}
        self._dynamo.write(put(self._dynamo.table(TASKS), item))

    def forget_tallies(self, project: ProjectId) -> None:
        """Remove all tallies."""
        for row in list(self._dynamo.query(TASKS, keys.tallies(project))):
            self._remove(TASKS, keys.tally(project, row["sk"]))

    def transitions(self, task: Task) -> Sequence[StateChange]:
        """The states that the task has been in."""
        rows = self._dynamo.query(ANNOTATIONS, keys.family(task.id), sk=("begins_with", [keys.TRANSITIONS]))
        return [*(step for row in rows for step in history_of(row)), *task.history]

    # -- reading what hangs on them

    def family(self, task_id: TaskId) -> TaskFamily:
        """Annotations, drafts and predictions."""
        return self._family(task_id, ("<", [keys.FAMILY_END]))

    def families(self, tasks: Sequence[Task]) -> Mapping[TaskId, TaskFamily]:
        """Tasks with one member, whose key their state tells, are read a hundred at once: an item of its own
        costs what a query for it does. Several members of a task cost less in one query."""
        alone = {task.id: key for task in tasks if (key := _only_member(task)) is not None}
        rows = self._dynamo.get_many(ANNOTATIONS, list(alone.values()))
        of_task = {row["pk"]: self._family_of([row]) for row in rows}
        return {
            task.id: of_task.get(keys.family(task.id), TaskFamily())
            if task.id in alone
            else self.family(task.id)
            for task in tasks
        }

    def hints(self, task_id: TaskId) -> TaskFamily:
        """Drafts and predictions."""
        return self._family(task_id, ("BETWEEN", [keys.DRAFTS, keys.FAMILY_END]))

    def _family(self, task_id: TaskId, sk: tuple[str, Sequence[Any]]) -> TaskFamily:
        rows = self._dynamo.query(ANNOTATIONS, keys.family(task_id), sk=sk)
        return self._family_of(rows)

    def _family_of(self, rows: Iterable[Plain]) -> TaskFamily:
        members: list[Member] = [self._codec.member(row) for row in rows]
        return TaskFamily(
            annotations=[m for m in members if isinstance(m, Annotation)],
            drafts=[m for m in members if isinstance(m, Draft)],
            predictions=[m for m in members if isinstance(m, Prediction)],
        )

    def annotation(self, annotation_id: AnnotationId) -> Annotation | None:
        """One annotation."""
        item = self._member(annotation_id, keys.ANNOTATIONS)
        return self._codec.annotation(item) if item else None

    def annotation_by_unique_id(self, unique_id: str) -> Annotation | None:
        """The annotation that claimed a unique id."""
        claim = self._dynamo.get(ANNOTATIONS, keys.unique_id(unique_id))
        return self.annotation(AnnotationId(claim["id"])) if claim else None

    def annotation_versions(self, annotation_id: AnnotationId) -> Sequence[Annotation]:
        """The earlier versions."""
        task_id, number = split_id(annotation_id)
        rows = self._dynamo.query(
            ANNOTATIONS, keys.family(task_id), sk=("begins_with", [keys.versions(number)])
        )
        return [self._codec.annotation(row) for row in rows]

    def earlier_annotations(self, task_id: TaskId) -> Sequence[Annotation]:
        """The earlier versions of all annotations."""
        rows = self._dynamo.query(ANNOTATIONS, keys.family(task_id), sk=("begins_with", [keys.VERSIONS]))
        return [self._codec.annotation(row) for row in rows]

    def draft(self, draft_id: DraftId) -> Draft | None:
        """One draft."""
        item = self._member(draft_id, keys.DRAFTS)
        return self._codec.draft(item) if item else None

    def prediction(self, prediction_id: PredictionId) -> Prediction | None:
        """One prediction."""
        item = self._member(prediction_id, keys.PREDICTIONS)
        return self._codec.prediction(item) if item else None

    def comment(self, comment_id: CommentId) -> Comment | None:
        """One comment."""
        item = self._member(comment_id, keys.COMMENTS)
        return comment_of(item) if item else None

    def comments(self, task_id: TaskId) -> Sequence[Comment]:
        """The comments of a task."""
        rows = self._dynamo.query(ANNOTATIONS, keys.family(task_id), sk=("begins_with", [keys.COMMENTS]))
        return [comment_of(row) for row in rows]

    def _member(self, entity_id: int, prefix: str) -> Plain | None:
        task_id, number = split_id(entity_id)
        if task_id < 1 or number < 1:
            return None
        return self._dynamo.get(ANNOTATIONS, keys.member(task_id, prefix, number))


def _only_member(task: Task) -> keys.Key | None:
    """The key of all that hangs on the task, if that is one annotation or draft."""
    if task.models or len(task.answers) + len(task.drafts) != 1:
        return None
    if task.answers:
        return keys.member(task.id, keys.ANNOTATIONS, task.answers[0].number)
    return keys.member(task.id, keys.DRAFTS, task.drafts[0].number)
