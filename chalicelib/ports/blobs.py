"""What the services need of the store of blobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is known of a stored blob; `etag` without quotes."""

    key: str
    size: int
    etag: str
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedPart:
    """Where the bytes `offset … offset + size` of an upload are to be PUT."""

    number: int
    url: str
    offset: int
    size: int


class BlobWriter(Protocol):
    """An open blob: write in order, then `close` makes it visible whole; `abort` leaves nothing."""

    def write(self, data: bytes) -> int:
        """Append; gives the number of bytes."""

    def close(self) -> BlobInfo:
        """Finish; from now on readers see the blob."""

    def abort(self) -> None:
        """Forget all that was written."""


class BlobStore(Protocol):
    """Bytes by key: uploads and media, large bodies, parts of jobs, exports."""

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> BlobInfo:
        """Store a small blob whole."""

    def get(self, key: str) -> bytes:
        """The whole blob; `NotFoundError` when there is none."""

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> BinaryIO:
        """The blob, or its bytes `start … end` (end exclusive), as a stream."""

    def info(self, key: str) -> BlobInfo | None:
        """Size and tag, or None."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove blobs; absent ones are no error."""

    def keys(self, prefix: str) -> Iterator[BlobInfo]:
        """All blobs whose key begins with the prefix, in key order."""

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> BlobWriter:
        """Write a blob of any size in flat memory."""

    def join(
        self, key: str, parts: Sequence[str], *, content_type: str = "application/octet-stream"
    ) -> BlobInfo:
        """Make one blob of others, one after the other, without holding them in memory."""

    def signed_get(
        self,
        key: str,
        *,
        expires_s: int = 300,
        filename: str | None = None,
        content_type: str | None = None,
    ) -> str:
        """A URL by which anybody can read the blob for a while; `filename` makes it a download."""

    def signed_put(self, key: str, size: int, *, content_type: str) -> tuple[str, Sequence[SignedPart]]:
        """A handle and the URLs by which a browser can upload `size` bytes, in parts if there are many."""

    def resumed_put(
        self, key: str, handle: str, size: int, *, content_type: str
    ) -> tuple[Sequence[SignedPart], Mapping[int, str]]:
        """Fresh URLs for the parts of an upload that have not arrived, and the tags of those that have."""

    def complete_put(self, key: str, handle: str, etags: Mapping[int, str]) -> BlobInfo:
        """Put the uploaded parts together, as often as asked. `InvalidInputError` if parts lack."""
