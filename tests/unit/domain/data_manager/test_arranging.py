"""What is found comes in the query's order, whatever stands in the column."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.data_manager.matching import arranged
from chalicelib.domain.data_manager.queries import Ordering


@pytest.mark.parametrize(
    ("values", "descending", "expected"),
    [
        ([3, None, 1], False, [3, 1, 2]),
        ([3, None, 1], True, [1, 3, 2]),
        (["b", 2, "a", 1, None], False, [4, 2, 3, 1, 5]),
        (["b", 2, "a", 1, None], True, [1, 3, 2, 4, 5]),
        ([1, 1, True], False, [1, 2, 3]),
        ([[], ["x"], {"a": 1}], False, [2, 3, 1]),
    ],
)
def test_order(values: list[Any], descending: bool, expected: list[int]) -> None:
    found = [(number, value, number) for number, value in enumerate(values, 1)]

    assert arranged([*reversed(found)], Ordering("data.x", descending)) == expected
