"""Which kinds of project a format can be written for: conditions on the config's controls."""

from __future__ import annotations

from chalicelib.domain.formats.control_table import ControlTable

IMAGES = ("Image",)
SOUNDS = ("Audio", "AudioPlus")


def has_labeled_shapes(controls: ControlTable, *label_tags: str) -> bool:
    """Whether images of one data key are labeled with such shapes, or with plain tools and Labels.

    Key points alone do not do: they belong to boxes.
    """
    if not controls.reads_one_key or any(control.has_value_list for control in controls.controls.values()):
        return False
    found = {tag for tag in label_tags if controls.pairs(IMAGES, tag)}
    for tag in label_tags:
        tool = tag.removesuffix("Labels")
        if controls.pairs(IMAGES, tool) and controls.pairs(IMAGES, "Labels"):
            found.add(tag)
    if found == {"KeyPointLabels"}:
        return False
    return bool(found)


def fits_brush(controls: ControlTable) -> bool:
    """Whether images are labeled with brushes."""
    return has_labeled_shapes(controls, "BrushLabels")
