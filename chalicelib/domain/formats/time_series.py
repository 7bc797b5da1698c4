"""Time series: a table with a row for each labeled stretch, in the units of the series' own time column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.formats.annotations import annotator_of, known_items, live_annotations
from chalicelib.domain.formats.contract import ExportContext, Format, Task
from chalicelib.domain.formats.control_table import ControlTable, value_at
from chalicelib.domain.formats.formulas import guarded
from chalicelib.domain.formats.json_text import utf8
from chalicelib.domain.formats.records import RecordStream

COLUMNS = (
    "task",
    "annotation",
    "annotator",
    "series",
    "region",
    "control",
    "label",
    "start",
    "end",
    "instant",
)
_KEY = "timeserieslabels"


class TimeSeriesWriter(RecordStream):
    """A row for each label of each stretch."""

    def __init__(self, context: ExportContext) -> None:
        super().__init__(context)
        self._key = context.controls.data_key_of("TimeSeries")
        self._guard = guarded if context.options.guard_formulas else str

    def header(self) -> bytes:
        """The names of the columns."""
        return (",".join(COLUMNS) + "\r\n").encode()

    def records(self, task: Task) -> Iterator[bytes]:
        """The rows of each live annotation."""
        task_id = task.get("id")
        series = value_at(task.get("data"), self._key) if self._key else None
        source = series if isinstance(series, str) else None
        for annotation in live_annotations(task, self.losses) or ():
            head = [task_id, annotation.get("id"), annotator_of(annotation), source]
            for control, item in known_items(annotation, self.context.controls, self.losses, task_id):
                value = item["value"]
                labels = value.get(_KEY, value.get("labels"))
                if not isinstance(labels, list) or "start" not in value or "end" not in value:
                    self.losses.add(f"answer of {control.type}", task_id)
                    continue
                if not labels:
                    self.losses.add("region without a label", task_id)
                place = [value["start"], value["end"], int(bool(value.get("instant")))]
                for label in labels:
                    yield self._row([*head, item.get("id"), control.name, str(label), *place])

    def _row(self, cells: list[Any]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerow([self._guard(c) if isinstance(c, str) else c for c in cells])
        return utf8(text.getvalue(), self.losses)


def _fits(controls: ControlTable) -> bool:
    return controls.pairs(("TimeSeries",), "TimeSeriesLabels", "Labels")


TIME_SERIES = Format(
    id="TIME_SERIES",
    title="Time series stretches",
    description="A table with a row for each labeled stretch: start and end as in the series' time column.",
    layout="stream",
    extension="csv",
    content_type="text/csv; charset=utf-8",
    tags=("time series",),
    open=TimeSeriesWriter,
    fits=_fits,
    cannot_carry=("the series themselves where they stand in the task", "relations, other answers"),
)
