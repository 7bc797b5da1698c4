"""Renaming labels in results."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from chalicelib.domain.label_config.edit_results import undo_edit
from chalicelib.domain.labels import rename


def item(kind: str, own: Any, **more: Any) -> dict[str, Any]:
    return {"id": "r", "from_name": "c", "to_name": "t", "type": kind, "value": {kind: own, **more}}


@pytest.mark.parametrize(
    ("kind", "own", "old", "new", "expected"),
    [
        ("choices", ["A"], ["A"], ["B"], ["B"]),
        ("choices", ["A", "C"], ["A"], ["B"], None),
        ("choices", ["A", "C"], "A", "B", ["B", "C"]),
        ("choices", ["A", "B"], "A", "B", ["B"]),
        ("rectanglelabels", ["A"], "A", "B", ["B"]),
        ("taxonomy", [["X", "A"]], [["X", "A"]], [["X", "B"]], [["X", "B"]]),
        ("taxonomy", [["X", "A"], ["Y"]], "A", "B", [["X", "B"], ["Y"]]),
        ("textarea", ["A"], "A", "B", None),
        ("choices", ["C"], "A", "B", None),
        ("choices", [], "A", "B", None),
    ],
)
def test_a_label_is_exchanged(kind: str, own: Any, old: Any, new: Any, expected: Any) -> None:
    result = [item("number", 3), item(kind, own, x=1)]
    before = copy.deepcopy(result)

    done = rename(result, old, new)

    assert result == before
    assert done.result[1] == (before[1] if expected is None else item(kind, expected, x=1))
    assert done.result[0] is result[0]
    assert bool(done.changes) is (expected is not None)
    assert undo_edit(done.result, done.changes) == before


@pytest.mark.parametrize("odd", [{}, {"type": 3}, {"type": "choices"}, {"type": "choices", "value": None}])
def test_what_is_no_item_of_ours_is_left_alone(odd: dict[str, Any]) -> None:
    assert rename([odd], "A", "B").result == [odd]
