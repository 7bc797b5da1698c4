"""A runner that dies at any of its requests, before it is sent or before it is answered, and the next one.

`test_while_serving.py` kills a real process. Here the moments are spread over the whole run, and nothing that
the dying runner would still say reaches the database.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from botocore.client import BaseClient

from schema_migrations.ledger import BusyError
from tests.migrating import OldRows, add_old_rows, indexed, member, runner, wait_for_lease_to_end

MOMENTS = 10
LAST = "m0002_index_peoples_work"


class KilledError(BaseException):
    """The end of a process; nothing that it would do after it counts."""


def run(kill_at: int, *, answered: bool) -> int:
    """Let a runner work until it dies at that request; how many it sent."""
    send, count = BaseClient._make_api_call, 0

    def call(client: Any, name: str, arguments: Any) -> Any:
        nonlocal count
        count += 1
        now = count
        if now > kill_at or (now == kill_at and not answered):
            raise KilledError
        answer = send(client, name, arguments)
        if now == kill_at:
            raise KilledError
        return answer

    with pytest.MonkeyPatch.context() as patch, suppress(KilledError):
        patch.setattr(BaseClient, "_make_api_call", call)
        runner("first").up(LAST)
    return min(count, kill_at)


@pytest.fixture
def rows(app: Any) -> OldRows:
    return add_old_rows(member(app, None), projects=12, users=2)


@pytest.fixture
def length(rows: OldRows) -> int:
    """How many requests a whole run makes, about: it is taken back at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("schema_migrations.m0002_index_peoples_work.READERS_KNOW_S", 0)
        count = run(10**6, answered=True)
        runner("first").down("m0000")
    assert indexed(rows.users[0]) == []
    return count


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_whoever_comes_after_ends_it_and_nothing_is_left_out(
    rows: OldRows, length: int, moment: int, answered: bool
) -> None:
    run(1 + moment * (length - 2) // (MOMENTS - 1), answered=answered)

    with suppress(BusyError):  # before the lease was taken, and after it was given back, there is none
        runner("second").up(LAST)
    with suppress(Exception):
        wait_for_lease_to_end()
    runner("third").up(LAST)

    assert [standing.state for standing in runner().status()][:2] == ["applied", "applied"]
    assert [sorted(indexed(user)) for user in rows.users] == [sorted(rows.projects)] * 2
