"""The columns of many tasks, each on its own: packed for a store, unpacked when a query first asks for it.

A column is a list with a value for each task. Moments are packed as microseconds, and what is several as a
list. A key of the data that a quarter of the tasks have is a column (`data.<key>`); the other keys lie
together in the column `data`, so that tasks that have little in common don't make thousands of columns.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LAYOUT = 1
"""Of what is packed; grows when it is to be read in another way."""
REST = "data"
DATA = "data."
MOMENTS = frozenset({"completed_at", "created_at"})
SEVERAL = frozenset({"annotators", "assigned", "predictions_model_versions"})
COMMON = 4
"""A key that one task in so many has is a column of its own."""
_PLACE_BYTES = 8
_OBJECT_BYTES = 48
"""What a value takes in its list, and about what it takes beside its text."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task's data, and its other columns by name."""

    data: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One of the tasks of some columns."""

    columns: Columns
    index: int

    def value(self, name: str) -> Any:
        """What stands in a column."""
        return self.columns[name][self.index]


class Columns(dict[str, Sequence[Any]]):
    """The unpacked columns by name; asked for another, it unpacks that, and keeps it."""

    def __init__(
        self, count: int, packed: Mapping[str, bytes], known: Mapping[str, Sequence[Any]] | None = None
    ) -> None:
        """`count` tasks; `known` are columns that need no unpacking."""
        super().__init__(known or {})
        self.count = count
        self._packed = packed
        self._own = (*packed, *(name for name in self if name not in packed))
        self._weight = sum(map(_weight_of, self.values()))
        self._packed_weight = sum(map(len, packed.values()))

    def __missing__(self, name: str) -> Sequence[Any]:
        values = self._unpacked(name) if name in self._packed else self._rest(name)
        self[name] = values
        return values

    def _unpacked(self, name: str) -> Sequence[Any]:
        text = zlib.decompress(self._packed[name]).decode("utf-8", "surrogatepass")
        self._weight += len(text) + (_PLACE_BYTES + _OBJECT_BYTES) * self.count
        return _unpacked(name, json.loads(text))

    def _rest(self, name: str) -> Sequence[Any]:
        if not name.startswith(DATA):
            raise KeyError(name)
        self._weight += _PLACE_BYTES * self.count
        if REST not in self._own:
            return (None,) * self.count
        key = name.removeprefix(DATA)
        return [each.get(key) for each in self[REST]]

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        return self._packed_weight + self._weight

    @property
    def names(self) -> Sequence[str]:
        """The columns that it has of its own; any other key of the data is None in all tasks."""
        return self._own

    def forget_unpacked(self) -> None:
        """Give back the memory of what can be unpacked again."""
        if self._packed:
            self.clear()
            self._weight = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """The tasks of one block among the columns of some."""

    columns: Columns
    start: int
    stop: int

    def rows(self) -> list[Row]:
        """Its tasks."""
        return [Row(self.columns, index) for index in range(self.start, self.stop)]


def columns_of(rows: Sequence[TaskRow]) -> Columns:
    """The columns of the tasks, unpacked."""
    names = rows[0].values if rows else {}
    built_in = {name: [row.values[name] for row in rows] for name in names}
    counted = Counter(key for row in rows for key in row.data)
    common = {key for key, count in counted.items() if count * COMMON >= len(rows)}
    own = {f"{DATA}{key}": [row.data.get(key) for row in rows] for key in common}
    if len(common) == len(counted):
        return Columns(len(rows), {}, {**built_in, **own})
    rest = [{key: value for key, value in row.data.items() if key not in common} for row in rows]
    return Columns(len(rows), {}, {**built_in, **own, REST: rest})


def rows_of(part: Slice) -> list[TaskRow]:
    """The tasks of a slice. Their data lacks what is null in it, which is the same to whoever asks for it."""
    columns = part.columns
    own = [name for name in columns.names if name.startswith(DATA)]
    built_in = [name for name in columns.names if name not in own and name != REST]
    rest = columns[REST] if REST in columns.names else ()
    made = []
    for index in range(part.start, part.stop):
        held = {name.removeprefix(DATA): columns[name][index] for name in own}
        data = {key: value for key, value in held.items() if value is not None}
        data.update(rest[index] if rest else {})
        made.append(TaskRow(data, {name: columns[name][index] for name in built_in}))
    return made


def pack(columns: Columns) -> bytes:
    """All columns as bytes: where each lies, and then one after the other, compressed."""
    packed = [(name, _packed(name, columns[name])) for name in columns.names]
    places, at = [], 0
    for name, data in packed:
        places.append((name, at, len(data)))
        at += len(data)
    head = zlib.compress(_text({"count": columns.count, "columns": places}))
    return b"".join((_LENGTH.pack(len(head)), head, *(data for _, data in packed)))


def unpack(data: bytes) -> Columns:
    """What `pack` was given, to be unpacked by column."""
    begin = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    head = json.loads(zlib.decompress(data[_LENGTH.size : begin]))
    places = head["columns"]
    return Columns(head["count"], {name: data[begin + at : begin + at + size] for name, at, size in places})


def _packed(name: str, values: Sequence[Any]) -> bytes:
    if name in MOMENTS:
        values = [None if each is None else (each - _EPOCH) // _MICROSECOND for each in values]
    return zlib.compress(_text(values), 1)


def _unpacked(name: str, values: list[Any]) -> list[Any]:
    if name in MOMENTS:
        return [None if each is None else _EPOCH + each * _MICROSECOND for each in values]
    return [tuple(each) for each in values] if name in SEVERAL else values


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _weight_of(values: Sequence[Any]) -> int:
    """About how many bytes the values take in memory; what is empty, small or nothing is there anyway."""
    return _PLACE_BYTES * len(values) + sum(_OBJECT_BYTES + _length_of(each) for each in values if each)


def _length_of(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    return len(str(value)) if isinstance(value, list | dict) else 0
