"""Organizations know nothing of each other: every route, with another organization's ids."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.routes import load_all
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, ok

load_all()
WITH_IDS = [declared for declared in ROUTES if declared.names and not declared.is_public]
LABEL = {"from_name": "a", "title": "Mine", "value": [["Mine"]]}
BY_QUERY = ["/api/tasks/", "/api/dm/views/", "/api/dm/columns/", "/api/dm/project/", "/api/dm/actions/"]


@pytest.fixture(scope="module")
def ids() -> dict[str, Any]:
    """What one organization owns, by the names of the routes' open parts."""
    return {}


@pytest.fixture
def theirs(ids: dict[str, Any], join: Join) -> dict[str, Any]:
    if not ids:
        ids |= belongings(join())
    return ids


def belongings(owner: Person) -> dict[str, Any]:
    """One of everything that routes name, made by its owner: ids by the names of the routes' open parts."""
    project = ok(owner.client.post("/api/projects/", {"title": "Secret", "label_config": CONFIG}), 201)["id"]
    task = add_task(owner, project, "secret")["id"]
    prediction = {"task": task, "result": choice("Negative")}
    ids: dict[str, Any] = {
        "owner": owner,
        "organization_id": owner.organization_id,
        "user_id": owner.user.id,
        "project_id": project,
        "task_id": task,
        "annotation_id": annotate(owner, task)["id"],
        "draft_id": ok(owner.client.post(f"/api/tasks/{task}/drafts/", {"result": []}), 201)["id"],
        "prediction_id": ok(owner.client.post("/api/predictions/", prediction), 201)["id"],
        "view_id": ok(owner.client.post("/api/dm/views/", {"project": project}), 201)["id"],
        "export_id": ok(owner.client.post(f"/api/projects/{project}/exports/", {}), 201)["id"],
        "name": "0123abcd-secret.png",
        "action_id": "delete_tasks",
        "group_id": ok(owner.client.post("/api/groups/", {"name": "Secret"}), 201)["id"],
        "invitation_id": ok(owner.client.post("/api/invitations/", {}), 201)["id"],
        "number": 1,
        "entity": "task",
        "entity_id": task,
    }
    comment = {"annotation": ids["annotation_id"], "text": "secret"}
    ids["comment_id"] = ok(owner.client.post("/api/comments/", comment), 201)["id"]
    label = {"project": project, "from_name": "sentiment", "title": "Secret", "value": [["Secret"]]}
    kept = ok(owner.client.post("/api/labels/", [label]), 201)[0]
    ids |= {"label_id": kept["id"], "link_id": kept["links"][0]}
    files = {"files": [{"name": "a.png", "size": 3, "content_type": "image/png"}]}
    ids["later_id"] = ids["export_id"]
    begun = ok(owner.client.post(f"/api/projects/{project}/uploads/", files), 201)
    ids["upload_id"] = begun["uploads"][0]["id"]
    jobs = ok(owner.client.get(f"/api/jobs/?project={project}"))["results"]
    ids["job_id"] = jobs[0]["id"] if jobs else 1
    return ids


def body_for(declared: Route, theirs: dict[str, Any]) -> Any:
    """A body that the route would accept of its owner."""
    if declared.path.endswith("/import/predictions/"):
        return [{"task": theirs["task_id"], "result": []}]
    if declared.path == "/api/comments/":
        return {"annotation": theirs["annotation_id"], "text": "Mine now"}
    if declared.path == "/api/labels/" and declared.method == "POST":
        return [{"project": theirs["project_id"], "from_name": "a", "title": "Mine", "value": [["Mine"]]}]
    return {
        "label_config": CONFIG,
        "title": "Mine now",
        "transition_name": "begin",
        "preset": "plain",
        "data": {"text": "x"},
        "result": [],
        "role": "viewer",
        "name": "Mine now",
        "is_members_only": True,
        "state": "on",
        "user": theirs["user_id"],
        "model_version": "undefined",
        "parts": [],
        "files": [{"name": "a.png", "size": 3, "content_type": "image/png"}],
        "upload_ids": [theirs["upload_id"]],
        "file_upload_ids": [theirs["upload_id"]],
        "export_type": "JSON",
        "from_name": "sentiment",
        "old_label": "Nothing like it",
        "new_label": "Mine now",
        "label": theirs["label_id"],
        "text": "Mine now",
        "items": [{}],
        "users": [theirs["user_id"]],
        "selectedItems": {"all": False, "included": [theirs["task_id"]]},
    }


