"""Training data for spaCy as JSON lines: one document per annotation.

    {"text", "entities": [[start, end, label]…], "spans": {"sc": [[start, end, label]…]},
     "cats": {label: 1.0 | 0.0}, "meta": {"task", "annotation", "annotator"}}

`entities` never overlap (spaCy's `doc.ents` cannot); of those that do, the longer stays, and `spans`
has them all. Offsets count code points, as spaCy's do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.formats.annotations import (
    Annotation,
    annotator_of,
    known_items,
    live_annotations,
)
from chalicelib.domain.formats.contract import ExportContext, Format, LossReport, Task
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.records import RecordStream
from chalicelib.domain.formats.spans import Span, spans_of, text_of


class SpacyWriter(RecordStream):
    """A document a line."""

    def __init__(self, context: ExportContext) -> None:
        super().__init__(context)
        self._labels = [label for control in context.controls.of_type("Choices") for label in control.labels]

    def records(self, task: Task) -> Iterator[bytes]:
        """A line per live annotation; tasks that nobody has annotated teach nothing and are left out."""
        task_id = task.get("id")
        text = text_of(task, self.context)
        for annotation in live_annotations(task, self.losses) or ():
            found = self._spans(annotation, task_id, len(text))
            document: dict[str, Any] = {"text": text, "entities": [_row(span) for span in self._apart(found)]}
            document["spans"] = {"sc": [_row(span) for span in found]}
            if self._labels:
                picked = self._picked(annotation)
                document["cats"] = {label: float(label in picked) for label in self._labels}
            document["meta"] = {
                "task": task_id,
                "annotation": annotation.get("id"),
                "annotator": annotator_of(annotation),
            }
            yield json_bytes(document, self.losses, task_id) + b"\n"

    def _spans(self, annotation: Annotation, task_id: int | None, length: int) -> list[Span]:
        found = list(spans_of(annotation, self.context, task_id, length=length))
        self.losses.forget("answer of Choices")
        return sorted(found, key=lambda span: (span.start, -span.end))

    def _apart(self, spans: list[Span]) -> list[Span]:
        kept: list[Span] = []
        for span in spans:
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
            elif span.end - span.start > kept[-1].end - kept[-1].start:
                kept[-1] = span
        return kept

    def _picked(self, annotation: Annotation) -> set[str]:
        items = known_items(annotation, self.context.controls, LossReport(), None)
        return {
            str(choice)
            for control, item in items
            if control.type == "Choices" and isinstance(item["value"].get("choices"), list)
            for choice in item["value"]["choices"]
        }


def _row(span: Span) -> list[Any]:
    return [span.start, span.end, span.label]


def _fits(controls: ControlTable) -> bool:
    return controls.reads_one_key and controls.pairs(("Text",), "Labels", "Choices")


SPACY = Format(
    id="SPACY",
    title="spaCy",
    description="Training documents for spaCy as JSON lines: entities, spans and text categories.",
    layout="stream",
    extension="jsonl",
    content_type="application/x-ndjson",
    tags=("named entity recognition", "text classification"),
    link="https://spacy.io/api/data-formats",
    open=SpacyWriter,
    fits=_fits,
    cannot_carry=(
        "tasks without annotations",
        "all labels of a span but the first",
        "relations, other answers",
    ),
)
