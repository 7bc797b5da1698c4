"""Moments as text and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dates import from_iso, iso

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 123456, UTC), "2026-01-02T03:04:05.123456Z"),
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T01:00:00.000000Z"),
        (datetime(199, 8, 10, tzinfo=UTC), "0199-08-10T00:00:00.000000Z"),
    ],
)
def test_a_moment_is_written_as_clients_read_it(moment: datetime, text: str) -> None:
    assert iso(moment) == text


@given(st.datetimes(timezones=OFFSETS))
def test_every_moment_comes_back(moment: datetime) -> None:
    assert from_iso(iso(moment)) == moment
