"""Many items in one request: each whole or not at all, each answered, each once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from chalicelib.api.bulk import BulkOutcome
from chalicelib.auth.principals import Role
from chalicelib.services import bulk
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.predictions import PredictionService
from chalicelib.services.tasks import TaskService
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, choice, conforms, counts, ok

KINDS = ("tasks", "annotations", "predictions")


@pytest.fixture
def project(admin: Person) -> int:
    return int(ok(admin.client.post("/api/projects/", {"title": "Many", "label_config": CONFIG}), 201)["id"])


def send(person: Person, method: str, kind: str, items: Any, **more: Any) -> dict[str, Any]:
    done: dict[str, Any] = ok(person.client.request(method, f"/api/bulk/{kind}/", {"items": items}, **more))
    conforms(BulkOutcome, done)
    assert [one["index"] for one in done["results"]] == list(range(len(items)))
    assert done["succeeded"] + done["failed"] == len(items)
    return done


def statuses(done: dict[str, Any]) -> list[int]:
    return [one["status"] for one in done["results"]]


def ids(done: dict[str, Any]) -> list[int]:
    return [one["id"] for one in done["results"]]


def places(outcome: dict[str, Any]) -> list[str]:
    return [fault["place"] for fault in outcome["faults"]]


def new_tasks(project: int, count: int) -> list[dict[str, Any]]:
    return [{"project": project, "data": {"text": f"t{n}"}} for n in range(count)]


def test_tasks_are_made_changed_and_deleted(admin: Person, project: int) -> None:
    made = send(admin, "POST", "tasks", new_tasks(project, 3))
    assert statuses(made) == [201] * 3

    changes = [{"id": one, "data": {"text": "new"}} for one in ids(made)]
    changed = send(admin, "PATCH", "tasks", [*changes[:2], {**changes[2], "version": 7}])
    assert statuses(changed) == [200, 200, 412]
    assert changed["results"][2]["code"] == "stale_version"
    texts = [ok(admin.client.get(f"/api/tasks/{one}/"))["data"]["text"] for one in ids(made)]
    assert texts == ["new", "new", "t2"]

    gone = send(admin, "DELETE", "tasks", [{"id": one} for one in [*ids(made)[:2], 987654321, ids(made)[0]]])
    assert statuses(gone) == [204, 204, 404, 404]
    assert (gone["succeeded"], gone["failed"]) == (2, 2)
    assert counts(admin, project)["task_number"] == 1


def test_annotations_are_made_changed_and_deleted(admin: Person, project: int) -> None:
    tasks = [add_task(admin, project)["id"] for _ in range(3)]
    unique_id = str(uuid4())
    items: list[dict[str, Any]] = [{"task": one, "result": choice("Positive")} for one in tasks]
    items[0]["unique_id"] = items[1]["unique_id"] = unique_id
    items[2]["was_cancelled"] = True

    made = send(admin, "POST", "annotations", items)

    assert statuses(made) == [201, 409, 201]
    seen = counts(admin, project)
    assert (seen["total_annotations_number"], seen["skipped_annotations_number"]) == (1, 1)
    assert seen["finished_task_number"] == 1
    first, last = ids(made)[0], ids(made)[2]
    changed = send(
        admin, "PATCH", "annotations", [{"id": first, "lead_time": 3.0}, {"id": last, "version": 9}]
    )
    assert statuses(changed) == [200, 412]
    assert ok(admin.client.get(f"/api/annotations/{first}/"))["lead_time"] == 3.0
    assert statuses(send(admin, "DELETE", "annotations", [{"id": first}, {"id": last}])) == [204, 204]
    seen = counts(admin, project)
    assert (seen["total_annotations_number"], seen["finished_task_number"]) == (0, 0)


def test_predictions_are_made_changed_and_deleted(admin: Person, project: int) -> None:
    task = add_task(admin, project)["id"]
    item = {"task": task, "result": choice("Positive"), "model_version": "m1"}

    made = send(admin, "POST", "predictions", [item, {**item, "task": 987654321}, item])

    assert statuses(made) == [201, 404, 201]
    assert counts(admin, project)["total_predictions_number"] == 2
    one = ids(made)[0]
    assert statuses(send(admin, "PATCH", "predictions", [{"id": one, "score": 0.5}])) == [200]
    assert ok(admin.client.get(f"/api/predictions/{one}/"))["score"] == 0.5
    assert statuses(send(admin, "DELETE", "predictions", [{"id": one}, {"id": one}])) == [204, 404]
    assert counts(admin, project)["total_predictions_number"] == 1


def test_every_fault_of_every_item_is_told_with_its_place(admin: Person, project: int) -> None:
    task = add_task(admin, project)["id"]
    wrong = [
        {"project": project, "data": {"other": 1}},
        {"project": "x", "overlap": 0},
        {"data": {"text": "a"}},
        7,
        {"project": project, "data": {"text": "fine"}},
    ]
    done = send(admin, "POST", "tasks", wrong)
    assert statuses(done) == [400, 400, 400, 400, 201]
    assert places(done["results"][0])[0].startswith("items[0].data")
    told = sorted(places(done["results"][1]))
    assert told == ["items[1].data", "items[1].overlap", "items[1].project"]
    assert places(done["results"][2]) == ["items[2].project"]
    assert places(done["results"][3]) == ["items[3]"]

    done = send(admin, "POST", "annotations", [{"task": task, "lead_time": "long"}, {"result": []}])
    assert [places(one) for one in done["results"]] == [["items[0].lead_time"], ["items[1].task"]]
    done = send(admin, "PATCH", "annotations", [{"result": []}, {"id": 0}])
    assert [places(one) for one in done["results"]] == [["items[0].id"], ["items[1].id"]]
    assert counts(admin, project)["task_number"] == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_lists_that_cannot_be_are_refused_whole(admin: Person, kind: str, method: str) -> None:
    def status(body: Any) -> int:
        return admin.client.request(method, f"/api/bulk/{kind}/", body).status

    assert [status({"items": []}), status({"items": {}}), status({}), status([])] == [400] * 4
    assert status({"items": [{}] * 201}) == 413


def test_each_item_is_allowed_or_refused_by_itself(admin: Person, project: int, join: Join) -> None:
    closed = ok(admin.client.post("/api/projects/", {"title": "Closed", "label_config": CONFIG}), 201)["id"]
    assert admin.client.patch(f"/api/projects/{closed}/access/", {"is_members_only": True}).status == 204
    viewed = ok(admin.client.post("/api/projects/", {"title": "Viewed", "label_config": CONFIG}), 201)["id"]
    manager = join(Role.MANAGER, organization_id=admin.organization_id)
    path = f"/api/projects/{viewed}/members/{manager.user.id}/"
    assert admin.client.put(path, {"role": "viewer"}).status == 204
    tasks = [add_task(admin, one)["id"] for one in (project, closed, viewed)]

    made = send(manager, "POST", "tasks", [new_tasks(one, 1)[0] for one in (project, closed, viewed)])
    assert statuses(made) == [201, 404, 403]
    answers = [{"task": task, "result": choice("Positive")} for task in tasks]
    for kind in ("annotations", "predictions"):
        assert statuses(send(manager, "POST", kind, answers)) == [201, 404, 403]
    assert statuses(send(manager, "DELETE", "tasks", [{"id": task} for task in tasks])) == [204, 404, 403]
    viewer = join(Role.VIEWER, organization_id=admin.organization_id)
    for kind in KINDS:
        assert viewer.client.post(f"/api/bulk/{kind}/", {"items": [{}]}).status == 403


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_does_it_once(admin: Person, project: int, kind: str) -> None:
    items = _new(admin, project, kind)
    key = {"Idempotency-Key": f"bulk-{kind}"}

    first = send(admin, "POST", kind, items, headers=key)
    again = send(admin, "POST", kind, items, headers=key)

    assert first == again
    assert statuses(first) == [201, 201, 201]
    other = admin.client.post(f"/api/bulk/{kind}/", {"items": items[:1]}, headers=key)
    assert other.status == 409


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_stored", [False, True], ids=["before", "after"])
def test_a_request_that_died_half_way_is_finished_by_the_next(
    admin: Person, project: int, kind: str, is_stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at its second item, before or after that is stored, and nobody is left to free its key."""
    items = _new(admin, project, kind)
    before = _counted(admin, project, kind)
    key = {"Idempotency-Key": f"died-{kind}-{is_stored}"}
    service: Any = {"tasks": TaskService, "annotations": AnnotationService, "predictions": PredictionService}
    name = {"tasks": "add_tasks", "annotations": "create", "predictions": "create"}[kind]
    whole, calls = getattr(service[kind], name), []

    def dying(self: Any, *given: Any, **named: Any) -> Any:
        calls.append(given)
        made = whole(self, *given, **named) if len(calls) < 2 or is_stored else None
        if len(calls) == 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(service[kind], name, dying)
    assert admin.client.post(f"/api/bulk/{kind}/", {"items": items}, headers=key).status == 500
    monkeypatch.setattr(service[kind], name, whole)

    done = send(admin, "POST", kind, items, headers=key)

    assert statuses(done) == [201] * 3
    assert len(set(ids(done))) == 3
    assert _counted(admin, project, kind) == before + 3


def test_what_there_is_no_time_for_is_told_to_come_again(
    admin: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PATIENCE", -bulk.PATIENCE)

    done = send(admin, "POST", "tasks", new_tasks(project, 2))

    assert statuses(done) == [429, 429]
    assert counts(admin, project)["task_number"] == 0


def _new(admin: Person, project: int, kind: str) -> list[dict[str, Any]]:
    if kind == "tasks":
        return new_tasks(project, 3)
    return [{"task": add_task(admin, project)["id"], "result": choice("Positive")} for _ in range(3)]


def _counted(admin: Person, project: int, kind: str) -> int:
    names = {
        "tasks": "task_number",
        "annotations": "total_annotations_number",
        "predictions": "total_predictions_number",
    }
    return int(counts(admin, project)[names[kind]])
