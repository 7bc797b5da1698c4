"""The pages of a column's chunk, one at a time: levels and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from chalicelib.domain.imports.parquet import encodings
from chalicelib.domain.imports.parquet.codecs import unpack
from chalicelib.domain.imports.parquet.encodings import Same
from chalicelib.domain.imports.parquet.layout import Chunk, Column
from chalicelib.domain.imports.parquet.thrift import Compact

_WINDOW_BYTES = 1 << 16
_MAX_HEAD_BYTES = 16 << 20
_DATA, _DICTIONARY, _DATA_2 = 0, 2, 3
_OLD_LEVELS = 4
_ENTRY_BYTES = 8
_MAX_VALUES = 4_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """`repeats` and `depths` have a level a value, or none where all are 0; `values` only what is there."""

    count: int
    repeats: Sequence[int]
    depths: Sequence[int]
    values: Sequence[Any]

    @property
    def entries(self) -> int:
        """How many entries are held in memory."""
        held = (self.repeats, self.depths, self.values)
        return sum(len(each) for each in held if not isinstance(each, Same))


class Room:
    """How much of a file may be held at once, over all its columns. Bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._held = 0

    def take(self, size: int) -> int:
        """Hold these bytes. ValueError when there is no room for them."""
        self._held += size
        if self._held > self.size:
            raise ValueError("pages larger than may be held at once")
        return size

    def give(self, size: int) -> None:
        """Let go of bytes that were held."""
        self._held -= size


def pages(stream: BinaryIO, chunk: Chunk, column: Column, room: Room) -> Iterator[Page]:
    """The chunk's pages of data, one held at a time. Errors as in `encodings`; ValueError without room."""
    dictionary: Sequence[Any] = ()
    place, end, seen = chunk.start, chunk.start + chunk.size, 0
    while seen < chunk.values:
        head, packed, place = _next_page(stream, place, end, room.size)
        if head[1] == _DICTIONARY:
            room.take(head[2])
            about = head[7]
            data = unpack(chunk.codec, packed, head[2])
            dictionary = encodings.plain(data, column.physical, about[1], column.width)
            continue
        if head[1] == _DATA:
            page = _page(head, unpack(chunk.codec, packed, head[2]), column, dictionary)
        elif head[1] == _DATA_2:
            page = _page_2(head, packed, chunk.codec, column, dictionary)
        else:
            continue
        if page.count <= 0:
            continue
        seen += page.count
        held = room.take(head[2] + page.entries * _ENTRY_BYTES)
        yield page
        room.give(held)


def _next_page(stream: BinaryIO, place: int, end: int, max_bytes: int) -> tuple[dict[int, Any], bytes, int]:
    """A page's head, its packed bytes, and where the next one begins."""
    if place >= end:
        raise IndexError("fewer pages than promised")
    window = _WINDOW_BYTES
    while True:
        stream.seek(place)
        held = stream.read(min(window, end - place))
        reader = Compact(held)
        try:
            head = reader.struct()
            break
        except IndexError:
            if window >= min(end - place, _MAX_HEAD_BYTES):
                raise
            window *= 8
    size = head[3]
    after = place + reader.place + size
    if size < 0 or after > end or not 0 <= head[2] <= max_bytes:
        raise ValueError("a page larger than its column, or than a file may be")
    packed = held[reader.place : reader.place + size]
    if len(packed) < size:
        packed += stream.read(size - len(packed))
    return head, packed, after


def _page(head: dict[int, Any], data: bytes, column: Column, dictionary: Sequence[Any]) -> Page:
    about = head[5]
    count = _count(about[1])
    repeats, place = _levels(data, 0, column.repetition_level, count, about.get(4))
    depths, place = _levels(data, place, column.definition_level, count, about.get(3))
    present = depths.count(column.definition_level) if depths else count
    return Page(count, repeats, depths, _values(data[place:], about[2], column, present, dictionary))


def _page_2(
    head: dict[int, Any], packed: bytes, codec: int, column: Column, dictionary: Sequence[Any]
) -> Page:
    """The second form: levels are never packed, and have no lengths before them."""
    about = head[8]
    count, depth_bytes, repeat_bytes = _count(about[1]), about[5], about[6]
    levels = depth_bytes + repeat_bytes
    if min(depth_bytes, repeat_bytes) < 0 or levels > min(len(packed), head[2]):
        raise IndexError("cut off")
    repeats = _runs(packed[:repeat_bytes], column.repetition_level, count)
    depths = _runs(packed[repeat_bytes:levels], column.definition_level, count)
    data = packed[levels:]
    if about.get(7, True) and head[2] > levels:
        data = unpack(codec, data, head[2] - levels)
    present = depths.count(column.definition_level) if depths else count
    return Page(count, repeats, depths, _values(data, about[4], column, present, dictionary))


def _count(values: int) -> int:
    if values > _MAX_VALUES:
        raise ValueError("a page with more values than it may have")
    return values


def _levels(
    data: bytes, place: int, highest: int, count: int, encoding: int | None
) -> tuple[Sequence[int], int]:
    if not highest:
        return [], place
    if encoding == _OLD_LEVELS:
        raise ValueError("levels in a form that was given up in 2013")
    size = int.from_bytes(data[place : place + 4], "little")
    end = place + 4 + size
    if end > len(data):
        raise IndexError("cut off")
    return _runs(data[place + 4 : end], highest, count), end


def _runs(data: bytes, highest: int, count: int) -> Sequence[int]:
    return encodings.runs(data, highest.bit_length(), count) if highest else []


def _values(
    data: bytes, encoding: int, column: Column, count: int, dictionary: Sequence[Any]
) -> Sequence[Any]:
    if encoding not in (encodings.DICTIONARY, encodings.PLAIN_DICTIONARY):
        return encodings.values(data, encoding, column.physical, count, column.width)
    if not count:
        return ()
    width = data[0]
    if width > 32:
        raise ValueError("places in a dictionary that cannot be")
    places = encodings.runs(data[1:], width, count)
    if isinstance(places, Same):
        return Same(dictionary[places.value], count)
    return [dictionary[place] for place in places]
