"""Items that a browser sent back without touching them keep the numbers that they were stored with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.annotations.untouched import keep_untouched


def text(value: Any) -> str:
    return json.dumps(value)


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("10.0", "10"),
        ("-0.0", "0"),
        ("12345678901234567890", "12345678901234567000"),
        ("1e+16", "10000000000000000"),
        ("-9007199254740993", "-9007199254740992"),
        ("1e+21", "1e+21"),
        ("1000000000000000000001", "1e+21"),
        ("1e-07", "1e-7"),
        ("0.30000000000000004", "0.30000000000000004"),
    ],
)
def test_a_number_as_browsers_write_it_is_the_stored_one(stored: str, sent: str) -> None:
    item = '{"id":"a","value":{"x":[%s,true]}}'

    kept = keep_untouched([json.loads(item % stored)], [json.loads(item % sent)])

    assert text(kept) == text([json.loads(item % stored)])


@pytest.mark.parametrize("sent", ["11", "true", '"10"', "10.5", "null", "[10]"])
def test_anything_else_is_a_change(sent: str) -> None:
    stored: dict[str, Any] = {"id": "a", "x": 10.0}
    changed: dict[str, Any] = {"id": "a", "x": json.loads(sent)}

    assert text(keep_untouched([stored], [changed])) == text([changed])


def test_a_large_number_changed_by_a_script_is_changed() -> None:
    assert keep_untouched([{"x": 12345678901234567890}], [{"x": 12345678901234567891}]) == [
        {"x": 12345678901234567891}
    ]


def test_true_is_not_one_and_the_order_of_items_is_that_of_what_was_sent() -> None:
    stored: list[Any] = [{"id": "a", "x": 1.0}, {"id": "b", "x": 2.0}, {"id": "b", "x": 2.0, "old": 1}]
    sent: list[Any] = [{"id": "b", "x": 2}, {"id": "a", "x": True}, {"id": "new", "x": 1}]

    assert text(keep_untouched(stored, sent)) == text(
        [{"id": "b", "x": 2.0}, {"id": "a", "x": True}, {"id": "new", "x": 1}]
    )


def test_keys_that_a_browser_sorted_are_kept_as_they_were() -> None:
    kept = keep_untouched([{"b": 1.0, "2": 1, "1": 0}], [{"1": 0, "2": 1, "b": 1}])

    assert text(kept) == '[{"b": 1.0, "2": 1, "1": 0}]'


def test_without_such_numbers_the_very_list_is_given_back() -> None:
    sent = [{"x": 1.5}]

    assert keep_untouched([{"x": 1.5}], sent) is sent
