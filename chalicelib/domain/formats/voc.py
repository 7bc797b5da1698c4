"""Pascal VOC: an XML file per image with whole pixels, counted from 0.

Polygons and ellipses are written as the box around them, with their outline as `polygon` beside it;
rotated boxes as the hull of their pixel corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.fitting import has_labeled_shapes
from chalicelib.domain.formats.geometry import Box, Point, ellipse_outline, hull, rectangle_hull, scaled
from chalicelib.domain.formats.image_names import stem_of
from chalicelib.domain.formats.pictures import Picture, media_entry, pictures
from chalicelib.domain.formats.regions import Region
from chalicelib.domain.formats.xml_text import xml_text

_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<annotation>
<folder>images</folder>
<filename>{name}</filename>
<source>
<database>MyDatabase</database>
<annotation>COCO2017</annotation>
<image>flickr</image>
<flickrid>NULL</flickrid>
<annotator>{annotator}</annotator>
</source>
<owner>
<flickrid>NULL</flickrid>
<name>Skylabel</name>
</owner>
<size>
<width>{width}</width>
<height>{height}</height>
<depth>3</depth>
</size>
<segmented>0</segmented>
"""
_NOISE = 1e-6
"""What percents and back may cost a coordinate of a large picture, in pixels."""


class VocWriter:
    """`Annotations/` and `images/` in one pass over the tasks."""

    def __init__(self, context: ExportContext) -> None:
        wanted = context.options.with_media and context.media is not None
        context.options = replace(context.options, with_media=wanted)
        self._context = context
        self._losses = context.losses
        self._names: dict[str, str] = {}

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """A file per annotated image."""
        yield Entry("Annotations/")
        yield Entry("images/")
        for picture in pictures(source(), self._context):
            if picture.shapes:
                yield Entry(f"Annotations/{stem_of(picture.name)}.xml", self._document(picture).encode())
            else:
                self._losses.add("task without annotations", picture.task_id)
            if self._context.options.with_media:
                yield from media_entry(picture, "images", self._context)

    def _document(self, picture: Picture) -> str:
        annotators = dict.fromkeys(str(annotator) for annotator, _ in picture.shapes if annotator is not None)
        head = _HEAD.format(
            name=xml_text(picture.name),
            annotator=xml_text(", ".join(annotators)),
            width=int(picture.width),
            height=int(picture.height),
        )
        objects = [self._object(region, picture) for region in picture.regions]
        return f"{head}{''.join(objects)}</annotation>\n"

    def _object(self, region: Region, picture: Picture) -> str:
        """The element of a region, or nothing, reported, for one that cannot be written."""
        width, height = region.width or picture.width, region.height or picture.height
        if region.kind in ("brush", "keypoint"):
            self._losses.add(f"{region.kind} region", picture.task_id)
            return ""
        if not (width and height):
            self._losses.add("region on an image of unknown size", picture.task_id)
            return ""
        if len(region.labels) > 1:
            self._losses.add("further labels of a region", picture.task_id, times=len(region.labels) - 1)
        if region.kind != "rectangle":
            outline = self._outline(region, width, height)
            return _element(self._name(region.labels[0]), hull(outline), _polygon(outline))
        rectangle = region.rectangle
        if rectangle.rotation:
            self._losses.add("rotation of a box", picture.task_id)
        return _element(self._name(region.labels[0]), rectangle_hull(rectangle, width, height), "")

    def _name(self, label: str) -> str:
        """The label as XML; there are few, over and over."""
        found = self._names.get(label)
        if found is None:
            found = self._names[label] = xml_text(label)
        return found

    def _outline(self, region: Region, width: float, height: float) -> list[Point]:
        value = region.value
        if region.kind == "polygon":
            return scaled(value["points"], width, height)
        return ellipse_outline(
            (value["x"], value["y"]),
            (value["radiusX"], value["radiusY"]),
            value.get("rotation") or 0,
            size=(width, height),
        )


def _element(name: str, box: Box, polygon: str) -> str:
    """An `object` with its box in whole pixels."""
    x, y, w, h = box
    left, top = _whole(x), _whole(y)
    return f"""<object>
<name>{name}</name>
<pose>Unspecified</pose>
<truncated>0</truncated>
<difficult>0</difficult>
<bndbox>
<xmin>{left}</xmin>
<ymin>{top}</ymin>
<xmax>{left + _whole(w)}</xmax>
<ymax>{top + _whole(h)}</ymax>
</bndbox>
{polygon}</object>
"""


def _whole(pixels: float) -> int:
    """The pixel, rounded down; a whole number that went through percents is still that number."""
    return int(pixels + _NOISE if pixels >= 0 else pixels)


def _polygon(points: list[Point]) -> str:
    corners = [f"<x{n}>{x!r}</x{n}>\n<y{n}>{y!r}</y{n}>\n" for n, (x, y) in enumerate(points, 1)]
    return f"<polygon>\n{''.join(corners)}</polygon>\n"


def _fits(controls: ControlTable) -> bool:
    return has_labeled_shapes(controls, "RectangleLabels", "PolygonLabels")


VOC = Format(
    id="VOC",
    title="Pascal VOC XML",
    description="Popular for object detection: an XML file per image with boxes in whole pixels.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("image segmentation", "object detection"),
    open=VocWriter,
    fits=_fits,
    cannot_carry=(
        "fractions of pixels",
        "the rotation of boxes (their upright hull is written)",
        "brush masks, key points",
        "all labels of a region but the first, region ids, relations, other answers",
        "tasks without annotations",
    ),
)
