"""CSV and TSV: the flat records as a table, with columns known from a first pass.

UTF-8, `\\r\\n`, columns in code point order, everything but numbers quoted. A cell that a spreadsheet
would take for a formula gets an apostrophe in front; `unguarded` takes it off again on import.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.domain.formats.annotations import known_items, live_annotations
from chalicelib.domain.formats.contract import ExportContext, Format, LossReport, Task
from chalicelib.domain.formats.flat_records import FIXED_COLUMNS, FLAT_LOSSES, data_columns, flat_records
from chalicelib.domain.formats.formulas import guarded
from chalicelib.domain.formats.json_text import json_text, utf8
from chalicelib.domain.formats.records import RecordStream

EMPTY = '""'


class Columns:
    """The survey: the names of all data fields, controls and marks in use."""

    def __init__(self, context: ExportContext) -> None:
        self._controls = context.controls
        self._data: set[str] = set()
        self._answered: set[str] = set()
        self._marks: set[str] = set()

    def see(self, tasks: Iterable[Task]) -> None:
        """Note the names that these tasks use."""
        unreported = LossReport()
        for task in tasks:
            live = live_annotations(task, unreported)
            if live is None:
                continue
            self._data.update(data_columns(task, ()))
            if live and "agreement" in task:
                self._marks.add("agreement")
            for annotation in live:
                items = known_items(annotation, self._controls, unreported, None)
                self._answered.update(item["from_name"] for _, item in items)

    def merge(self, other: Columns) -> None:
        """Take in the names of another part."""
        self._data |= other._data
        self._answered |= other._answered
        self._marks |= other._marks

    def as_dict(self) -> dict[str, list[str]]:
        """The names, sorted."""
        return {"data": sorted(self._data), "answered": sorted(self._answered), "marks": sorted(self._marks)}

    def load(self, stored: Mapping[str, Any]) -> None:
        """Take in stored names."""
        self._data.update(stored["data"])
        self._answered.update(stored["answered"])
        self._marks.update(stored["marks"])

    @property
    def answered(self) -> set[str]:
        """The controls that have an answer somewhere."""
        return self._answered

    @property
    def names(self) -> list[str]:
        """The columns of the table in their order."""
        data = data_columns({"data": dict.fromkeys(self._data)}, self._answered)
        answers = {f"_answer_{name}" if name in FIXED_COLUMNS else name for name in self._answered}
        return sorted({*data, *answers, *self._marks, *FIXED_COLUMNS})


class DelimitedWriter(RecordStream):
    """A row per flat record."""

    def __init__(self, context: ExportContext, *, delimiter: str) -> None:
        super().__init__(context)
        if not isinstance(context.survey, Columns):
            raise TypeError("a table needs the survey of its columns")
        self._delimiter = delimiter
        self._columns = context.survey.names
        self._taken = context.survey.answered
        self._guard: Callable[[str], str] = guarded if context.options.guard_formulas else str

    def header(self) -> bytes:
        """The names of the columns."""
        return self._row(self._columns, None)

    def records(self, task: Task) -> Iterator[bytes]:
        """A row per live annotation; None and missing cells are empty."""
        task_id = task.get("id")
        for record in flat_records(task, self.context, self._taken):
            author = record["annotator"]
            record["annotator"] = None if author is None else str(author)
            yield self._row([record.get(name) for name in self._columns], task_id)

    def _row(self, cells: Iterable[Any], task_id: int | None) -> bytes:
        row = self._delimiter.join([self._cell(cell, task_id) for cell in cells])
        return utf8(f"{row}\r\n", self.losses, task_id)

    def _cell(self, value: Any, task_id: int | None) -> str:
        if value is None:
            return EMPTY
        if isinstance(value, str):
            text = self._guard(value)
        elif isinstance(value, int | float):
            return self._number(value, task_id)
        else:
            text = json_text(value, self.losses, task_id)
        return '"' + text.replace('"', '""') + '"'

    def _number(self, value: float, task_id: int | None) -> str:
        if not math.isfinite(value):
            self.losses.add("number that is not finite", task_id)
            return EMPTY
        return repr(value)


CSV = Format(
    id="CSV",
    title="CSV",
    description="Table with a row per annotation and a column per data field and control, comma-separated.",
    layout="stream",
    extension="csv",
    content_type="text/csv; charset=utf-8",
    open=partial(DelimitedWriter, delimiter=","),
    survey=Columns,
    cannot_carry=FLAT_LOSSES,
)
TSV = Format(
    id="TSV",
    title="TSV",
    description="Table with a row per annotation and a column per data field and control, tab-separated.",
    layout="stream",
    extension="tsv",
    content_type="text/tab-separated-values; charset=utf-8",
    open=partial(DelimitedWriter, delimiter="\t"),
    survey=Columns,
    cannot_carry=FLAT_LOSSES,
)
