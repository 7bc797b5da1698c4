"""What a writer of a format is given and what it gives: the types that all formats share.

A format is one module with one entry in `registry`. There are two layouts:

* *stream*: one file of records. `header() + separator.join(non-empty parts) + footer()` is the file,
  however the tasks were divided into parts, so parts may be written in parallel and joined.
* *archive*: a zip. The writer yields entries and may pass over the tasks more than once.

The formats meet in one hub, the task as the JSON export gives it, and know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal, Protocol

from chalicelib.domain.formats.control_table import ControlTable

Task = Mapping[str, Any]
"""`id, data, meta, annotations[], predictions[], drafts[]`, as in the JSON export."""

TaskSource = Callable[[], Iterable[Task]]
"""Gives the tasks from the start, in the same order, each time it is called."""

Layout = Literal["stream", "archive"]
EXAMPLES_KEPT = 5


class MediaUnavailableError(Exception):
    """A media file could not be had; the message says why. Writers go on without it and report it."""


class MediaSource(Protocol):
    """Where the bytes of images and sounds come from."""

    def open(self, url: str) -> tuple[str, BinaryIO]:
        """The file's own name and its bytes; raises `MediaUnavailableError`."""
        ...


@dataclass(slots=True)
class LossReport:
    """What a format could not carry, counted by reason, with the ids of the first tasks it met."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, task_id: int | None = None, *, times: int = 1) -> None:
        """Count a loss."""
        counts = self.counts
        if reason not in counts:
            counts[reason], self.examples[reason] = 0, []
        counts[reason] += times
        ids = self.examples[reason]
        if len(ids) < EXAMPLES_KEPT and task_id is not None and task_id not in ids:
            ids.append(task_id)

    def forget(self, reason: str) -> None:
        """Strike out a reason that is no loss for this format."""
        self.counts.pop(reason, None)
        self.examples.pop(reason, None)

    def merge(self, other: LossReport) -> None:
        """Take in the report of a later part."""
        for reason, count in other.counts.items():
            self.add(reason, times=count)
            ids = self.examples[reason]
            fresh = [task_id for task_id in other.examples.get(reason, ()) if task_id not in ids]
            ids.extend(fresh[: EXAMPLES_KEPT - len(ids)])

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> LossReport:
        """The report that `as_dict` gave."""
        return cls(
            {reason: int(entry["count"]) for reason, entry in stored.items()},
            {reason: list(entry["tasks"]) for reason, entry in stored.items()},
        )

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """`{reason: {"count": n, "tasks": [ids]}}`, reasons in alphabetical order."""
        return {
            reason: {"count": self.counts[reason], "tasks": list(self.examples[reason])}
            for reason in sorted(self.counts)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What the person asking may choose, and what the outside knows.

    `now` goes into files that name the moment of writing; `guard_formulas` puts an apostrophe before
    cells that a spreadsheet would take for a formula; `with_media` puts the media into VOC and ASR
    archives (COCO and YOLO have formats of their own for that); `original_names` keeps the last part of an
    address as the file's name where the default puts a hash before it. `label_config` and `filters` (what the
    export was asked to hold) are for formats that say where they come from.
    """

    project_id: int = 0
    now: datetime = datetime(1980, 1, 1, tzinfo=UTC)
    with_media: bool = False
    guard_formulas: bool = True
    original_names: bool = False
    label_config: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class ExportContext:
    """All that a writer may use beside the tasks. `losses` is written to while it writes."""

    controls: ControlTable
    options: ExportOptions = field(default_factory=ExportOptions)
    media: MediaSource | None = None
    losses: LossReport = field(default_factory=LossReport)
    survey: Survey | None = None


class Survey(Protocol):
    """What a first pass over the tasks found; the surveys of parts merge in any order."""

    def see(self, tasks: Iterable[Task]) -> None:
        """Take in these tasks."""
        ...

    def merge(self, other: Any) -> None:
        """Take in what another survey of the same class saw."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, to be kept beside a job."""
        ...

    def load(self, stored: Mapping[str, Any]) -> None:
        """Take in what `as_dict` gave."""
        ...


class StreamWriter(Protocol):
    """Writes one file in parts."""

    separator: bytes

    def header(self) -> bytes:
        """What comes before the first part."""
        ...

    def part(self, tasks: Iterable[Task]) -> Iterator[bytes]:
        """The records of these tasks in chunks; nothing at all if there are none."""
        ...

    def footer(self) -> bytes:
        """What comes after the last part."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive; a name that ends in a slash is a folder. `content` is read once."""

    name: str
    content: bytes | Iterable[bytes] = b""
    compress: bool = True


class ArchiveWriter(Protocol):
    """Writes the files of an archive."""

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The files in the order they are to stand in the archive, no two under one name."""
        ...


def any_project(_controls: ControlTable) -> bool:
    """Every project fits."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export format, as `registry` lists it.

    `fits` says whether projects with these controls can be written; `survey`, where there is one,
    makes an empty survey that has to see all tasks before `open` is called with it in the context.
    """

    id: str
    title: str
    description: str
    layout: Layout
    extension: str
    content_type: str
    open: Callable[[ExportContext], Any]
    fits: Callable[[ControlTable], bool] = any_project
    tags: tuple[str, ...] = ()
    link: str = ""
    cannot_carry: tuple[str, ...] = ()
    survey: Callable[[ExportContext], Survey] | None = None
    media: bool = False
