"""The kinds of result: which keys a `value` has, as JSON Schema fragments, and as types.

One table serves the published schema, the check of a result, and whoever asks what a type carries.
Units: image geometry in percent of the picture; audio in seconds; video in frames from 1; text in code
points. Ranges are generous (rotated boxes leave the picture); they catch pixels given for percents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

Schema = Mapping[str, object]


class Rectangle(TypedDict, total=False):
    """Top-left corner before rotation, size, degrees clockwise around that corner; percent."""

    x: float
    y: float
    width: float
    height: float
    rotation: float


class Ellipse(TypedDict, total=False):
    """Centre and radii; percent of width and of height."""

    x: float
    y: float
    radiusX: float
    radiusY: float
    rotation: float


class Polygon(TypedDict, total=False):
    """Corners; percent."""

    points: list[list[float]]
    closed: bool


class KeyPoint(TypedDict, total=False):
    """A point and the size of its dot; percent."""

    x: float
    y: float
    width: float


class BrushMask(TypedDict):
    """A mask in the field's run-length encoding (`brush`)."""

    format: str
    rle: list[int]


class TextSpan(TypedDict, total=False):
    """Code points, end exclusive."""

    start: int
    end: int
    text: str


class HyperTextSpan(TypedDict, total=False):
    """XPaths to text nodes and UTF-16 offsets in them; `globalOffsets` in code points of the whole."""

    start: str
    end: str
    startOffset: int
    endOffset: int
    globalOffsets: TextSpan
    text: str


class AudioSegment(TypedDict, total=False):
    """Seconds."""

    start: float
    end: float
    channel: int


class KeyFrame(TypedDict, total=False):
    """A box on one frame (from 1); percent. `enabled` false ends the object's life at that frame."""

    frame: int
    enabled: bool
    time: float
    x: float
    y: float
    width: float
    height: float
    rotation: float


class Relation(TypedDict, total=False):
    """A link between two regions."""

    type: str
    from_id: str
    to_id: str
    direction: str
    labels: list[str]


def _record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required)}


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
INDEX: Schema = {"type": "integer", "minimum": 0}
POSITION: Schema = {"type": "number", "minimum": -100, "maximum": 200}
LENGTH: Schema = {"type": "number", "minimum": 0, "maximum": 200}
RADIUS: Schema = {"type": "number", "minimum": 0, "maximum": 100}
FRAME: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number", "minimum": 0}
BYTES: Schema = _list({"type": "integer", "minimum": 0, "maximum": 255}, minItems=1)
_POINT = _list(POSITION, minItems=2, maxItems=2)
_OFFSETS = _record({"start": INDEX, "end": INDEX})
_VERTEX = _record(
    {"x": POSITION, "y": POSITION},
    {"id": TEXT, "prevPointId": {"type": ["string", "null"]}, "isBezier": FLAG},
)
_BOX = {"x": POSITION, "y": POSITION, "width": LENGTH, "height": LENGTH}
_KEY_FRAME = _record({"frame": FRAME, **_BOX}, {"enabled": FLAG, "time": SECONDS, "rotation": NUMBER})
_VECTOR_FRAME = _record({"frame": FRAME, "vertices": _list(_VERTEX)}, {"enabled": FLAG, "closed": FLAG})
_MOMENT: Schema = {"type": ["number", "string"]}

