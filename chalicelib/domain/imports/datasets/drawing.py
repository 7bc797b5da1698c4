"""Shapes of other tools as result items, under the names of the project's own controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chalicelib.domain.formats.geometry import Point, Rectangle
from chalicelib.domain.formats.masks import encode_mask
from chalicelib.domain.imports.contract import ImportOptions, TaskIn

_CONTROLS = {
    "RectangleLabels": "label_rectangles",
    "PolygonLabels": "label_polygons",
    "KeyPointLabels": "label_keypoints",
    "BrushLabels": "label_brush",
    "Labels": "label",
}
_KINDS = {
    "rectangle": "RectangleLabels",
    "polygon": "PolygonLabels",
    "keypoint": "KeyPointLabels",
    "brush": "BrushLabels",
}
Size = tuple[int, int]


class Shelf(Protocol):
    """Media files that came with a dataset."""

    def find(self, wanted: str, folder: str = "") -> str | None:
        """The file meant by a path, or None."""
        ...

    def address(self, name: str) -> str:
        """Where the file is stored."""
        ...

    def head(self, name: str) -> bytes:
        """The file's first bytes."""
        ...


class Pen:
    """Makes result items. Without a config every shape is drawn, under names of its own."""

    def __init__(self, options: ImportOptions) -> None:
        self._options = options
        self._controls = options.controls
        self.image_key = self._controls.data_key_of("Image") or "image"
        self.text_key = self._controls.data_key_of("Text") or "text"

    def draws(self, kind: str) -> bool:
        """Whether the config has a control for such shapes."""
        return not self._controls.controls or bool(self._controls.of_type(_KINDS[kind]))

    def rectangle(self, box: Rectangle, label: str, size: Size, **extra: Any) -> dict[str, Any]:
        """A box in percent."""
        value = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rotation": box.rotation}
        return self._item("RectangleLabels", value, label, size, extra)

    def polygon(self, points: Sequence[Point], label: str, size: Size, **extra: Any) -> dict[str, Any]:
        """A polygon in percent."""
        value = {"points": [list(point) for point in points], "closed": True}
        return self._item("PolygonLabels", value, label, size, extra)

    def keypoint(self, point: Point, label: str, size: Size, **extra: Any) -> dict[str, Any]:
        """A point in percent."""
        return self._item("KeyPointLabels", {"x": point[0], "y": point[1], "width": 0.5}, label, size, extra)

    def brush(self, mask: bytes, label: str, size: Size, **extra: Any) -> dict[str, Any]:
        """A mask of the image's size."""
        return self._item("BrushLabels", {"format": "rle", "rle": encode_mask(mask)}, label, size, extra)

    def span(self, start: int, end: int, text: str, label: str) -> dict[str, Any]:
        """A span of text."""
        value = {"start": start, "end": end, "text": text}
        return self._item("Labels", value, label, None, {})

    def task(self, data: dict[str, Any], items: list[dict[str, Any]], *, place: str, labeled: bool) -> TaskIn:
        """A task with these items: scored ones as a prediction, the others as an annotation.

        `labeled` false is an image that nobody has looked at: it gets no annotation at all.
        """
        for number, item in enumerate(items):
            item.setdefault("id", f"r{number + 1}")
        scored = items if self._options.as_predictions else [item for item in items if "score" in item]
        drawn = [] if self._options.as_predictions else [item for item in items if "score" not in item]
        made = TaskIn(data=data, wrapped=True, place=place)
        if scored:
            scores = [item["score"] for item in scored if "score" in item]
            mean = sum(scores) / len(scores) if scores else None
            made.predictions = [{"result": scored, "score": mean, "model_version": "imported"}]
        if drawn or (labeled and not scored and not self._options.as_predictions):
            made.annotations = [{"result": drawn}]
        return made

    def _item(
        self, tag: str, value: dict[str, Any], label: str, size: Size | None, extra: Mapping[str, Any]
    ) -> dict[str, Any]:
        control = next(iter(self._controls.of_type(tag)), None)
        key = tag.lower()
        item: dict[str, Any] = {
            "from_name": control.name if control else _CONTROLS[tag],
            "to_name": control.to_name[0] if control and control.to_name else self._object_name(tag),
            "type": key,
            "value": {**value, key: [label]},
            **{name: found for name, found in extra.items() if found is not None},
        }
        if size is not None and all(size):
            item.update(original_width=size[0], original_height=size[1], image_rotation=0)
        return item

    def _object_name(self, tag: str) -> str:
        return self.text_key if tag == "Labels" else self.image_key
