"""How many DynamoDB requests a request makes: counts, which unlike times are the same on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib import wiring
from tests.contract.conftest import Person
from tests.contract.test_labeling import CONFIG, choice, ok
from tests.counting import Counting

READS = frozenset({"GetItem", "Query", "BatchGetItem"})


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the calls of the DynamoDB client while the block runs, by operation."""
    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    events = wiring.dynamodb().meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", note)


def project_with(admin: Person, count: int) -> tuple[int, list[int]]:
    made = admin.client.post("/api/projects/", {"title": "Counted", "label_config": CONFIG})
    project = ok(made, 201)["id"]
    tasks = [{"text": f"t{n}"} for n in range(count)]
    path = f"/api/projects/{project}/import?return_task_ids=true"
    return project, ok(admin.client.post(path, tasks), 201)["task_ids"]


@pytest.fixture
def sizes(admin: Person) -> list[tuple[int, list[int]]]:
    """A project of 3 tasks and one of 600, both asked once so that credentials are known."""
    made = [project_with(admin, 3), project_with(admin, 600)]
    for project, _ in made:
        ok(admin.client.get(f"/api/projects/{project}/next/"))
    return made


def test_known_credentials_cost_nothing(admin: Person) -> None:
    admin.client.get("/api/version")
    admin.client.get("/api/current-user/token")
    with counted() as calls:
        assert admin.client.put("/api/current-user/token", {}).status == 405

    assert calls == {}


def test_submitting_with_the_next_task_costs_the_same_at_any_size(
    admin: Person, sizes: list[tuple[int, list[int]]]
) -> None:
    costs = []
    for project, _ in sizes:
        task = ok(admin.client.get(f"/api/projects/{project}/next/"))["id"]
        with counted() as calls:
            path = f"/api/tasks/{task}/annotations/?next=true"
            assert ok(admin.client.post(path, {"result": choice("Positive")}), 201)["next_task"]
        costs.append(calls)

    assert costs[0] == costs[1]
    assert sum(costs[0].values()) <= 16, costs[0]


def test_a_page_of_tasks_costs_the_same_at_its_beginning_and_end(
    admin: Person, sizes: list[tuple[int, list[int]]]
) -> None:
    project = sizes[1][0]
    costs = []
    for page in (1, 3, 6):
        with counted() as calls:
            path = f"/api/tasks/?project={project}&page_size=100&page={page}"
            assert len(ok(admin.client.get(path))["tasks"]) == 100
        costs.append(sum(calls.values()))

    assert max(costs) <= min(costs) + 1, costs
    assert max(costs) <= 6, costs


def test_the_meter_of_jobs_leaves_others_their_own_counting(admin: Person) -> None:
    project, _ = project_with(admin, 3)
    wiring.jobs()  # hooks its meter into the client

    with Counting(wiring.dynamodb()) as count:
        ok(admin.client.get(f"/api/projects/{project}/next/"))

    assert 0 < count.read_units <= 6
    assert 0 < count.write_units <= 4
