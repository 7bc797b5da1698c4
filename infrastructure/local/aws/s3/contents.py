"""The bytes of objects and parts: files that appear whole, synced, or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from infrastructure.local.http_server import COPY_BYTES, BodyStream


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was written: its name in the folder, its size in bytes and its MD5 in hex."""

    name: str
    size: int
    md5: str


class ContentFolder:
    """A folder of write-once files with random names."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / "incoming"
        self._temporary.mkdir(parents=True, exist_ok=True)

    def write(self, source: BodyStream) -> Content:
        """Store what the stream gives. Whatever stops it half-way leaves nothing behind."""
        name = secrets.token_hex(16)
        temporary = self._temporary / name
        digest, size = hashlib.md5(usedforsecurity=False), 0
        try:
            with temporary.open("xb") as file:
                while chunk := source.read(COPY_BYTES):
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            self._publish(temporary, name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return Content(name, size, digest.hexdigest())

    def join(self, names: Iterable[str]) -> Content:
        """Store the contents of several files as one."""
        return self.write(_Joined([self.path(name) for name in names]))

    def open(self, name: str, *, start: int = 0) -> BinaryIO:
        """The file for reading. Raises FileNotFoundError when it was deleted since."""
        file = self.path(name).open("rb")
        file.seek(start)
        return file

    def delete(self, names: Iterable[str]) -> None:
        """Delete what nothing refers to any more; readers that have it open go on reading."""
        for name in names:
            try:
                self.path(name).unlink(missing_ok=True)
            except OSError:
                continue  # open elsewhere on a system that minds: the sweep of the next start takes it

    def sweep(self, *, known: set[str]) -> int:
        """Delete the files of writes that were cut off; gives how many. Only while nobody writes."""
        strays = [*self._temporary.iterdir()]
        strays += [path for path in self._root.glob("??/*") if path.name not in known]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)

    def path(self, name: str) -> Path:
        """Where the file is."""
        return self._root / name[:2] / name

    def _publish(self, temporary: Path, name: str) -> None:
        final = self.path(name)
        made = not final.parent.exists()
        final.parent.mkdir(exist_ok=True)
        temporary.rename(final)
        _sync_folder(final.parent)
        if made:
            _sync_folder(self._root)


class _Joined:
    """Files read one after the other."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = iter(paths)
        self._file: BinaryIO | None = None

    def read(self, size: int, /) -> bytes:
        while True:
            if self._file is None:
                path = next(self._paths, None)
                if path is None:
                    return b""
                self._file = path.open("rb")
            if chunk := self._file.read(size):
                return chunk
            self._file.close()
            self._file = None


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