@pytest.mark.parametrize("declared", WITH_IDS, ids=lambda declared: f"{declared.method} {declared.path}")
def test_strangers_are_told_that_there_is_no_such_thing(
    declared: Route, theirs: dict[str, Any], join: Join
) -> None:
    missing = [name for name in declared.names if name not in theirs]
    assert not missing, f"give the test an id for {missing}"
    stranger = join()
    path = re.sub(r"{(\w+)}", lambda part: str(theirs[part[1]]), declared.path)

    target = f"{path}?project={theirs['project_id']}" if "/dm/" in path else path
    answer = stranger.client.request(declared.method, target, body_for(declared, theirs))

    assert answer.status in (403, 404), answer.text
    assert "secret" not in answer.text.lower()


@pytest.mark.parametrize("path", BY_QUERY)
def test_strangers_cannot_name_a_project_in_the_query(path: str, theirs: dict[str, Any], join: Join) -> None:
    stranger = join()

    assert stranger.client.get(f"{path}?project={theirs['project_id']}").status == 404
    assert stranger.client.get(f"/api/tasks/?view={theirs['view_id']}").status == 404


def test_strangers_cannot_name_things_in_a_body(theirs: dict[str, Any], join: Join) -> None:
    stranger = join()
    project, task = theirs["project_id"], theirs["task_id"]
    own = ok(stranger.client.post("/api/projects/", {"title": "Own", "label_config": CONFIG}), 201)["id"]

    refused = [
        stranger.client.post("/api/tasks/", {"project": project, "data": {"text": "x"}}),
        stranger.client.post("/api/predictions/", {"task": task, "result": []}),
        stranger.client.post("/api/comments/", {"task": task, "text": "x"}),
        stranger.client.post("/api/comments/", {"annotation": theirs["annotation_id"], "text": "x"}),
        stranger.client.get(f"/api/comments/?task={task}"),
        stranger.client.get(f"/api/comments/?annotation={theirs['annotation_id']}"),
        stranger.client.post("/api/dm/views/", {"project": project, "data": {}}),
        stranger.client.post(f"/api/dm/actions/?project={project}&id=delete_tasks", {}),
        stranger.client.post("/api/dm/views/order/", {"project": project, "ids": []}),
        stranger.client.delete("/api/dm/views/reset/", {"project": project}),
        stranger.client.post("/api/labels/", [{**LABEL, "project": project}]),
        stranger.client.post("/api/labels/bulk/", {"project": project, "old_label": "a", "new_label": "b"}),
        stranger.client.post("/api/label_links/", {"project": project, "label": 1, "from_name": "a"}),
    ]
    assert [answer.status for answer in refused] == [404] * len(refused)
    link = {"project": own, "label": theirs["label_id"], "from_name": "a"}
    assert stranger.client.post("/api/label_links/", link).status == 400
    kinds = {"tasks": task, "annotations": theirs["annotation_id"], "predictions": theirs["prediction_id"]}
    for kind, number in kinds.items():
        path = f"/api/bulk/{kind}/"
        new: dict[str, Any] = {"task": task, "project": project, "result": [], "data": {"text": "x"}}
        for method, item in (("POST", new), ("PATCH", {"id": number}), ("DELETE", {"id": number})):
            (done,) = ok(stranger.client.request(method, path, {"items": [item]}))["results"]
            assert (done["status"], "secret" in str(done).lower()) == (404, False)
    foreign = stranger.client.post(f"/api/projects/{own}/import/predictions", [{"task": task, "result": []}])
    assert foreign.status == 400
    selected = {"selectedItems": {"all": False, "included": [task]}}
    ok(stranger.client.post(f"/api/dm/actions/?project={own}&id=delete_tasks", selected))


def test_what_is_theirs_is_still_there(theirs: dict[str, Any]) -> None:
    owner: Person = theirs["owner"]

    assert ok(owner.client.get(f"/api/tasks/{theirs['task_id']}/"))["data"] == {"text": "secret"}
    assert ok(owner.client.get(f"/api/projects/{theirs['project_id']}/"))["title"] == "Secret"
    assert ok(owner.client.get(f"/api/annotations/{theirs['annotation_id']}/"))
    assert ok(owner.client.get(f"/api/drafts/{theirs['draft_id']}/"))
    assert ok(owner.client.get(f"/api/dm/views/{theirs['view_id']}/"))
