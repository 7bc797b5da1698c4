"""What the next task costs with up to a million tasks, however many are done, with every strategy.

    python -m tests.benchmarks.next_task_at_scale [--sizes 1000 100000 1000000] [--askers 5]
        [--only assigned] [--at-once 2]

Beside the strategies: `urgent`, where all that is touched is disputed; `assigned`, where all that is open is
assigned to who asks; `honeypots`, where each asking gives a task whose answer is known; `nothing left`, where
who asks has done all there is, and others are wanted for it or not. `--only` names some;
`--at-once` measures as many cases at a time, which the milliseconds then show.

The tasks are written straight into the local database's file, as its own writes would leave them there; that
takes a minute for a million. Asking goes through the services and the database as ever. `first` is somebody
who has done nothing yet, `quick` the one who has done all that is done, by asking for it. Units
are the highest of several askers. Gives 1 when they are above the budget, or when a larger size needs another
number of requests than the smallest.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.doubt import Doubt
from chalicelib.domain.queue.honeypots import honeypot_place
from chalicelib.domain.queue.places import fresh, touched, urgent
from chalicelib.domain.queue.signals import SIGNALS
from chalicelib.domain.queue.strategies import order_key
from chalicelib.domain.tasks.entities import Answer, ModelStats, QueuePlace, Task
from chalicelib.domain.tasks.rules import settle
from chalicelib.ids import TaskId, UserId
from chalicelib.storage import keys
from chalicelib.storage.bodies import compress
from chalicelib.storage.dynamo import update
from chalicelib.storage.task_items import SCHEMA_VERSION, task_item
from chalicelib.storage.values import to_wire
from infrastructure.local import dynoxide
from tests.counting import Counting
from tests.engine import START, Engine, create_tables, engine_on, person

TAKES_MINUTES = True
PREFIX = "scale-"
QUICK = UserId(90)
ASKERS = (UserId(2),)
MOST_READ, MOST_WRITTEN = 6, 4
DONE = (0.0, 0.5, 0.99)
NOTHING = "nothing left"
PLAIN: Mapping[str, Any] = {"name": "sequential"}
STRATEGIES: Sequence[Mapping[str, Any]] = (
    {"name": "uniform"},
    {"name": "uncertainty"},
    {"name": "uncertainty", "measure": "margin"},
    {"name": "uncertainty", "measure": "entropy"},
    {"name": "committee"},
    {"name": "overlap"},
    {"name": "disagreement"},
    {"name": "mix", "signals": dict.fromkeys(SIGNALS, 1)},
)
SOURCES: Sequence[tuple[str, Mapping[str, Any], int]] = (
    ("urgent", {"strategy": {"name": "disagreement"}}, 4),
    ("assigned", {"assigned_only": True}, 1),
    ("assigned", {}, 3),
    ("honeypots", {"honeypot_every": 1}, 1),
    ("honeypots", {"honeypot_every": 1}, 3),
    (NOTHING, {}, 1),
    (NOTHING, {}, 3),
)
"""What hands out tasks beside the strategies, with settings and overlap."""
LINE = "{:>9} {:28}{:>8}{:>6}  {:7}{:>9}{:>7}{:>7}{:>9}"


@dataclass(frozen=True)
class Case:
    """What hands out tasks, how many answers each of them wants, and the share of them that is done."""

    overlap: int
    done: float
    strategy: Mapping[str, Any]
    source: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the table calls it."""
        words = (str(value) for value in self.strategy.values() if not isinstance(value, dict))
        return self.source or " ".join(words)


_TASK = f'INSERT INTO "{PREFIX}tasks" (pk, sk, item_json, item_size) VALUES (?, ?, ?, ?)'
_ENTRY = (
    f'INSERT INTO "{PREFIX}tasks::gsi::queue" (gsi_pk, gsi_sk, table_pk, table_sk, item_json) '
    "VALUES (?, ?, ?, ?, ?)"
)
_PROJECTED = ("pk", "sk", "q", "qk", "p", "o", "a", "d", "l", "k")


def number_text(number: int) -> str:
    """A number above 0 as the database's file orders it: sign, exponent, digits."""
    digits = str(number)
    return f"N:2{5000 + len(digits)}{digits.ljust(40, '0')}"