GEOMETRY: Mapping[str, Schema] = {
    "rectangle": _record(_BOX, {"rotation": NUMBER}),
    "ellipse": _record(
        {"x": POSITION, "y": POSITION, "radiusX": RADIUS, "radiusY": RADIUS}, {"rotation": NUMBER}
    ),
    "polygon": _record({"points": _list(_POINT, minItems=1)}, {"closed": FLAG}),
    "keypoint": _record({"x": POSITION, "y": POSITION}, {"width": LENGTH}),
    "brush": _record({"format": {"const": "rle"}, "rle": BYTES}),
    "bitmask": _record({"imageDataURL": {"type": "string", "pattern": "^data:image/"}}),
    "vector": _record({"vertices": _list(_VERTEX, minItems=1)}, {"closed": FLAG}),
    "text": _record({"start": INDEX, "end": INDEX}, {"text": TEXT}),
    "hypertext": _record(
        {"start": TEXT, "end": TEXT, "startOffset": INDEX, "endOffset": INDEX},
        {"globalOffsets": _OFFSETS, "text": TEXT},
    ),
    "hypertext-rescue": _record({"globalOffsets": _OFFSETS}, {"text": TEXT}),
    "hypertext-plain": _record({"start": INDEX, "end": INDEX}, {"text": TEXT}),
    "paragraphs": _record(
        {"start": {"type": ["string", "integer"]}, "end": {"type": ["string", "integer"]}},
        {"startOffset": INDEX, "endOffset": INDEX, "text": TEXT},
    ),
    "audio": _record({"start": SECONDS, "end": SECONDS}, {"channel": {"type": "integer"}}),
    "timeseries": _record({"start": _MOMENT, "end": _MOMENT}, {"instant": FLAG}),
    "timeline": _record({"ranges": _list(_record({"start": FRAME, "end": FRAME}), minItems=1)}),
    "videorectangle": _record(
        {"sequence": _list(_KEY_FRAME, minItems=1)}, {"framesCount": FRAME, "duration": SECONDS}
    ),
    "videovector": _record({"sequence": _list(_VECTOR_FRAME, minItems=1)}),
    "ocr": _record(
        {"x": NUMBER, "y": NUMBER, "width": NUMBER, "height": NUMBER},
        {"rotation": NUMBER, "pageIndex": INDEX, "ocrtext": TEXT},
    ),
    "cube": _record({"x": NUMBER, "y": NUMBER, "width": NUMBER, "height": NUMBER}),
}
"""What a region's shape or span consists of. Other keys may stand beside these."""

_ON_IMAGE = ("polygon", "brush", "bitmask", "vector", "ellipse", "rectangle", "keypoint")
ON_OBJECT: Mapping[str, tuple[str, ...]] = {
    "Text": ("text",),
    "HyperText": ("hypertext", "hypertext-plain", "hypertext-rescue"),
    "Paragraphs": ("paragraphs",),
    "Image": _ON_IMAGE,
    "Audio": ("audio",),
    "Video": ("timeline", "videorectangle", "videovector"),
    "TimeSeries": ("timeseries",),
    "Pdf": ("ocr",),
    "Object3D": ("cube",),
}
"""Which shapes a region on an object can have; objects that are missing have no regions."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What items of one `type` carry.

    `key` is the value's own key (empty for tools without labels), `payload` how to read it, `shapes` the
    geometries it comes with (empty: whatever the object takes, or none).
    """

    type: str
    key: str
    payload: str
    shapes: tuple[str, ...] = ()


def _kinds() -> dict[str, Kind]:
    tools = {
        "rectangle": "rectangle",
        "ellipse": "ellipse",
        "polygon": "polygon",
        "keypoint": "keypoint",
        "brush": "brush",
        "bitmask": "bitmask",
        "vector": "vector",
        "cube": "cube",
        "videovector": "videovector",
    }
    labeled = {
        "hypertextlabels": ON_OBJECT["HyperText"],
        "paragraphlabels": ("paragraphs",),
        "timeserieslabels": ("timeseries",),
        "timelinelabels": ("timeline",),
        "ocrlabels": ("ocr",),
    }
    kinds = [
        *(Kind(tool, "", "none", (shape,)) for tool, shape in tools.items()),
        *(Kind(f"{tool}labels", f"{tool}labels", "labels", (shape,)) for tool, shape in tools.items()),
        *(Kind(name, name, "labels", shapes) for name, shapes in labeled.items()),
        Kind("labels", "labels", "labels"),
        Kind("magicwand", "", "none", ("brush",)),
        Kind("videorectangle", "labels", "optional-labels", ("videorectangle",)),
        Kind("choices", "choices", "choices"),
        Kind("taxonomy", "taxonomy", "taxonomy"),
        Kind("textarea", "text", "texts"),
        Kind("rating", "rating", "rating"),
        Kind("number", "number", "number"),
        Kind("datetime", "datetime", "datetime"),
        Kind("pairwise", "selected", "selected"),
        Kind("ranker", "ranker", "ranker"),
        Kind("chatmessage", "chatmessage", "chatmessage"),
        Kind("reactcode", "reactcode", "reactcode"),
    ]
    return {kind.type: kind for kind in kinds}


KINDS: Mapping[str, Kind] = _kinds()
"""Every result type that has a `value`; relations have none and are not here."""

DIRECTIONS = ("right", "left", "bi")
