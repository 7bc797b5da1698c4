"""JSON_MIN: a list of flat records, one per annotation, only data and answers."""

from __future__ import annotations

from chalicelib.domain.formats.contract import Format, Task
from chalicelib.domain.formats.flat_records import FLAT_LOSSES, flat_records
from chalicelib.domain.formats.json_tasks import JsonWriter
from chalicelib.domain.formats.json_text import json_bytes


class JsonMinWriter(JsonWriter):
    """A list of flat records, one a line."""

    def records(self, task: Task) -> list[bytes]:
        """A record per live annotation."""
        found = flat_records(task, self.context, self.context.controls.controls)
        return [json_bytes(record, self.losses, task.get("id")) for record in found]


JSON_MIN = Format(
    id="JSON_MIN",
    title="JSON-MIN",
    description="List of flat records, one per annotation: the task's data and the answer of each control.",
    layout="stream",
    extension="json",
    content_type="application/json",
    open=JsonMinWriter,
    cannot_carry=FLAT_LOSSES,
)