def tasks_of(project: Project, size: int, done: float, source: str = "") -> Iterator[Task]:
    """The project's tasks, the first of them done; their predictions differ. What is open is `source`'s."""
    template = Task(id=TaskId(1), project_id=project.id, inner_id=1, created_at=START, updated_at=START)
    first = 256 * 1000
    for index in range(size):
        share = 0.5 + (index * 37 % 101) / 202
        doubt = Doubt(share, round(2 * share - 1, 6), round(1 - share, 6))
        models = {
            "m": ModelStats(1, 1, share, share, "00000a", doubt),
            "n": ModelStats(1, vote="00000a" if index % 3 else "00000b"),
        }
        task = replace(
            template,
            id=TaskId(first + index),
            inner_id=index + 1,
            overlap=project.maximum_annotations,
            models=models,
        )
        is_done = index < round(size * done)
        if source == "urgent" and is_done:
            at = START + timedelta(milliseconds=index)
            both = (Answer(1, QUICK), Answer(2, UserId(91)))
            yield settle(replace(task, answers=both, last_number=2, agreement=0.0), project, at, by=QUICK)
            continue
        if source == "assigned" and not is_done:
            yield settle(replace(task, assigned=ASKERS[:1]), project, START, by=None)
            continue
        if source == "honeypots" and not is_done:
            known = replace(task, answers=(Answer(1, UserId(1), ground_truth=True),), is_labeled=True)
            yield replace(known, queue=honeypot_place(known))
            continue
        if not is_done:
            key = order_key(task, project)
            yield replace(task, order_key=key, queue=QueuePlace(fresh(project.id), key))
            continue
        at = START + timedelta(milliseconds=index)
        answers = (Answer(1, QUICK),)
        yield settle(replace(task, answers=answers, last_number=1), project, at, by=QUICK)


def fill(database: Path, project: Project, size: int, done: float, source: str = "") -> str:
    """Write the tasks into the file of a resting database; gives the key of the last that is done."""
    body = compress({"data": {"text": "A sentence of some words."}})
    cursor = ""
    rows: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for task in tasks_of(project, size, done, source):
            item = json_item({**task_item(task), "b": body})
            text = json.dumps(item)
            pk, sk = f"S:{item['pk']['S']}", number_text(task.id)
            rows.append((pk, sk, text, len(text)))
            rows.extend(seats(task))
            if task.queue is not None:
                entry = json.dumps({name: item[name] for name in _PROJECTED if name in item})
                entries.append((f"S:{task.queue.partition}", f"S:{task.queue.key}", pk, sk, entry))
                is_passed = task.queue.partition in (touched(project.id), urgent(project.id))
                cursor = max(cursor, task.queue.key) if is_passed else cursor
            if len(rows) >= 10_000:
                write(connection, rows, entries)
        write(connection, rows, entries)
        connection.execute("COMMIT")
    return cursor


def seats(task: Task) -> Iterator[tuple[object, ...]]:
    """The rows by which those a task is assigned to find it."""
    for user in task.seats:
        item = json_item({**keys.assigned(task.project_id, user, task.id), "sv": SCHEMA_VERSION})
        text = json.dumps(item)
        yield f"S:{item['pk']['S']}", number_text(task.id), text, len(text)


def json_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as the database's file has it: bytes as base64."""
    import base64

    wire = to_wire(item)
    encoded = {k: {"B": base64.b64encode(v["B"]).decode()} for k, v in wire.items() if "B" in v}
    return {**wire, **encoded}


def write(connection: sqlite3.Connection, rows: list[Any], entries: list[Any]) -> None:
    """Write and forget the rows."""
    connection.executemany(_TASK, rows)
    connection.executemany(_ENTRY, entries)
    rows.clear()
    entries.clear()


def client(endpoint: str) -> Any:
    """A client of the local database."""
    session = get_session()
    session.set_credentials("test", "test")
    config = Config(read_timeout=120)
    return session.create_client("dynamodb", region_name="us-east-1", endpoint_url=endpoint, config=config)


