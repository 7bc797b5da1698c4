"""Image geometry: percent and pixels, rotated boxes and ellipses, pictures shown rotated.

Percent are of the picture's natural width and height, from its top left; y grows downwards, so degrees turn
clockwise. A box turns around its top-left corner, an ellipse around its centre (the field's conventions).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """In pixels, or in percent where a name says so."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's natural size in pixels."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels: top-left corner before rotation, size, degrees clockwise around that corner."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0

    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Its corners after rotation, clockwise from the one that it turns around."""
        sizes = ((0.0, 0.0), (self.width, 0.0), (self.width, self.height), (0.0, self.height))
        turned = (turn(Point(dx, dy), self.rotation) for dx, dy in sizes)
        first, second, third, fourth = (Point(self.x + x, self.y + y) for x, y in turned)
        return first, second, third, fourth

    def centre(self) -> Point:
        """The middle, which rotation around the corner moves."""
        middle = turn(Point(self.width / 2, self.height / 2), self.rotation)
        return Point(self.x + middle.x, self.y + middle.y)


def turn(point: Point, degrees: float) -> Point:
    """The point turned clockwise around the origin; exact at multiples of 90."""
    quarter, rest = divmod(degrees, 90)
    if rest == 0:
        cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[int(quarter) % 4]
        return Point(point.x * cos - point.y * sin, point.x * sin + point.y * cos)
    angle = math.radians(degrees)
    return Point(
        point.x * math.cos(angle) - point.y * math.sin(angle),
        point.x * math.sin(angle) + point.y * math.cos(angle),
    )


def to_pixels(point: Sequence[float], size: Size) -> Point:
    """A point given in percent, in pixels."""
    return Point(point[0] * size.width / 100, point[1] * size.height / 100)


def to_percent(point: Sequence[float], size: Size) -> Point:
    """A point given in pixels, in percent. A picture without extent raises `ValueError`."""
    if not (size.width > 0 and size.height > 0):
        raise ValueError("a picture without extent has no percent")
    return Point(point[0] * 100 / size.width, point[1] * 100 / size.height)


def box_to_pixels(x: float, y: float, width: float, height: float, rotation: float, *, size: Size) -> Box:
    """A box given in percent, in pixels."""
    corner, extent = to_pixels((x, y), size), to_pixels((width, height), size)
    return Box(corner.x, corner.y, extent.x, extent.y, rotation)


def box_to_percent(box: Box, size: Size) -> dict[str, float]:
    """`x, y, width, height, rotation` of a rectangle's `value`."""
    corner, extent = to_percent((box.x, box.y), size), to_percent((box.width, box.height), size)
    return {
        "x": corner.x,
        "y": corner.y,
        "width": extent.x,
        "height": extent.y,
        "rotation": box.rotation,
    }


def box_around(points: Iterable[Sequence[float]]) -> Box:
    """The smallest upright box that holds the points; raises `ValueError` for none."""
    xs, ys = zip(*((point[0], point[1]) for point in points), strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def upright(box: Box) -> Box:
    """The smallest upright box around a turned one."""
    return box if box.rotation % 360 == 0 else box_around(box.corners())


def box_from_centre(centre: Sequence[float], width: float, height: float, rotation: float = 0.0) -> Box:
    """A box given by its centre, as many detectors and formats do."""
    corner = turn(Point(-width / 2, -height / 2), rotation)
    return Box(centre[0] + corner.x, centre[1] + corner.y, width, height, rotation)


def ellipse_around(centre: Sequence[float], radii: Sequence[float], rotation: float = 0.0) -> Box:
    """The smallest upright box around an ellipse in pixels; the extremes of its parametric form."""
    angle = math.radians(rotation)
    half_width = math.hypot(radii[0] * math.cos(angle), radii[1] * math.sin(angle))
    half_height = math.hypot(radii[0] * math.sin(angle), radii[1] * math.cos(angle))
    return Box(centre[0] - half_width, centre[1] - half_height, 2 * half_width, 2 * half_height)


def polygon_area(points: Sequence[Sequence[float]]) -> float:
    """The area inside a simple polygon (shoelace formula), in the square of the points' unit."""
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def shown_point(point: Sequence[float], image_rotation: int) -> Point:
    """Where a stored point (percent) is seen in a picture shown rotated by 0, 90, 180 or 270 degrees."""
    x, y = point[0], point[1]
    return (Point(x, y), Point(100 - y, x), Point(100 - x, 100 - y), Point(y, 100 - x))[
        _quarters(image_rotation)
    ]


def stored_point(point: Sequence[float], image_rotation: int) -> Point:
    """The stored point (percent) of one seen in a picture shown rotated: the inverse of `shown_point`."""
    return shown_point(point, -image_rotation)


def _quarters(degrees: int) -> int:
    quarters, rest = divmod(degrees, 90)
    if rest:
        raise ValueError(f"a picture turns by quarters, not by {degrees} degrees")
    return quarters % 4
