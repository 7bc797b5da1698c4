"""Bytes kept aside in little memory, to be written after something else."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_BLOCK_BYTES = 1 << 16


class Shelf:
    """Takes bytes and gives them back in their order; holds them compressed, block by block."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[bytes] = []
        self._size = 0

    def put(self, data: bytes) -> None:
        """Keep these bytes after those kept before."""
        self._open.append(data)
        self._size += len(data)
        if self._size >= _BLOCK_BYTES:
            self._blocks.append(zlib.compress(b"".join(self._open), 1))
            self._open, self._size = [], 0

    def taken(self) -> Iterator[bytes]:
        """All that was kept, in blocks."""
        for block in self._blocks:
            yield zlib.decompress(block)
        yield b"".join(self._open)
