"""What a process remembers of the tasks it has read, so that filtering a project again costs next to nothing.

A block's columns are good as long as the block's `edits` are those they were read at: every change of what a
task holds, and of what is counted of it, adds to them in its own transaction (`storage/commits.py`). What can
change without that is not remembered: `task_columns.UNSURE`.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from threading import Lock

from chalicelib.domain.data_manager.packed import Columns, Slice
from chalicelib.ids import ProjectId
from chalicelib.ports.tasks import BlockSummary

MAX_BYTES = 160 * 1024 * 1024
MAX_ANSWERS = 16
MAX_ANSWER_IDS = 200_000

Signature = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids that a query found, in its order, and the counts of all of them."""

    ids: array[int]
    annotations: int
    predictions: int


@dataclass(frozen=True, slots=True)
class _Known:
    """The blocks of a project: the `edits` that each was read at, and its tasks."""

    blocks: Mapping[int, tuple[int, Slice]] = field(default_factory=dict)

    def columns(self) -> list[Columns]:
        return list({id(part.columns): part.columns for _, part in self.blocks.values()}.values())


class KnownTasks:
    """Columns by block and answers by query, of all projects that this process was asked about."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, max_answers: int = MAX_ANSWERS) -> None:
        self._most, self._most_answers = max_bytes, max_answers
        self._projects: OrderedDict[ProjectId, _Known] = OrderedDict()
        self._answers: OrderedDict[tuple[ProjectId, str], tuple[Signature, Answer]] = OrderedDict()
        self._lock = Lock()

    def slices(
        self,
        project: ProjectId,
        summaries: Sequence[BlockSummary],
        read: Callable[[Sequence[BlockSummary]], Sequence[Slice]],
    ) -> Iterator[Slice]:
        """The tasks of each block, by block; `read` gives those of blocks that are not known as they are now.

        Tasks are read after the summaries: they may be newer than their `edits` say, and are read again then.
        Where all columns that are unpacked on the way take too much memory, they don't stay unpacked.
        """
        with self._lock:
            held = self._projects.get(project, _Known()).blocks
        missing = [each for each in summaries if held.get(each.block, (-1, None))[0] != each.edits]
        fresh = zip(missing, read(missing) if missing else (), strict=True)
        found = {**held, **{summary.block: (summary.edits, part) for summary, part in fresh}}
        known = _Known({each.block: found[each.block] for each in summaries})
        with self._lock:
            self._projects[project] = known
            self._projects.move_to_end(project)
        yield from self._frugally([part for _, part in known.blocks.values()])
        self._shrink()

    def _frugally(self, parts: Sequence[Slice]) -> Iterator[Slice]:
        taken = 0
        for part, following in zip_longest(parts, parts[1:]):
            yield part
            if following is None or following.columns is not part.columns:
                taken += part.columns.weight
                if taken > self._most:
                    part.columns.forget_unpacked()

    def _shrink(self) -> None:
        """Forget what was not used for longest, until the rest fits: what can be unpacked again, then all."""
        with self._lock:
            held = [(project, each.columns()) for project, each in self._projects.items()]
            total = sum(columns.weight for _, each in held for columns in each)
            for step in (self._forget_unpacked, self._forget):
                for project, each in held:
                    if total <= self._most:
                        return
                    total -= step(project, each)

    def _forget_unpacked(self, _project: ProjectId, held: Sequence[Columns]) -> int:
        before = sum(columns.weight for columns in held)
        for columns in held:
            columns.forget_unpacked()
        return before - sum(columns.weight for columns in held)

    def _forget(self, project: ProjectId, held: Sequence[Columns]) -> int:
        del self._projects[project]
        return sum(columns.weight for columns in held)

    def answer(
        self, project: ProjectId, query: str, summaries: Sequence[BlockSummary], find: Callable[[], Answer]
    ) -> Answer:
        """What the query finds while the blocks are as the summaries say; found once."""
        signature = tuple((each.block, each.edits) for each in summaries)
        with self._lock:
            known = self._answers.get((project, query))
            if known is not None and known[0] == signature:
                self._answers.move_to_end((project, query))
                return known[1]
        found = find()
        if len(found.ids) <= MAX_ANSWER_IDS:
            with self._lock:
                self._answers[project, query] = signature, found
                self._answers.move_to_end((project, query))
                while len(self._answers) > self._most_answers:
                    self._answers.popitem(last=False)
        return found
