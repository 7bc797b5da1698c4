"""A task as the image formats see it: one picture under one name, with all shapes drawn on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from chalicelib.domain.formats.annotations import annotator_of, live_annotations
from chalicelib.domain.formats.contract import (
    Entry,
    ExportContext,
    LossReport,
    MediaUnavailableError,
    Task,
)
from chalicelib.domain.formats.control_table import value_at
from chalicelib.domain.formats.image_names import UniqueNames, file_name
from chalicelib.domain.formats.image_sizes import image_size
from chalicelib.domain.formats.regions import Region, image_regions

READ_BYTES = 1 << 16


@dataclass(slots=True)
class Picture:
    """The image of a task. `shapes` has the regions of each live annotation; sizes are 0 if unknown."""

    task_id: int | None
    address: str
    name: str
    width: float = 0
    height: float = 0
    shapes: list[tuple[Any, list[Region]]] = field(default_factory=list)

    @property
    def regions(self) -> list[Region]:
        """The regions of all annotations."""
        if len(self.shapes) == 1:
            return self.shapes[0][1]
        return [region for _, regions in self.shapes for region in regions]


def pictures(tasks: Iterable[Task], context: ExportContext) -> Iterator[Picture]:
    """The pictures of the tasks in order; names depend on the tasks before, so begin at the first."""
    names = UniqueNames()
    key = context.controls.data_key_of("Image")
    original = context.options.original_names
    for task in tasks:
        live = live_annotations(task, context.losses)
        if live is None:
            continue
        task_id = task.get("id")
        address = value_at(task.get("data"), key) if key else None
        if isinstance(address, list):
            context.losses.add("pages after the first", task_id, times=max(len(address) - 1, 0))
            address = address[0] if address else None
        name = names.take(file_name(address, original=original), task_id)
        picture = Picture(task_id, address if isinstance(address, str) else "", name)
        for annotation in live:
            regions = image_regions(annotation, context, task_id)
            picture.shapes.append((annotator_of(annotation), regions))
        _measure(picture, context)
        yield picture


def silent(context: ExportContext) -> ExportContext:
    """The same context for another pass over the tasks, whose losses are counted already."""
    return ExportContext(
        controls=context.controls,
        options=context.options,
        media=context.media,
        losses=LossReport(),
        survey=context.survey,
    )


def media_entry(picture: Picture, folder: str, context: ExportContext) -> Iterator[Entry]:
    """The picture's file for the archive, or nothing, reported, if it cannot be had."""
    stream = _opened(picture, context)
    if stream is None:
        context.losses.add("media file that could not be had", picture.task_id)
    else:
        yield Entry(f"{folder}/{picture.name}", chunks(stream), compress=False)


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's bytes, and the stream closed."""
    with stream:
        while chunk := stream.read(READ_BYTES):
            yield chunk


def _measure(picture: Picture, context: ExportContext) -> None:
    """Take the size from the file if there is one to read, else from the first region that knows."""
    if context.options.with_media:
        stream = _opened(picture, context)
        if stream is not None:
            with stream:
                found = image_size(stream.read(READ_BYTES))
            if found:
                picture.width, picture.height = found
                return
    for _, regions in picture.shapes:
        for region in regions:
            if region.width and region.height:
                picture.width, picture.height = region.width, region.height
                return


def _opened(picture: Picture, context: ExportContext) -> BinaryIO | None:
    if context.media is None or not picture.address:
        return None
    try:
        return context.media.open(picture.address)[1]
    except MediaUnavailableError:
        return None
