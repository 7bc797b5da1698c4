"""YOLO folders as tasks, one per image: boxes, oriented boxes, polygons, poses.

What a line is, is told by how many numbers follow the class: 4 a box, 5 a box and its score, 8 an
oriented box if the corners are those of a rectangle in pixels (else a polygon), an even number from
6 a polygon; with `kpt_shape` in `data.yaml`, 4 and the key points.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import hypot, isfinite
from typing import Any

from chalicelib.domain.formats.geometry import Point, Rectangle, rectangle_of
from chalicelib.domain.formats.image_sizes import image_size
from chalicelib.domain.imports.archives import Archive
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.datasets.drawing import Pen, Shelf, Size
from chalicelib.domain.imports.detection import RASTERS, extension_of
from chalicelib.domain.imports.text import lines, text_chunks

_CLASS_FILES = ("classes.txt", "obj.names")
_CARDS = ("data.yaml", "data.yml", "dataset.yaml")
_OF_A_RECTANGLE = 0.02
"""How far a side may be from its opposite, as a part of the longer diagonal."""


@dataclass(slots=True)
class Card:
    """The names of the classes by number, and the shape of poses: how many points, numbers a point."""

    names: dict[int, str] = field(default_factory=dict)
    pose: tuple[int, int] | None = None

    def label(self, number: int) -> str:
        """The name of a class."""
        return self.names.get(number, str(number))


def is_dataset(names: Iterable[str]) -> bool:
    """Whether these files are a YOLO folder."""
    names = list(names)
    labels = any("labels" in name.split("/")[:-1] and name.endswith(".txt") for name in names)
    return labels and any(posixpath.basename(name) in _CLASS_FILES + _CARDS for name in names)


def read_dataset(archive: Archive, options: ImportOptions, media: Shelf) -> Iterator[TaskIn | Problem]:
    """A task per image; an image without a label file is one that shows nothing of the classes."""
    card = _card(archive, options)
    pen = Pen(options)
    labels = {name for name in archive.names if _is_label_file(name)}
    images = [name for name in archive.names if extension_of(name) in RASTERS]
    for image in images:
        label_file = _label_file(image)
        found = label_file if label_file in labels else None
        labels.discard(label_file)
        yield from _task(archive, image, found, card, pen, options, media)
    for label_file in sorted(labels):
        yield from _task(archive, None, label_file, card, pen, options, media)


def _task(
    archive: Archive,
    image: str | None,
    label_file: str | None,
    card: Card,
    pen: Pen,
    options: ImportOptions,
    media: Shelf,
) -> Iterator[TaskIn | Problem]:
    size = (image_size(media.head(image)) if image else None) or (0, 0)
    items: list[dict[str, Any]] = []
    if label_file:
        limits = options.limits
        with archive.open(label_file) as stream:
            chunks = text_chunks(stream, limit_bytes=limits.bytes)
            for number, line in enumerate(lines(chunks, limit_characters=limits.item_characters), 1):
                try:
                    items += line_items(line, card, size, pen)
                except ValueError as error:
                    yield Problem(message=str(error), file=label_file, line=number, code="yolo", stops=False)
    _number(items)
    stem = posixpath.splitext(posixpath.basename(label_file or ""))[0]
    address = media.address(image) if image else f"{options.media_prefix}{stem}.jpg"
    place = image or label_file or ""
    yield pen.task({pen.image_key: address}, items, place=place, labeled=label_file is not None)


def line_items(line: str, card: Card, size: Size, pen: Pen) -> list[dict[str, Any]]:
    """The items of one line; raises ValueError for a line of no known form."""
    parts = line.split()
    if not parts:
        return []
    try:
        label = card.label(int(float(parts[0])))
        numbers = [float(part) for part in parts[1:]]
    except (ValueError, OverflowError):
        raise ValueError(f"a line that is not all numbers: {line.strip()[:80]!r}") from None
    if not all(isfinite(number) for number in numbers):
        raise ValueError("a number that is not finite")
    count = len(numbers)
    if card.pose and count == 4 + card.pose[0] * card.pose[1]:
        return _pose(numbers, card, label, size, pen)
    if count in (4, 5):
        score = numbers[4] if count == 5 else None
        return [pen.rectangle(_box(numbers), label, size, score=score)]
    if count == 8 and pen.draws("rectangle"):
        oriented = _oriented(numbers, size)
        if oriented:
            return [pen.rectangle(oriented, label, size)]
    if count >= 6 and count % 2 == 0:
        return [pen.polygon(_points(numbers), label, size)]
    raise ValueError(f"{count} numbers after the class, which is no form of YOLO")


def _box(numbers: list[float]) -> Rectangle:
    x, y, w, h = numbers[:4]
    return Rectangle((x - w / 2) * 100, (y - h / 2) * 100, w * 100, h * 100)


def _points(numbers: list[float]) -> list[Point]:
    return [(x * 100, y * 100) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _oriented(numbers: list[float], size: Size) -> Rectangle | None:
    """The turned box that these corners are, if they are one in pixels."""
    width, height = size if all(size) else (1, 1)
    corners = [(x * width, y * height) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    a, b, c, d = corners
    diagonals = hypot(a[0] - c[0], a[1] - c[1]), hypot(b[0] - d[0], b[1] - d[1])
    middle = hypot(a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1])
    tolerance = _OF_A_RECTANGLE * max(diagonals)
    if abs(diagonals[0] - diagonals[1]) > tolerance or middle > 2 * tolerance:
        return None
    if not all(size):  # without the size in pixels a turn cannot be told
        return _upright(corners)
    return rectangle_of(corners, width, height)


def _upright(corners: list[Point]) -> Rectangle | None:
    """The upright box that these corners are, by quarter turns or not, if they are one. Fractions in."""
    xs, ys = sorted({x for x, _ in corners}), sorted({y for _, y in corners})
    if len(xs) != 2 or len(ys) != 2:
        return None
    return Rectangle(xs[0] * 100, ys[0] * 100, (xs[1] - xs[0]) * 100, (ys[1] - ys[0]) * 100)


def _pose(numbers: list[float], card: Card, label: str, size: Size, pen: Pen) -> list[dict[str, Any]]:
    made = [pen.rectangle(_box(numbers), label, size)]
    _, step = card.pose or (0, 2)
    flat = numbers[4:]
    for number, at in enumerate(range(0, len(flat), step)):
        seen = flat[at + 2] if step == 3 else float(flat[at] != 0 or flat[at + 1] != 0)
        if seen and pen.draws("keypoint"):
            point = (flat[at] * 100, flat[at + 1] * 100)
            hidden = True if seen < 2 and step == 3 else None
            made.append(pen.keypoint(point, str(number), size, hidden=hidden, parentID="box"))
    return made


def _number(items: list[dict[str, Any]]) -> None:
    """Give ids; key points belong to the box before them."""
    box = None
    for number, item in enumerate(items, 1):
        item["id"] = f"r{number}"
        if item.get("parentID") == "box":
            item["parentID"] = box
        else:
            box = item["id"]


def _is_label_file(name: str) -> bool:
    return name.endswith(".txt") and "labels" in name.split("/")[:-1]


def _label_file(image: str) -> str:
    """`…/labels/a.txt` for `…/images/a.jpg`, the last folder of that name being meant."""
    parts = posixpath.splitext(image)[0].split("/")
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] == "images":
            parts[at] = "labels"
            break
    return "/".join(parts) + ".txt"


def _card(archive: Archive, options: ImportOptions) -> Card:
    card = Card()
    for name in archive.names:
        last = posixpath.basename(name)
        if last not in _CLASS_FILES + _CARDS:
            continue
        with archive.open(name) as stream:
            text = "".join(text_chunks(stream, limit_bytes=options.limits.item_characters))
        if last in _CLASS_FILES:
            listed = {n: label for n, label in enumerate(text.splitlines()) if label.strip()}
            card.names = card.names or listed
        else:
            _read_yaml(card, text, name)
    return card


def _read_yaml(card: Card, text: str, name: str) -> None:
    import yaml

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnreadableError(f"{name}: not valid YAML: {str(error)[:200]}", code="yolo") from None
    if not isinstance(found, dict):
        return
    names = found.get("names")
    if isinstance(names, list):
        card.names = {number: str(label) for number, label in enumerate(names)}
    elif isinstance(names, dict):
        card.names = {number: str(label) for number, label in names.items() if isinstance(number, int)}
    shape = found.get("kpt_shape")
    if isinstance(shape, list) and len(shape) == 2 and shape[1] in (2, 3) and isinstance(shape[0], int):
        card.pose = (shape[0], shape[1])
