"""Changing a configuration over HTTP: versions, plans, jobs, undo, and results that must fit."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.ids import JobId
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import add_task, annotate, choice, ok

OLD = (
    '<View><Text name="text" value="$text"/><Choices name="sentiment" toName="text">'
    '<Choice value="Positive"/><Choice value="Negative"/></Choices></View>'
)
NEW = OLD.replace('"sentiment"', '"mood"').replace("Positive", "Glad")
ORDER = {
    "label_config": NEW,
    "controls": {"sentiment": "mood"},
    "labels": {"sentiment": {"Positive": "Glad"}},
}


@pytest.fixture
def project(admin: Person) -> int:
    made = ok(admin.client.post("/api/projects/", {"title": "Edited", "label_config": OLD}), 201)
    return int(made["id"])


def worked_off(admin: Person, job: dict[str, Any]) -> dict[str, Any]:
    wiring.jobs().run_here(JobId(job["id"]), until_s=30)
    return dict(ok(admin.client.get(f"/api/jobs/{job['id']}/")))


def test_a_change_is_planned_done_and_taken_back(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    result = choice("Positive")
    annotation = annotate(admin, task, result=result)["id"]
    path = f"/api/projects/{project}/config-edits/"

    plan = ok(admin.client.post(f"{path}plan/", ORDER))
    assert {
        "kind": "control_renamed",
        "control": "sentiment",
        "before": "sentiment",
        "after": "mood",
        "touched": 1,
    } in plan["steps"]
    assert plan["faults"] == []
    job = worked_off(admin, ok(admin.client.post(path, ORDER), 201))

    assert (job["state"], job["result"]["rewritten"]) == ("completed", 1)
    found = ok(admin.client.get(f"/api/annotations/{annotation}/"))
    assert found["result"][0]["from_name"] == "mood"
    assert found["result"][0]["value"]["choices"] == ["Glad"]
    assert found["config_version"] == 2
    assert ok(admin.client.get(f"/api/projects/{project}/"))["config_version"] == 2
    summary = ok(admin.client.get(f"/api/projects/{project}/summary/"))
    assert summary["created_labels"] == {"mood": {"Glad": 1}}

    undone = worked_off(admin, ok(admin.client.post(f"{path}{job['id']}/undo/"), 201))
    assert undone["state"] == "completed", undone
    assert ok(admin.client.get(f"/api/annotations/{annotation}/"))["result"] == result
    versions = ok(admin.client.get(f"/api/projects/{project}/config-versions/"))
    assert [(each["version"], each["label_config"]) for each in versions] == [(3, OLD), (2, NEW), (1, OLD)]
    second = ok(admin.client.get(f"/api/projects/{project}/config-versions/2/"))
    assert [step["kind"] for step in second["steps"]].count("control_added") == 1
    assert admin.client.get(f"/api/projects/{project}/config-versions/9/").status == 404
    assert admin.client.post(f"{path}{job['id']}/undo/").status == 409


def test_a_patch_that_would_lose_work_names_the_way_to_carry_it_along(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    annotate(admin, task, result=choice("Positive"))

    refused = admin.client.patch(f"/api/projects/{project}/", {"label_config": NEW})

    assert refused.status == 400
    (fault,) = refused.json()["faults"]
    assert fault["code"] == "used_control_missing"
    assert "config-edits" in fault["suggestion"]


def test_every_fault_of_an_order_is_told_with_its_place(admin: Person, project: int) -> None:
    path = f"/api/projects/{project}/config-edits/"
    broken = {**ORDER, "controls": {"sentimnt": "mood", "sentiment": "nowhere"}}

    plan = ok(admin.client.post(f"{path}plan/", broken))
    refused = admin.client.post(path, broken)

    places = [fault["place"] for fault in plan["faults"]]
    assert places[:2] == ["controls.sentimnt", "controls.sentiment"]
    assert refused.status == 400
    assert [fault["place"] for fault in refused.json()["faults"]] == places
    assert admin.client.post(path, {"label_config": "<View"}).status == 400
    assert admin.client.post(path, {}).status == 400
    assert admin.client.post(path, {"label_config": OLD}).status == 400


def test_only_who_may_change_the_project_may_order_a_change(join: Join, project: int, admin: Person) -> None:
    from chalicelib.auth.principals import Role

    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)

    assert annotator.client.post(f"/api/projects/{project}/config-edits/", ORDER).status == 403
    assert annotator.client.get(f"/api/projects/{project}/config-versions/").status == 200


UNFIT = [{**choice("Positive")[0], "value": {"choices": ["Nowhere"]}}]


def test_a_prediction_that_does_not_fit_is_refused_with_its_place(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]

    refused = admin.client.post("/api/predictions/", {"task": task, "result": UNFIT})
    many = admin.client.post(
        f"/api/projects/{project}/import/predictions",
        [{"task": task, "result": choice("Positive")}, {"task": task, "result": UNFIT}],
    )

    assert refused.status == 400
    assert [f["place"] for f in refused.json()["faults"]] == ["result[0].value.choices[0]"]
    assert many.status == 400
    assert [f["place"] for f in many.json()["faults"]] == ["1.result[0].value.choices[0]"]
    assert ok(admin.client.get(f"/api/predictions/?task={task}")) == []


def test_a_project_may_let_predictions_in_unchecked(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    ok(admin.client.patch(f"/api/projects/{project}/", {"validate_predictions": False}))

    ok(admin.client.post("/api/predictions/", {"task": task, "result": UNFIT}), 201)


def test_annotations_are_checked_where_the_project_says_so(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    path = f"/api/tasks/{task}/annotations/"
    free = ok(admin.client.post(path, {"result": UNFIT}), 201)["id"]
    ok(admin.client.patch(f"/api/projects/{project}/", {"validate_annotations": True}))

    refused = admin.client.post(path, {"result": UNFIT})
    changed = admin.client.patch(f"/api/annotations/{free}/", {"result": [{"from_name": 1}]})

    assert [f["place"] for f in refused.json()["faults"]] == ["result[0].value.choices[0]"]
    assert (refused.status, changed.status) == (400, 400)
    ok(admin.client.post(path, {"result": choice("Negative")}), 201)


@pytest.mark.parametrize("path", ["import", "import?commit_to_project=false"])
def test_an_import_tells_every_prediction_that_does_not_fit(admin: Person, project: int, path: str) -> None:
    tasks = [
        {"data": {"text": "a"}, "predictions": [{"result": choice("Positive")}]},
        {"data": {"text": "b"}, "predictions": [{"result": UNFIT}], "annotations": [{"result": UNFIT}]},
    ]

    refused = admin.client.post(f"/api/projects/{project}/{path}", tasks)

    assert refused.status == 400
    assert "predictions[0].result[0].value.choices[0]" in refused.text
    assert "annotations[0]" not in refused.text
    assert ok(admin.client.get(f"/api/projects/{project}/"))["task_number"] == 0
