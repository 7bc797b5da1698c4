"""A Hugging Face image folder: the images and `metadata.jsonl`, opened by `load_dataset("imagefolder", …)`.

    {"file_name": "a.jpg", "task": 7, "objects": {"bbox": [[x, y, w, h]…], "categories": […]}, <choices>: […]}

Boxes are in pixels, upright; whatever else has an outline is written as the box around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.domain.formats.annotations import known_items, live_annotations
from chalicelib.domain.formats.contract import Entry, ExportContext, Format, LossReport, Task, TaskSource
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.geometry import Box, ellipse_outline, hull, rectangle_hull, scaled
from chalicelib.domain.formats.json_text import json_bytes
from chalicelib.domain.formats.pictures import Picture, media_entry, pictures, silent
from chalicelib.domain.formats.regions import Region

FOLDER = "train"


class ImageFolderWriter:
    """`train/` with its metadata, in one pass for the lines and one for the images."""

    def __init__(self, context: ExportContext) -> None:
        context.options = replace(context.options, with_media=context.media is not None)
        self._context = context
        self._losses = context.losses
        self._choices = [c.name for c in context.controls.of_type("Choices") if c.speaks_of("Image")]

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The lines that describe the images, the images, and a card."""
        yield Entry(f"{FOLDER}/metadata.jsonl", self._lines(source))
        if self._context.options.with_media:
            for picture in pictures(source(), silent(self._context)):
                yield from media_entry(picture, FOLDER, self._context)
        yield Entry("README.md", _CARD.format(project=self._context.options.project_id).encode())

    def _lines(self, source: TaskSource) -> Iterator[bytes]:
        answers = _Answers(self._choices, self._context)
        for picture in pictures(answers.noting(source()), self._context):
            row: dict[str, Any] = {"file_name": picture.name, "task": picture.task_id}
            boxes: list[Box] = []
            names: list[str] = []
            for region in picture.regions:
                box = self._box(region, picture)
                if box is not None:
                    boxes += [box] * len(region.labels)
                    names += region.labels
            row["objects"] = {"bbox": boxes, "categories": names}
            yield json_bytes(row | answers.latest, self._losses, picture.task_id) + b"\n"

    def _box(self, region: Region, picture: Picture) -> Box | None:
        width, height = region.width or picture.width, region.height or picture.height
        if region.kind in ("brush", "keypoint"):
            self._losses.add(f"{region.kind} region", picture.task_id)
            return None
        if not (width and height):
            self._losses.add("region on an image of unknown size", picture.task_id)
            return None
        value = region.value
        if region.kind == "rectangle":
            if value.get("rotation"):
                self._losses.add("rotation of a box", picture.task_id)
            return rectangle_hull(region.rectangle, width, height)
        self._losses.add("outline, written as the box around it", picture.task_id)
        if region.kind == "polygon":
            return hull(scaled(value["points"], width, height))
        centre, radii = (value["x"], value["y"]), (value["radiusX"], value["radiusY"])
        return hull(ellipse_outline(centre, radii, value.get("rotation") or 0, size=(width, height)))


class _Answers:
    """The choices of the task that was looked at last, of its newest annotation."""

    def __init__(self, names: list[str], context: ExportContext) -> None:
        self._names = names
        self._context = context
        self.latest: dict[str, list[str]] = {}

    def noting(self, tasks: Iterator[Task] | Any) -> Iterator[Task]:
        """The tasks as they are; each is looked at before it is handed on."""
        for task in tasks:
            self.latest = {name: [] for name in self._names}
            for annotation in (live_annotations(task, LossReport()) or ())[:1]:
                for control, item in known_items(annotation, self._context.controls, LossReport(), None):
                    chosen = item["value"].get("choices")
                    if control.name in self.latest and isinstance(chosen, list):
                        self.latest[control.name] = [str(choice) for choice in chosen]
            yield task


_CARD = """---
configs:
- config_name: default
  data_files:
  - split: train
    path: train/**
task_categories:
- object-detection
---

# Project {project}

Images with their boxes (x, y, width, height in pixels) and choices, labeled with Skylabel.
"""


def _fits(controls: ControlTable) -> bool:
    return controls.reads_one_key and any(
        control.speaks_of("Image") for control in controls.controls.values()
    )


HF_IMAGE_FOLDER = Format(
    id="HF_IMAGE_FOLDER",
    title="Hugging Face image folder",
    description="The images and a line of metadata for each: boxes in pixels and choices.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    tags=("object detection", "image classification"),
    link="https://huggingface.co/docs/datasets/image_load",
    open=ImageFolderWriter,
    fits=_fits,
    cannot_carry=(
        "the rotation of boxes (their upright hull is written)",
        "outlines (the box around them is written), brush masks, key points",
        "region ids, relations, other answers; choices of all annotations but the newest",
        "who annotated, when, and whether it is the ground truth",
    ),
    media=True,
)
