"""Bytes kept aside in little memory, to be written after something else."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_READ_BYTES = 1 << 16


class Shelf:
    """Takes bytes and gives them back in their order, once; holds them compressed meanwhile."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(1)
        self._held: list[bytes] = []

    def put(self, data: bytes) -> None:
        """Keep these bytes after those kept before."""
        if packed := self._compressor.compress(data):
            self._held.append(packed)

    def taken(self) -> Iterator[bytes]:
        """All that was kept, in chunks."""
        self._held.append(self._compressor.flush())
        opener = zlib.decompressobj()
        for packed in self._held:
            left = packed
            while left:
                yield opener.decompress(left, _READ_BYTES)
                left = opener.unconsumed_tail
