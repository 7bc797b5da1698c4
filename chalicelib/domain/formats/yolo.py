"""YOLO and YOLO-OBB: a label file per image with fractions of its size, and the names of the classes.

`classes.txt` has the name of class n in line n. With KeyPointLabels in the config the lines are poses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import orjson

from chalicelib.domain.formats.categories import Categories
from chalicelib.domain.formats.contours import patches
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.fitting import has_labeled_shapes
from chalicelib.domain.formats.geometry import (
    Point,
    corners,
    ellipse_outline,
    least_rectangle,
    rectangle_hull,
    scaled,
)
from chalicelib.domain.formats.image_names import stem_of
from chalicelib.domain.formats.json_text import json_bytes, json_text, utf8
from chalicelib.domain.formats.keypoints import keypoint_order
from chalicelib.domain.formats.masks import BrokenMaskError
from chalicelib.domain.formats.pictures import Picture, media_entry, pictures
from chalicelib.domain.formats.region_masks import flat_mask
from chalicelib.domain.formats.regions import Region

Numbers = Sequence[float] | None
"""Fractions of a line, or None for a region that cannot be written."""


class YoloWriter:
    """`labels/`, `images/`, `classes.txt`, `notes.json` and `data.yaml` in one pass over the tasks."""

    def __init__(self, context: ExportContext, *, with_images: bool, oriented: bool = False) -> None:
        context.options = replace(context.options, with_media=with_images and context.media is not None)
        self._context = context
        self._losses = context.losses
        self._points = [] if oriented else keypoint_order(context.controls)
        boxes = [c for c in context.controls.shape_controls if c.type != "KeyPointLabels"]
        self._categories = Categories(boxes)
        self._is_oriented = oriented
        self._line_of: Callable[[Region, Picture], Numbers] = self._oriented if oriented else self._upright

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The label files, each before its image; then what says which class is which."""
        yield Entry("images/")
        yield Entry("labels/")
        for picture in pictures(source(), self._context):
            yield Entry(f"labels/{stem_of(picture.name)}.txt", _lines(self._rows(picture)))
            if self._context.options.with_media:
                yield from media_entry(picture, "images", self._context)
        names = self._categories.lines()
        yield Entry("classes.txt", utf8("".join(f"{name}\n" for name in names), self._losses))
        yield Entry("data.yaml", utf8(self._data_yaml(names), self._losses))
        yield Entry("notes.json", self._notes())

    def _rows(self, picture: Picture) -> list[Sequence[float]]:
        """The lines of a picture as numbers, the class first."""
        regions = picture.regions
        points = _points_by_box(regions) if self._points else {}
        number = self._categories.number
        rows: list[Sequence[float]] = []
        for region in regions:
            if region.kind == "keypoint":
                if not self._points or region.parent not in {box.id for box in regions}:
                    self._losses.add("key point outside a box", picture.task_id)
                continue
            pose = self._pose(points.get(region.id, [])) if self._points else ()
            if region.kind == "brush":
                for numbers in self._patches(region, picture):
                    rows += [(number(label), *numbers, *pose) for label in region.labels]
                continue
            line = self._line_of(region, picture)
            if line is not None:
                for label in region.labels:
                    rows.append((number(label), *line, *pose))
        return rows

    def _patches(self, region: Region, picture: Picture) -> Iterator[Sequence[float]]:
        try:
            mask = flat_mask(region) or b""
        except BrokenMaskError:
            self._losses.add("mask that cannot be read", picture.task_id)
            return
        width, height = int(region.width), int(region.height)
        for patch in patches(mask, width):
            if len(patch.border) < 3:
                self._losses.add("patch of a mask too small for a polygon", picture.task_id)
                continue
            if patch.holes:
                self._losses.add("holes of a mask", picture.task_id, times=patch.holes)
            outline = [(x + 0.5, y + 0.5) for x, y in patch.border]
            if self._is_oriented:
                outline = self._four(outline, picture)
            yield [number for x, y in outline for number in (x / width, y / height)]

    def _upright(self, region: Region, picture: Picture) -> Numbers:
        if region.kind != "rectangle":
            return self._outline(region, picture)
        value = region.value
        if value.get("rotation"):
            box = region.rectangle
            size = self._size(region, picture)
            if size is None:
                return None
            self._losses.add("rotation of a box", picture.task_id)
            x, y, w, h = rectangle_hull(box, *size)
            return (x + w / 2) / size[0], (y + h / 2) / size[1], w / size[0], h / size[1]
        width, height = value["width"], value["height"]
        return (value["x"] + width / 2) / 100, (value["y"] + height / 2) / 100, width / 100, height / 100

    def _oriented(self, region: Region, picture: Picture) -> Numbers:
        value = region.value
        if region.kind == "rectangle":
            if not value.get("rotation"):
                left, top = value["x"] / 100, value["y"] / 100
                right, bottom = left + value["width"] / 100, top + value["height"] / 100
                return left, top, right, top, right, bottom, left, bottom
            size = self._size(region, picture)
            if size is None:
                return None
            points = corners(region.rectangle, *size)
        elif region.kind == "polygon" and len(value["points"]) == 4:
            return self._outline(region, picture)
        else:
            size = self._size(region, picture)
            if size is None:
                return None
            points = self._four(self._pixels(region, size, picture), picture)
        width, height = size
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
        return (
            *(ax / width, ay / height, bx / width, by / height),
            *(cx / width, cy / height, dx / width, dy / height),
        )

    def _four(self, points: list[Point], picture: Picture) -> list[Point]:
        if len(points) == 4:
            return points
        self._losses.add("outline, written as the least oriented box around it", picture.task_id)
        return least_rectangle(points)

    def _outline(self, region: Region, picture: Picture) -> Numbers:
        value = region.value
        if region.kind == "polygon":
            return [number / 100 for point in value["points"] for number in point]
        size = self._size(region, picture)
        if size is None:
            return None
        points = self._pixels(region, size, picture)
        return list(chain.from_iterable((x / size[0], y / size[1]) for x, y in points))

    def _pixels(self, region: Region, size: tuple[float, float], picture: Picture) -> list[Point]:
        """The outline of a polygon or an ellipse."""
        value = region.value
        if region.kind == "polygon":
            return scaled(value["points"], *size)
        self._losses.add("ellipse, written as a polygon", picture.task_id)
        radii = (value["radiusX"], value["radiusY"])
        return ellipse_outline((value["x"], value["y"]), radii, value.get("rotation") or 0, size=size)

    def _size(self, region: Region, picture: Picture, *, needed: bool = True) -> tuple[float, float] | None:
        width, height = region.width or picture.width, region.height or picture.height
        if width and height:
            return width, height
        if needed:
            self._losses.add("region on an image of unknown size", picture.task_id)
        return None

    def _pose(self, points: list[Region]) -> list[float]:
        found = {point.labels[0]: point.value for point in reversed(points)}
        listed: list[float] = []
        for label in self._points:
            value = found.get(label)
            listed += (value["x"] / 100, value["y"] / 100, 2) if value else (0.0, 0.0, 0)
        return listed

    def _data_yaml(self, names: list[str]) -> str:
        pose = f"kpt_shape: [{len(self._points)}, 3]\n" if self._points else ""
        listed = "".join(f"  {n}: {json_text(name, self._losses)}\n" for n, name in enumerate(names))
        return f"path: .\ntrain: images\nval: images\n{pose}names:\n{listed}"

    def _notes(self) -> bytes:
        info = {"year": self._context.options.now.year, "version": "1.0", "contributor": "Skylabel"}
        return json_bytes({"categories": self._categories.as_list(), "info": info}, self._losses)


