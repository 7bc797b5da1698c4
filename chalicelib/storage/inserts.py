"""New tasks in bulk: transactions of up to a hundred writes, each with its exact counts.

Every write but those of counts is a conditional one, so that running the same insert again changes
nothing: a task that is there already is left out together with what it would have counted. Where more
hangs on a task than fits in a transaction, that goes first; nobody sees it until its task is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.tasks.counts import (
    UNCHANGED,
    AnnotatorDelta,
    annotator_deltas,
    contribution,
    total,
)
from chalicelib.ids import ProjectId, UserId, block_of
from chalicelib.ports.tasks import NewTaskRecord
from chalicelib.storage.commits import ChangeWriter
from chalicelib.storage.dynamo import (
    MAX_TRANSACTION_BYTES,
    MAX_TRANSACTION_ITEMS,
    ConditionError,
    Dynamo,
    Write,
    put,
)
from chalicelib.storage.result_items import Member
from chalicelib.storage.task_items import task_item

_MEMBERS_AT_ONCE = 60
"""With more than this hanging on it, a task's members are written before it."""


@dataclass(frozen=True, slots=True)
class _Group:
    """One task's writes; `state` makes the task visible, `others` may be there from an earlier run."""

    record: NewTaskRecord
    state: Write
    others: tuple[Write, ...] = ()
    users: frozenset[UserId] = frozenset()

    @property
    def size(self) -> int:
        return self.state.size + sum(write.size for write in self.others)

    @property
    def block(self) -> int:
        return block_of(self.record.task.id)


@dataclass(slots=True)
class _Batch:
    """Groups of one block that fit in one transaction."""

    groups: list[_Group] = field(default_factory=list)
    users: set[UserId] = field(default_factory=set)
    writes: int = 0
    size: int = 0

    def fits(self, group: _Group) -> bool:
        if not self.groups:
            return True
        writes = self.writes + 1 + len(group.others) + len(self.users | group.users) + 1
        same_block = group.block == self.groups[0].block
        return (
            same_block and writes <= MAX_TRANSACTION_ITEMS and self.size + group.size <= MAX_TRANSACTION_BYTES
        )

    def take(self, group: _Group) -> None:
        self.groups.append(group)
        self.users |= group.users
        self.writes += 1 + len(group.others)
        self.size += group.size


class Inserter:
    """Stores new tasks."""

    def __init__(self, dynamo: Dynamo, writer: ChangeWriter) -> None:
        self._dynamo = dynamo
        self._writer = writer

    def insert(self, project: ProjectId, records: Sequence[NewTaskRecord]) -> None:
        """Store the tasks that are not there yet."""
        for batch in _packed(map(self._group, records)):
            self._store(project, batch.groups)

    def _group(self, record: NewTaskRecord) -> _Group:
        attributes, rows = self._writer.body(record.task, record.body)
        item = {**task_item(record.task), **attributes}
        state = put(self._dynamo.table("tasks"), item, only_new=True, size=600 + len(attributes["b"] or b""))
        members: list[Member] = [*record.annotations, *record.predictions, *record.drafts]
        others = [*rows, *(self._writer.member(member) for member in members)]
        others += self._writer.skips(a for a in record.annotations if a.was_cancelled)
        users = frozenset(annotator_deltas(None, record.task))
        if (
            len(others) + len(users) > _MEMBERS_AT_ONCE
            or sum(w.size for w in others) > MAX_TRANSACTION_BYTES // 2
        ):
            self._store_ahead(others)
            others = []
        return _Group(record, state, tuple(others), users)

    def _store_ahead(self, writes: Sequence[Write]) -> None:
        for chunk in _chunks(writes):
            self._attempt(list(chunk))

    def _attempt(self, writes: list[Write]) -> None:
        while writes:
            try:
                self._dynamo.transact(writes)
                return
            except ConditionError as error:
                writes = [write for i, write in enumerate(writes) if i not in error.failed]

    def _store(self, project: ProjectId, groups: list[_Group]) -> None:
        there: set[int] = set()
        while groups:
            owners: list[tuple[_Group, Write]] = [
                (group, write)
                for group in groups
                for write in (group.state, *group.others)
                if id(write) not in there
            ]
            writes = [write for _, write in owners]
            try:
                self._dynamo.transact([*writes, *self._counts(project, groups)])
                return
            except ConditionError as error:
                failed = [owners[i] for i in error.failed]
                done = {id(group) for group, write in failed if write is group.state}
                there |= {id(write) for _, write in failed}
                groups = [group for group in groups if id(group) not in done]

    def _counts(self, project: ProjectId, groups: Sequence[_Group]) -> Iterator[Write]:
        tasks = [group.record.task for group in groups]
        yield self._writer.summary(project, groups[0].block, total(contribution(task) for task in tasks))
        deltas: dict[UserId, AnnotatorDelta] = {}
        for task in tasks:
            for user, delta in annotator_deltas(None, task).items():
                deltas[user] = deltas.get(user, UNCHANGED) + delta
        for user, delta in deltas.items():
            yield self._writer.annotator(project, user, delta)


def _packed(groups: Iterable[_Group]) -> Iterator[_Batch]:
    batch = _Batch()
    for group in groups:
        if not batch.fits(group):
            yield batch
            batch = _Batch()
        batch.take(group)
    if batch.groups:
        yield batch


def _chunks(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    chunk: list[Write] = []
    size = 0
    for write in writes:
        if chunk and (len(chunk) == MAX_TRANSACTION_ITEMS or size + write.size > MAX_TRANSACTION_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(write)
        size += write.size
    if chunk:
        yield chunk
