"""Video tracks: a table with a row for each frame of each track, and label files per frame for YOLO.

Frames between key frames are filled in as `interpolate_key_frames` does (`video.py`), and marked as such.
Video regions say their place in percent and nothing of the film's size in pixels, so both forms are made of
fractions and percentages, which need none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from chalicelib.domain.formats.annotations import annotator_of, known_items, live_annotations
from chalicelib.domain.formats.categories import Categories
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, Task, TaskSource
from chalicelib.domain.formats.control_table import ControlTable, value_at
from chalicelib.domain.formats.formulas import guarded
from chalicelib.domain.formats.image_names import UniqueNames, file_name, stem_of
from chalicelib.domain.formats.json_text import json_text, utf8
from chalicelib.domain.formats.records import RecordStream
from chalicelib.domain.formats.video import every_frame

COLUMNS = (
    "task", "annotation", "annotator", "video", "track", "label", "frame", "time",
    "x", "y", "width", "height", "rotation", "filled_in",
)  # fmt: skip
_PLACE = ("x", "y", "width", "height")
_NO_LABEL = "region without a label"


@dataclass(frozen=True, slots=True)
class Track:
    """One object that is followed: its labels and its enabled frames in order."""

    id: str
    labels: tuple[str, ...]
    frames: Sequence[Mapping[str, Any]]


def tracks(annotation: Mapping[str, Any], context: ExportContext, task_id: int | None) -> list[Track]:
    """The tracks of an annotation; what is no track, or has no frames, is reported."""
    sequences: dict[str, tuple[Sequence[Any], int]] = {}
    labels: dict[str, tuple[str, ...]] = {}
    items = known_items(annotation, context.controls, context.losses, task_id)
    for number, (control, item) in enumerate(items):
        value, key = item["value"], str(item.get("id") or f"#{number}")
        named = value.get("labels") or value.get(str(item.get("type")))
        if isinstance(named, list):
            labels.setdefault(key, tuple(str(label) for label in named))
        if isinstance(value.get("sequence"), list):
            count = value.get("framesCount")
            sequences.setdefault(key, (value["sequence"], count if isinstance(count, int) else 0))
        elif not isinstance(named, list):
            context.losses.add(f"answer of {control.type}", task_id)
    found = []
    for key, (sequence, count) in sequences.items():
        keys = [entry for entry in sequence if _is_placed(entry)]
        if len(keys) != len(sequence):
            context.losses.add("key frame without a place", task_id, times=len(sequence) - len(keys))
        frames = [frame for frame in every_frame(keys, count) if frame.get("enabled", True)]
        if frames:
            found.append(Track(key, labels.get(key, ()), frames))
    return found


def _is_placed(entry: Any) -> bool:
    return (
        isinstance(entry, Mapping)
        and type(entry.get("frame")) is int
        and all(type(entry.get(name)) in (int, float) and isfinite(entry[name]) for name in _PLACE)
        and type(entry.get("rotation", 0)) in (int, float, type(None))
    )


class TracksTableWriter(RecordStream):
    """A row for each frame of each label of each track."""

    def __init__(self, context: ExportContext) -> None:
        super().__init__(context)
        self._key = context.controls.data_key_of("Video")
        self._guard = guarded if context.options.guard_formulas else str

    def header(self) -> bytes:
        """The names of the columns."""
        return (",".join(COLUMNS) + "\r\n").encode()

    def records(self, task: Task) -> Iterator[bytes]:
        """The rows of each live annotation."""
        task_id = task.get("id")
        video = value_at(task.get("data"), self._key) if self._key else None
        for annotation in live_annotations(task, self.losses) or ():
            head = [task_id, annotation.get("id"), annotator_of(annotation), video]
            for track in tracks(annotation, self.context, task_id):
                if not track.labels:
                    self.losses.add(_NO_LABEL, task_id)
                for label in track.labels or ("",):
                    yield self._rows([*head, track.id, label], track.frames)

    def _rows(self, head: Sequence[Any], frames: Sequence[Mapping[str, Any]]) -> bytes:
        text = io.StringIO()
        rows = csv.writer(text)
        first = [self._guard(cell) if isinstance(cell, str) else cell for cell in head]
        for frame in frames:
            place = [frame[name] for name in _PLACE]
            filled_in = int(bool(frame.get("auto")))
            rows.writerow(
                [*first, frame["frame"], frame.get("time"), *place, frame.get("rotation") or 0, filled_in]
            )
        return utf8(text.getvalue(), self.losses)


class YoloVideoWriter:
    """`labels/<video>_<frame>.txt`, a line an object in it: named as YOLO's trainers name frames."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._losses = context.losses
        self._key = context.controls.data_key_of("Video")
        controls = context.controls.controls.values()
        self._categories = Categories(c for c in controls if c.type == "Labels" and c.speaks_of("Video"))

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The label files of each film, then what says which class is which."""
        names = UniqueNames()
        yield Entry("labels/")
        for task in source():
            live = live_annotations(task, self._losses)
            if live is None:
                continue
            address = value_at(task.get("data"), self._key) if self._key else None
            name = file_name(address, original=self._context.options.original_names)
            stem = stem_of(names.take(name, task.get("id")))
            for frame, lines in sorted(self._frames(live, task.get("id")).items()):
                yield Entry(f"labels/{stem}_{frame:06d}.txt", "".join(lines).encode())
        listed = self._categories.lines()
        yield Entry("classes.txt", utf8("".join(f"{name}\n" for name in listed), self._losses))
        card = "".join(f"  {n}: {json_text(name, self._losses)}\n" for n, name in enumerate(listed))
        yield Entry("data.yaml", utf8(f"path: .\ntrain: images\nval: images\nnames:\n{card}", self._losses))

    def _frames(self, live: Sequence[Mapping[str, Any]], task_id: int | None) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for annotation in live:
            for track in tracks(annotation, self._context, task_id):
                if not track.labels:
                    self._losses.add(_NO_LABEL, task_id)
                if any(frame.get("rotation") for frame in track.frames):
                    self._losses.add("rotation of a box", task_id)
                for frame in track.frames:
                    x, y, width, height = (frame[name] / 100 for name in _PLACE)
                    place = f"{x + width / 2!r} {y + height / 2!r} {width!r} {height!r}"
                    lines = found.setdefault(frame["frame"], [])
                    lines += [f"{self._categories.number(label)} {place}\n" for label in track.labels]
        return found


def _fits(controls: ControlTable) -> bool:
    return controls.reads_one_key and controls.pairs(("Video",), "VideoRectangle")


VIDEO_TRACKS = Format(
    id="VIDEO_TRACKS",
    title="Video tracks",
    description="A table with a row for each frame of each tracked object, all frames filled in.",
    layout="stream",
    extension="csv",
    content_type="text/csv; charset=utf-8",
    tags=("object tracking",),
    open=TracksTableWriter,
    fits=_fits,
    cannot_carry=("which frames are key frames of a switched-off stretch", "relations, other answers"),
)
YOLO_VIDEO = Format(
    id="YOLO_VIDEO",
    title="YOLO for video",
    description="A text file per frame with the boxes in it as fractions, all frames filled in.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("object detection", "object tracking"),
    open=YoloVideoWriter,
    fits=_fits,
    cannot_carry=(
        "which boxes are one object",
        "times, key frames",
        "the rotation of boxes",
        "who annotated, when, and whether it is the ground truth",
        "relations, other answers",
    ),
)
