"""Outer borders of the patches of a mask, through the centres of their border pixels.

Patches are 8-connected. Borders are followed as Suzuki and Abe (1985) describe, counter-clockwise on
screen from the topmost, then leftmost pixel; of a straight run only the ends are kept. The mask is
looked at in a frame of zeros and by flat index, which spares every test for its edges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INSIDE = re.compile(rb"[^\x00]+")
Pixel = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch by the corners of its outer border, and how many holes it has."""

    border: list[Pixel]
    holes: int


def patches(mask: bytes, width: int) -> list[Patch]:
    """The patches of a mask, in the order of their first pixels.

    Works on runs: of a patch with v runs and e pairs of touching runs, 1 - (v - e) are holes.
    """
    if not width:
        return []
    stride = width + 2
    framed = _framed(mask, width)
    runs = [match.span() for match in _INSIDE.finditer(framed)]
    parent = list(range(len(runs)))
    links = _links(runs, stride, parent)
    counts: dict[int, int] = {}
    for number in range(len(runs)):
        root = _root(parent, number)
        counts[root] = counts.get(root, 0) + 1
    touching = dict.fromkeys(counts, 0)
    for number in links:
        touching[_root(parent, number)] += 1
    return [
        Patch(_border(framed, stride, runs[root][0]), 1 - (count - touching[root]))
        for root, count in counts.items()
    ]


def _framed(mask: bytes, width: int) -> bytes:
    rows = (mask[at : at + width] for at in range(0, len(mask), width))
    edge = bytes(width + 2)
    return edge + b"".join([b"\0" + row + b"\0" for row in rows]) + edge


def _links(runs: list[tuple[int, int]], stride: int, parent: list[int]) -> list[int]:
    """The lower run of each pair that touches, joined with the upper in `parent`; one sweep."""
    links: list[int] = []
    first = 0
    for number, (start, end) in enumerate(runs):
        low, high = start - stride, end - stride
        while runs[first][1] < low:
            first += 1
        above = first
        while runs[above][0] <= high:
            a, b = _root(parent, number), _root(parent, above)
            parent[max(a, b)] = min(a, b)
            links.append(number)
            above += 1
    return links


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _border(framed: bytes, stride: int, start: int) -> list[Pixel]:
    """The corners of the border that begins at a patch's first pixel."""
    steps = (-1, -stride - 1, -stride, 1 - stride, 1, stride + 1, stride, stride - 1)
    first = next((n for n in range(8) if framed[start + steps[n]]), None)
    if first is None:
        return [_pixel(start, stride)]
    end, at, turn = start + steps[first], start, first
    ring: list[tuple[int, int]] = []
    while True:
        turn += 7
        while not framed[at + steps[turn & 7]]:
            turn -= 1
        turn &= 7
        ring.append((at, turn))
        following = at + steps[turn]
        if following == start and at == end:
            break
        at, turn = following, turn ^ 4
    return [_pixel(at, stride) for n, (at, turn) in enumerate(ring) if ring[n - 1][1] != turn]


def _pixel(index: int, stride: int) -> Pixel:
    row, column = divmod(index, stride)
    return column - 1, row - 1
