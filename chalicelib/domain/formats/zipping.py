"""Zip archives written entry by entry to nowhere in particular: chunks of bytes come out as they are made.

The same entries give the same bytes on every machine: fixed time stamps and modes, no extra fields.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from chalicelib.domain.formats.contract import Entry

CHUNK_BYTES = 1 << 16
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_FOLDER = (0o040755 << 16) | 0x10
_LEVEL = 1
_TOO_SMALL_BYTES = 1024
"""Below this, setting up the compressor costs more than the bytes it saves."""


class _Outlet:
    """The file that `zipfile` writes to: it cannot seek, and hands on what it was given."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self, *, at_least: int = 1) -> Iterator[bytes]:
        if self._size >= at_least:
            yield b"".join(self._held)
            self._held, self._size = [], 0


def zip_bytes(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive of these entries in chunks of about 64 KB; an entry's content is never held whole."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:  # type: ignore[call-overload]
        for entry in entries:
            if isinstance(entry.content, bytes):
                archive.writestr(
                    _info(entry), entry.content, compresslevel=_LEVEL if entry.compress else None
                )
            else:
                yield from _streamed(archive, entry, outlet)
            yield from outlet.taken(at_least=CHUNK_BYTES)
    yield from outlet.taken()


def _streamed(archive: zipfile.ZipFile, entry: Entry, outlet: _Outlet) -> Iterator[bytes]:
    with archive.open(_info(entry), "w", force_zip64=True) as member:
        for block in _in_blocks(entry.content):
            member.write(block)
            yield from outlet.taken(at_least=CHUNK_BYTES)


def _in_blocks(content: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces: the compressor is quick with those."""
    held: list[bytes] = []
    size = 0
    for chunk in (content,) if isinstance(content, bytes) else content:
        held.append(chunk)
        size += len(chunk)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _FIRST_MOMENT)
    small = isinstance(entry.content, bytes) and len(entry.content) < _TOO_SMALL_BYTES
    info.compress_type = zipfile.ZIP_DEFLATED if entry.compress and not small else zipfile.ZIP_STORED
    info.external_attr = _FOLDER if entry.name.endswith("/") else _PLAIN_FILE
    info.create_system = 3
    return info
