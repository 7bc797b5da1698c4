"""Filtered and ordered pages of a large project: requests, read units and milliseconds of each.

    python -m tests.benchmarks.data_manager [--tasks 100000]

The tasks are imported over the local engines by a process of their own; "fresh process" is what one pays that
knows nothing, before and after the columns are packed. The other pages are read by one process, whose peak
memory is shown; "after an edit" is what a change costs it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.engines import engines
from tests.benchmarks.transfers import worker, write_file

TAKES_MINUTES = True
PAGE = 100


def query(*conditions: tuple[str, str, str, Any], order: str = "") -> dict[str, Any]:
    """A query of the data manager, as clients send it."""
    items = [
        {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
        for column, operator, kind, value in conditions
    ]
    ordering = [order] if order else []
    return {"filters": {"conjunction": "and", "items": items}, "ordering": ordering}


QUERIES = {
    "all by id": {},
    "text contains": query(("data.text", "contains", "String", "fox"), order="-tasks:data.n"),
    "annotations > 0": query(("total_annotations", "greater", "Number", 0), order="tasks:completed_at"),
    "number between": query(("data.n", "in", "Number", {"min": 1000, "max": 90000}), order="tasks:data.n"),
}


def main() -> int:
    """Measure; prints a row a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--step", nargs=3)
    given = parser.parse_args()
    if given.step:
        name, token, project = given.step
        STEPS[name](token, int(project))
        return 0
    with tempfile.TemporaryDirectory() as name, engines(Path(name)) as environment:
        os.environ.update(environment)
        made = worker("prepare", "texts")
        path = Path(name, "texts.jsonl")
        write_file(path, "texts", given.tasks, 5)
        worker("import", made["token"], str(made["project"]), str(path))
        heads = f"{'requests':>9} {'read units':>11} {'blobs':>6} {'ms':>8}"
        print(f"{'query':18} {'page':>14} {'found':>8} {heads}", flush=True)
        for step in ("first", "pack", "first"):
            in_fresh_process(step, made["token"], int(made["project"]))
        measure(made["token"], int(made["project"]))
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


def in_fresh_process(step: str, token: str, project: int) -> None:
    """Do one step where nothing is known; it prints what it measured."""
    command = [sys.executable, "-m", "tests.benchmarks.data_manager", "--step", step, token, str(project)]
    subprocess.run(command, check=True)


def step_first(token: str, project: int) -> None:
    """The first query of a process."""
    page_of(token, project)("text contains", "fresh process", QUERIES["text contains"], 0)


def step_pack(token: str, project: int) -> None:
    """What a worker does when it is asked for the columns."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId

    begin = time.monotonic()
    wiring.column_files().refresh(ProjectId(project))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"columns packed in {time.monotonic() - begin:.1f} s, peak memory {peak:.0f} MB", flush=True)


STEPS = {"first": step_first, "pack": step_pack}


def page_of(token: str, project: int) -> Callable[[str, str, dict[str, Any], int], int]:
    """A function that measures a page and prints a row; gives how many tasks were found."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId

    principal = wiring.credentials().by_legacy_token(token)
    spent: Counter[str] = Counter()

    def ask(params: dict[str, Any], **_: Any) -> None:
        spent["requests"] += 1
        body = json.loads(params["body"])
        params["body"] = json.dumps({**body, "ReturnConsumedCapacity": "TOTAL"}).encode()

    def note(parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity") or []
        listed = consumed if isinstance(consumed, list) else [consumed]
        spent["units"] += sum(each.get("CapacityUnits", 0) for each in listed)

    def note_blob(**_: Any) -> None:
        spent["blobs"] += 1

    events = wiring.dynamodb().meta.events
    events.register("before-call.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    wiring.s3().meta.events.register("before-call.s3", note_blob)

    def page(title: str, where: str, wanted: dict[str, Any], offset: int) -> int:
        from chalicelib.domain.data_manager.queries import read_query

        spent.clear()
        begin = time.monotonic()
        service = wiring.data_manager()
        found = service.page(principal, ProjectId(project), read_query(wanted), offset=offset, limit=PAGE)
        took = (time.monotonic() - begin) * 1000
        counted = f"{spent['requests']:9} {spent['units']:11.1f} {spent['blobs']:6}"
        print(f"{title:18} {where:>14} {found.total:8} {counted} {took:8.0f}", flush=True)
        return found.total

    return page


def measure(token: str, project: int) -> None:
    """A row for the first, the middle and the last page of each query, and after an edit."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId

    principal, page = wiring.credentials().by_legacy_token(token), page_of(token, project)
    for title, wanted in QUERIES.items():
        total = page(title, "first query", wanted, 0)
        for where, offset in (("first", 0), ("middle", total // 2), ("last", max(total - PAGE, 0))):
            page(title, where, wanted, offset)
    first = wiring.data_manager().ids(principal, ProjectId(project), _query(QUERIES["text contains"]))[0]
    wiring.tasks().update(principal, first, {"data": {"text": "a fox", "n": 1, "source": "x"}})
    page("text contains", "after an edit", QUERIES["text contains"], 0)


def _query(wanted: dict[str, Any]) -> Any:
    from chalicelib.domain.data_manager.queries import read_query

    return read_query(wanted)


if __name__ == "__main__":
    sys.exit(main())
