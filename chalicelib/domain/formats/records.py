"""The frame of stream formats: records joined by a separator, handed out in chunks of some size."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from chalicelib.domain.formats.contract import ExportContext, Task

CHUNK_BYTES = 1 << 16


class RecordStream(ABC):
    """A stream writer whose part is the records of its tasks, with `separator` between any two."""

    separator = b""

    def __init__(self, context: ExportContext) -> None:
        self.context = context
        self.losses = context.losses

    def header(self) -> bytes:
        """Nothing, unless the format has a head."""
        return b""

    def footer(self) -> bytes:
        """Nothing, unless the format has an end."""
        return b""

    @abstractmethod
    def records(self, task: Task) -> Iterable[bytes]:
        """The records of one task, in their order."""

    def part(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The records of these tasks in chunks of about 64 KB."""
        held: list[bytes] = []
        size = 0
        begun = False
        for task in tasks:
            for record in self.records(task):
                held.append(record)
                size += len(record)
            if size >= CHUNK_BYTES:
                yield self._joined(held, begun=begun)
                held, size, begun = [], 0, True
        if held:
            yield self._joined(held, begun=begun)

    def _joined(self, records: list[bytes], *, begun: bool) -> bytes:
        text = self.separator.join(records)
        return self.separator + text if begun else text
