"""What reading the files of an import has brought to light: problems with their places, and a first look."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from chalicelib.domain.imports.contract import Problem
from chalicelib.domain.jobs import Problem as JobProblem
from chalicelib.errors import Fault
from chalicelib.services.import_items import Item

MAX_FAULTS = 10_000
"""How many faults one job tells; reading stops there."""
MAX_WARNINGS = 100
PREVIEW_ROWS = 10
PREVIEW_COLUMNS = 50
PREVIEW_CHARACTERS = 200


@dataclass(slots=True)
class Findings:
    """Collects while files are read; `media` are the keys of what archives brought along."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    read: int = 0
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    formats: dict[str, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that reading on would help nobody."""
        return len(self.faults) >= MAX_FAULTS

    def add_fault(self, fault: Fault) -> None:
        """Something that cannot be imported."""
        self.faults.append(fault)

    def add_file(self, name: str) -> None:
        """One more file of its extension."""
        extension = PurePosixPath(name).suffix.lower()
        self.formats[extension] = self.formats.get(extension, 0) + 1

    def add_problem(self, name: str, problem: Problem) -> None:
        """What a reader could not read, or warns of."""
        inner = f", {problem.file}" if problem.file and problem.file != name else ""
        line = f", line {problem.line}" if problem.line is not None else ""
        place = f"{name}{inner}{line}"
        if not problem.warning:
            self.faults.append(Fault(place, problem.message, problem.code))
        elif len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(f"{place}: {problem.message}")

    def add_item(self, item: Item, faults: Sequence[Fault]) -> None:
        """An item that was read, with all that is wrong with it."""
        self.read += 1
        self.faults.extend(faults)
        data = item["data"]
        if isinstance(data, Mapping):
            self.columns.update(dict.fromkeys(list(data)[:PREVIEW_COLUMNS]))
        if len(self.rows) < PREVIEW_ROWS and not faults:
            self.rows.append(_row(item))

    def problems(self) -> tuple[JobProblem, ...]:
        """The faults as the job tells them."""
        return tuple(JobProblem(fault.place, fault.message) for fault in self.faults)

    def shown(self, count: int) -> dict[str, object]:
        """What a dry run shows: how many tasks there would be, and the first of them."""
        return {
            "task_count": count,
            "preview": self.rows,
            "data_columns": list(self.columns)[:PREVIEW_COLUMNS],
            "found_formats": self.formats,
            "warnings": self.warnings,
        }


def _row(item: Item) -> dict[str, Any]:
    data = {key: _short(value) for key, value in list(item["data"].items())[:PREVIEW_COLUMNS]}
    counts = {name: len(item[name]) for name in ("annotations", "predictions") if item[name]}
    return {"data": data, **counts}


def _short(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= PREVIEW_CHARACTERS else f"{text[:PREVIEW_CHARACTERS]}…"
