"""How far two results are alike, 0 to 1: control by control, by what kind of thing each control says.

| A control says | Two of them are alike by |
|---|---|
| regions with a box, an ellipse or corners | the share of their bounding boxes that both cover |
| spans of text, of sound, of series | the share of their length that both cover |
| key points | how close they are, within a tenth of the picture |
| choices, labels of the whole, taxonomies | the share of all that was chosen which both chose |
| anything else | being equal |

Regions are paired, best first, among those of equal labels; what finds no partner counts as unlike. A result
is the mean of its controls.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.results.geometry import Box, box_around

Item = Mapping[str, Any]
MAX_PAIRS = 40_000
"""Past so many pairs of regions under a control only equal ones are found."""
_NEAR = 10.0
"""Percent of the picture within which key points are somewhat alike."""
_UNSAID = frozenset({"original_width", "original_height", "image_rotation", "original_length", "text"})
_LABELS = "labels"


def similarity(one: Iterable[object], other: Iterable[object]) -> float:
    """How far two results are alike; 1 where both say nothing."""
    first, second = _by_control(one), _by_control(other)
    controls = first.keys() | second.keys()
    if not controls:
        return 1.0
    return sum(_alike(first.get(name, []), second.get(name, [])) for name in controls) / len(controls)


def _by_control(result: Iterable[object]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in result:
        if isinstance(item, Mapping) and isinstance(item.get("value"), Mapping):
            found.setdefault(str(item.get("from_name")), []).append(item)
    return found


def _alike(one: Sequence[Item], other: Sequence[Item]) -> float:
    if not one or not other:
        return 0.0
    if len(one) == len(other) == 1 and _place(one[0]) is None:
        return _same_choice(one[0], other[0])
    if len(one) * len(other) > MAX_PAIRS:
        return _equal_ones(one, other)
    pairs = [
        (score, left, right)
        for left, first in enumerate(one)
        for right, second in enumerate(other)
        if (score := _pair(first, second)) > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    total, lefts, rights = 0.0, set[int](), set[int]()
    for score, left, right in pairs:
        if left not in lefts and right not in rights:
            lefts.add(left)
            rights.add(right)
            total += score
    return 2 * total / (len(one) + len(other))


def _equal_ones(one: Sequence[Item], other: Sequence[Item]) -> float:
    first, second = {_text(item) for item in one}, {_text(item) for item in other}
    return 2 * len(first & second) / (len(first) + len(second))


def _pair(one: Item, other: Item) -> float:
    """How far two regions are alike; not at all where their labels are not the same."""
    first, second = _place(one), _place(other)
    if first is None or second is None:
        return float(_text(one) == _text(other))
    if _labels(one) != _labels(other) or type(first) is not type(second):
        return 0.0
    return _overlap(first, second)


def _same_choice(one: Item, other: Item) -> float:
    first, second = _chosen(one), _chosen(other)
    if first is None or second is None:
        return float(_text(one) == _text(other))
    union = first | second
    return len(first & second) / len(union) if union else 1.0


def _chosen(item: Item) -> frozenset[str] | None:
    """What is chosen of a list, in no order; None where the item says no list."""
    said = item["value"].get(str(item.get("type")))
    if not isinstance(said, list):
        return None
    return frozenset(json.dumps(each, sort_keys=True, default=str) for each in said)


def _labels(item: Item) -> frozenset[str]:
    return _chosen(item) or frozenset()


def _text(item: Item) -> str:
    said = {name: value for name, value in item["value"].items() if name not in _UNSAID}
    if "text" in item["value"] and not said.keys() - {_LABELS}:
        said["text"] = item["value"]["text"]  # a text that was written, not one that was marked
    return json.dumps(said, sort_keys=True, default=str)


# ---- places


class _Span(tuple[float, float]):
    """Start and end."""


class _Dot(tuple[float, float]):
    """A point."""


_Place = Box | _Span | _Dot


def _place(item: Item) -> _Place | None:
    """Where a region lies; None for what is said of the whole."""
    value: Mapping[str, Any] = item["value"]
    return next((found for read in _READERS if (found := read(value)) is not None), None)


def _numbers(value: Mapping[str, Any], *names: str) -> list[float] | None:
    found = [value.get(name) for name in names]
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in found):
        return None
    numbers = [float(each) for each in found if each is not None]
    return numbers if all(map(math.isfinite, numbers)) else None


def _box(value: Mapping[str, Any]) -> _Place | None:
    numbers = _numbers(value, "x", "y", "width", "height")
    if numbers is None:
        return None
    turned = _numbers(value, "rotation") or [0.0]
    return box_around(Box(*numbers, *turned).corners())


def _ellipse(value: Mapping[str, Any]) -> _Place | None:
    numbers = _numbers(value, "x", "y", "radiusX", "radiusY")
    if numbers is None:
        return None
    x, y, wide, high = numbers
    return Box(x - wide, y - high, 2 * wide, 2 * high)


def _polygon(value: Mapping[str, Any]) -> _Place | None:
    points = value.get("points")
    if not isinstance(points, list) or not points:
        return None
    try:
        corners = [(float(x), float(y)) for x, y in points]
    except (TypeError, ValueError):
        return None
    return box_around(corners)


def _span(value: Mapping[str, Any]) -> _Place | None:
    offsets = value.get("globalOffsets")
    numbers = _numbers(offsets if isinstance(offsets, Mapping) else value, "start", "end")
    return _Span(sorted(numbers)) if numbers else None


def _dot(value: Mapping[str, Any]) -> _Place | None:
    numbers = _numbers(value, "x", "y")
    return _Dot(numbers) if numbers else None


_READERS: tuple[Callable[[Mapping[str, Any]], _Place | None], ...] = (_box, _ellipse, _polygon, _span, _dot)


def _overlap(one: _Place, other: _Place) -> float:
    if isinstance(one, Box) and isinstance(other, Box):
        wide = _common(one.x, one.x + one.width, other.x, other.x + other.width)
        high = _common(one.y, one.y + one.height, other.y, other.y + other.height)
        both = wide * high
        union = one.width * one.height + other.width * other.height - both
        return both / union if union > 0 else float(one == other)
    if isinstance(one, _Span) and isinstance(other, _Span):
        both = _common(one[0], one[1], other[0], other[1])
        union = one[1] - one[0] + other[1] - other[0] - both
        return both / union if union > 0 else float(one == other)
    if isinstance(one, _Dot) and isinstance(other, _Dot):
        return max(0.0, 1 - math.dist(one, other) / _NEAR)
    return 0.0


def _common(start: float, end: float, other_start: float, other_end: float) -> float:
    return max(0.0, min(end, other_end) - max(start, other_start))
