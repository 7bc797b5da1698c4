"""A file's rows, put together again from its columns (the Dremel paper, Melnik et al. 2010, section 4.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import DecimalException
from typing import Any, BinaryIO

from chalicelib.domain.imports.parquet.layout import OPTIONAL, REPEATED, Column, ParquetError, read_layout
from chalicelib.domain.imports.parquet.pages import Page, Room, pages
from chalicelib.domain.imports.parquet.types import meaning

MAX_VALUES_A_ROW = 1_000_000
BROKEN = (
    *(IndexError, KeyError, ValueError, TypeError, AttributeError, OverflowError, DecimalException),
    *(struct.error, RecursionError, MemoryError),
)


class ParquetFile:
    """A Parquet file over a stream that can seek. Everything raises ParquetError where it is broken."""

    def __init__(self, stream: BinaryIO, *, max_bytes: int) -> None:
        """`max_bytes` is how much of it may be held at once, unpacked: a page and a dictionary a column."""
        self._stream = stream
        self._max_bytes = max_bytes
        try:
            self._layout = read_layout(stream)
        except BROKEN as error:
            raise ParquetError(_said(error)) from error

    @property
    def row_count(self) -> int:
        """How many rows the file says it has."""
        return self._layout.rows

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows in order: JSON's values, bytes where a column holds bytes, None where nothing is."""
        try:
            for count, chunks in self._layout.groups:
                room = Room(self._max_bytes)
                read = [
                    pages(self._stream, chunk, leaf, room)
                    for chunk, leaf in zip(chunks, self._layout.leaves, strict=True)
                ]
                cursors = [Cursor(each, leaf) for each, leaf in zip(read, self._layout.leaves, strict=True)]
                for _ in range(count):
                    yield _content(self._layout.root, cursors)
        except BROKEN as error:
            raise ParquetError(_said(error)) from error


class Cursor:
    """A leaf column's values in order, one seen ahead: `repeat` and `depth` are its levels."""

    def __init__(self, read: Iterator[Page], leaf: Column) -> None:
        self._pages = read
        self._deepest = leaf.definition_level
        self._mean = meaning(leaf)
        self._page = Page(0, (), (), ())
        self._next = self._used = 0
        self.repeat, self.depth = -1, 0
        self._look()

    def _look(self) -> None:
        if self._next >= self._page.count:
            page = next(self._pages, None)
            if page is None:
                self.repeat, self.depth = -1, 0
                return
            self._page, self._next, self._used = page, 0, 0
        page, at = self._page, self._next
        self.repeat = page.repeats[at] if page.repeats else 0
        self.depth = page.depths[at] if page.depths else self._deepest

    def take(self) -> Any:
        """The value, or None where something above it is missing; the next one comes into sight."""
        if self.repeat < 0:
            raise IndexError("fewer values than rows")
        value = None
        if self.depth == self._deepest:
            value = self._page.values[self._used]
            self._used += 1
            if self._mean is not None:
                value = self._mean(value)
        self._next += 1
        self._look()
        return value


def _read(node: Column, cursors: list[Cursor]) -> Any:
    """What stands at a node: a value, a group, a list of them where it repeats, None where it is missing."""
    first = cursors[node.leaves[0]]
    if node.repetition != REPEATED:
        if node.repetition == OPTIONAL and first.depth < node.definition_level:
            return _missing(node, cursors)
        return _content(node, cursors)
    if first.depth < node.definition_level:
        _missing(node, cursors)
        return []
    found = []
    while True:
        found.append(_content(node, cursors))
        if first.repeat != node.repetition_level:
            return found
        if len(found) > MAX_VALUES_A_ROW:
            raise ValueError("a row with more values than it may have")


def _missing(node: Column, cursors: list[Cursor]) -> None:
    for leaf in node.leaves:
        cursors[leaf].take()


def _content(node: Column, cursors: list[Cursor]) -> Any:
    if not node.children:
        return cursors[node.leaves[0]].take()
    if node.is_list:
        return _listed(node, cursors)
    if node.is_map:
        return _mapped(node, cursors)
    return {child.name: _read(child, cursors) for child in node.children}


def _listed(node: Column, cursors: list[Cursor]) -> list[Any]:
    """A list's entries without the group around each, which only the older writers leave out."""
    (entry,) = node.children
    found: list[Any] = _read(entry, cursors)
    if len(entry.children) != 1 or entry.name in ("array", f"{node.name}_tuple"):
        return found
    (inner,) = entry.children
    return [each[inner.name] for each in found]


def _mapped(node: Column, cursors: list[Cursor]) -> Any:
    """An object where all keys are texts, else pairs."""
    (entry,) = node.children
    pairs = [[*each.values()] for each in _read(entry, cursors)]
    if all(isinstance(key, str) for key, _ in pairs):
        return dict(pairs)
    return pairs


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
