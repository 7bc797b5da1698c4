"""COCO files as tasks, one per image: polygons or boxes, masks, key points; scores make predictions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from chalicelib.domain.formats.geometry import Point, Rectangle
from chalicelib.domain.formats.masks import BrokenMaskError, counts_of_text, mask_of_counts
from chalicelib.domain.formats.regions import is_number
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn
from chalicelib.domain.imports.datasets.drawing import Pen, Shelf, Size
from chalicelib.domain.imports.json_values import JsonCursor
from chalicelib.domain.imports.text import text_chunks

Items = list[dict[str, Any]]


def read_coco(
    stream: BinaryIO, options: ImportOptions, media: Shelf | None = None, folder: str = ""
) -> Iterator[TaskIn | Problem]:
    """A task per image, in the file's order, images without annotations too.

    Annotations of one image may stand anywhere in the file, so they are held, as text, until its end.
    """
    dataset = _Dataset()
    cursor = JsonCursor(text_chunks(stream, limit_bytes=options.limits.bytes), options.limits)
    for key in cursor.members():
        if key in ("images", "annotations", "categories"):
            for line, entry in cursor.list_items():
                yield from dataset.add(key, entry, line)
        else:
            cursor.value()
    cursor.end()
    pen = Pen(options)
    for image in dataset.images:
        yield from _task(image, dataset, pen, options, media, folder)
    for image_id in dataset.drawn:
        message = f"annotations of an image {image_id[:40]} that the file does not list"
        yield Problem(message=message, code="coco", stops=False)


class _Dataset:
    """What the three lists hold, annotations by the image they belong to."""

    def __init__(self) -> None:
        self.images: list[dict[str, Any]] = []
        self.categories: dict[str, dict[str, Any]] = {}
        self.drawn: dict[str, list[str]] = {}

    def add(self, key: str, entry: Any, line: int) -> Iterator[Problem]:
        """Take in an entry of a list."""
        if not isinstance(entry, dict):
            yield Problem(message=f"an entry of {key} is no object", line=line, code="coco", stops=False)
        elif key == "images":
            if isinstance(entry.get("file_name"), str):
                self.images.append({**entry, "line": line})
            else:
                yield Problem(message="an image without file_name", line=line, code="coco", stops=False)
        elif key == "categories":
            self.categories[str(entry.get("id"))] = entry
        else:
            held = json.dumps({**entry, "line": line}, separators=(",", ":"))
            self.drawn.setdefault(str(entry.get("image_id")), []).append(held)


def _task(
    image: Mapping[str, Any],
    dataset: _Dataset,
    pen: Pen,
    options: ImportOptions,
    media: Shelf | None,
    folder: str,
) -> Iterator[TaskIn | Problem]:
    size = (_whole(image.get("width")), _whole(image.get("height")))
    items: Items = []
    held = dataset.drawn.pop(str(image.get("id")), [])
    for text in held:
        entry = json.loads(text)
        category = dataset.categories.get(str(entry.get("category_id")), {})
        drawn = _items(entry, category, size, pen)
        if not drawn:
            message = (
                f"annotation {entry.get('id')} of {image['file_name'][:80]} has no shape that can be drawn"
            )
            yield Problem(message=message, line=entry["line"], code="coco", stops=False)
        items += drawn
    for number, item in enumerate(items):
        item["id"] = f"r{number + 1}"
        if "parentID" in item:
            item["parentID"] = next(
                (other["id"] for other in items if other.get("_key") == item["parentID"]), None
            )
    for item in items:
        item.pop("_key", None)
    data = {pen.image_key: _address(image["file_name"], options, media, folder)}
    yield pen.task(data, items, place=f"line {image['line']}", labeled=bool(held))


def _address(name: str, options: ImportOptions, media: Shelf | None, folder: str) -> str:
    found = media.find(name, folder) if media else None
    if media and found:
        return media.address(found)
    return options.media_prefix + name


def _items(entry: Mapping[str, Any], category: Mapping[str, Any], size: Size, pen: Pen) -> Items:
    """The items of one annotation: its mask, its polygons or its box, and its key points."""
    if not all(size):
        return []
    label = str(category.get("name", entry.get("category_id")))
    score = entry.get("score") if is_number(entry.get("score")) else None
    shapes = _segments(entry, label, size, pen, score) or _box(entry, label, size, pen, score)
    for shape in shapes:
        shape["_key"] = str(entry.get("id"))
    return shapes + _keypoints(entry, category, size, pen)


def _segments(entry: Mapping[str, Any], label: str, size: Size, pen: Pen, score: Any) -> Items:
    segmentation = entry.get("segmentation")
    if isinstance(segmentation, Mapping):
        mask = _mask(segmentation, size) if pen.draws("brush") else None
        return [pen.brush(mask, label, size, score=score)] if mask else []
    if not isinstance(segmentation, list) or not pen.draws("polygon"):
        return []
    outlines = [_points(flat, size) for flat in segmentation if _is_flat(flat, at_least=6, step=2)]
    return [pen.polygon(outline, label, size, score=score) for outline in outlines]


def _mask(segmentation: Mapping[str, Any], size: Size) -> bytes | None:
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        counts = counts_of_text(counts)
    if not isinstance(counts, list) or not all(isinstance(count, int) for count in counts):
        return None
    try:
        return mask_of_counts(counts, *size)
    except BrokenMaskError:
        return None


def _box(entry: Mapping[str, Any], label: str, size: Size, pen: Pen, score: Any) -> Items:
    box: Any = entry.get("bbox")
    if not _is_flat(box, at_least=4, step=4) or ("keypoints" in entry and not pen.draws("rectangle")):
        return []
    (x, y), (w, h) = _points(box, size)
    return [pen.rectangle(Rectangle(x, y, w, h), label, size, score=score)]


def _keypoints(entry: Mapping[str, Any], category: Mapping[str, Any], size: Size, pen: Pen) -> Items:
    flat: Any = entry.get("keypoints")
    if not _is_flat(flat, at_least=3, step=3) or not pen.draws("keypoint"):
        return []
    names = category.get("keypoints")
    made: Items = []
    for number in range(len(flat) // 3):
        x, y, seen = flat[3 * number : 3 * number + 3]
        if not seen:
            continue
        known = isinstance(names, list) and number < len(names)
        label = str(names[number]) if known and isinstance(names, list) else f"{number}"
        point = _points([x, y], size)[0]
        hidden = True if seen < 2 else None
        made.append(pen.keypoint(point, label, size, hidden=hidden, parentID=str(entry.get("id"))))
    return made


def _is_flat(numbers: Any, *, at_least: int, step: int) -> bool:
    return (
        isinstance(numbers, list)
        and len(numbers) >= at_least
        and len(numbers) % step == 0
        and all(is_number(number) for number in numbers)
    )


def _points(flat: list[float], size: Size) -> list[Point]:
    """Pixels as percent."""
    width, height = size
    return [(x / width * 100, y / height * 100) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def _whole(value: Any) -> int:
    return int(value) if is_number(value) and value > 0 else 0
