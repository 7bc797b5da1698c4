"""BRUSH_TO_COCO: masks as COCO polygons, one annotation per patch; masks with holes as run lengths.

Polygons go through the centres of border pixels, as other converters write them. Polygons of one
annotation are united by readers, so a mask with a hole could not be told by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from itertools import chain
from typing import Any

from chalicelib.domain.formats.contours import patches
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.formats.fitting import fits_brush
from chalicelib.domain.formats.geometry import polygon_area
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.masks import BrokenMaskError, area_and_box, coco_counts
from chalicelib.domain.formats.pictures import Picture, pictures
from chalicelib.domain.formats.region_masks import flat_mask
from chalicelib.domain.formats.regions import Region
from chalicelib.domain.formats.shelf import Shelf


class BrushCocoWriter:
    """`result_coco.json` and an empty `images/` in one pass over the tasks."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._losses = context.losses
        self._numbers: dict[str, int] = {}

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The one file."""
        yield Entry("images/")
        yield Entry("result_coco.json", self._result(source))

    def _result(self, source: TaskSource) -> Iterator[bytes]:
        images = Shelf()
        number = 0
        yield b'{"annotations":['
        for image, picture in enumerate(pictures(source(), self._context)):
            images.put(self._line(image, _image(image, picture)))
            for annotation in self._annotations(picture):
                yield self._line(number, {"id": number, "image_id": image, **annotation})
                number += 1
        yield b'\n],\n"images":['
        yield from images.taken()
        yield b'\n],\n"categories":' + json_bytes(self._categories(), self._losses)
        now = self._context.options.now
        info = {
            "year": now.year,
            "version": "1.0",
            "description": "",
            "contributor": "Skylabel",
            "date_created": now.strftime("%Y-%m-%d %H:%M:%S"),
        }
        yield b',\n"info":' + json_bytes(info, self._losses) + b"}\n"

    def _line(self, number: int, value: Any) -> bytes:
        return (b",\n" if number else b"\n") + json_bytes(value, self._losses)

    def _annotations(self, picture: Picture) -> Iterator[dict[str, Any]]:
        for annotator, regions in picture.shapes:
            for region in regions:
                try:
                    mask = flat_mask(region)
                except BrokenMaskError:
                    self._losses.add("mask that cannot be read", picture.task_id)
                    continue
                if mask is None:
                    self._losses.add("region that has no mask", picture.task_id)
                    continue
                number = self._numbers.setdefault(region.labels[0], len(self._numbers) + 1)
                if len(region.labels) > 1:
                    lost = len(region.labels) - 1
                    self._losses.add("further labels of a region", picture.task_id, times=lost)
                for shape in self._shapes(mask, region, picture):
                    yield {"category_id": number, **shape, "annotator": str(annotator)}

    def _shapes(self, mask: bytes, region: Region, picture: Picture) -> Iterator[dict[str, Any]]:
        width, height = int(region.width), int(region.height)
        found = patches(mask, width)
        rings = [patch.border for patch in found]
        if any(patch.holes for patch in found) or any(len(ring) < 3 for ring in rings):
            yield _run_lengths(mask, width, height)
            return
        if not rings:
            self._losses.add("mask with nothing on it", picture.task_id)
        for ring in rings:
            columns, rows = zip(*ring, strict=True)
            x, y = min(columns), min(rows)
            w, h = max(columns) - x, max(rows) - y
            yield {
                "segmentation": [list(chain.from_iterable(ring))],
                "area": float(polygon_area(ring)),
                "bbox": [x, y, w + 1, h + 1],
                "iscrowd": 0,
            }

    def _categories(self) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                "name": label,
                "supercategory": "",
                "color": f"#{md5(label.encode('utf-8', 'replace'), usedforsecurity=False).hexdigest()[:6]}",
                "metadata": {},
            }
            for label, number in self._numbers.items()
        ]


def _run_lengths(mask: bytes, width: int, height: int) -> dict[str, Any]:
    counts = coco_counts(mask, width)
    area, box = area_and_box(counts, height)
    segmentation = {"size": [height, width], "counts": counts}
    return {"segmentation": segmentation, "area": area, "bbox": list(box), "iscrowd": 1}


def _image(number: int, picture: Picture) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": picture.name,
        "path": picture.address,
        "width": picture.width or None,
        "height": picture.height or None,
    }


BRUSH_TO_COCO = Format(
    id="BRUSH_TO_COCO",
    title="Brush labels to COCO",
    description="Masks as COCO polygons; masks with holes as run lengths.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("image segmentation",),
    link="https://cocodataset.org/#format-data",
    open=BrushCocoWriter,
    fits=fits_brush,
    cannot_carry=(
        "key points",
        "up to a pixel of the borders of masks without holes (polygons through the middles of their pixels)",
        "all labels of a region but the first",
        "region ids, relations, answers that are no shapes",
    ),
)
