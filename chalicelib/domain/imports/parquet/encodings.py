"""How a page's values are written: each encoding gives the values, as many as asked for.

IndexError and `struct.error` for what is cut off, ValueError for what cannot be.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.imports.parquet.thrift import varint

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES, FIXED = range(8)
PLAIN, PLAIN_DICTIONARY, RLE, _, DELTA, DELTA_LENGTHS, DELTA_BYTES, DICTIONARY, SPLIT = (
    0,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
)
_PACKED = {INT32: ("i", 4), INT64: ("q", 8), FLOAT: ("f", 4), DOUBLE: ("d", 8)}
_WIDTHS = {INT96: 12} | {kind: width for kind, (_, width) in _PACKED.items()}


def plain(data: bytes, kind: int, count: int, width: int) -> Sequence[Any]:
    """Values one after the other; `width` is that of fixed bytes."""
    if kind in _PACKED:
        code, _ = _PACKED[kind]
        return struct.unpack_from(f"<{count}{code}", data)
    if kind == BOOLEAN:
        return bits(data, 1, count)
    if kind == BYTES:
        return _sized(data, count)
    step = width if kind == FIXED else _WIDTHS[kind]
    _must_have(data, step * count)
    return [data[n * step : (n + 1) * step] for n in range(count)]


def _sized(data: bytes, count: int) -> list[bytes]:
    made = []
    place = 0
    for _ in range(count):
        (size,) = struct.unpack_from("<I", data, place)
        place += 4
        if place + size > len(data):
            raise IndexError("cut off")
        made.append(data[place : place + size])
        place += size
    return made


def bits(data: bytes, width: int, count: int) -> list[int]:
    """Numbers of `width` bits, packed from the lowest bit up."""
    if not width:
        return [0] * count
    mask = (1 << width) - 1
    made: list[int] = []
    for start in range(0, (count * width + 7) // 8, width):  # eight numbers fill `width` bytes
        held = int.from_bytes(data[start : start + width], "little")
        made += [held >> shift & mask for shift in range(0, 8 * width, width)]
    _must_have(data, (count * width + 7) // 8)
    del made[count:]
    return made


class Same(Sequence[Any]):
    """One value many times, in the room of one: constant columns of a million rows are common."""

    def __init__(self, value: Any, size: int) -> None:
        self.value = value
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: Any) -> Any:
        if place >= self._size:
            raise IndexError(place)
        return self.value

    def count(self, value: Any) -> int:
        """How often the value stands here."""
        return self._size if value == self.value else 0


def runs(data: bytes, width: int, count: int) -> Sequence[int]:
    """Numbers as run lengths mixed with packed groups of eight."""
    made: list[int] = []
    place, value_bytes = 0, (width + 7) // 8
    while len(made) < count:
        head, place = varint(data, place)
        if not made and not head & 1 and head >> 1 >= count:
            _must_have(data, place + value_bytes)
            return Same(int.from_bytes(data[place : place + value_bytes], "little"), count)
        if head & 1:
            groups = head >> 1
            size = groups * width
            made += bits(data[place : place + size], width, min(groups * 8, count - len(made)))
            place += size
        else:
            _must_have(data, place + value_bytes)
            value = int.from_bytes(data[place : place + value_bytes], "little")
            place += value_bytes
            made += [value] * min(head >> 1, count - len(made))
        if not head >> 1:
            raise ValueError("a run of nothing")
    return made


def delta(data: bytes, count: int, place: int = 0, *, width: int = 64) -> tuple[list[int], int]:
    """Whole numbers as differences in packed blocks; and where they end."""
    block, place = varint(data, place)
    parts, place = varint(data, place)
    total, place = varint(data, place)
    value, place = _zigzag(data, place)
    if not parts or block % parts or (block // parts) % 8 or block > 1 << 20 or total < count:
        raise ValueError("differences in blocks that cannot be")
    each = block // parts
    made = [value] if total else []
    while len(made) < total:
        least, place = _zigzag(data, place)
        widths = data[place : place + parts]
        place += parts
        for bit_width in widths:
            if len(made) >= total:
                break
            size = each * bit_width // 8
            steps = bits(data[place : place + size].ljust(size, b"\0"), bit_width, each)
            _must_have(data, place)
            place += size
            for step in steps[: total - len(made)]:
                value += least + step
                made.append(value)
        if len(widths) < parts:
            raise IndexError("cut off")
    half = 1 << width - 1  # arithmetic wraps around, as that of the machines that wrote it
    return [(number + half) % (half * 2) - half for number in made[:count]], place


def delta_lengths(data: bytes, count: int, place: int = 0) -> list[bytes]:
    """Bytes one after the other, behind all their lengths."""
    lengths, place = delta(data, count, place)
    made = []
    for length in lengths:
        if length < 0 or place + length > len(data):
            raise IndexError("cut off")
        made.append(data[place : place + length])
        place += length
    return made


def delta_bytes(data: bytes, count: int) -> list[bytes]:
    """Bytes, each by how much of the one before it begins with, and what follows."""
    shared, place = delta(data, count)
    made: list[bytes] = []
    before = b""
    for length, rest in zip(shared, delta_lengths(data, count, place), strict=True):
        if not 0 <= length <= len(before):
            raise ValueError("more of the value before than there is")
        before = before[:length] + rest
        made.append(before)
    return made


def split(data: bytes, kind: int, count: int, width: int) -> Sequence[Any]:
    """All first bytes, then all second bytes, …"""
    size = width if kind == FIXED else _WIDTHS[kind]
    _must_have(data, size * count)
    joined = bytearray(size * count)
    for number in range(size):
        joined[number::size] = data[number * count : (number + 1) * count]
    return plain(bytes(joined), kind, count, width)


def values(data: bytes, encoding: int, kind: int, count: int, width: int) -> Sequence[Any]:
    """A page's values in any encoding but a dictionary's."""
    if encoding == PLAIN:
        return plain(data, kind, count, width)
    if encoding == RLE and kind == BOOLEAN:
        return runs(data[4:], 1, count)
    if encoding == DELTA and kind in (INT32, INT64):
        return delta(data, count, width=32 if kind == INT32 else 64)[0]
    if encoding == SPLIT and kind in (*_PACKED, FIXED):
        return split(data, kind, count, width)
    made = _OF_BYTES.get(encoding)
    if made is None or kind not in (BYTES, FIXED):
        raise ValueError(f"encoding {encoding} of type {kind}, which is not read here")
    return made(data, count)


_OF_BYTES: dict[int, Callable[[bytes, int], list[bytes]]] = {
    DELTA_LENGTHS: delta_lengths,
    DELTA_BYTES: delta_bytes,
}


def _zigzag(data: bytes, place: int) -> tuple[int, int]:
    value, place = varint(data, place)
    return value >> 1 ^ -(value & 1), place


def _must_have(data: bytes, size: int) -> None:
    if len(data) < size:
        raise IndexError("cut off")
