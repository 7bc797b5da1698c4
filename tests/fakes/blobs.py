"""A blob store in memory, as far as bodies need one."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.errors import NotFoundError


class FakeBlobs:
    """Bytes by key; `puts` counts the writes."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.puts = 0

    def get(self, key: str) -> bytes:
        if key not in self.content:
            raise NotFoundError(f"no blob {key}")
        return self.content[key]

    def put(self, key: str, data: bytes) -> object:
        self.puts += 1
        self.content[key] = data
        return None

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.content.pop(key, None)
