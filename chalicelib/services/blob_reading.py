"""A blob as a file that can seek: what archives and tables need, without a disk that would have to hold it.

Reading on is one request however long it goes; a seek elsewhere begins another.
"""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from chalicelib.errors import NotFoundError
from chalicelib.ports.blobs import BlobStore

WHOLE_BYTES = 4 * 1024 * 1024
"""Blobs up to this size are read at once: they are sought in more than large ones."""
BUFFER_BYTES = 1 << 18
TRIES = 4


def seekable(blobs: BlobStore, key: str) -> BinaryIO:
    """The blob as a stream that can seek. `NotFoundError` when there is none."""
    info = blobs.info(key)
    if info is None:
        raise NotFoundError("The uploaded file is gone.")
    if info.size <= WHOLE_BYTES:
        return io.BytesIO(blobs.get(key))
    return cast(BinaryIO, io.BufferedReader(_BlobReader(blobs, key, info.size), buffer_size=BUFFER_BYTES))


class _BlobReader(io.RawIOBase):
    """Reads on from where it is; a connection that breaks off is begun again there."""

    def __init__(self, blobs: BlobStore, key: str, size: int) -> None:
        self._blobs = blobs
        self._key = key
        self._size = size
        self._position = 0
        self._stream: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        target = max(base + offset, 0)
        if target != self._position:
            self._let_go()
            self._position = target
        return target

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._position >= self._size or not len(view):
            return 0
        for attempt in range(1, TRIES + 1):
            try:
                data = self._opened().read(len(view))
            except NotFoundError:
                raise
            except Exception:
                self._let_go()
                if attempt == TRIES:
                    raise
                continue
            if data:
                view[: len(data)] = data
                self._position += len(data)
                return len(data)
            self._let_go()  # the answer ended before the blob did
        raise OSError("The stored file breaks off.")

    def close(self) -> None:
        self._let_go()
        super().close()

    def _opened(self) -> BinaryIO:
        if self._stream is None:
            self._stream = self._blobs.open(self._key, start=self._position)
        return self._stream

    def _let_go(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