def _lines(rows: Sequence[Sequence[float]]) -> bytes:
    """A line a row, blanks between the numbers, each as short as it can be without changing."""
    if not rows:
        return b""
    try:
        text = orjson.dumps(rows)[2:-2]
    except orjson.JSONEncodeError:  # an integer past 64 bits
        return "".join(" ".join(map(repr, row)) + "\n" for row in rows).encode("ascii")
    return text.replace(b"],[", b"\n").replace(b",", b" ") + b"\n"


def _points_by_box(regions: list[Region]) -> dict[str | None, list[Region]]:
    points: dict[str | None, list[Region]] = {}
    for region in regions:
        if region.kind == "keypoint" and region.parent is not None:
            points.setdefault(region.parent, []).append(region)
    return points


def _fits(controls: ControlTable) -> bool:
    return has_labeled_shapes(controls, "RectangleLabels", "PolygonLabels", "KeyPointLabels")


_LOSSES = (
    "region ids, relations, notes, answers that are no shapes",
    "holes of masks (patches are written as polygons)",
    "who annotated, when, and whether it is the ground truth (all annotations of an image share its file)",
)

YOLO = Format(
    id="YOLO",
    title="YOLO",
    description="A text file per image with boxes and polygons as fractions of its size.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("image segmentation", "object detection"),
    open=partial(YoloWriter, with_images=False),
    fits=_fits,
    cannot_carry=(*_LOSSES, "the rotation of boxes (their upright hull is written)"),
)
YOLO_WITH_IMAGES = replace(
    YOLO,
    id="YOLO_WITH_IMAGES",
    title="YOLO with images",
    description="YOLO, with the images in the archive.",
    open=partial(YoloWriter, with_images=True),
    media=True,
)
YOLO_OBB = replace(
    YOLO,
    id="YOLO_OBB",
    title="YOLOv8 OBB",
    description="A text file per image with the four corners of oriented boxes.",
    open=partial(YoloWriter, with_images=False, oriented=True),
    cannot_carry=(*_LOSSES, "key points", "outlines of other than four corners"),
)
YOLO_OBB_WITH_IMAGES = replace(
    YOLO_OBB,
    id="YOLO_OBB_WITH_IMAGES",
    title="YOLOv8 OBB with images",
    description="YOLOv8 OBB, with the images in the archive.",
    open=partial(YoloWriter, with_images=True, oriented=True),
    media=True,
)
