"""Pascal VOC folders as tasks, one per XML file: boxes and, where other tools wrote them, polygons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from chalicelib.domain.formats.geometry import Point, Rectangle
from chalicelib.domain.formats.image_sizes import image_size
from chalicelib.domain.imports.archives import Archive
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.datasets.drawing import Pen, Shelf, Size
from chalicelib.domain.imports.safe_xml import parsed

MAX_FILE = 32 * 1024 * 1024
_NOTES = ("difficult", "truncated")


def is_dataset(names: Iterable[str]) -> bool:
    """Whether these files are a VOC folder."""
    return any("Annotations" in name.split("/")[:-1] and name.lower().endswith(".xml") for name in names)


def read_dataset(archive: Archive, options: ImportOptions, media: Shelf) -> Iterator[TaskIn | Problem]:
    """A task per XML file in `Annotations/`."""
    pen = Pen(options)
    for name in archive.names:
        if not is_dataset([name]):
            continue
        with archive.open(name) as stream:
            data = stream.read(MAX_FILE)
        try:
            yield from _task(parsed(data), name, pen, options, media)
        except UnreadableError as error:
            raise UnreadableError(f"{name}: {error.message}", line=error.line, code=error.code) from None


def _task(root: Any, name: str, pen: Pen, options: ImportOptions, media: Shelf) -> Iterator[TaskIn | Problem]:
    file_name = (root.findtext("filename") or "").strip() or name.rsplit("/", 1)[-1][:-4] + ".jpg"
    places = (f"{folder}{file_name}" for folder in ("images/", "JPEGImages/", ""))
    image = next(filter(None, map(media.find, places)), None)
    size = (_whole(root.findtext("size/width")), _whole(root.findtext("size/height")))
    if not all(size) and image:
        size = image_size(media.head(image)) or size
    items: list[dict[str, Any]] = []
    for found in root.iter("object"):
        try:
            items.append(_item(found, size, pen))
        except ValueError as error:
            yield Problem(message=str(error), file=name, line=found.sourceline, code="voc", stops=False)
    address = media.address(image) if image else options.media_prefix + file_name
    yield pen.task({pen.image_key: address}, items, place=name, labeled=True)


def _item(found: Any, size: Size, pen: Pen) -> dict[str, Any]:
    label = (found.findtext("name") or "").strip()
    if not label:
        raise ValueError("an object without a name")
    if not all(size):
        raise ValueError("an object on an image of unknown size")
    notes = [name for name in _NOTES if (found.findtext(name) or "0").strip() not in ("", "0")]
    meta = {"text": notes} if notes else None
    outline = found.find("polygon")
    if outline is not None and pen.draws("polygon"):
        return pen.polygon(_outline(outline, size), label, size, meta=meta)
    left, top, right, bottom = (_number(found, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax"))
    box = Rectangle(
        left / size[0] * 100,
        top / size[1] * 100,
        (right - left) / size[0] * 100,
        (bottom - top) / size[1] * 100,
    )
    return pen.rectangle(box, label, size, meta=meta)


def _outline(outline: Any, size: Size) -> list[Point]:
    points: list[Point] = []
    while outline.find(f"x{len(points) + 1}") is not None:
        number = len(points) + 1
        x, y = _number(outline, f"x{number}"), _number(outline, f"y{number}")
        points.append((x / size[0] * 100, y / size[1] * 100))
    if len(points) < 3:
        raise ValueError("a polygon of fewer than three points")
    return points


def _number(found: Any, path: str) -> float:
    text = found.findtext(path)
    try:
        number = float(text or "")
    except ValueError:
        raise ValueError(f"{path} is not a number: {text!r:.40}") from None
    if not isfinite(number):
        raise ValueError(f"{path} is not finite")
    return number


def _whole(text: str | None) -> int:
    try:
        return max(int(float(text or "0")), 0)
    except (ValueError, OverflowError):
        return 0
