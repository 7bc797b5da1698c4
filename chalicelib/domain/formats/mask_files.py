"""BRUSH_TO_PNG and BRUSH_TO_NUMPY: a gray picture or array per region, 0 outside.

Brush regions are written as they were painted; boxes, polygons and ellipses filled with 255.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from chalicelib.domain.formats.annotations import Annotation, annotator_of, live_annotations
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, Task, TaskSource
from chalicelib.domain.formats.fitting import fits_brush
from chalicelib.domain.formats.image_names import cut_name
from chalicelib.domain.formats.masks import BrokenMaskError
from chalicelib.domain.formats.region_masks import region_mask
from chalicelib.domain.formats.regions import image_regions

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
MAX_NAME = 200
"""Bytes; file systems take 255 with what is added."""


class MaskWriter:
    """Files named `task-…-annotation-…-by-…-{control}-{labels}-{n}` in one pass over the tasks."""

    def __init__(
        self, context: ExportContext, *, extension: str, encode: Callable[[bytes, int, int], bytes]
    ) -> None:
        self._context = context
        self._extension = extension
        self._encode = encode

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """A file per region."""
        for task in source():
            for annotation in live_annotations(task, self._context.losses) or ():
                yield from self._files(task, annotation)

    def _files(self, task: Task, annotation: Annotation) -> Iterator[Entry]:
        task_id = task.get("id")
        author = annotator_of(annotation)
        head = f"task-{task_id}-annotation-{annotation.get('id')}-by-{author}"
        numbers: Counter[str] = Counter()
        for region in image_regions(annotation, self._context, task_id):
            try:
                mask = region_mask(region)
            except BrokenMaskError:
                self._context.losses.add("mask that cannot be read", task_id)
                continue
            if mask is None:
                self._context.losses.add("region that has no mask", task_id)
                continue
            plain = f"{head}-{region.control.name}-{'-'.join(region.labels)}"
            stem = cut_name(_UNSAFE.sub("-", plain), MAX_NAME)
            name = f"{stem}-{numbers[stem]}.{self._extension}"
            numbers[stem] += 1
            picture = self._encode(mask, int(region.width), int(region.height))
            yield Entry(name, picture, compress=self._extension != "png")


def gray_png(mask: bytes, width: int, height: int) -> bytes:
    """The mask as an 8-bit gray PNG."""
    rows = b"".join(b"\0" + mask[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def numpy_file(mask: bytes, width: int, height: int) -> bytes:
    """The mask as an `.npy` file of uint8, height × width (format version 1.0)."""
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({height}, {width}), }}"
    padded = head + " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode() + mask


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


BRUSH_TO_PNG = Format(
    id="BRUSH_TO_PNG",
    title="Brush labels to PNG",
    description="A gray PNG per region: the mask that was painted.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("image segmentation",),
    open=partial(MaskWriter, extension="png", encode=gray_png),
    fits=fits_brush,
    cannot_carry=("key points", "region ids, relations, answers that are no shapes", "tasks without regions"),
)
BRUSH_TO_NUMPY = replace(
    BRUSH_TO_PNG,
    id="BRUSH_TO_NUMPY",
    title="Brush labels to NumPy",
    description="A NumPy array per region: the mask that was painted.",
    open=partial(MaskWriter, extension="npy", encode=numpy_file),
)
