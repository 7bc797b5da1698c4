"""Zip archives written entry by entry to nowhere in particular: chunks of bytes come out as they are made.

The same entries give the same bytes on every machine: fixed time stamps and modes, no names of systems.
Written by hand after PKWARE's APPNOTE 6.3: `zipfile` takes longer over the head of a small entry than our
writers over its content, and holds a kilobyte for each; here it is the bytes of its line in the directory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from struct import Struct

from chalicelib.domain.formats.contract import Entry
from chalicelib.domain.formats.shelf import Shelf

CHUNK_BYTES = 1 << 16
_LEVEL = 1
_TOO_SMALL_BYTES = 1024
"""Below this, setting up the compressor costs more than the bytes it saves."""
_PLAIN_FILE = 0o100644 << 16
_FOLDER = (0o040755 << 16) | 0x10
_STORED, _DEFLATED = 0, 8
_VERSION, _VERSION_64 = 20, 45
_UNIX = 3 << 8
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
_NAME_IS_UTF8 = 1 << 11
_SIZES_FOLLOW = 1 << 3
_MAX_32 = 0xFFFFFFFF
_MAX_16 = 0xFFFF
_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_SIZES_64 = Struct("<2H2Q")
_FOLLOWING_64 = Struct("<4sL2Q")
_END_64 = Struct("<4sQ2H2L4Q")
_LOCATOR_64 = Struct("<4sLQL")
_END = Struct("<4s4H2LH")


def zip_bytes(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive of these entries in chunks of about 64 KB; an entry's content is never held whole."""
    archive = _Archive()
    for entry in entries:
        if isinstance(entry.content, bytes):
            archive.add_whole(entry, entry.content)
        else:
            yield from archive.add_streamed(entry, entry.content)
        if archive.held_bytes >= CHUNK_BYTES:
            yield archive.taken()
    yield archive.taken()
    yield from archive.end()


class _Archive:
    """What has been written so far: how much, and the directory that comes last."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.held_bytes = 0
        self._place = 0
        self._count = 0
        self._directory = Shelf()
        self._directory_bytes = 0

    def add_whole(self, entry: Entry, content: bytes) -> None:
        """An entry whose content is at hand: its sizes stand before it."""
        flags, name = _named(entry)
        packed, method = content, _STORED
        if entry.compress and len(content) >= _TOO_SMALL_BYTES:
            packed, method = _deflated(content), _DEFLATED
        check = zlib.crc32(content)
        sizes = (check, len(packed), len(content))
        place = self._place
        head = _LOCAL.pack(b"PK\3\4", _VERSION, flags, method, 0, _DATE, *sizes, len(name), 0)
        self._write(head + name + packed)
        self._list(name, flags, method, sizes, place)

    def add_streamed(self, entry: Entry, content: Iterable[bytes]) -> Iterator[bytes]:
        """An entry whose content comes in pieces: its sizes stand after it, in 64 bits."""
        flags, name = _named(entry)
        flags |= _SIZES_FOLLOW
        method = _DEFLATED if entry.compress else _STORED
        place = self._place
        head = _LOCAL.pack(
            b"PK\3\4", _VERSION_64, flags, method, 0, _DATE, 0, _MAX_32, _MAX_32, len(name), _SIZES_64.size
        )
        self._write(head + name + _SIZES_64.pack(1, _SIZES_64.size - 4, 0, 0))
        begin, check, size = self._place, 0, 0
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15) if entry.compress else None
        for block in _in_blocks(content):
            check, size = zlib.crc32(block, check), size + len(block)
            self._write(packer.compress(block) if packer else block)
            if self.held_bytes >= CHUNK_BYTES:
                yield self.taken()
        if packer:
            self._write(packer.flush())
        sizes = (check, self._place - begin, size)
        self._write(_FOLLOWING_64.pack(b"PK\7\x08", *sizes))
        self._list(name, flags, method, sizes, place)

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        made = b"".join(self._held)
        self._held, self.held_bytes = [], 0
        return made

    def end(self) -> Iterator[bytes]:
        """The directory and what says where it is."""
        place, size, count = self._place, self._directory_bytes, self._count
        yield from self._directory.taken()
        end = place + size
        if count >= _MAX_16 or place >= _MAX_32 or size >= _MAX_32:
            made = (44, _UNIX | _VERSION_64, _VERSION_64, 0, 0, count, count, size, place)
            yield _END_64.pack(b"PK\6\6", *made) + _LOCATOR_64.pack(b"PK\6\7", 0, end, 1)
        count, size, place = min(count, _MAX_16), min(size, _MAX_32), min(place, _MAX_32)
        yield _END.pack(b"PK\5\6", 0, 0, count, count, size, place, 0)

    def _write(self, data: bytes) -> None:
        self._held.append(data)
        self.held_bytes += len(data)
        self._place += len(data)

    def _list(self, name: bytes, flags: int, method: int, sizes: tuple[int, int, int], place: int) -> None:
        """The entry's line in the directory; what does not fit in 32 bits is said beside it."""
        check, packed, size = sizes
        extra = b""
        version = _VERSION_64 if flags & _SIZES_FOLLOW else _VERSION
        if size >= _MAX_32 or packed >= _MAX_32 or place >= _MAX_32:
            large = [number for number in (size, packed, place) if number >= _MAX_32]
            extra = Struct(f"<2H{len(large)}Q").pack(1, 8 * len(large), *large)
            version = _VERSION_64
            size, packed, place = min(size, _MAX_32), min(packed, _MAX_32), min(place, _MAX_32)
        mode = _FOLDER if name[-1:] == b"/" else _PLAIN_FILE
        head = _CENTRAL.pack(
            b"PK\1\2", _UNIX | version, version, flags, method, 0, _DATE,
            check, packed, size, len(name), len(extra), 0, 0, 0, mode, place,
        )  # fmt: skip
        line = head + name + extra
        self._directory.put(line)
        self._directory_bytes += len(line)
        self._count += 1


def _named(entry: Entry) -> tuple[int, bytes]:
    name = entry.name.encode("utf-8", "replace")
    return (0 if name.isascii() else _NAME_IS_UTF8), name


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _in_blocks(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces: the compressor is quick with those."""
    held: list[bytes] = []
    size = 0
    for chunk in content:
        held.append(chunk)
        size += len(chunk)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
