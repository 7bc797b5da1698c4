"""What stands in the columns of the data manager, read from tasks; and which of it may be remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from chalicelib.domain.data_manager.matching import Row
from chalicelib.domain.data_manager.packed import LAYOUT as PACKED_LAYOUT
from chalicelib.domain.data_manager.packed import Columns, TaskRow, columns_of
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.ports.tasks import TaskFamily

FAMILY_COLUMNS = frozenset({"annotations_results", "predictions_results"})
UNSURE = frozenset({"updated_at", "updated_by"})
"""Columns that another overlap changes too, which touches no contents: nothing tells that they changed."""


def row_of(whole: TaskWithBody, family: TaskFamily | None = None) -> Row:
    """What a task has in each column; the results only with its family."""
    data = whole.body.data

    def value(column: str) -> Any:
        if column.startswith("data."):
            return data.get(column.removeprefix("data."))
        return COLUMNS[column](whole, family)

    return value


def _results(entities: Sequence[Any]) -> str:
    import json

    return json.dumps([entity.result for entity in entities], ensure_ascii=False) if entities else ""


COLUMNS: Mapping[str, Callable[[TaskWithBody, TaskFamily | None], Any]] = {
    "id": lambda whole, _: whole.task.id,
    "inner_id": lambda whole, _: whole.task.inner_id,
    "state": lambda whole, _: whole.task.state,
    "completed_at": lambda whole, _: whole.task.completed_at,
    "total_annotations": lambda whole, _: whole.task.total_annotations,
    "cancelled_annotations": lambda whole, _: whole.task.cancelled_annotations,
    "total_predictions": lambda whole, _: whole.task.total_predictions,
    "annotators": lambda whole, _: whole.task.annotators,
    "annotations_results": lambda _, family: _results(family.annotations) if family else "",
    "annotations_ids": lambda whole, _: ",".join(map(str, whole.task.annotation_ids)),
    "predictions_score": lambda whole, _: whole.task.predictions_score,
    "predictions_model_versions": lambda whole, _: tuple(sorted(whole.task.models)),
    "predictions_results": lambda _, family: _results(family.predictions) if family else "",
    "file_upload": lambda whole, _: whole.body.file_upload_id,
    "storage_filename": lambda whole, _: whole.body.storage_filename,
    "created_at": lambda whole, _: whole.task.created_at,
    "updated_at": lambda whole, _: whole.task.updated_at,
    "updated_by": lambda whole, _: (whole.task.updated_by,) if whole.task.updated_by else (),
    "avg_lead_time": lambda whole, _: whole.task.avg_lead_time,
    "draft_exists": lambda whole, _: whole.task.draft_exists,
    "assigned": lambda whole, _: whole.task.assigned,
}
"""How each column is read from a task."""
REMEMBERED = tuple((name, read) for name, read in COLUMNS.items() if name not in FAMILY_COLUMNS | UNSURE)
LAYOUT = f"{PACKED_LAYOUT}-{crc32(','.join(name for name, _ in REMEMBERED).encode()):08x}"
"""Of packed columns: those of another layout lack a column, or say something else in one."""


def remembered(wholes: Sequence[TaskWithBody]) -> Columns:
    """The columns of tasks that may be remembered."""
    rows = [TaskRow(w.body.data, {name: read(w, None) for name, read in REMEMBERED}) for w in wholes]
    return columns_of(rows)
