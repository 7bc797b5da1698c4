"""Plane geometry of image regions in pixels: corners, hulls, areas. Percentages come in, pixels go out.

A rectangle turns by `rotation` degrees, clockwise on screen, about its corner (x, y), in pixel space:
turning in percent space is right for square images only.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, hypot, inf, pi, radians, sin
from operator import mul, sub
from typing import NamedTuple

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""x, y, width, height."""

ELLIPSE_CORNERS = 64


class Rectangle(NamedTuple):
    """A rectangle as results have it: percent of the image, degrees about the corner."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0


def scaled(points: Sequence[Sequence[float]], width: float, height: float) -> list[Point]:
    """Points in percent as points in pixels."""
    return [(x / 100 * width, y / 100 * height) for x, y in points]


def corners(rectangle: Rectangle, width: float, height: float) -> list[Point]:
    """Top left, top right, bottom right, bottom left (of the unturned rectangle), in pixels."""
    left, top, across, down, rotation = rectangle
    x, y = left / 100 * width, top / 100 * height
    w, h = across / 100 * width, down / 100 * height
    angle = radians(rotation)
    c, s = cos(angle), sin(angle)
    bx, by, dx, dy = w * c, w * s, -h * s, h * c
    return [(x, y), (x + bx, y + by), (x + bx + dx, y + by + dy), (x + dx, y + dy)]


def rectangle_of(points: Sequence[Point], width: float, height: float) -> Rectangle:
    """The rectangle whose `corners` these four are."""
    (ax, ay), (bx, by), _, (dx, dy) = points
    rotation = degrees(atan2(by - ay, bx - ax)) % 360
    return Rectangle(
        ax / width * 100,
        ay / height * 100,
        hypot(bx - ax, by - ay) / width * 100,
        hypot(dx - ax, dy - ay) / height * 100,
        rotation,
    )


def rectangle_hull(rectangle: Rectangle, width: float, height: float) -> Box:
    """The upright box around the rectangle, in pixels."""
    if not rectangle.rotation:
        return (
            rectangle.x / 100 * width,
            rectangle.y / 100 * height,
            rectangle.width / 100 * width,
            rectangle.height / 100 * height,
        )
    # as `corners` has them, without making them: most boxes of many projects are turned
    left, top, across, down, rotation = rectangle
    ax, ay = left / 100 * width, top / 100 * height
    w, h = across / 100 * width, down / 100 * height
    angle = radians(rotation)
    c, s = cos(angle), sin(angle)
    bx, by = ax + w * c, ay + w * s
    dx, dy = ax - h * s, ay + h * c
    cx, cy = bx - h * s, by + h * c
    left, top = min(ax, bx, cx, dx), min(ay, by, cy, dy)
    return left, top, max(ax, bx, cx, dx) - left, max(ay, by, cy, dy) - top


def hull(points: Sequence[Point]) -> Box:
    """The upright box around the points."""
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    left, top = min(xs), min(ys)
    return left, top, max(xs) - left, max(ys) - top


def polygon_area(points: Sequence[Point]) -> float:
    """The area inside a polygon by the shoelace formula; 0 for fewer than three corners."""
    return _area([x for x, _ in points], [y for _, y in points])


def hull_and_area(xs: list[float], ys: list[float]) -> tuple[Box, float]:
    """The upright box around a polygon and the area inside it, from the coordinates of its corners."""
    left, top = min(xs), min(ys)
    return (left, top, max(xs) - left, max(ys) - top), _area(xs, ys)


def _area(xs: list[float], ys: list[float]) -> float:
    """Half the sum of each x times the step from the y before to the y after."""
    if len(xs) < 3:
        return 0.0
    # relative to the first corner: far from the origin the products would lose what the area is made of
    x0 = xs[0]
    steps = map(sub, [*ys[1:], ys[0]], [ys[-1], *ys[:-1]])
    twice: float = sum(map(mul, [x - x0 for x in xs], steps))
    return abs(twice) / 2


def ellipse_outline(
    centre: Point, radii: Point, rotation: float, *, size: Point, corners: int = ELLIPSE_CORNERS
) -> list[Point]:
    """A polygon on the ellipse: centre and radii in percent, rotation about the centre; pixels out."""
    width, height = size
    x, y = centre[0] / 100 * width, centre[1] / 100 * height
    a, b = radii[0] / 100 * width, radii[1] / 100 * height
    c, s = cos(radians(rotation)), sin(radians(rotation))
    turns = (2 * pi * step / corners for step in range(corners))
    return [(x + a * cos(t) * c - b * sin(t) * s, y + a * cos(t) * s + b * sin(t) * c) for t in turns]


def least_rectangle(points: Sequence[Point]) -> list[Point]:
    """The corners of the smallest rectangle around the points; one of its sides lies on their hull."""
    ring = convex_hull(points)
    least = inf
    best: tuple[float, float, float, float, float, float] | None = None
    ax, ay = ring[-1]
    for bx, by in ring if len(ring) > 2 else ():
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        if not square:  # corners so near each other that the side has no direction
            continue
        low = high = ax * dx + ay * dy
        # the ring turns to the left: nothing of it lies to the right of its own side
        base = top = ay * dx - ax * dy
        for x, y in ring:  # written out: this runs for each pair of corners of each outline
            along = x * dx + y * dy
            if along < low:
                low = along
            elif along > high:
                high = along
            across = y * dx - x * dy
            if across > top:
                top = across
        ax, ay = bx, by
        # both sides are longer than they are by the length of (dx, dy)
        area = (high - low) * (top - base) / square
        if area < least:
            least, best = area, (low, base, high, top, dx, dy)
    if best is None:
        left, base, w, h = hull(points)
        best = left, base, left + w, base + h, 1.0, 0.0
    left, base, right, top, c, s = best
    square = c * c + s * s  # once for the direction's length, once for that of what was measured along it
    box = [(left, base), (right, base), (right, top), (left, top)]
    return [((px * c - py * s) / square, (px * s + py * c) / square) for px, py in box]


def convex_hull(points: Sequence[Point]) -> list[Point]:
    """The corners of the convex hull in turn (Andrew's monotone chain)."""
    ordered = sorted(points)
    if not ordered or ordered[0] == ordered[-1]:
        return ordered[:1]
    # each half needs but the points on its side of the line from the first to the last
    (ax, ay), (bx, by) = ordered[0], ordered[-1]
    dx, dy = bx - ax, by - ay
    below: list[Point] = []
    above: list[Point] = []
    for point in ordered[1:-1]:
        side = dx * (point[1] - ay) - dy * (point[0] - ax)
        if side < 0:
            below.append(point)
        elif side > 0:
            above.append(point)
    above.reverse()
    first, last = ordered[0], ordered[-1]
    return [*_half_hull([first, *below, last]), *_half_hull([last, *above, first])]


def _half_hull(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        x, y = point
        while len(chain) > 1:
            (ax, ay), (bx, by) = chain[-2], chain[-1]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:  # a turn to the left
                break
            chain.pop()
        chain.append(point)
    return chain[:-1]
