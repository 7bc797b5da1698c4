"""Columns come out of their packing as they went in, whatever the data's keys are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.data_manager.packed import (
    Columns,
    Row,
    Slice,
    TaskRow,
    columns_of,
    pack,
    rows_of,
    unpack,
)

US = timedelta(microseconds=1)
moments = st.none() | st.integers(0, 10**15).map(lambda us: datetime.fromtimestamp(0, UTC) + us * US)
texts = st.text(st.characters(codec=None), max_size=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
built_in = st.fixed_dictionaries(
    {
        "id": st.integers(1, 2**53),
        "completed_at": moments,
        "annotators": st.lists(st.integers(1, 9), max_size=3).map(tuple),
        "avg_lead_time": st.none() | st.floats(0, 1e6),
        "draft_exists": st.booleans(),
    }
)
rows = st.builds(
    TaskRow, st.dictionaries(st.sampled_from("abcdefgh") | texts, json_values, max_size=6), built_in
)


def seen(columns: Columns, given_rows: list[TaskRow]) -> list[list[Any]]:
    """Every column of every task, and one that no task has."""
    keys = ["nothing", *dict.fromkeys(key for row in given_rows for key in row.data)]
    names = [*given_rows[0].values, *(f"data.{key}" for key in keys)]
    return [[Row(columns, index).value(name) for name in names] for index in range(columns.count)]


@given(st.lists(rows, min_size=1, max_size=12))
def test_packing_changes_nothing(given_rows: list[TaskRow]) -> None:
    columns = columns_of(given_rows)
    keys = ["nothing", *dict.fromkeys(key for row in given_rows for key in row.data)]
    names = given_rows[0].values
    expected = [
        [*(row.values[name] for name in names), *(row.data.get(key) for key in keys)] for row in given_rows
    ]

    again = unpack(pack(columns))

    assert seen(columns, given_rows) == expected
    assert seen(again, given_rows) == expected
    again.forget_unpacked()
    assert seen(again, given_rows) == expected


@given(st.lists(rows, min_size=1, max_size=8), st.lists(rows, min_size=1, max_size=8))
def test_files_can_be_made_of_parts_of_others(first: list[TaskRow], second: list[TaskRow]) -> None:
    both = [*first, *second]
    packed = unpack(pack(columns_of(both)))

    parts = Slice(packed, 0, len(first)), Slice(packed, len(first), len(both))
    joined = columns_of([row for part in parts for row in rows_of(part)])

    assert seen(joined, both) == seen(packed, both)


def test_keys_that_few_tasks_have_share_a_column() -> None:
    given_rows = [TaskRow({"text": "t", f"only {n}": n}, {"id": n}) for n in range(100)]

    columns = unpack(pack(columns_of(given_rows)))

    assert sorted(columns.names) == ["data", "data.text", "id"]
    assert Row(columns, 7).value("data.only 7") == 7
    assert Row(columns, 8).value("data.only 7") is None


def test_a_column_that_is_none_is_an_error() -> None:
    with pytest.raises(KeyError):
        Row(columns_of([TaskRow({}, {"id": 1})]), 0).value("results")


def test_memory_is_given_back() -> None:
    packed = unpack(pack(columns_of([TaskRow({"text": "x" * 100}, {"id": n}) for n in range(1000)])))
    small = packed.weight
    Row(packed, 0).value("data.text")
    assert packed.weight > small + 100_000

    packed.forget_unpacked()

    assert packed.weight == small
