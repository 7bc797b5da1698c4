"""What a Parquet file says of itself: its columns as a tree, and where their chunks lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from chalicelib.domain.imports.parquet.thrift import Compact

REQUIRED, OPTIONAL, REPEATED = 0, 1, 2
_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_MAX_FOOTER_BYTES = 64 << 20
_MAX_DEPTH = 60
_LIST_TYPES, _MAP_TYPES = (3,), (1, 2)


class ParquetError(Exception):
    """The file is none, is broken, or holds what is not read here; the message says which."""


@dataclass(slots=True)
class Column:
    """A node of the tree. Levels count what may be missing, and what may repeat, down to and with it."""

    name: str
    repetition: int
    definition_level: int
    repetition_level: int
    about: dict[int, Any]
    """Its schema element, by Thrift's field numbers."""
    children: list[Column] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    """Which of the file's leaf columns hang below it."""

    @property
    def physical(self) -> int:
        """How a leaf is stored."""
        return int(self.about[1])

    @property
    def width(self) -> int:
        """Bytes of a leaf of fixed width."""
        return int(self.about.get(2) or 0)

    @property
    def logical(self) -> dict[int, Any]:
        """The logical type: one field, whose number is the type."""
        return dict(self.about.get(10) or {})

    @property
    def is_list(self) -> bool:
        """Whether the group is a list with its entries two levels below."""
        return self._holds_repeated() and (3 in self.logical or self.about.get(6) in _LIST_TYPES)

    @property
    def is_map(self) -> bool:
        """Whether the group is a map of keys and values."""
        marked = 2 in self.logical or self.about.get(6) in _MAP_TYPES
        return marked and self._holds_repeated() and len(self.children[0].children) == 2

    def _holds_repeated(self) -> bool:
        return len(self.children) == 1 and self.children[0].repetition == REPEATED


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column's bytes in one row group."""

    start: int
    size: int
    codec: int
    values: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole description. `groups` have their rows and the chunk of each leaf."""

    root: Column
    leaves: list[Column]
    rows: int
    groups: list[tuple[int, list[Chunk]]]


def read_layout(stream: BinaryIO) -> Layout:
    """Read the end of the file. ParquetError when it is none; other errors when it is broken."""
    size = stream.seek(0, 2)
    if size < 12:
        raise ParquetError("too short")
    stream.seek(size - 8)
    length, magic = struct.unpack("<I4s", stream.read(8))
    if magic == _ENCRYPTED:
        raise ParquetError("encrypted")
    if magic != _MAGIC or length > min(size - 8, _MAX_FOOTER_BYTES):
        raise ParquetError("without the description that ends one")
    stream.seek(size - 8 - length)
    described = Compact(stream.read(length)).struct()
    root, leaves = _tree([*described[2]])
    return Layout(root, leaves, int(described[3]), [_group(each, leaves, size) for each in described[4]])


def _tree(elements: list[dict[int, Any]]) -> tuple[Column, list[Column]]:
    leaves: list[Column] = []
    given = iter(elements)

    def made(parent: Column | None, depth: int) -> Column:
        about = next(given, None)
        if about is None or depth > _MAX_DEPTH:
            raise ParquetError("with columns that do not fit together")
        repetition = int(about.get(3) or REQUIRED) if parent else REQUIRED
        above = (parent.definition_level, parent.repetition_level) if parent else (0, 0)
        node = Column(
            name=about[4].decode("utf-8", "replace"),
            repetition=repetition,
            definition_level=above[0] + (repetition != REQUIRED),
            repetition_level=above[1] + (repetition == REPEATED),
            about=about,
        )
        begin = len(leaves)
        if not about.get(5):
            if parent is None or 1 not in about:
                raise ParquetError("without columns")
            leaves.append(node)
        node.children = [made(node, depth + 1) for _ in range(int(about.get(5) or 0))]
        node.leaves = list(range(begin, len(leaves)))
        return node

    return made(None, 0), leaves


def _group(about: dict[int, Any], leaves: list[Column], size: int) -> tuple[int, list[Chunk]]:
    chunks = [_chunk(each, size) for each in about[1]]
    if len(chunks) != len(leaves):
        raise ParquetError("with columns that do not fit together")
    return int(about[3]), chunks


def _chunk(about: dict[int, Any], size: int) -> Chunk:
    if about.get(1):
        raise ParquetError("with columns in other files")
    if 3 not in about:
        raise ParquetError("encrypted")
    held = about[3]
    start = min((int(place) for place in (held[9], held.get(11)) if place), default=4)  # 4 of no page
    chunk = Chunk(start, int(held[7]), int(held[4]), int(held[5]))
    if chunk.size < 0 or chunk.start < 4 or chunk.start + chunk.size > size:
        raise ParquetError("with columns outside of it")
    return chunk
