"""Free-form JSON of any size: compressed, beside its item while small, in S3 beyond.

Three tiers: *inline* in the item that it belongs to, in a *row* of its own (only task bodies, whose
states must stay small because they are written so often), or a *blob* in S3. Blobs are named by their
content and written before the item that names them, so that an item never names what is not there; a
blob that no item names any more is swept later.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.errors import InvalidInputError

INLINE_STATE_BYTES = 500
"""How much compressed body fits in a task's state so that a change of it stays within one write unit."""
ROW_BYTES = 100 * 1024
"""How much compressed body lies in DynamoDB at all."""


class Blobs(Protocol):
    """What bodies need of a blob store; `chalicelib.ports.blobs.BlobStore` has it."""

    def get(self, key: str) -> bytes:
        """The whole blob; NotFoundError when there is none."""

    def put(self, key: str, data: bytes) -> object:
        """Store a blob whole."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A compressed body on its way into or out of storage: its bytes, or the blob that holds them."""

    data: bytes | None
    blob: str | None = None

    @property
    def size(self) -> int:
        """The bytes that it takes in an item."""
        return len(self.data) if self.data is not None else len(self.blob or "")


def compress(value: Any) -> bytes:
    """The value as compressed JSON; equal values give equal bytes. InvalidInputError for NaN and infinity."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise InvalidInputError.at("", "NaN and infinity are not JSON numbers.", code="json") from error
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def decompress(data: bytes) -> Any:
    """The value that `compress` was given."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


class Bodies:
    """Packs bodies and puts the large ones into S3."""

    def __init__(self, blobs: Blobs, *, row_bytes: int = ROW_BYTES) -> None:
        self._blobs = blobs
        self._row_bytes = row_bytes

    def pack(self, project: int, value: Any) -> Packed:
        """The body ready to be stored; a large one is in S3 when this returns."""
        data = compress(value)
        if len(data) <= self._row_bytes:
            return Packed(data)
        key = f"bodies/{project}/{hashlib.sha256(data).hexdigest()}"
        self._blobs.put(key, data)
        return Packed(None, key)

    def unpack(self, packed: Packed) -> Any:
        """The body, fetched from S3 where it is there."""
        if packed.data is not None:
            return decompress(packed.data)
        if packed.blob is None:
            raise ValueError("nothing was packed")
        return decompress(self._blobs.get(packed.blob))
