"""What is remembered of tasks never shows: filters find what a process that remembers nothing would find."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib import wiring
from chalicelib.domain.data_manager.columns import COUNTERS
from chalicelib.domain.data_manager.queries import read_query
from chalicelib.ids import ProjectId
from chalicelib.jobs.handlers import on_job_message
from chalicelib.services.data_manager import DataManagerService
from chalicelib.services.task_columns import COLUMNS, FAMILY_COLUMNS, UNSURE
from tests.contract.conftest import Person
from tests.contract.test_costs import counted
from tests.contract.test_data_manager import items
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, ok

Edit = Callable[[Person, int, list[int]], object]


def patch(person: Person, task: int, **fields: Any) -> None:
    assert person.client.patch(f"/api/tasks/{task}/", fields).status == 200


def annotation_of(person: Person, task: int) -> int:
    return int(ok(person.client.get(f"/api/tasks/{task}/annotations/"))[0]["id"])


def predict(person: Person, task: int, **fields: Any) -> Any:
    body = {"task": task, "result": choice("Negative"), "score": 0.4, "model_version": "m1", **fields}
    return ok(person.client.post("/api/predictions/", body), 201)


def act(person: Person, project: int, action: str, *ids: int) -> None:
    body = {"selectedItems": {"all": False, "included": [*ids]}}
    assert person.client.post(f"/api/dm/actions/?project={project}&id={action}", body).status == 200


EDITS: dict[str, Edit] = {
    "a task is added": lambda p, project, ids: ids.append(add_task(p, project, "new")["id"]),
    "data is changed": lambda p, _, ids: patch(p, ids[1], data={"text": "other", "n": 7}),
    "a task is annotated": lambda p, _, ids: annotate(p, ids[1]),
    "an annotation is changed": lambda p, _, ids: ok(
        p.client.patch(f"/api/annotations/{annotation_of(p, ids[0])}/", {"result": choice("Negative")})
    ),
    "lead time is added": lambda p, _, ids: ok(
        p.client.patch(f"/api/annotations/{annotation_of(p, ids[0])}/", {"lead_time": 99.5})
    ),
    "ground truth is set": lambda p, _, ids: ok(
        p.client.patch(f"/api/annotations/{annotation_of(p, ids[0])}/", {"ground_truth": True})
    ),
    "an annotation is deleted": lambda p, _, ids: p.client.delete(
        f"/api/annotations/{annotation_of(p, ids[0])}/"
    ),
    "a task is skipped": lambda p, _, ids: annotate(p, ids[2], was_cancelled=True),
    "a draft is made": lambda p, _, ids: ok(
        p.client.post(f"/api/tasks/{ids[1]}/drafts/", {"result": []}), 201
    ),
    "a prediction is made": lambda p, _, ids: predict(p, ids[1]),
    "a prediction is changed": lambda p, _, ids: ok(
        p.client.patch(f"/api/predictions/{predict(p, ids[0])['id']}/", {"score": 0.9})
    ),
    "overlap is changed": lambda p, project, ids: ok(
        p.client.patch(f"/api/projects/{project}/", {"maximum_annotations": 2})
    ),
    "tasks are deleted": lambda p, project, ids: act(p, project, "delete_tasks", ids.pop(0)),
    "annotations are deleted": lambda p, project, ids: act(p, project, "delete_tasks_annotations", *ids),
    "predictions are deleted": lambda p, project, ids: act(p, project, "delete_tasks_predictions", *ids),
}
QUERIES: list[dict[str, Any]] = [
    *({"ordering": [f"{sign}tasks:{column}"]} for column in COLUMNS for sign in ("", "-")),
    *(
        {"filters": items((column, "empty", "String", empty))}
        for column in COLUMNS
        for empty in ("True", "False")
    ),
    *({"filters": items((column, "greater", "Number", 0))} for column in sorted(COUNTERS)),
    {"filters": items(("data.text", "contains", "String", "o")), "ordering": ["-tasks:data.n"]},
    {"filters": items(("predictions_score", "greater", "Number", 0.5))},
    {"filters": items(("state", "equal", "String", "labeled")), "ordering": ["-tasks:state"]},
    {"filters": items(("avg_lead_time", "greater", "Number", 50))},
    {"filters": items(("predictions_model_versions", "contains", "List", ["m1"]))},
]


@pytest.fixture
def tasks(admin: Person) -> tuple[int, list[int]]:
    project = ok(admin.client.post("/api/projects/", {"title": "Known", "label_config": CONFIG}), 201)["id"]
    ids = [add_task(admin, project, text)["id"] for text in ("one", "two", "three", "four")]
    annotate(admin, ids[0])
    return project, ids


@pytest.mark.parametrize("name", EDITS)
def test_after_every_edit_everything_is_found_as_it_is_now(
    name: str, admin: Person, tasks: tuple[int, list[int]]
) -> None:
    project, ids = tasks
    principal = wiring.credentials().by_legacy_token(admin.token)
    remembering = wiring.data_manager()

    def found(service: DataManagerService) -> list[Any]:
        pages = [
            service.page(principal, ProjectId(project), read_query(query), offset=0, limit=100)
            for query in QUERIES
        ]
        return [([whole.task.id for whole in p.tasks], p.total, p.annotations, p.predictions) for p in pages]

    assert found(remembering) == found(DataManagerService(tasks=wiring.tasks()))
    EDITS[name](admin, project, ids)

    assert found(remembering) == found(DataManagerService(tasks=wiring.tasks()))


def test_a_project_without_tasks_has_none_to_find(admin: Person) -> None:
    project = ok(admin.client.post("/api/projects/", {"title": "Empty", "label_config": CONFIG}), 201)["id"]
    principal = wiring.credentials().by_legacy_token(admin.token)

    page = wiring.data_manager().page(
        principal, ProjectId(project), read_query(QUERIES[-2]), offset=0, limit=10
    )

    assert (list(page.tasks), page.total) == ([], 0)


def test_every_column_is_remembered_or_read_each_time() -> None:
    assert {"updated_at", "updated_by"} == UNSURE
    assert len(COLUMNS) - len(FAMILY_COLUMNS | UNSURE) >= 14


def test_further_pages_cost_the_same_wherever_they_are_and_an_edit_one_block(admin: Person) -> None:
    project = ok(admin.client.post("/api/projects/", {"title": "Pages", "label_config": CONFIG}), 201)["id"]
    many = [{"text": f"t{n % 7}", "n": n} for n in range(1500)]
    ok(admin.client.post(f"/api/projects/{project}/import", many), 201)
    query = quote(
        json.dumps(
            {"filters": items(("data.text", "contains", "String", "t")), "ordering": ["-tasks:data.n"]}
        )
    )

    def page(number: int) -> tuple[Any, dict[str, int]]:
        with counted() as calls:
            answer = ok(
                admin.client.get(
                    f"/api/tasks/?project={project}&query={query}&page={number}&page_size=50&fields=task_only"
                )
            )
        assert answer["total"] == 1500
        return answer["tasks"], dict(calls)

    page(1)
    pages = {number: page(number)[1] for number in (1, 15, 30)}
    assert len({json.dumps(calls, sort_keys=True) for calls in pages.values()}) == 1
    assert sum(pages[1].values()) <= 6

    task = page(1)[0][0]["id"]
    patch(admin, task, data={"text": "t changed", "n": 3})
    again = page(1)[1]
    assert again["Query"] - pages[1]["Query"] == 1, "one block is read anew"


def test_who_had_to_read_much_has_it_packed_and_writes_nothing(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("column_files", "data_manager"):
        monkeypatch.setattr(f"chalicelib.services.{module}.WORTH_PACKING", 2)
    project = ok(admin.client.post("/api/projects/", {"title": "Packed", "label_config": CONFIG}), 201)["id"]
    many = [{"text": f"t{n % 7}", "n": n} for n in range(600)]
    ok(admin.client.post(f"/api/projects/{project}/import", many), 201)
    principal = wiring.credentials().by_legacy_token(admin.token)
    sent: list[Any] = []
    monkeypatch.setattr(
        type(wiring.job_queue()), "send", lambda _, queue, message, **__: sent.append((queue, message))
    )
    query = read_query({"ordering": ["-tasks:data.n"]})

    def page() -> tuple[Any, dict[str, int]]:
        service = DataManagerService(tasks=wiring.tasks(), files=wiring.column_files())
        with counted() as calls:
            found = service.page(principal, ProjectId(project), query, offset=0, limit=10)
        return [whole.body.data["n"] for whole in found.tasks], dict(calls)

    first, calls = page()
    assert not [name for name in calls if name.startswith(("Put", "Update", "Transact", "Delete"))]
    assert sent == [("maintenance", {"column_files": project})]
    record = {"messageId": "m", "body": json.dumps(sent[0][1])}
    assert on_job_message({"Records": [record]}) == {"batchItemFailures": []}

    again, fewer = page()
    assert again == first == [*range(599, 589, -1)]
    assert (calls["Query"], fewer["Query"]) == (5, 2), "the counts and the files, and no block"
    assert len(sent) == 1
