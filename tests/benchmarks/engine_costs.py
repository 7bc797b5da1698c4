"""What the hot paths cost: DynamoDB requests, units and CPU of each, in a small project and a large one.

    python -m tests.benchmarks.engine_costs [--sizes 100 20000]

Whole requests through the API's entry point, over dynoxide, which reports units as DynamoDB bills them. In
every project half of the tasks are done. `read` and `write` are capacity units, CPU is this process's own
(the database is another one); each figure is the median of some requests. Rows of one name must show the same
counts whatever the size, to which `tests/contract/test_costs.py` and
`tests/integration/storage/test_budgets.py` hold them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from app import app
from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.ids import UserId
from chalicelib.services.people import Profile
from chalicelib.services.tokens import legacy_token
from infrastructure.local import dynoxide
from tests.contract.client import Client
from tests.contract.installation import installed
from tests.counting import Counting

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text">'
    '<Choice value="Glad"/><Choice value="Sad"/></Choices></View>'
)
GLAD = [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Glad"]}}]
ROUNDS = 9
IMPORT = 1000
LINE = "{:32}{:>8}{:>10}{:>8}{:>8}{:>9}"


@dataclass(frozen=True)
class Cost:
    """What one request cost."""

    requests: int
    read_units: float
    write_units: float
    cpu_ms: float


def measured(work: Callable[[], object]) -> Cost:
    """The cost of the work."""
    with Counting(wiring.dynamodb()) as count:
        started = time.process_time()
        work()
        cpu_ms = (time.process_time() - started) * 1000
    return Cost(count.requests, count.read_units, count.write_units, cpu_ms)


def show(name: str, size: int, costs: list[Cost]) -> None:
    """Print a line: the medians."""
    figures = (
        f"{median(cost.requests for cost in costs):.0f}",
        f"{median(cost.read_units for cost in costs):.1f}",
        f"{median(cost.write_units for cost in costs):.1f}",
        f"{median(cost.cpu_ms for cost in costs):.1f}",
    )
    print(LINE.format(name, f"{size:,}", *figures), flush=True)


def member() -> Client:
    """A client of the owner of a new organization."""
    organization = wiring.organizations().found("Bench", created_by=UserId(1))
    user = wiring.people().join(organization, Profile("owner@example.com"), role=Role.OWNER)
    return Client(app, {"Authorization": f"Token {legacy_token(wiring.keys(), user)}"})


def ok(response: Any) -> Any:
    """The answer's content; raises when it is an error."""
    if response.status >= 400:
        raise SystemExit(f"{response.status}: {response.text}")
    return response.json()


def filled(client: Client, size: int) -> tuple[int, list[int], list[Cost]]:
    """A project of so many tasks, their ids, and what importing each thousand of them cost."""
    project = ok(client.post("/api/projects/", {"title": f"Of {size}", "label_config": CONFIG}))["id"]
    ids: list[int] = []
    costs = []
    for start in range(0, size, IMPORT):
        tasks = [{"text": f"number {number}"} for number in range(start, min(start + IMPORT, size))]
        path = f"/api/projects/{project}/import?return_task_ids=true"
        costs.append(measured(lambda p=path, t=tasks: ids.extend(ok(client.post(p, t))["task_ids"])))  # type: ignore[misc]
    return project, ids, costs


def half_done(client: Client, project: int, ids: list[int]) -> None:
    """Answer half of the tasks (of a large project some thousands are enough to fill many blocks)."""
    for task in ids[: min(len(ids) // 2, 2000)]:
        ok(client.post(f"/api/tasks/{task}/annotations/", {"result": GLAD}))


def rows(client: Client, size: int) -> None:
    """Print the lines of one size."""
    project, ids, imports = filled(client, size)
    if size >= IMPORT:
        show("import 1,000 tasks", size, imports)
    half_done(client, project, ids)
    following, submits = [], []
    given: dict[str, int] = {}

    def ask() -> None:
        given["task"] = ok(client.get(f"/api/projects/{project}/next/"))["id"]

    def submit() -> None:
        ok(client.post(f"/api/tasks/{given['task']}/annotations/", {"result": GLAD}))

    def submit_and_ask() -> None:
        path = f"/api/tasks/{given['task']}/annotations/?next=true"
        given["task"] = ok(client.post(path, {"result": GLAD}))["next_task"]["id"]

    for _ in range(ROUNDS):
        following.append(measured(ask))
        submits.append(measured(submit))
    ask()
    both = [measured(submit_and_ask) for _ in range(ROUNDS)]
    show("next task", size, following)
    show("submit", size, submits)
    show("submit, answered with the next", size, both)
    pages = max(1, size // 100)
    for name, page in {"first": 1, "middle": max(1, pages // 2), "last": pages}.items():
        path = f"/api/tasks/?project={project}&page={page}&page_size=100"
        show(f"page of 100 tasks, {name}", size, [measured(lambda p=path: ok(client.get(p)))])  # type: ignore[misc]
    show("project with its counts", size, [measured(lambda: ok(client.get(f"/api/projects/{project}/")))])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.engine_costs")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 20_000])
    sizes = parser.parse_args().sizes
    print(LINE.format("request", "tasks", "requests", "read", "write", "CPU ms"))
    with (
        tempfile.TemporaryDirectory() as folder,
        dynoxide.running() as endpoint,
        installed(Path(folder), endpoint, prefix="bench-"),
    ):
        client = member()
        for size in sizes:
            rows(client, size)


if __name__ == "__main__":
    main()
