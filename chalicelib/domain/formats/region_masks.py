"""Regions of any shape as masks."""

from __future__ import annotations

from chalicelib.domain.formats.geometry import corners, ellipse_outline, scaled
from chalicelib.domain.formats.masks import decode_mask, flattened
from chalicelib.domain.formats.raster import filled
from chalicelib.domain.formats.regions import Region


def flat_mask(region: Region) -> bytes | None:
    """As `region_mask`, but 0 and 1: how strong a brush was is left out."""
    if region.kind == "brush":
        return decode_mask(region.value["rle"], int(region.width), int(region.height), flat=True)
    mask = region_mask(region)
    return None if mask is None else flattened(mask)


def region_mask(region: Region) -> bytes | None:
    """The region's mask, or None for what has no inside; raises `BrokenMaskError`."""
    width, height, value = int(region.width), int(region.height), region.value
    if region.kind == "brush":
        return decode_mask(value["rle"], width, height)
    if region.kind == "keypoint" or not (width and height):
        return None
    if region.kind == "rectangle":
        return filled(corners(region.rectangle, width, height), width, height)
    if region.kind == "polygon":
        return filled(scaled(value["points"], width, height), width, height)
    centre, radii = (value["x"], value["y"]), (value["radiusX"], value["radiusY"])
    outline = ellipse_outline(centre, radii, value.get("rotation") or 0, size=(width, height))
    return filled(outline, width, height)
