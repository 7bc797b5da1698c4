"""Labeled spans of a text, as the text formats see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.formats.annotations import Annotation, known_items
from chalicelib.domain.formats.contract import ExportContext, Task
from chalicelib.domain.formats.control_table import Control, value_at
from chalicelib.domain.formats.regions import labels_in


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` to `end`, end exclusive, and a label."""

    start: int
    end: int
    label: str


def text_of(task: Task, context: ExportContext) -> str:
    """The text of a task; "" if it has none."""
    key = context.controls.data_key_of("Text")
    found = value_at(task.get("data"), key) if key else None
    if isinstance(found, list):
        return "\n".join(map(str, found))
    return "" if found is None else str(found)


def spans_of(
    annotation: Annotation, context: ExportContext, task_id: int | None, *, length: int
) -> Iterator[Span]:
    """The spans in the order of the results; broken ones and answers that are no spans are reported."""
    losses = context.losses
    for control, item in known_items(annotation, context.controls, losses, task_id):
        if not _marks_text(control):
            losses.add(f"answer of {control.type}", task_id)
            continue
        value, labels = item["value"], labels_in(item)
        start, end = value.get("start"), value.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
            losses.add("span without a place in the text", task_id)
        elif end > length:
            losses.add("span past the end of the text", task_id)
        elif not labels:
            losses.add("region without a label", task_id)
        else:
            if len(labels) > 1:
                losses.add("further labels of a region", task_id, times=len(labels) - 1)
            yield Span(start, end, labels[0])


def _marks_text(control: Control) -> bool:
    return control.type == "Labels" and control.speaks_of("Text")
