"""The function that a deployment calls."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.errors import InvalidInputError
from schema_migrations.function import handle
from schema_migrations.modules import discover
from tests.migrating import OldRows, Person, add_old_rows, indexed, ledger, member

KNOWN = [migration.name for migration in discover()]


class Call:
    """What Lambda tells a function of its call."""

    def __init__(self, seconds_left: float = 900) -> None:
        self._seconds_left = seconds_left

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds_left * 1000)


def call(*, seconds_left: float = 900, **event: Any) -> dict[str, Any]:
    return handle({"units_per_second": 0, **event}, Call(seconds_left))


@pytest.fixture
def owner(app: Any) -> Person:
    return member(app, None)


@pytest.fixture
def rows(owner: Person) -> OldRows:
    return add_old_rows(owner, projects=30, users=2)


def test_it_applies_everything_and_has_nothing_left_to_do(rows: OldRows) -> None:
    first = call(command="up")

    assert first["is_done"]
    assert [line for line in first["lines"] if "applied" in line][-1].startswith(KNOWN[-1])
    assert sorted(indexed(rows.users[0])) == sorted(rows.projects)
    assert call(command="up") == {"is_done": True, "is_busy": False, "lines": []}
    assert [line.split()[0] for line in call(command="status")["lines"]] == ["applied"] * len(KNOWN)


def test_it_stops_when_its_time_is_nearly_over_and_goes_on_with_the_next_call(rows: OldRows) -> None:
    calls = [call(command="up", seconds_left=60)]
    for _ in range(40):
        if calls[-1]["is_done"]:
            break
        assert not calls[-1]["is_busy"]
        calls.append(call(command="up", seconds_left=60))

    assert calls[-1]["is_done"]
    assert len(calls) >= 3
    assert any("running" in line for each in calls for line in each["lines"])
    assert sorted(indexed(rows.users[0])) == sorted(rows.projects)


def test_before_traffic_moves_only_what_the_old_code_can_bear_is_applied(rows: OldRows) -> None:
    assert call(command="up", stages=["expand"])["is_done"]

    assert [line.split()[0] for line in call(command="status")["lines"]] == [
        "applied",
        *["pending"] * (len(KNOWN) - 1),
    ]
    assert indexed(rows.users[0]) == []


def test_it_says_when_another_runner_is_at_work(rows: OldRows) -> None:
    other = ledger("other")
    other.lock()

    assert call(command="up")["is_busy"]
    other.unlock()
    assert call(command="up")["is_done"]


def test_a_dry_run_and_a_plan_write_nothing(rows: OldRows) -> None:
    planned = call(command="plan")["lines"]
    rehearsed = call(command="up", dry_run=True)["lines"]

    assert [line.split()[0] for line in planned] == KNOWN
    assert f"update_item × {rows.count + 1}" in "\n".join(rehearsed)
    assert ledger().entries() == {}
    assert ledger().holder() is None


def test_it_takes_back_to_where_it_is_told(rows: OldRows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema_migrations.m0002_index_peoples_work.READERS_KNOW_S", 0)
    call(command="up")

    assert call(command="down", to=KNOWN[0])["is_done"]

    assert indexed(rows.users[0]) == []
    assert [*ledger().entries()] == KNOWN[:1]


@pytest.mark.parametrize("event", [{}, {"command": "drop"}, {"command": "down"}], ids=str)
def test_what_it_cannot_understand_is_refused(rows: OldRows, event: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        call(**event)
