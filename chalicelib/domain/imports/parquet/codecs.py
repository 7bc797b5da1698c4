"""How pages are packed: not at all, by Snappy, gzip or Zstandard."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from chalicelib.domain.imports.parquet.thrift import varint

Unpack = Callable[[bytes, int], bytes]


def unpack(codec: int, data: bytes, size: int) -> bytes:
    """The page's `size` bytes. ValueError for another size, broken data, or a codec that is not known."""
    if codec not in _CODECS:
        raise ValueError(f"packed by {_OTHERS.get(codec, codec)}, which is not read here")
    made = _CODECS[codec](data, size)
    if len(made) != size:
        raise ValueError("a page of another size than it says")
    return made


def unsnapped(data: bytes, size: int) -> bytes:
    """Snappy's raw form: a length, then literals and copies of what came before."""
    length, place = varint(data, 0)
    if length != size:
        raise ValueError("a page of another size than it says")
    made = bytearray()
    while place < len(data):
        tag = data[place]
        place = _copy(made, data, place) if tag & 3 else _literal(made, data, place)
        if len(made) > size:
            raise ValueError("a page of another size than it says")
    return bytes(made)


def _literal(made: bytearray, data: bytes, place: int) -> int:
    """Bytes as they are; their number is in the tag, or in up to four bytes behind it."""
    tag, place = data[place], place + 1
    long = (tag >> 2) - 59
    count = (tag >> 2) + 1
    if long > 0:
        count = int.from_bytes(data[place : place + long], "little") + 1
        place += long
    if place + count > len(data):
        raise IndexError("cut off")
    made += data[place : place + count]
    return place + count


def _copy(made: bytearray, data: bytes, place: int) -> int:
    """Bytes again that stand `offset` before the end; more of them than that is a pattern repeated."""
    tag, place = data[place], place + 1
    if tag & 3 == 1:
        count, wide, high = (tag >> 2 & 7) + 4, 1, tag >> 5 << 8
    else:
        count, wide, high = (tag >> 2) + 1, 2 if tag & 3 == 2 else 4, 0
    if place + wide > len(data):
        raise IndexError("cut off")
    offset = high | int.from_bytes(data[place : place + wide], "little")
    start = len(made) - offset
    if start < 0 or not offset:
        raise ValueError("a copy from before the beginning")
    again = bytes(made[start : start + count])
    made += (again * (count // offset + 1))[:count]
    return place + wide


def _plain(data: bytes, _size: int) -> bytes:
    return data


def _gunzipped(data: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj(47)  # gzip's or zlib's head
    try:
        return unpacker.decompress(data, size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None


def _unzstandard(data: bytes, size: int) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as stream:
            return b"".join(iter(lambda: stream.read(1 << 20), b"")) if size else b""
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None


_CODECS: dict[int, Unpack] = {0: _plain, 1: unsnapped, 2: _gunzipped, 6: _unzstandard}
_OTHERS = {3: "LZO", 4: "Brotli", 5: "LZ4", 7: "LZ4"}
