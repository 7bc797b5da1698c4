"""COCO: images, boxes, polygons, masks and key points in one `result.json`, with or without the images.

An image stands there once however many annotations it has. Rotated boxes are written as the upright
hull of their pixel corners, ellipses as polygons, brush masks as run lengths with `iscrowd` 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.domain.formats.categories import Categories
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.fitting import has_labeled_shapes
from chalicelib.domain.formats.geometry import (
    Box,
    ellipse_outline,
    hull,
    hull_and_area,
    rectangle_hull,
    scaled,
)
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.keypoints import keypoint_order
from chalicelib.domain.formats.masks import BrokenMaskError, area_and_box, coco_counts, decode_mask
from chalicelib.domain.formats.pictures import Picture, media_entry, pictures, silent
from chalicelib.domain.formats.regions import Region
from chalicelib.domain.formats.shelf import Shelf


class CocoWriter:
    """`result.json` and the folder `images/`. Passes over the tasks once, twice with images."""

    def __init__(self, context: ExportContext, *, with_images: bool) -> None:
        context.options = replace(context.options, with_media=with_images and context.media is not None)
        self._context = context
        shapes = context.controls.shape_controls
        self._categories = Categories(control for control in shapes if control.type != "KeyPointLabels")
        self._keypoints = keypoint_order(context.controls)
        self._pose_number = self._categories.reserve() if self._keypoints else 0

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The file of all images and regions, then the images."""
        yield Entry("images/")
        yield Entry("result.json", self._result(source))
        if self._context.options.with_media:
            for picture in pictures(source(), silent(self._context)):
                yield from media_entry(picture, "images", self._context)

    def _result(self, source: TaskSource) -> Iterator[bytes]:
        """Annotations first; what is to be said of the images is kept, compressed, for after them."""
        losses = self._context.losses
        images = Shelf()
        number = 0
        yield b'{"annotations":['
        for image, picture in enumerate(pictures(source(), self._context)):
            found = self._annotations(picture, image)
            if found:
                for annotation in found:
                    annotation["id"] = number
                    number += 1
                listed = json_bytes(found, losses, picture.task_id)[1:-1]
                yield (b",\n" if number > len(found) else b"\n") + listed
            images.put((b",\n" if image else b"\n") + json_bytes(self._image(image, picture), losses))
        yield b'\n],\n"images":['
        yield from images.taken()
        yield b'\n],\n"categories":' + json_bytes(self._category_list(), losses)
        yield b',\n"info":' + json_bytes(self._info(), losses) + b"}\n"

    def _image(self, number: int, picture: Picture) -> dict[str, Any]:
        return {
            "id": number,
            "width": picture.width or None,
            "height": picture.height or None,
            "file_name": f"images/{picture.name}",
            "coco_url": picture.address,
        }

    def _annotations(self, picture: Picture, image: int) -> list[dict[str, Any]]:
        number = self._categories.number
        found: list[dict[str, Any]] = []
        for _, regions in picture.shapes:
            points: list[Region] = []
            for region in regions:
                value, width, height = region.value, region.width, region.height
                if region.kind == "keypoint":
                    points.append(region)
                elif (
                    region.kind != "rectangle"
                    or not (width and height)
                    or value.get("rotation")
                    or len(region.labels) > 1
                ):
                    shape = self._shape(region, picture, image)
                    if shape is not None:
                        found.append(shape)
                else:  # an upright box with one label, as most are
                    w, h = value["width"] / 100 * width, value["height"] / 100 * height
                    found.append(
                        {
                            "id": 0,
                            "image_id": image,
                            "category_id": number(region.labels[0]),
                            "segmentation": (),
                            "bbox": (value["x"] / 100 * width, value["y"] / 100 * height, w, h),
                            "ignore": 0,
                            "iscrowd": 0,
                            "area": w * h,
                        }
                    )
            if points:
                found += self._pose(points, picture, image)
        return found

    def _shape(self, region: Region, picture: Picture, image: int) -> dict[str, Any] | None:
        width, height = region.width or picture.width, region.height or picture.height
        losses = self._context.losses
        if not (width and height):
            losses.add("region on an image of unknown size", picture.task_id)
            return None
        if len(region.labels) > 1:
            losses.add("further labels of a region", picture.task_id, times=len(region.labels) - 1)
        try:
            segmentation, box, area = self._outline(region, width, height, picture.task_id)
        except BrokenMaskError:
            losses.add("mask that cannot be read", picture.task_id)
            return None
        return {
            "id": 0,
            "image_id": image,
            "category_id": self._categories.number(region.labels[0]),
            "segmentation": segmentation,
            "bbox": box,
            "ignore": 0,
            "iscrowd": int(region.kind == "brush"),
            "area": area,
        }

    def _outline(
        self, region: Region, width: float, height: float, task_id: int | None
    ) -> tuple[Any, Box, float]:
        """Segmentation, box and area of a region."""
        if region.kind == "brush":
            mask = decode_mask(region.value["rle"], int(width), int(height), flat=True)
            counts = coco_counts(mask, int(width))
            area, around = area_and_box(counts, int(height))
            return {"size": [int(height), int(width)], "counts": counts}, around, area
        if region.kind == "rectangle":
            if region.value.get("rotation"):
                self._context.losses.add("rotation of a box", task_id)
            box = rectangle_hull(region.rectangle, width, height)
            return [], box, box[2] * box[3]
        xs, ys = self._corners(region, width, height, task_id)
        flat = xs + ys
        flat[::2], flat[1::2] = xs, ys
        return [flat], *hull_and_area(xs, ys)

    def _corners(
        self, region: Region, width: float, height: float, task_id: int | None
    ) -> tuple[list[float], list[float]]:
        """The x and the y of each corner, in pixels."""
        value = region.value
        if region.kind == "polygon":
            points = value["points"]
            return [x / 100 * width for x, _ in points], [y / 100 * height for _, y in points]
        self._context.losses.add("ellipse, written as a polygon", task_id)
        outline = ellipse_outline(
            (value["x"], value["y"]),
            (value["radiusX"], value["radiusY"]),
            value.get("rotation") or 0,
            size=(width, height),
        )
        return [x for x, _ in outline], [y for _, y in outline]

    def _pose(self, points: list[Region], picture: Picture, image: int) -> Iterator[dict[str, Any]]:
        placed: dict[int, tuple[int, int]] = {}
        for region in points:
            width, height = region.width or picture.width, region.height or picture.height
            index = self._keypoints.index(region.labels[0]) if region.labels[0] in self._keypoints else None
            if not (width and height):
                self._context.losses.add("region on an image of unknown size", picture.task_id)
            elif index is None or index in placed:
                self._context.losses.add("key point that has no place in the skeleton", picture.task_id)
            else:
                x, y = scaled([(region.value["x"], region.value["y"])], width, height)[0]
                placed[index] = (round(x), round(y))
        if not placed:
            return
        listed: list[int] = []
        for index in range(len(self._keypoints)):
            listed += (*placed[index], 2) if index in placed else (0, 0, 0)
        box = hull(list(placed.values()))
        yield {
            "id": 0,
            "image_id": image,
            "category_id": self._pose_number,
            "keypoints": listed,
            "num_keypoints": len(placed),
            "segmentation": [],
            "bbox": list(box),
            "area": box[2] * box[3],
            "iscrowd": 0,
        }

    def _category_list(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._categories.as_list()
        if not self._keypoints:
            return listed
        pose = {"name": "default", "supercategory": "default", "keypoints": self._keypoints, "skeleton": []}
        return [*listed, {"id": self._pose_number, **pose}]

    def _info(self) -> dict[str, Any]:
        now = self._context.options.now
        return {
            "year": now.year,
            "version": "1.0",
            "description": "",
            "contributor": "Skylabel",
            "url": "",
            "date_created": now.strftime("%Y-%m-%d %H:%M:%S"),
        }


def _fits(controls: ControlTable) -> bool:
    return has_labeled_shapes(controls, "RectangleLabels", "PolygonLabels", "KeyPointLabels")


_LOSSES = (
    "region ids, relations, notes, answers that are no shapes",
    "all labels of a region but the first",
    "the rotation of boxes (their upright hull is written)",
    "who annotated, when, and whether it is the ground truth",
)

COCO = Format(
    id="COCO",
    title="COCO",
    description="Object detection and segmentation: boxes, polygons, masks and key points in pixels.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("image segmentation", "object detection"),
    link="https://cocodataset.org/#format-data",
    open=partial(CocoWriter, with_images=False),
    fits=_fits,
    cannot_carry=_LOSSES,
)
COCO_WITH_IMAGES = replace(
    COCO,
    id="COCO_WITH_IMAGES",
    title="COCO with images",
    description="COCO, with the images in the archive.",
    open=partial(CocoWriter, with_images=True),
    media=True,
)
