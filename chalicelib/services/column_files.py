"""Packed columns of large projects: what a process that knows nothing reads in place of all the tasks.

Each file holds the columns of some neighbouring blocks, and says at which `edits` each was read, so that
whoever reads it can tell which blocks have changed since and reads those from the table. Nothing is written
when a task changes. Whoever had to read many blocks sends a message, at most one in ten minutes, and a worker
packs the blocks that have changed. That may be done twice, at once or half: no file is taken for right about
a block that changed after it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib import observability
from chalicelib.clock import Clock
from chalicelib.domain.data_manager.packed import Columns, Slice, TaskRow, columns_of, pack, rows_of, unpack
from chalicelib.errors import NotFoundError, UpstreamError
from chalicelib.ids import ProjectId
from chalicelib.ports.column_files import ColumnFile, ColumnFileStore, PackedBlock
from chalicelib.ports.jobs import JobQueue
from chalicelib.ports.tasks import BlockSummary, TaskStore
from chalicelib.services.task_columns import LAYOUT, remembered

QUEUE = "maintenance"
MESSAGE = "column_files"
READERS = 8
BLOCKS_PER_FILE = 32
MAX_FILE_WEIGHT = 64 * 1024 * 1024
"""What the tasks of a file take in memory while it is made; tasks with long texts get more files."""
WORTH_PACKING = 16
"""How many blocks somebody reads from the table before files are worth it: 4,096 tasks."""
ASKED_EVERY = timedelta(minutes=10)
FRESH_FOR = timedelta(days=20)
"""Files are made again before the store drops them, after 30 days."""
WORKED_FOR = timedelta(minutes=8)
"""After so long a worker leaves the rest to the next message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFileService:
    """Reads and makes the files. No policy is asked here: whoever calls has asked."""

    tasks: TaskStore
    files: ColumnFileStore
    queue: JobQueue
    clock: Clock
    asked: dict[ProjectId, datetime] = field(default_factory=dict)

    def read(self, project: ProjectId, wanted: Sequence[BlockSummary]) -> Mapping[int, Slice]:
        """The tasks of those of the blocks that are packed as they are now, by block.

        One query, and a blob for each file in which there is any of them.
        """
        files = self.files.files(project)
        now = self.clock()
        if any(now - file.made_at > FRESH_FOR for file in files):
            self.ask(project)
        return self._read_files(files, wanted)

    def _read_files(self, files: Sequence[ColumnFile], wanted: Sequence[BlockSummary]) -> Mapping[int, Slice]:
        edits = {each.block: each.edits for each in wanted}
        useful = [file for file in files if _current(file, edits)]
        with ThreadPoolExecutor(READERS) as readers:
            read = [*readers.map(self._columns, useful)]
        found: dict[int, Slice] = {}
        for file, columns in zip(useful, read, strict=True):
            if columns is not None:
                slices, current = _slices(file, columns), _current(file, edits)
                found.update({block: part for block, part in slices.items() if block in current})
        return found

    def _columns(self, file: ColumnFile) -> Columns | None:
        try:
            return unpack(self.files.read(file))
        except NotFoundError:  # replaced while we read, or dropped: read from the table
            return None

    def ask(self, project: ProjectId) -> None:
        """Have the project's files made, unless this process asked for it lately."""
        now = self.clock()
        if now - self.asked.get(project, now - ASKED_EVERY) < ASKED_EVERY:
            return
        self.asked[project] = now
        try:
            self.queue.send(QUEUE, {MESSAGE: project})
        except UpstreamError:
            observability.exception("column_files_not_asked_for", project=project)

    def refresh(self, project: ProjectId) -> None:
        """Pack the blocks that have changed since they were packed, with those that lie in the same files."""
        end = self.clock() + WORKED_FOR
        summaries = self.tasks.summaries(project)
        if sum(1 for each in summaries if each.counts.tasks) < WORTH_PACKING:
            return
        files = self.files.files(project)
        for start in range(0, len(summaries), BLOCKS_PER_FILE):
            if self.clock() > end:
                self.queue.send(QUEUE, {MESSAGE: project})
                return
            group = summaries[start : start + BLOCKS_PER_FILE]
            first, last = group[0].block, group[-1].block
            self._refresh(project, group, [f for f in files if first <= f.blocks[0].block <= last])

    def _refresh(
        self, project: ProjectId, group: Sequence[BlockSummary], files: Sequence[ColumnFile]
    ) -> None:
        wanted = {each.block: each.edits for each in group if each.counts.tasks}
        oldest = self.clock() - FRESH_FOR
        packed = {block for file in files for block in _current(file, wanted)}
        held = {each.block for file in files for each in file.blocks}
        if packed == held == set(wanted) and all(file.made_at > oldest for file in files):
            return
        made = [self.files.save(file, pack(columns)) for file, columns in self._made(project, group, files)]
        self.files.forget(files, kept=made)

    def _made(
        self, project: ProjectId, group: Sequence[BlockSummary], files: Sequence[ColumnFile]
    ) -> Iterator[tuple[ColumnFile, Columns]]:
        known = self._read_files(files, group)
        blocks: list[PackedBlock] = []
        rows: list[TaskRow] = []
        weight = 0
        for summary in group:
            part = known.get(summary.block) or self._read_table(project, summary.block)
            found = rows_of(part)
            if not found:
                continue
            own = columns_of(found).weight
            if blocks and weight + own > MAX_FILE_WEIGHT:
                yield ColumnFile(project, tuple(blocks), LAYOUT, self.clock()), columns_of(rows)
                blocks, rows, weight = [], [], 0
            blocks.append(PackedBlock(summary.block, summary.edits, len(found)))
            rows += found
            weight += own
        if blocks:
            yield ColumnFile(project, tuple(blocks), LAYOUT, self.clock()), columns_of(rows)

    def _read_table(self, project: ProjectId, block: int) -> Slice:
        wholes = [each for each in self.tasks.block_whole(block) if each.task.project_id == project]
        return Slice(remembered(wholes), 0, len(wholes))


def _current(file: ColumnFile, edits: Mapping[int, int]) -> set[int]:
    """The file's blocks that are as they were when they were packed."""
    if file.layout != LAYOUT:
        return set()
    return {each.block for each in file.blocks if edits.get(each.block) == each.edits}


def _slices(file: ColumnFile, columns: Columns) -> dict[int, Slice]:
    found, start = {}, 0
    for each in file.blocks:
        found[each.block] = Slice(columns, start, start + each.tasks)
        start += each.tasks
    return found
