"""What a reader is given and what it gives: tasks, and problems that say where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from chalicelib.domain.formats.control_table import ControlTable

UNNAMED = "$undefined$"
"""The data key of files that do not name their columns; it stands for the config's only key."""

MediaStore = Callable[[str, BinaryIO], str]
"""Keeps a media file found inside an archive, by its name there, and gives the address for the task."""

ColumnType = Literal["text", "integer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file may hold, expanded. Bytes, characters and counts."""

    bytes: int = 250 * 1024 * 1024
    tasks: int = 1_000_000
    item_characters: int = 32 * 1024 * 1024
    depth: int = 200
    members: int = 100_000
    ratio: int = 100
    bytes_free_of_ratio: int = 50 * 1024 * 1024
    """An archive may expand to `ratio` times its packed size; these first bytes are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is to be read.

    `address` is where a media file that is imported by itself has been stored. `as_tasks_list` false
    makes a table or a text file one task with its address. `column_types`, from
    `delimited.column_types`, spares tables a first pass. `controls` name the answers of datasets,
    which become predictions with `as_predictions`.
    """

    address: str = ""
    as_tasks_list: bool = True
    limits: Limits = field(default_factory=Limits)
    store_media: MediaStore | None = None
    column_types: Mapping[str, ColumnType] | None = None
    controls: ControlTable = field(default_factory=lambda: ControlTable({}))
    as_predictions: bool = False
    media_prefix: str = ""


@dataclass(slots=True, kw_only=True)
class TaskIn:
    """One task as it came in; `place` says where (`line 3`, `item 2`, `images/a.jpg`).

    `data` is an object in nearly all cases; `checks` says what else it must satisfy. `wrapped` tells
    that it came as `{"data": …}` rather than as the data itself.
    """

    data: Any
    meta: Any = field(default_factory=dict)
    annotations: list[Any] = field(default_factory=list)
    predictions: list[Any] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)
    allow_skip: bool = True
    wrapped: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a file. After a problem that `stops`, nothing more is read from it.

    A `warning` is worth telling, but takes nothing away: an import may go on with it.
    """

    message: str
    file: str = ""
    line: int | None = None
    code: str = "invalid"
    stops: bool = True
    warning: bool = False

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.message}"


class UnreadableError(Exception):
    """Reading cannot go on; `read_tasks` turns it into a problem."""

    def __init__(self, message: str, *, line: int | None = None, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.code = code

    def problem(self, file: str) -> Problem:
        """The problem to report for that file."""
        return Problem(message=self.message, file=file, line=self.line, code=self.code)
