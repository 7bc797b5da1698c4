"""Outer borders of the patches of a mask, through the centres of their border pixels.

Patches are 8-connected. Borders are followed as Suzuki and Abe (1985) describe, counter-clockwise on
screen from the topmost, then leftmost pixel; of a straight run only the ends are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AROUND = ((-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1))
"""The eight neighbours clockwise from the left, y pointing down."""
_INSIDE = re.compile(rb"[^\x00]+")
Pixel = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch by the pixel where its border begins, and how many holes it has."""

    start: Pixel
    holes: int


def patches(mask: bytes, width: int) -> list[Patch]:
    """The patches of a mask, in the order of their first pixels.

    Works on runs: of a patch with v runs and e pairs of touching runs, 1 - (v - e) are holes.
    """
    parent: list[int] = []
    starts: list[Pixel] = []
    links: list[int] = []
    above: list[tuple[int, int, int]] = []
    for row in range(len(mask) // width if width else 0):
        here: list[tuple[int, int, int]] = []
        for match in _INSIDE.finditer(mask, row * width, (row + 1) * width):
            number = len(parent)
            parent.append(number)
            starts.append((match.start() - row * width, row))
            run = (match.start() - row * width, match.end() - row * width, number)
            here.append(run)
            links += [
                number
                for begin, end, other in above
                if _touch(run, begin, end) and _join(parent, number, other)
            ]
        above = here
    return _counted(parent, starts, links)


def border(mask: bytes, width: int, start: Pixel) -> list[Pixel]:
    """The corners of the border that begins at a patch's first pixel."""
    height = len(mask) // width

    def inside(pixel: Pixel) -> bool:
        x, y = pixel
        return 0 <= x < width and 0 <= y < height and mask[y * width + x] != 0

    first = next((n for n in range(8) if inside(_step(start, n))), None)
    if first is None:
        return [start]
    end, at, back = _step(start, first), start, first
    ring: list[Pixel] = []
    while True:
        ring.append(at)
        turn = next(n % 8 for n in range(back + 7, back - 1, -1) if inside(_step(at, n % 8)))
        following = _step(at, turn)
        if following == start and at == end:
            return _corners(ring)
        at, back = following, (turn + 4) % 8


def _touch(run: tuple[int, int, int], begin: int, end: int) -> bool:
    return begin <= run[1] and run[0] <= end


def _join(parent: list[int], one: int, other: int) -> bool:
    """Make two runs one patch; always True, so that the link is counted."""
    a, b = _root(parent, one), _root(parent, other)
    parent[max(a, b)] = min(a, b)
    return True


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _counted(parent: list[int], starts: list[Pixel], links: list[int]) -> list[Patch]:
    runs: dict[int, int] = {}
    for number in range(len(parent)):
        root = _root(parent, number)
        runs[root] = runs.get(root, 0) + 1
    touching = dict.fromkeys(runs, 0)
    for number in links:
        touching[_root(parent, number)] += 1
    return [Patch(starts[root], 1 - (count - touching[root])) for root, count in runs.items()]


def _step(pixel: Pixel, direction: int) -> Pixel:
    dx, dy = _AROUND[direction]
    return pixel[0] + dx, pixel[1] + dy


def _corners(ring: list[Pixel]) -> list[Pixel]:
    """The pixels where the border turns."""
    count = len(ring)
    return [
        ring[n] for n in range(count) if _way(ring[n - 1], ring[n]) != _way(ring[n], ring[(n + 1) % count])
    ]


def _way(a: Pixel, b: Pixel) -> Pixel:
    return b[0] - a[0], b[1] - a[1]
