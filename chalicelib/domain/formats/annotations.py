"""Which annotations of a task a format writes, beside the JSON form, which writes them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.formats.contract import LossReport, Task
from chalicelib.domain.formats.control_table import Control, ControlTable

Annotation = Mapping[str, Any]
ResultItem = Mapping[str, Any]


def live_annotations(task: Task, losses: LossReport) -> Sequence[Annotation] | None:
    """The annotations that count, newest first; None if there were some and all are cancelled.

    An empty list is a task that nobody has annotated: such a task is written, with nothing in it.
    """
    given = task.get("annotations") or ()
    live = [annotation for annotation in given if not annotation.get("was_cancelled")]
    if len(live) != len(given):
        losses.add("cancelled annotation", task.get("id"), times=len(given) - len(live))
        if not live:
            return None
    if len(live) > 1:
        live.sort(key=_created_at, reverse=True)
    return live


def known_items(
    annotation: Annotation, controls: ControlTable, losses: LossReport, task_id: int | None
) -> Iterator[tuple[Control, ResultItem]]:
    """The result items that the config knows, with their controls; the others are losses."""
    named = controls.of
    for item in annotation.get("result") or ():
        if not isinstance(item, dict):
            losses.add("result item that is no object", task_id)
            continue
        control = named(item.get("from_name"))
        if control is None:
            losses.add("relation" if item.get("type") == "relation" else "control not in the config", task_id)
        elif not isinstance(item.get("value"), dict):
            losses.add("result item without value", task_id)
        else:
            yield control, item


def annotator_of(annotation: Annotation) -> Any:
    """The e-mail where the annotation carries its author whole, else the author's id."""
    author = annotation.get("completed_by")
    if isinstance(author, Mapping):
        return author.get("email", author.get("id"))
    return author


def _created_at(annotation: Annotation) -> str:
    return str(annotation.get("created_at") or "")
