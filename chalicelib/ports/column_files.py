"""What the services need of the packed columns of a project's tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.ids import ProjectId


@dataclass(frozen=True, slots=True)
class PackedBlock:
    """A block whose tasks' columns are packed, the `edits` it was read at, and how many tasks it had."""

    block: int
    edits: int
    tasks: int


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """Where the columns of some blocks are packed, one block after the other. `layout` says how."""

    project: ProjectId
    blocks: tuple[PackedBlock, ...]
    layout: str
    made_at: datetime
    key: str = ""


class ColumnFileStore(Protocol):
    """The packed columns of projects' tasks. Nothing depends on them: what is not there is read anew."""

    def files(self, project: ProjectId) -> Sequence[ColumnFile]:
        """What there is of a project, by block."""

    def read(self, file: ColumnFile) -> bytes:
        """The packed columns. NotFoundError where they went meanwhile."""

    def save(self, file: ColumnFile, data: bytes) -> ColumnFile:
        """Store packed columns, in place of those with the same first block; gives the file with its key."""

    def forget(self, old: Sequence[ColumnFile], *, kept: Sequence[ColumnFile]) -> None:
        """Remove files in whose place there are those that are kept. Twice is fine."""
