"""Parquet files written row group by row group: columns of strings, numbers, booleans, and lists of strings.

As much of the format as flat tables need, by hand (its specification is Apache's `parquet-format`): the
library that writes it otherwise is larger than all the rest of a function's package. Every column may hold
nulls. Pages are gzipped; levels are run lengths; the file's own description is in Thrift's compact form.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

Kind = Literal["string", "int64", "float64", "bool", "strings"]

MAGIC = b"PAR1"
GROUP_ROWS = 10_000
GROUP_BYTES = 4 * 1024 * 1024
_LEVEL = 1
_TYPES = {"bool": 0, "int64": 2, "float64": 5, "string": 6, "strings": 6}
_OPTIONAL, _REPEATED = 1, 2
_UTF8, _LIST = 0, 3
_PLAIN, _RLE = 0, 3
_GZIP = 2


def parquet_bytes(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind], *, metadata: Mapping[str, str]
) -> Iterator[bytes]:
    """The file in pieces; a row's value is of its column's kind, or None. Memory is that of one row group."""
    yield MAGIC
    place = len(MAGIC)
    groups: list[bytes] = []
    total = 0
    for held in _grouped(rows):
        chunks: list[bytes] = []
        first = place
        for name, kind in columns.items():
            page, described = _column(name, kind, [row.get(name) for row in held], place)
            chunks.append(described)
            place += len(page)
            yield page
        group = _struct({1: _list(12, chunks), 2: _int(place - first), 3: _int(len(held))})
        groups.append(group)
        total += len(held)
    footer = _struct(
        {
            1: _int32(2),
            2: _list(12, _schema(columns)),
            3: _int(total),
            4: _list(12, groups),
            5: _list(12, [_struct({1: _text(k), 2: _text(v)}) for k, v in metadata.items()]),
            6: _text("Skylabel"),
        }
    )
    yield footer + struct.pack("<I", len(footer)) + MAGIC


def _grouped(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    held: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        held.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(held) >= GROUP_ROWS or size >= GROUP_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held


def _column(name: str, kind: Kind, values: Sequence[Any], place: int) -> tuple[bytes, bytes]:
    """The one page of a column's chunk with its head, and what the footer says of the chunk."""
    levels, plain, count = _listed(values) if kind == "strings" else _flat(values, kind)
    content = levels + plain
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    packed = packer.compress(content) + packer.flush()
    data_head = _struct({1: _int32(count), 2: _int32(_PLAIN), 3: _int32(_RLE), 4: _int32(_RLE)})
    sizes = {2: _int32(len(content)), 3: _int32(len(packed))}
    head = _struct({1: _int32(0), **sizes, 5: (12, data_head)})
    path = [name, "list", "element"] if kind == "strings" else [name]
    described = _struct(
        {
            1: _int32(_TYPES[kind]),
            2: _list(5, [_zigzag(_PLAIN), _zigzag(_RLE)]),
            3: _list(8, [_text(step)[1] for step in path]),
            4: _int32(_GZIP),
            5: _int(count),
            6: _int(len(head) + len(content)),
            7: _int(len(head) + len(packed)),
            9: _int(place),
        }
    )
    return head + packed, _struct({2: _int(place), 3: (12, described)})


def _flat(values: Sequence[Any], kind: Kind) -> tuple[bytes, bytes, int]:
    present = [value for value in values if value is not None]
    levels = _levels([int(value is not None) for value in values])
    if kind == "string":
        plain = b"".join(map(_binary, present))
    elif kind == "bool":
        bits = sum(1 << n for n, value in enumerate(present) if value)
        plain = bits.to_bytes((len(present) + 7) // 8, "little")
    else:
        plain = struct.pack(f"<{len(present)}{'q' if kind == 'int64' else 'd'}", *present)
    return levels, plain, len(values)


def _listed(values: Sequence[Any]) -> tuple[bytes, bytes, int]:
    """Repetition says whether a value goes on with a list; definition how far down it is there."""
    repeats: list[int] = []
    depths: list[int] = []
    plain: list[bytes] = []
    for value in values:
        if not value:
            repeats.append(0)
            depths.append(0 if value is None else 1)
            continue
        repeats += [0, *[1] * (len(value) - 1)]
        depths += [3] * len(value)
        plain += map(_binary, value)
    return _levels(repeats) + _levels(depths), b"".join(plain), len(depths)


def _levels(levels: Sequence[int]) -> bytes:
    """Run lengths; a level of up to eight bits takes one byte in them."""
    runs = b"".join(_varint(sum(1 for _ in same) << 1) + bytes((level,)) for level, same in groupby(levels))
    return struct.pack("<I", len(runs)) + runs


def _binary(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return struct.pack("<I", len(data)) + data


def _schema(columns: Mapping[str, Kind]) -> list[bytes]:
    described = [_struct({4: _text("schema"), 5: _int32(len(columns))})]
    text: dict[int, tuple[int, bytes]] = {6: _int32(_UTF8), 10: (12, _struct({1: (12, b"\0")}))}
    for name, kind in columns.items():
        if kind == "strings":
            listed = {6: _int32(_LIST), 10: (12, _struct({3: (12, b"\0")}))}
            described += [
                _struct({3: _int32(_OPTIONAL), 4: _text(name), 5: _int32(1), **listed}),
                _struct({3: _int32(_REPEATED), 4: _text("list"), 5: _int32(1)}),
                _struct({1: _int32(6), 3: _int32(_OPTIONAL), 4: _text("element"), **text}),
            ]
        else:
            own = text if kind == "string" else {}
            described.append(_struct({1: _int32(_TYPES[kind]), 3: _int32(_OPTIONAL), 4: _text(name), **own}))
    return described


# -- Thrift's compact protocol: a field is its type with its bytes ------------------------------------


def _struct(fields: Mapping[int, tuple[int, bytes]]) -> bytes:
    """Fields by ascending number, each after the difference to the one before; ended by a zero."""
    made = bytearray()
    before = 0
    for number, (kind, data) in sorted(fields.items()):
        made.append((number - before) << 4 | kind)  # all differences here are below 16
        made += data
        before = number
    return bytes(made) + b"\0"


def _int32(value: int) -> tuple[int, bytes]:
    return 5, _zigzag(value)


def _int(value: int) -> tuple[int, bytes]:
    return 6, _zigzag(value)


def _text(value: str) -> tuple[int, bytes]:
    data = value.encode("utf-8", "replace")
    return 8, _varint(len(data)) + data


def _list(kind: int, entries: Sequence[bytes]) -> tuple[int, bytes]:
    size = len(entries)
    head = bytes((size << 4 | kind,)) if size < 15 else bytes((0xF0 | kind,)) + _varint(size)
    return 9, head + b"".join(entries)


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)
