"""Outer borders of the patches of a mask, through the centres of their border pixels.

Patches are 8-connected. Borders are followed as Suzuki and Abe (1985) describe, counter-clockwise on
screen from the topmost, then leftmost pixel; of a straight run only the ends are kept. The mask is
looked at in a frame of zeros and by flat index, which spares every test for its edges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import iter_unpack

Pixel = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch by the corners of its outer border, and how many holes it has."""

    border: list[Pixel]
    holes: int


def patches(mask: bytes, width: int) -> list[Patch]:
    """The patches of a flat mask (0 and 1), in the order of their first pixels.

    Works on runs: of a patch with v runs and e pairs of touching runs, 1 - (v - e) are holes.
    """
    if not width:
        return []
    stride = width + 2
    first = mask.find(1)
    if first < 0:
        return []
    above, below = first // width, mask.rfind(1) // width + 1
    framed = _framed(mask[above * width : below * width], width)  # empty rows have no borders
    runs = _runs(framed)
    parent = list(range(len(runs)))
    links = _links(runs, stride, parent)
    for number in range(len(runs)):  # a root comes before what hangs on it, so one step leads to it now
        parent[number] = parent[parent[number]]
    counts = Counter(parent)
    touching = Counter([parent[number] for number in links])
    return [
        Patch(_border(framed, stride, runs[root][0], above), 1 - (count - touching[root]))
        for root, count in counts.items()
    ]


def _runs(framed: bytes) -> list[tuple[int, int]]:
    """Begin and end of each run of ones. Searching for single bytes takes a fifth of what a pattern does."""
    found: list[tuple[int, int]] = []
    find = framed.find
    begin = find(1)
    while begin >= 0:
        end = find(0, begin)  # there is one: the frame ends with zeros
        found.append((begin, end))
        begin = find(1, end)
    return found


def _framed(mask: bytes, width: int) -> bytes:
    rows = b"\0\0".join([row for (row,) in iter_unpack(f"{width}s", mask)])
    edge = bytes(width + 2)
    return b"".join([edge, b"\0", rows, b"\0", edge])


def _links(runs: list[tuple[int, int]], stride: int, parent: list[int]) -> list[int]:
    """The lower run of each pair that touches, joined with the upper in `parent`; one sweep."""
    links: list[int] = []
    first = 0
    for number, (start, end) in enumerate(runs):
        low, high = start - stride, end - stride
        while runs[first][1] < low:
            first += 1
        above = first
        root = number
        while runs[above][0] <= high:
            other = parent[above] if parent[parent[above]] == parent[above] else _root(parent, above)
            if other < root:
                parent[root] = other
                root = other
            else:
                parent[other] = root
            links.append(number)
            above += 1
    return links


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


@lru_cache(maxsize=16)
def _sweeps(stride: int) -> tuple[Sequence[int], Sequence[Sequence[tuple[int, int]]]]:
    """The step to each of the eight neighbours, and for each of them the turns to try when coming from it:
    beginning with the one before it and going round, each with its step."""
    steps = (-1, -stride - 1, -stride, 1 - stride, 1, stride + 1, stride, stride - 1)
    rounds = [[(side - 1 - n) & 7 for n in range(8)] for side in range(8)]
    return steps, [tuple((turn, steps[turn]) for turn in turns) for turns in rounds]


def _border(framed: bytes, stride: int, start: int, above: int) -> list[Pixel]:
    """The corners of the border that begins at a patch's first pixel; `above` rows were left out."""
    steps, sweeps = _sweeps(stride)
    first = next((n for n in range(8) if framed[start + steps[n]]), None)
    if first is None:
        return [(start % stride - 1, start // stride - 1 + above)]
    end, at = start + steps[first], start
    before = begun = -1
    corners: list[int] = []
    sweep = sweeps[first]
    while True:
        for turn, step in sweep:  # noqa: B007  which is looked at after the loop
            if framed[at + step]:
                break
        if turn != before:
            corners.append(at)
            begun = turn if begun < 0 else begun
            before, sweep = turn, sweeps[turn ^ 4]
        following = at + step
        if following == start and at == end:
            break
        at = following
    if begun == before and len(corners) > 1:
        del corners[0]  # the ring closes on a straight run: its first pixel is no corner
    return [(index % stride - 1, index // stride - 1 + above) for index in corners]