def asked(
    engine: Engine, project: Project, users: Sequence[int], *, is_left: bool
) -> tuple[set[int], float, float, float]:
    """Numbers of requests, most units read and written, and mean milliseconds, of an asking of each user."""
    requests, read, written, took = set(), 0.0, 0.0, 0.0
    for user in users:
        started = time.perf_counter()
        with Counting(engine.client) as count:
            found = engine.next_task.next(person(user), project.id)
        took += time.perf_counter() - started
        assert (found is not None) == is_left, "a task is found where one is open, and nowhere else"
        requests.add(count.requests)
        read, written = max(read, count.read_units), max(written, count.write_units)
    return requests, read, written, 1000 * took / len(users)


def measure(case: Case, size: int, askers: int) -> dict[str, set[int]]:
    """Make a project, ask, print; gives the numbers of requests by who asked. AssertionError over budget."""
    overlap, done, source = case.overlap, case.done, case.source
    found: dict[str, set[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "scale.db"
        with dynoxide.running(database) as endpoint:
            create_tables(client(endpoint), PREFIX)
            engine = engine_on(client(endpoint), PREFIX)
            wanted = {"strategy": dict(case.strategy), "model_version": "m", **case.settings}
            project = engine.project(maximum_annotations=overlap, **wanted)
        cursor = fill(database, project, size, done, source)
        with dynoxide.running(database) as endpoint:
            engine = engine_on(client(endpoint), PREFIX)
            engine.clock.move(days=1)
            row = replace(engine.queue.annotator(project.id, QUICK), cursor=cursor, urgent_cursor=cursor)
            engine.queue.save_annotator(row)
            asking = [("first", range(2, 2 + askers)), ("quick", [QUICK])]
            if source == "assigned":
                count_seats(engine, project, size - round(size * done))
                asking = [("first", ASKERS[:1])]
            if source == NOTHING:
                asking = [("quick", [QUICK] * askers)]
            for who, users in asking:
                requests, read, written, took = asked(engine, project, users, is_left=source != NOTHING)
                figures = (
                    "-".join(map(str, sorted(requests))),
                    f"{read:.1f}",
                    f"{written:.1f}",
                    f"{took:.1f} ms",
                )
                print(LINE.format(f"{size:,}", case.name, overlap, f"{done:.0%}", who, *figures), flush=True)
                assert read <= MOST_READ, "over the budget"
                assert written <= MOST_WRITTEN, "over the budget"
                found[who] = requests
    return found


def count_seats(engine: Engine, project: Project, count: int) -> None:
    """Put what is assigned into the asker's row, as the writes of assigning would have."""
    table, key = engine.dynamo.table("tasks"), keys.annotator(project.id, ASKERS[0])
    engine.dynamo.write(update(table, key, adding={"sg": count}, first={"sv": SCHEMA_VERSION}))


def cases(only: Sequence[str]) -> Iterator[Case]:
    """Every strategy and source with every share and overlap, or those of these names."""
    for strategy in (PLAIN, *STRATEGIES):
        if not only or strategy["name"] in only:
            yield from (Case(overlap, done, strategy) for overlap in (1, 3) for done in DONE)
    for source, settings, overlap in SOURCES:
        if not only or source in only:
            shares = (1.0,) if source == NOTHING else DONE
            yield from (Case(overlap, done, PLAIN, source, settings) for done in shares)


def differs(case: Case, sizes: Sequence[int], askers: int) -> bool:
    """Whether a larger size needs a number of requests unknown to the smallest. AssertionError over budget.

    The smallest may know several: everybody begins at a place of their own among the honeypots, and of a few
    the last is soon reached, which takes another request to begin with the first again.
    """
    first, *others = [measure(case, size, askers) for size in sizes]
    return any(not each[who] <= first[who] for each in others for who in first)


def main() -> int:
    """Every case at every size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--askers", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--at-once", type=int, default=1)
    options = parser.parse_args()
    print(LINE.format("tasks", "strategy", "overlap", "done", "asker", "requests", "read", "write", "time"))
    ask = partial(differs, sizes=options.sizes, askers=options.askers)
    with ProcessPoolExecutor(options.at_once) as pool:
        failed = sum(pool.map(ask, cases(options.only)))
    print(f"the requests differ in {failed} cases" if failed else "the same requests at every size")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
