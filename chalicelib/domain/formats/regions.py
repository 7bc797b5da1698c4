"""Image regions as the shape formats see them: result items with one id put together.

A box drawn with `Rectangle` and named with `Labels` is two items of one id, as is a box and its
transcription; here it is one region with its geometry and its labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from chalicelib.domain.formats.annotations import Annotation, known_items
from chalicelib.domain.formats.contract import ExportContext
from chalicelib.domain.formats.control_table import LABEL_SHAPES, NEVER_SHAPES, PLAIN_SHAPES, Control
from chalicelib.domain.formats.geometry import Rectangle

_KIND_OF_TYPE = {tag.lower(): kind for tag, kind in (LABEL_SHAPES | PLAIN_SHAPES).items()}
_KIND_OF_LABELS = {tag.lower(): kind for tag, kind in LABEL_SHAPES.items()}
_SIDES = ("x", "y", "width", "height")
_NUMBERS = {
    "rectangle": _SIDES,
    "ellipse": ("x", "y", "radiusX", "radiusY"),
    "keypoint": ("x", "y"),
}


@dataclass(slots=True)
class Region:
    """One shape on an image. `value` has the geometry in percent; sizes are 0 where nobody noted them."""

    id: str | None
    kind: str
    value: Mapping[str, Any]
    control: Control
    width: float = 0
    height: float = 0
    labels: list[str] = field(default_factory=list)
    parent: str | None = None

    @property
    def rectangle(self) -> Rectangle:
        """The geometry of a rectangle."""
        value = self.value
        return Rectangle(
            value["x"], value["y"], value["width"], value["height"], value.get("rotation") or 0.0
        )


def image_regions(annotation: Annotation, context: ExportContext, task_id: int | None) -> list[Region]:
    """The labeled shapes of an annotation, in the order of their first item.

    Shapes without a label or with broken geometry, and answers that are no shapes, are reported.
    """
    quick = _plain_regions(annotation, context)
    if quick is not None:
        return quick
    found: dict[str, Region] = {}
    labels: dict[str, list[str]] = {}
    for number, (control, item) in enumerate(
        known_items(annotation, context.controls, context.losses, task_id)
    ):
        kind = _shape_of(control, item)
        key = str(item["id"]) if item.get("id") is not None else f"#{number}"
        if kind and key in found and (found[key].control is control or found[key].kind != kind):
            key = f"{key}#{number}"  # another region under an id that is taken, as careless imports have it
        named = labels_in(item)
        if named:
            labels.setdefault(key, named)
        if kind is None:
            context.losses.add(f"answer of {control.type}", task_id)
        elif key not in found:
            found[key] = _region(control, item, kind)
    return list(_complete(found, labels, context, task_id))


def _plain_regions(annotation: Annotation, context: ExportContext) -> list[Region] | None:
    """The regions where every item is a sound, labeled shape under an id of its own, as nearly all are.

    None for anything else, which is then looked at with care. Nothing is reported here.
    """
    drawing = context.controls.drawing  # names made by a Repeater are left to the careful way
    found: dict[Any, Region] = {}
    try:
        for item in annotation.get("result") or ():
            kind_of = item["type"]
            kind = _KIND_OF_LABELS[kind_of]
            value, key, control = item["value"], item["id"], drawing[item["from_name"]]
            labels = value[kind_of]
            if type(labels) is not list or not labels or type(key) is not str or key in found:
                return None
            if kind == "rectangle":  # here and not in a function: nearly all are, and there are millions
                total = value["x"] + value["y"] + value["width"] + value["height"]
                total += value.get("rotation") or 0
                if total - total != 0:  # which inf and nan are not, and what is no number raises
                    return None
            elif kind != "polygon" or not _are_sound(value["points"]):
                return None
            get = item.get
            width, height = get("original_width"), get("original_height")
            found[key] = Region(
                key,
                kind,
                value,
                control,
                width if type(width) is int and width > 0 else _size(width),
                height if type(height) is int and height > 0 else _size(height),
                labels if len(labels) == 1 and type(labels[0]) is str else [str(label) for label in labels],
                get("parentID"),
            )
    except (TypeError, KeyError, AttributeError):
        return None
    return list(found.values())


def _are_sound(points: Any) -> bool:
    """Whether the points are whole; may say no to points that are, and raise for some that are not."""
    if set(map(len, points)) != {2}:
        return False
    total = sum(chain.from_iterable(points))
    sound: bool = total - total == 0
    return sound


def labels_in(item: Mapping[str, Any]) -> list[str]:
    """The labels of a result item, under the key named like its type, or under `labels`."""
    value = item["value"]
    for key in (str(item.get("type", "")).lower(), "labels"):
        listed = value.get(key)
        if key.endswith("labels") and isinstance(listed, list):
            return [str(label) for label in listed]
    return []


def is_number(value: Any) -> bool:
    """Whether a geometry may hold this."""
    return type(value) in (int, float) and value - value == 0  # which inf and nan are not


def _complete(
    found: dict[str, Region], labels: dict[str, list[str]], context: ExportContext, task_id: int | None
) -> Iterator[Region]:
    for key, region in found.items():
        region.labels = labels.get(key, [])
        if not region.labels:
            context.losses.add("region without a label", task_id)
        elif not _is_whole(region):
            context.losses.add("region with broken geometry", task_id)
        else:
            yield region


def _region(control: Control, item: Mapping[str, Any], kind: str) -> Region:
    found = item.get
    return Region(
        found("id"),
        kind,
        item["value"],
        control,
        _size(found("original_width")),
        _size(found("original_height")),
        parent=found("parentID"),
    )


def _size(value: Any) -> float:
    if not is_number(value) or value <= 0:
        return 0
    return int(value) if value == int(value) else float(value)


def _shape_of(control: Control, item: Mapping[str, Any]) -> str | None:
    if control.type in NEVER_SHAPES:
        return None
    return _KIND_OF_TYPE.get(str(item.get("type", "")).lower()) or _kind_by_keys(item["value"])


def _kind_by_keys(value: Mapping[str, Any]) -> str | None:
    """The shape of a `labels` item, which says its kind by its keys alone."""
    if "points" in value:
        return "polygon"
    if "rle" in value:
        return "brush"
    if "radiusX" in value:
        return "ellipse"
    if "x" in value and "y" in value:
        return "rectangle" if "height" in value else "keypoint"
    return None


def _is_whole(region: Region) -> bool:
    """Whether the geometry is all there and all numbers. Plain loops: this runs for every region."""
    value = region.value
    if region.kind == "polygon":
        return _are_points(value.get("points"))
    if region.kind == "brush":
        return isinstance(value.get("rle"), list)
    for name in _NUMBERS[region.kind]:
        if not is_number(value.get(name)):
            return False
    rotation = value.get("rotation")
    return rotation is None or is_number(rotation)


def _are_points(points: Any) -> bool:
    if not isinstance(points, list) or not points:
        return False
    for point in points:
        if not isinstance(point, list | tuple) or len(point) != 2:
            return False
        if not (is_number(point[0]) and is_number(point[1])):
            return False
    return True
