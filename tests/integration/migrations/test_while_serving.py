"""The real command beside the real API: killed with -9, refused beside another one, resumed; nothing is lost.

`tests/benchmarks/migrations.py` does the same with 100,000 items, and measures.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.ids import ProjectId, UserId
from chalicelib.wiring.labeling import _queue_store
from schema_migrations.ledger import BusyError
from tests.migrating import (
    CONFIG,
    OldRows,
    Person,
    Work,
    add_old_rows,
    command,
    indexed,
    ledger,
    member,
    ok,
    runner,
    wait_for_lease_to_end,
)

INDEXED = "m0002_index_peoples_work"
PROJECTS, USERS, ANNOTATORS = 450, 4, 2
"""More projects than one page holds, so that there is a middle to be killed in."""


@pytest.fixture
def owner(app: Any) -> Person:
    runner().up("m0001_record_data_layout")
    return member(app, None)


@pytest.fixture
def rows(owner: Person) -> OldRows:
    return add_old_rows(owner, projects=PROJECTS, users=USERS, also=[owner.user.id])


@pytest.fixture
def work(app: Any, owner: Person) -> Work:
    annotators = [member(app, owner.organization) for _ in range(ANNOTATORS)]
    body = {"title": "Now", "label_config": CONFIG}
    project = ok(owner.client.post("/api/projects/", body), 201)["id"]
    tasks = [{"data": {"text": str(number)}} for number in range(900)]
    ok(owner.client.post(f"/api/projects/{project}/import?return_task_ids=true", tasks), 201)
    return Work(project, owner, annotators, owner.user.id)


def killed(environment: dict[str, str], **limits: str) -> None:
    """Run the command, and kill it with -9 when it is in the middle."""
    process = command(environment, "up", "--units-per-second", limits.get("units", "300"))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        entry = ledger().entries().get(INDEXED)
        if entry is not None and entry.written:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == -signal.SIGKILL, output


def test_killed_in_the_middle_it_goes_on_and_the_api_serves_all_the_while(
    environment: dict[str, str], owner: Person, rows: OldRows, work: Work
) -> None:
    work.begin()
    try:
        killed(environment)
        (entry,) = [standing.entry for standing in runner().status() if standing.state == "running"]
        assert entry is not None
        assert 0 < entry.written < rows.count
        assert entry.checkpoint
        with pytest.raises(BusyError):
            runner("second").up()

        wait_for_lease_to_end()
        process = command(environment, "up", "--units-per-second", "0")
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        assert f"{INDEXED}: going on after" in output
    finally:
        work.end()

    assert work.faults == []
    assert len(work.submitted) > 10
    _nothing_is_lost(owner, rows, work)


def _nothing_is_lost(owner: Person, rows: OldRows, work: Work) -> None:
    for user in rows.users:
        assert sorted(indexed(user)) == sorted(rows.projects)
    done = Counter(user for user, _ in work.submitted)
    for user, count in done.items():
        assert indexed(user) == [work.project]
        assert _queue_store().annotator(ProjectId(work.project), UserId(user)).done == count
    shown = ok(owner.client.get(f"/api/projects/{work.project}/"))
    assert shown["total_annotations_number"] == len(work.submitted)
    wiring.reset()
    path = f"/api/organizations/{owner.organization}/memberships/{owner.user.id}/"
    assert ok(owner.client.get(path))["annotations_count"] == rows.done_in_all


def test_of_two_commands_at_once_one_works_and_the_other_waits_for_it(
    environment: dict[str, str], owner: Person, rows: OldRows
) -> None:
    two = [command(environment, "up", "--wait", "60", "--units-per-second", "2000") for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in two]

    assert [process.returncode for process in two] == [0, 0], outputs
    assert sum(f"{INDEXED}: applied" in output for output in outputs) == 1
    assert len(indexed(rows.users[-1])) == PROJECTS


def test_the_command_tells_plan_and_status(environment: dict[str, str], owner: Person, rows: OldRows) -> None:
    plan = command(environment, "plan").communicate(timeout=60)[0]
    assert f"{INDEXED} (backfill): index the work of people" in plan
    assert "walks meta: about" in plan
    assert "m0001" not in plan

    command(environment, "up", "--dry-run", "--units-per-second", "0").communicate(timeout=60)
    status = command(environment, "status").communicate(timeout=60)[0]
    assert status.splitlines()[0].startswith("applied    m0001_record_data_layout: 0 items seen")
    assert status.splitlines()[1].startswith(f"pending    {INDEXED}")
