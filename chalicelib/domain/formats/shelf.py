"""Bytes kept aside in little memory, to be written after something else."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_BLOCK_BYTES = 1 << 16
_PLAIN_BLOCKS = 256
"""The first 16 MiB are kept as they are: packing costs more time than they cost room."""


class Shelf:
    """Takes bytes and gives them back in their order; holds them in blocks, the later ones compressed."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[bytes] = []
        self._size = 0

    def put(self, data: bytes) -> None:
        """Keep these bytes after those kept before."""
        self._open.append(data)
        self._size += len(data)
        if self._size >= _BLOCK_BYTES:
            block = b"".join(self._open)
            self._blocks.append(zlib.compress(block, 1) if len(self._blocks) >= _PLAIN_BLOCKS else block)
            self._open, self._size = [], 0

    def taken(self) -> Iterator[bytes]:
        """All that was kept, in blocks."""
        for number, block in enumerate(self._blocks):
            yield zlib.decompress(block) if number >= _PLAIN_BLOCKS else block
        yield b"".join(self._open)
