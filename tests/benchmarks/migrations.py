"""100,000 rows put into a new index while people work: `python -m tests.benchmarks.migrations [--rows N]`.

The real command runs beside the real API (both on this machine's processors, over one dynoxide): annotators
label, a manager looks at members and projects. The command is killed with -9 in the middle and started again.
At the end no request may have failed and nothing may be lost: every row stands in the index, every annotation
that was answered with 201 is there and counted. Latencies are shown before, during and after.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.ids import ProjectId, UserId
from chalicelib.wiring.labeling import _queue_store
from tests.benchmarks.engines import engines
from tests.counting import Counting
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

TAKES_MINUTES = True
NAME = "m0002_index_peoples_work"
USERS, ANNOTATORS, QUIET_S = 100, 4, 20.0
TASKS = 8_000
PAUSE_S = 0.1


def prepared(rows: int) -> tuple[OldRows, Work]:
    """The installation as an older release left it, with one project that is worked on."""
    from app import app

    runner().up("m0001_record_data_layout")
    owner = member(app, None)
    annotators = [member(app, owner.organization, Role.MANAGER) for _ in range(ANNOTATORS)]
    project = ok(owner.client.post("/api/projects/", {"title": "Now", "label_config": CONFIG}), 201)["id"]
    for start in range(0, TASKS, 1000):
        tasks = [{"data": {"text": str(number)}} for number in range(start, start + 1000)]
        ok(owner.client.post(f"/api/projects/{project}/import", tasks), 201)
    old = add_old_rows(owner, projects=rows // USERS, users=USERS, also=[owner.user.id])
    return old, Work(project, owner, annotators, owner.user.id, pause_s=PAUSE_S)


def migrated(environment: Mapping[str, str], units: str, rows: int) -> float:
    """Run the command, kill it when it is half-way, run it to its end; gives the seconds of both runs."""
    began = time.monotonic()
    first = command(environment, "up", "--units-per-second", units)
    while first.poll() is None:
        entry = ledger().entries().get(NAME)
        if entry is not None and entry.written > rows / 2:
            break
        time.sleep(0.2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    entry = ledger().entries()[NAME]
    print(
        f"killed with -9 after {entry.seen:,} items seen and {entry.written:,} written, as the ledger knows"
    )
    wait_for_lease_to_end()
    output, _ = command(environment, "up", "--units-per-second", units).communicate()
    print(output.strip())
    return time.monotonic() - began


def shown(work: Work, periods: Mapping[str, tuple[float, float]]) -> None:
    """A table of latencies in milliseconds."""
    print(f"\n{'request':10}{'period':10}{'count':>8}{'median':>9}{'95 %':>9}{'99 %':>9}{'most':>9}")
    for what in ("next", "submit", "member", "projects"):
        for period, (start, end) in periods.items():
            took = sorted(a.seconds * 1000 for a in work.asked if a.what == what and start <= a.at < end)
            if len(took) < 2:
                continue
            marks = statistics.quantiles(took, n=100)
            figures = (statistics.median(took), marks[94], marks[98], took[-1])
            print(f"{what:10}{period:10}{len(took):8}" + "".join(f"{figure:9.1f}" for figure in figures))


def lost(rows: OldRows, work: Work) -> list[str]:
    """What is not as it must be."""
    faults = list(work.faults)
    wanted = sorted(rows.projects)
    faults += [
        f"user {user} is not indexed everywhere" for user in rows.users if sorted(indexed(user)) != wanted
    ]
    for user, count in Counter(user for user, _ in work.submitted).items():
        row = _queue_store().annotator(ProjectId(work.project), UserId(user))
        if row.done != count:
            faults.append(f"user {user} did {count} tasks, counted are {row.done}")
    held = ok(work.manager.client.get(f"/api/projects/{work.project}/"))["total_annotations_number"]
    if held != len(work.submitted):
        faults.append(f"{len(work.submitted)} annotations were taken, {held} are there")
    return faults


def looked_up(owner: Person, looked_at: Person) -> tuple[int, float, float]:
    """What one look at a member's contributions costs: requests, read units, milliseconds."""
    wiring.reset()
    path = f"/api/organizations/{owner.organization}/memberships/{looked_at.user.id}/"
    ok(owner.client.get(path))
    with Counting(wiring.dynamodb()) as count:
        began = time.monotonic()
        ok(owner.client.get(path))
    return count.requests, count.read_units, (time.monotonic() - began) * 1000


def main() -> int:
    """Run; gives 1 when something was lost or a request failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.migrations")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--units-per-second", default="2000")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, engines(Path(folder)) as environment:
        began = time.monotonic()
        rows, work = prepared(asked.rows)
        print(
            f"{rows.count:,} rows in {len(rows.projects):,} projects made in {time.monotonic() - began:.0f} s"
        )
        looks = {"of all projects": work.manager, "of one project": work.annotators[0]}
        before = {who: looked_up(work.manager, person) for who, person in looks.items()}
        work.begin()
        start = time.monotonic()
        time.sleep(QUIET_S)
        middle = time.monotonic()
        took = migrated({**os.environ, **environment}, asked.units_per_second, rows.count)
        end = time.monotonic()
        time.sleep(35)  # until the API has read that the index is whole
        after = time.monotonic()
        time.sleep(QUIET_S)
        work.end()
        print(f"migrated in {took:.0f} s, {rows.count / took:,.0f} rows a second")
        shown(work, {"before": (start, middle), "during": (middle, end), "after": (after, time.monotonic())})
        print(f"\n{len(work.asked):,} requests, {len(work.submitted):,} annotations")
        faults = lost(rows, work)
        for who, person in looks.items():
            for when, cost in (("before", before[who]), ("after", looked_up(work.manager, person))):
                requests, units, ms = cost
                print(
                    f"look at a worker {who} {when}: {requests} requests, {units:g} read units, {ms:.0f} ms"
                )
    print("nothing failed, nothing is lost" if not faults else "\n".join(faults[:20]), file=sys.stdout)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
