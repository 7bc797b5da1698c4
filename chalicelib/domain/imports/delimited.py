"""CSV and TSV as tasks, one a row: text stays as it is written, whole columns of integers become numbers.

Two passes: which columns are integers can only be told at the end. Rows that are longer or shorter
than the header are problems, told by their line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from chalicelib.domain.formats.formulas import unguarded
from chalicelib.domain.imports.contract import (
    ColumnType,
    ImportOptions,
    Limits,
    Problem,
    TaskIn,
    UnreadableError,
)
from chalicelib.domain.imports.text import lines, text_chunks

DELIMITERS = ",;\t|"
OWN_COLUMNS = {"id", "annotation_id", "annotator"}
SAMPLE_LINES = 50
_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")

# The module's default of 131,072 characters is process-wide and too small for a cell with a time series.
csv.field_size_limit(Limits().item_characters)


def read_delimited(
    stream: BinaryIO, options: ImportOptions, *, delimiter: str | None = None
) -> Iterator[TaskIn | Problem]:
    """A task a row; the stream must be able to seek unless `options.column_types` are given."""
    delimiter = delimiter or sniff(stream, options.limits)
    types = options.column_types
    if types is None:
        types = column_types(stream, options.limits, delimiter=delimiter)
        stream.seek(0)
    table = _Table(stream, options.limits, delimiter)
    restore = table.header >= OWN_COLUMNS
    integers = {name for name, kind in types.items() if kind == "integer"}
    for line, cells in table.rows():
        if len(cells) != len(table.names):
            message = f"{len(cells)} cells where the header has {len(table.names)}"
            yield Problem(message=message, line=line, code="ragged_row", stops=False)
            continue
        yield TaskIn(data=_typed(table.names, cells, integers, restore=restore), place=f"line {line}")


def column_types(stream: BinaryIO, limits: Limits, *, delimiter: str | None = None) -> dict[str, ColumnType]:
    """The type of each column: "integer" if every cell is an integer in its plain form, else "text"."""
    if delimiter is None:
        delimiter = sniff(stream, limits)
    table = _Table(stream, limits, delimiter)
    candidates = set(range(len(table.names)))
    rows = 0
    for _, cells in table.rows():
        rows += 1
        if candidates:
            known = range(len(cells))
            candidates = {n for n in candidates if n in known and _INTEGER.fullmatch(cells[n])}
    if not rows:
        candidates = set()
    return {name: "integer" if n in candidates else "text" for n, name in enumerate(table.names)}


def sniff(stream: BinaryIO, limits: Limits) -> str:
    """The delimiter that parts the first lines evenly into most columns; leaves the stream at its start."""
    chunks = text_chunks(stream, limit_bytes=limits.bytes)
    sample = list(islice(lines(chunks, limit_characters=limits.item_characters), SAMPLE_LINES))
    stream.seek(0)
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> tuple[bool, int]:
    """Whether all rows are as wide as the header, and how wide that is."""
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return False, 0
    if not widths or widths[0] < 2:
        return False, 0
    return len(set(widths[:-1] or widths)) == 1, widths[0]


class _Table:
    """The header, and the rows below it with the line that each begins in."""

    def __init__(self, stream: BinaryIO, limits: Limits, delimiter: str) -> None:
        chunks = text_chunks(stream, limit_bytes=limits.bytes)
        text = lines(chunks, limit_characters=limits.item_characters)
        self._reader = csv.reader(text, delimiter=delimiter, strict=True)
        first = next(self.rows(), None)
        if first is None:
            raise UnreadableError("the table is empty", line=1, code="empty")
        self.names = [name or f"Unnamed: {number}" for number, name in enumerate(first[1])]
        self.header = set(self.names)
        if len(self.header) != len(self.names):
            repeated = next(name for name in self.names if self.names.count(name) > 1)
            raise UnreadableError(f'two columns are called "{repeated}"', line=1, code="repeated_column")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold anything."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableError(f"not a valid table: {error}", line=line, code="table") from None
            if cells:
                yield line, cells


def _typed(names: list[str], cells: Iterable[str], integers: set[str], *, restore: bool) -> Mapping[str, Any]:
    typed: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=True):
        if name in integers:
            typed[name] = int(cell)
        else:
            typed[name] = unguarded(cell) if restore else cell
    return typed
