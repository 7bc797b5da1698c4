"""What a process remembers of the tasks it has read, so that filtering a project again costs next to nothing.

A block's rows are good as long as the block's `edits` are those they were read at: every change of what a
task holds, and of what is counted of it, adds to them in its own transaction (`storage/commits.py`). What can
change without that is not remembered: `UNSURE`.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from chalicelib.ids import ProjectId
from chalicelib.ports import BlockSummary

UNSURE = frozenset({"updated_at", "updated_by"})
"""Columns that another overlap changes too, which touches no contents."""
MAX_BYTES = 160 * 1024 * 1024
MAX_ANSWERS = 16
MAX_ANSWER_IDS = 200_000
_ROW_BYTES = 900
"""About what a row takes beside the texts of its data."""

Signature = tuple[tuple[int, int], ...]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task's columns. `values` has all but the data and what is not remembered."""

    data: Mapping[str, Any]
    values: Mapping[str, Any]

    def value(self, column: str) -> Any:
        """What stands in a column."""
        if column.startswith("data."):
            return self.data.get(column.removeprefix("data."))
        return self.values[column]

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return _ROW_BYTES + sum(len(str(value)) for value in self.data.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids that a query found, in its order, and the counts of all of them."""

    ids: array[int]
    annotations: int
    predictions: int


class _Bounded(Generic[R]):
    """The most recently used entries, as far as their weights fit."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._held: OrderedDict[Any, tuple[R, int]] = OrderedDict()

    def get(self, key: Any) -> R | None:
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: Any, value: R, weight: int) -> None:
        old = self._held.pop(key, None)
        self._weight += weight - (old[1] if old else 0)
        self._held[key] = value, weight
        while self._weight > self._most and self._held:
            _, (_, gone) = self._held.popitem(last=False)
            self._weight -= gone


class KnownTasks:
    """Rows by block and answers by query, of all projects that this process was asked about."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, max_answers: int = MAX_ANSWERS) -> None:
        self._blocks: _Bounded[tuple[int, Sequence[KnownTask]]] = _Bounded(max_bytes)
        self._answers: _Bounded[tuple[Signature, Answer]] = _Bounded(max_answers)
        self._lock = Lock()

    def rows(
        self,
        project: ProjectId,
        summaries: Sequence[BlockSummary],
        read: Callable[[Sequence[int]], Sequence[Sequence[KnownTask]]],
    ) -> list[KnownTask]:
        """All tasks of the blocks, by block; `read` gives those of blocks that are not known as they are now.

        Rows are read after the summaries: they may be newer than their `edits` say, and are read again then.
        """
        with self._lock:
            held = {each.block: self._blocks.get((project, each.block)) for each in summaries}
        fresh = {each.block: held[each.block] for each in summaries}
        missing = [s for s in summaries if (known := fresh[s.block]) is None or known[0] != s.edits]
        for summary, rows in zip(missing, read([s.block for s in missing]) if missing else (), strict=True):
            fresh[summary.block] = summary.edits, rows
            with self._lock:
                key = project, summary.block
                self._blocks.put(key, (summary.edits, rows), sum(row.weight for row in rows))
        return [row for each in summaries for row in (fresh[each.block] or (0, ()))[1]]

    def answer(
        self, project: ProjectId, query: str, summaries: Sequence[BlockSummary], find: Callable[[], Answer]
    ) -> Answer:
        """What the query finds while the blocks are as the summaries say; found once."""
        signature = tuple((each.block, each.edits) for each in summaries)
        with self._lock:
            known = self._answers.get((project, query))
        if known is not None and known[0] == signature:
            return known[1]
        found = find()
        if len(found.ids) <= MAX_ANSWER_IDS:
            with self._lock:
                self._answers.put((project, query), (signature, found), 1)
        return found
