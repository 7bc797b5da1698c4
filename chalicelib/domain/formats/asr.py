"""ASR manifest: a JSON line per transcribed clip, as NVIDIA's NeMo reads it, and the clips beside it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.formats.annotations import Annotation, annotator_of, known_items, live_annotations
from chalicelib.domain.formats.contract import (
    Entry,
    ExportContext,
    Format,
    MediaUnavailableError,
    Task,
    TaskSource,
)
from chalicelib.domain.formats.control_table import ControlTable, value_at
from chalicelib.domain.formats.fitting import SOUNDS
from chalicelib.domain.formats.image_names import UniqueNames, file_name
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.pictures import chunks

HEAD_BYTES = 4096


class AsrWriter:
    """`manifest.json` and `audio/`; clips that nobody transcribed are left out."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._with_media = context.options.with_media and context.media is not None
        self._key = context.controls.data_key_of(*SOUNDS)

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The manifest, then the clips."""
        yield Entry("audio/")
        yield Entry("manifest.json", self._lines(source))
        if self._with_media:
            for address, name in self._clips(source):
                yield from self._clip(address, name)

    def _lines(self, source: TaskSource) -> Iterator[bytes]:
        names = UniqueNames()
        for task in source():
            address, name = self._place(task, names)
            for annotation in live_annotations(task, self._context.losses) or ():
                text, length = self._said(annotation, task.get("id"))
                if text is None:
                    self._context.losses.add("clip without a transcription", task.get("id"))
                    continue
                line = {
                    "audio_filepath": f"audio/{name}",
                    "duration": self._duration(address, length),
                    "text": text,
                    "annotator": str(annotator_of(annotation)),
                }
                yield json_bytes(line, self._context.losses, task.get("id")) + b"\n"

    def _said(self, annotation: Annotation, task_id: int | None) -> tuple[str | None, float | None]:
        """The first text of the first text area, and the clip's length where a region noted it."""
        text, length = None, None
        for control, item in known_items(annotation, self._context.controls, self._context.losses, task_id):
            length = length or item.get("original_length")
            said = item["value"].get("text")
            if control.type != "TextArea" or not said:
                self._context.losses.add(f"answer of {control.type}", task_id)
            elif text is None:
                text = str(said[0]) if isinstance(said, list) else str(said)
            else:
                self._context.losses.add("further transcriptions of a clip", task_id)
        return text, length

    def _duration(self, address: str, noted: Any) -> float | None:
        """Seconds, from the region or from the file's head; None where neither tells."""
        if noted or not self._with_media or self._context.media is None:
            return noted or None
        try:
            with self._context.media.open(address)[1] as stream:
                return wav_seconds(stream.read(HEAD_BYTES))
        except MediaUnavailableError:
            return None

    def _place(self, task: Task, names: UniqueNames) -> tuple[str, str]:
        found = value_at(task.get("data"), self._key) if self._key else None
        address = found if isinstance(found, str) else ""
        name = file_name(address, original=self._context.options.original_names)
        return address, names.take(name, task.get("id"))

    def _clips(self, source: TaskSource) -> Iterator[tuple[str, str]]:
        names = UniqueNames()
        return (self._place(task, names) for task in source())

    def _clip(self, address: str, name: str) -> Iterator[Entry]:
        if self._context.media is None:
            return
        try:
            stream = self._context.media.open(address)[1]
        except MediaUnavailableError:
            self._context.losses.add("media file that could not be had")
            return
        yield Entry(f"audio/{name}", chunks(stream), compress=False)


def wav_seconds(head: bytes) -> float | None:
    """The length of a WAV file by its head, in seconds; None for any other file."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at, rate = 12, 0
    while at + 8 <= len(head):
        kind, size = struct.unpack_from("<4sI", head, at)
        if kind == b"fmt " and at + 20 <= len(head):
            rate = struct.unpack_from("<I", head, at + 16)[0]
        if kind == b"data":
            return size / rate if rate else None
        at += 8 + size + size % 2
    return None


def _fits(controls: ControlTable) -> bool:
    return controls.reads_one_key and controls.pairs(SOUNDS, "TextArea")


ASR_MANIFEST = Format(
    id="ASR_MANIFEST",
    title="ASR manifest",
    description="Speech recognition data for NVIDIA NeMo: a JSON line per clip with its transcription.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("speech recognition",),
    link="https://github.com/NVIDIA/NeMo",
    open=AsrWriter,
    fits=_fits,
    cannot_carry=(
        "clips without a transcription",
        "all texts but the first",
        "times and labels of regions, relations, other answers",
    ),
)
