"""Outlines as masks: which pixels have their centre inside a polygon (even-odd rule)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from chalicelib.domain.formats.geometry import Point


def filled(points: Sequence[Point], width: int, height: int) -> bytes:
    """`width * height` bytes, 255 where the pixel's centre lies inside the polygon."""
    mask = bytearray(width * height)
    edges = [
        (a, b) if a[1] < b[1] else (b, a)
        for a, b in zip(points, [*points[1:], *points[:1]], strict=True)
        if a[1] != b[1]
    ]
    if not edges:
        return bytes(mask)
    top = max(0, int(min(a[1] for a, _ in edges)))
    bottom = min(height, int(max(b[1] for _, b in edges)) + 1)
    for row in range(top, bottom):
        y = row + 0.5
        crossings = sorted(
            a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges if a[1] <= y < b[1]
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            begin, end = max(0, ceil(left - 0.5)), min(width, ceil(right - 0.5))
            if begin < end:
                mask[row * width + begin : row * width + end] = b"\xff" * (end - begin)
    return bytes(mask)
