"""JSON and JSONL: whole tasks, nothing left out."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.formats.contract import Format, Task
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.records import RecordStream


class JsonWriter(RecordStream):
    """A list of tasks, one a line."""

    separator = b",\n"

    def header(self) -> bytes:
        """The opening bracket."""
        return b"[\n"

    def footer(self) -> bytes:
        """The closing bracket."""
        return b"\n]\n"

    def records(self, task: Task) -> Iterable[bytes]:
        """The task as it is."""
        yield json_bytes(task, self.losses, task.get("id"))


class JsonLinesWriter(RecordStream):
    """A task a line."""

    def records(self, task: Task) -> Iterable[bytes]:
        """The task as it is, and a line end."""
        yield json_bytes(task, self.losses, task.get("id")) + b"\n"


JSON = Format(
    id="JSON",
    title="JSON",
    description="List of tasks in the product's own JSON form: annotations, predictions and drafts whole.",
    layout="stream",
    extension="json",
    content_type="application/json",
    open=JsonWriter,
)
JSONL = Format(
    id="JSONL",
    title="JSON lines",
    description="The JSON form, one task a line: for tools that read line by line.",
    layout="stream",
    extension="jsonl",
    content_type="application/x-ndjson",
    open=JsonLinesWriter,
)
