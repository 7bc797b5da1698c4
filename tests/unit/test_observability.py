"""Logs: what goes on a line, and what never does."""

from __future__ import annotations

import pytest

from chalicelib import observability


def test_a_line_has_its_event_its_fields_and_the_correlation(caplog: pytest.LogCaptureFixture) -> None:
    with observability.correlated("r-1"):
        observability.error("something_happened", task_id=5)
    observability.error("outside")

    first, second = caplog.records
    assert (first.message, vars(first)["task_id"], vars(first)["correlation_id"]) == (
        "something_happened",
        5,
        "r-1",
    )
    assert "correlation_id" not in vars(second)


@pytest.mark.parametrize("name", sorted(observability.PRIVATE_FIELDS))
def test_private_fields_never_reach_a_line(name: str, caplog: pytest.LogCaptureFixture) -> None:
    observability.error("event", **{name: "s3cret-value"})

    assert "s3cret-value" not in map(str, vars(caplog.records[-1]).values())
