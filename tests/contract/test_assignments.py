"""Assigning tasks over HTTP: in bulk, one by one, and until somebody goes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.auth.principals import Role
from chalicelib.errors import UpstreamError
from chalicelib.services.assignments import AssignmentService
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok


@pytest.fixture
def ann(admin: Person, join: Join) -> Person:
    return join(Role.ANNOTATOR, organization_id=admin.organization_id)


@pytest.fixture
def project(admin: Person) -> int:
    number: int = ok(
        admin.client.post("/api/projects/", {"title": "Shared out", "label_config": CONFIG}), 201
    )["id"]
    return number


def tasks_in(admin: Person, project: int, count: int) -> list[int]:
    return [add_task(admin, project, f"text {number}")["id"] for number in range(count)]


def selected(*ids: int) -> dict[str, Any]:
    return {"all": False, "included": [*ids]}


def test_tasks_are_assigned_found_and_handed_out(admin: Person, ann: Person, project: int) -> None:
    ids = tasks_in(admin, project, 4)
    path = f"/api/projects/{project}/tasks/assignees/"
    order = {"type": "AN", "users": [ann.user.id], "selectedItems": selected(ids[1], ids[3])}

    told = [ok(admin.client.post(path, order)) for _ in range(2)]

    assert told[0] == {"assignments": 2, "async": False, "task_ids": [ids[1], ids[3]], "job": None}
    assert told[1]["assignments"] == 0
    query = {
        "filters": {
            "conjunction": "and",
            "items": [
                {
                    "filter": "filter:tasks:assigned",
                    "operator": "contains",
                    "type": "List",
                    "value": ann.user.id,
                }
            ],
        }
    }
    found = ok(admin.client.get(f"/api/tasks/?project={project}&query={quote(json.dumps(query))}"))
    assert [(task["id"], task["assigned"]) for task in found["tasks"]] == [
        (ids[1], [ann.user.id]),
        (ids[3], [ann.user.id]),
    ]
    assert [ok(who.client.get(f"/api/projects/{project}/next/"))["id"] for who in (ann, admin)] == [
        ids[1],
        ids[0],
    ]
    annotate(ann, ids[1])
    ok(
        admin.client.post(
            f"/api/dm/actions/?project={project}&id=assign_annotators", {**order, "mode": "remove"}
        )
    )
    task = ok(admin.client.get(f"/api/tasks/{ids[1]}/"))
    assert (task["assigned"], task["is_labeled"]) == ([], True)


def test_one_task_is_assigned_by_itself(admin: Person, ann: Person, project: int) -> None:
    (task,) = tasks_in(admin, project, 1)
    path = f"/api/projects/{project}/tasks/{task}/assignees/"

    made = ok(admin.client.post(path, {"type": "AN", "users": [ann.user.id]}))
    assert made == {"task": task, "assignee": ann.user.id, "assignees": [ann.user.id], "type": "AN"}
    (listed,) = ok(ann.client.get(path))
    assert (listed["task"], listed["assignee"], listed["type"]) == (task, ann.user.id, "AN")
    assert ok(admin.client.patch(path, {"users": [admin.user.id]}))["assignees"] == [admin.user.id]
    assert admin.client.delete(f"{path}?users={admin.user.id},{ann.user.id}").status == 204
    assert ok(admin.client.get(path)) == []
    ok(admin.client.post(path, {"users": [ann.user.id]}))
    assert admin.client.delete(path).status == 204
    assert ok(admin.client.get(path)) == []


def test_what_is_wrong_is_told_with_its_place(admin: Person, ann: Person, join: Join, project: int) -> None:
    (task,) = tasks_in(admin, project, 1)
    path = f"/api/projects/{project}/tasks/{task}/assignees/"
    viewer = join(Role.VIEWER, organization_id=admin.organization_id)
    other = ok(admin.client.post("/api/projects/", {"title": "Another", "label_config": CONFIG}), 201)["id"]

    refused = [
        admin.client.post(path, {"users": [ann.user.id, viewer.user.id, 10**9]}),
        admin.client.post(path, {"users": [ann.user.id], "type": "RE"}),
        admin.client.post(path, {}),
        admin.client.delete(f"{path}?users=x"),
        admin.client.post(f"/api/projects/{project}/tasks/assignees/", {"users": [ann.user.id]}),
    ]
    assert [answer.status for answer in refused] == [400] * 5
    assert len(refused[0].json()["validation_errors"]["users"]) == 2
    action = f"/api/dm/actions/?project={project}&id=assign_annotators"
    wrong: list[dict[str, Any]] = [{}, {"users": "all"}, {"users": [True]}, {"users": [], "mode": "add"}]
    for fields in (*wrong, {"users": [ann.user.id], "mode": "swap"}):
        assert admin.client.post(action, {**fields, "selectedItems": selected(task)}).status == 400
    assert admin.client.get(path.replace(f"/{project}/", f"/{other}/")).status == 404
    assert (
        admin.client.post(path.replace(f"/{project}/", f"/{other}/"), {"users": [ann.user.id]}).status == 404
    )
    assert ann.client.post(path, {"users": [ann.user.id]}).status == 403


def gone_ways(admin: Person, ann: Person, project: int) -> dict[str, Any]:
    members = f"/api/organizations/{admin.organization_id}/memberships/{ann.user.id}/"
    return {
        "removed": lambda: admin.client.delete(members),
        "deactivated": lambda: admin.client.patch(members, {"is_active": False}),
        "a viewer": lambda: admin.client.patch(members, {"role": "viewer"}),
        "a viewer here": lambda: admin.client.put(
            f"/api/projects/{project}/members/{ann.user.id}/", {"role": "viewer"}
        ),
        "closed": lambda: admin.client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}),
        "deleted": lambda: admin.client.delete(f"/api/users/{ann.user.id}/"),
        "erased": lambda: ann.client.post(
            "/api/current-user/erase/", {"email": ann.user.email, "password": "correct horse battery staple"}
        ),
    }


@pytest.mark.parametrize(
    "way", ["removed", "deactivated", "a viewer", "a viewer here", "closed", "deleted", "erased"]
)
def test_whoever_goes_leaves_their_tasks_to_others(
    admin: Person, ann: Person, project: int, way: str
) -> None:
    (task,) = tasks_in(admin, project, 1)
    ok(admin.client.post(f"/api/projects/{project}/tasks/{task}/assignees/", {"users": [ann.user.id]}))
    assert admin.client.get(f"/api/projects/{project}/next/").status == 404

    answer = gone_ways(admin, ann, project)[way]()

    assert answer.status < 300, answer.text
    assert ok(admin.client.get(f"/api/projects/{project}/next/"))["id"] == task


def test_a_project_may_hand_out_assigned_tasks_alone(admin: Person, ann: Person, project: int) -> None:
    tasks_in(admin, project, 2)
    changed = ok(admin.client.patch(f"/api/projects/{project}/", {"assigned_only": True}))

    assert changed["assigned_only"] is True
    assert ann.client.get(f"/api/projects/{project}/next/").status == 404
    assert admin.client.patch(f"/api/projects/{project}/", {"assigned_only": "maybe"}).status == 400


@pytest.mark.parametrize("way", ["removed", "deactivated", "a viewer", "a viewer here", "closed", "deleted"])
def test_taking_access_again_gives_back_what_the_first_time_left(
    admin: Person, ann: Person, project: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = tasks_in(admin, project, 1)
    ok(admin.client.post(f"/api/projects/{project}/tasks/{task}/assignees/", {"users": [ann.user.id]}))
    take = gone_ways(admin, ann, project)[way]

    def dying(*_: object) -> None:
        raise UpstreamError("The database does not answer.")

    with monkeypatch.context() as dead:
        dead.setattr(AssignmentService, "access_changed", dying)
        assert take().status == 502
    assert admin.client.get(f"/api/projects/{project}/next/").status == 404

    assert take().status in (200, 204, 404)

    assert ok(admin.client.get(f"/api/projects/{project}/next/"))["id"] == task
