"""A Hugging Face image folder as tasks, one per line of `metadata.jsonl`: boxes, choices, other columns.

    {"file_name": "a.jpg", "objects": {"bbox": [[x, y, w, h]…], "categories": […]}, "kind": ["good"]}

Boxes are in pixels. A column named like a control of choices is that control's answer; others are data.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.domain.formats.geometry import Rectangle
from chalicelib.domain.formats.image_sizes import image_size
from chalicelib.domain.imports.archives import Archive
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn
from chalicelib.domain.imports.datasets.drawing import Pen, Shelf, Size
from chalicelib.domain.imports.json_values import strict_value
from chalicelib.domain.imports.text import lines, text_chunks

METADATA = "metadata.jsonl"


def is_dataset(names: Iterable[str]) -> bool:
    """Whether these files are an image folder with its metadata."""
    return any(posixpath.basename(name) == METADATA for name in names)


def read_dataset(archive: Archive, options: ImportOptions, media: Shelf) -> Iterator[TaskIn | Problem]:
    """A task per line; a line that cannot be read is a problem of its own."""
    pen = Pen(options)
    for name in archive.names:
        if not is_dataset([name]):
            continue
        with archive.open(name) as stream:
            chunks = text_chunks(stream, limit_bytes=options.limits.bytes)
            every = lines(chunks, limit_characters=options.limits.item_characters)
            for number, line in enumerate(every, 1):
                if not line.strip():
                    continue
                try:
                    row = strict_value(line, number, options.limits)
                    yield _task(row, f"{name} line {number}", posixpath.dirname(name), pen, options, media)
                except ValueError as error:
                    yield Problem(message=str(error), file=name, line=number, code="metadata", stops=False)


def _task(row: Any, place: str, folder: str, pen: Pen, options: ImportOptions, media: Shelf) -> TaskIn:
    if not isinstance(row, dict) or not isinstance(row.get("file_name"), str):
        raise ValueError('a line without a "file_name"')
    image = media.find(row["file_name"], folder)
    size = (image_size(media.head(image)) if image else None) or (0, 0)
    address = media.address(image) if image else options.media_prefix + row["file_name"]
    items = [*_boxes(row.get("objects"), size, pen), *_answers(row, options)]
    known = {"file_name", "objects", *(item["from_name"] for item in items)}
    rest = {key: value for key, value in row.items() if key not in known}
    return pen.task({pen.image_key: address, **rest}, items, place=place, labeled=True)


def _boxes(objects: Any, size: Size, pen: Pen) -> Iterator[dict[str, Any]]:
    if not isinstance(objects, dict):
        return
    boxes, labels = objects.get("bbox") or [], objects.get("categories") or objects.get("category") or []
    if not isinstance(boxes, list) or not isinstance(labels, list) or len(boxes) != len(labels):
        raise ValueError("objects need as many categories as boxes")
    if boxes and not all(size):
        raise ValueError("boxes in pixels on an image whose size is not known: it is not in the archive")
    for box, label in zip(boxes, labels, strict=True):
        x, y, w, h = _four(box)
        width, height = size[0] / 100, size[1] / 100
        yield pen.rectangle(Rectangle(x / width, y / height, w / width, h / height), str(label), size)


def _four(box: Any) -> Sequence[float]:
    if not isinstance(box, list) or len(box) != 4 or any(type(side) not in (int, float) for side in box):
        raise ValueError(f"a box that is not four numbers: {box!r:.60}")
    return box


def _answers(row: dict[str, Any], options: ImportOptions) -> Iterator[dict[str, Any]]:
    for control in options.controls.of_type("Choices"):
        chosen = row.get(control.name)
        if isinstance(chosen, list) and chosen and all(isinstance(choice, str) for choice in chosen):
            yield {
                "from_name": control.name,
                "to_name": control.to_name[0] if control.to_name else "",
                "type": "choices",
                "value": {"choices": chosen},
            }
