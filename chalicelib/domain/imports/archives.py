"""ZIP and TAR archives as named members, opened without trusting a word of what they say of themselves.

Refused: names that lead out of the folder, links and devices, encrypted members, archives in
archives, too many members, members that overlap, and more bytes than allowed; bytes are counted
while inflating.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol, cast

from chalicelib.domain.imports.contract import Limits, UnreadableError

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    struct.error,
    ValueError,
)
_IGNORED_FOLDERS = ("__MACOSX",)
_IGNORED_FILES = (".DS_Store", "Thumbs.db", "desktop.ini")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END_BYTES = 65_536 + 22
_DIRECTORY_BYTES_A_MEMBER = 160


class Archive(Protocol):
    """Members by name, in the archive's order."""

    names: list[str]

    def open(self, name: str) -> BinaryIO:
        """The member's bytes, counted; the stream can seek."""
        ...


@contextmanager
def broken_told() -> Iterator[None]:
    """Turn what broken archives raise into `UnreadableError`."""
    try:
        yield
    except UnreadableError:
        raise
    except NotImplementedError as error:
        raise UnreadableError(f"the archive needs something unsupported: {error}", code="archive") from None
    except RuntimeError as error:
        raise UnreadableError(f"the archive cannot be read: {error}", code="archive") from None
    except _BROKEN as error:
        raise UnreadableError(f"the archive is damaged: {error}", code="archive") from None


class Budget:
    """How many bytes have come out of an archive, each place in each member counted once."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._most = min(limits.bytes, max(limits.bytes_free_of_ratio, packed * limits.ratio))
        self._reached: dict[str, int] = {}
        self._spent = 0

    def reach(self, name: str, place: int) -> None:
        """Note that a member has been read up to a place; raises `UnreadableError` past the limit."""
        before = self._reached.get(name, 0)
        if place > before:
            self._reached[name] = place
            self._spent += place - before
            if self._spent > self._most:
                message = f"the archive expands to more than {self._most} bytes"
                raise UnreadableError(message, code="bomb")


class CountedStream(io.RawIOBase):
    """A member's stream whose bytes are on the budget; what is damaged inside is told as such."""

    def __init__(self, stream: BinaryIO, name: str, budget: Budget) -> None:
        self._stream = stream
        self._name = name
        self._budget = budget
        self._place = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always; going back inflates again."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes; never all at once beyond what is counted."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(1 << 16), b""))
        with broken_told():
            data = self._stream.read(size)
        self._place += len(data)
        self._budget.reach(self._name, self._place)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The same, into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place from the start, or on from here; forward is read and so counted."""
        if whence == io.SEEK_CUR:
            place += self._place
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("archives cannot be sought from their end")
        if place < self._place:
            with broken_told():
                self._stream.seek(0)
            self._place = 0
        while self._place < place:
            if not self.read(min(1 << 16, place - self._place)):
                break
        return self._place

    def tell(self) -> int:
        """The place from the start."""
        return self._place


class ZipArchive:
    """A ZIP file; names are checked at once, contents while they are read."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        packed = _check_directory(stream, limits)
        with broken_told():
            self._zip = zipfile.ZipFile(stream)
        self._budget = Budget(packed, limits)
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > limits.members:
            raise _too_many(limits)
        for info in infos:
            _check_zip_member(info)
        _check_overlaps(infos)
        self.names = _checked_names([info.filename for info in infos])

    def open(self, name: str) -> BinaryIO:
        """The member's bytes."""
        with broken_told():
            return cast(BinaryIO, CountedStream(cast(BinaryIO, self._zip.open(name)), name, self._budget))


class TarArchive:
    """A TAR file, plain or in gzip."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        packed = _size_of(stream)
        head = stream.read(2)
        stream.seek(0)
        self._budget = Budget(packed, limits)
        inner = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if head == b"\x1f\x8b" else stream
        counted = cast(BinaryIO, CountedStream(inner, "", self._budget))
        self._members: dict[str, tarfile.TarInfo] = {}
        names: list[str] = []
        with broken_told():
            self._tar = tarfile.TarFile(fileobj=counted)
            for member in self._tar:
                if member.isdir():
                    continue
                _check_tar_member(member)
                names.append(member.name)
                self._members[member.name] = member
                if len(names) > limits.members:
                    raise _too_many(limits)
        self.names = _checked_names(names)

    def open(self, name: str) -> BinaryIO:
        """The member's bytes."""
        with broken_told():
            found = self._tar.extractfile(self._members[name])
        if found is None:
            raise UnreadableError(f"{name} is no file", code="archive")
        return cast(BinaryIO, CountedStream(cast(BinaryIO, found), f"{name}/", _Uncounted()))


class _Uncounted(Budget):
    """For members of a TAR file, whose bytes are counted as those of the whole."""

    def __init__(self) -> None:
        super().__init__(0, Limits())

    def reach(self, name: str, place: int) -> None:
        """Nothing to note."""


def gunzipped(stream: BinaryIO, limits: Limits) -> BinaryIO:
    """What a `.gz` file holds, counted."""
    budget = Budget(_size_of(stream), limits)
    return cast(BinaryIO, CountedStream(cast(BinaryIO, gzip.GzipFile(fileobj=stream)), "", budget))


def is_litter(name: str) -> bool:
    """Whether a member is something that an operating system left there."""
    parts = name.split("/")
    return parts[0] in _IGNORED_FOLDERS or parts[-1] in _IGNORED_FILES or parts[-1].startswith("._")


def _checked_names(names: list[str]) -> list[str]:
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
            raise UnreadableError(f"the name {name[:200]!r} leads out of the archive", code="slip")
    if len(set(names)) != len(names):
        raise UnreadableError("two members of the archive have the same name", code="archive")
    return [name for name in names if not is_litter(name)]


def _check_zip_member(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise UnreadableError(f"{info.filename} is encrypted", code="archive")
    mode = info.external_attr >> 16
    if info.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise UnreadableError(f"{info.filename} is a link or a device", code="slip")
    if info.compress_type not in _METHODS:
        raise UnreadableError(f"{info.filename} is compressed in an unsupported way", code="archive")


def _check_tar_member(member: tarfile.TarInfo) -> None:
    if not member.isfile():
        raise UnreadableError(f"{member.name} is a link or a device", code="slip")
    if member.issparse():
        raise UnreadableError(f"{member.name} is a sparse file", code="archive")


def _check_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise UnreadableError("members of the archive overlap", code="bomb")
        end = info.header_offset + 30 + info.compress_size


def _check_directory(stream: BinaryIO, limits: Limits) -> int:
    """Refuse a directory too large to be read into memory; gives the size of the file."""
    size = _size_of(stream)
    stream.seek(max(0, size - _END_BYTES))
    tail = stream.read(_END_BYTES)
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise UnreadableError("the archive is damaged: its directory is missing", code="archive")
    directory = struct.unpack_from("<I", tail, at + 12)[0]
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if directory == 0xFFFFFFFF and 0 <= large <= len(tail) - 56:
        directory = struct.unpack_from("<Q", tail, large + 40)[0]
    if directory > limits.members * _DIRECTORY_BYTES_A_MEMBER:
        raise _too_many(limits)
    return size


def _size_of(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _too_many(limits: Limits) -> UnreadableError:
    return UnreadableError(f"the archive has more than {limits.members} members", code="bomb")
