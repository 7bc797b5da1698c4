"""Tasks whose answer is known, over HTTP: the setting, the accuracy, and nothing that gives them away."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.auth.principals import Role
from tests.contract.client import Client
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, choice, ok


def next_and_done(person: Person, project: int, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The next task as it was shown, and after it was answered."""
    given = ok(person.client.get(f"/api/projects/{project}/next/"))
    path = f"/api/tasks/{given['id']}"
    ok(person.client.post(f"{path}/annotations/", {"result": choice(label)}), 201)
    return given, ok(person.client.get(f"{path}/"))


def told(task: dict[str, Any]) -> str:
    """What is told of a task, but for what differs between any two."""
    own = {
        "id",
        "inner_id",
        "data",
        "created_at",
        "updated_at",
        "unique_lock_id",
        "lease_until",
        "annotations_ids",
    }
    shown = {name: value for name, value in task.items() if name not in own | {"annotations"}}
    return json.dumps({**shown, "annotations": len(task["annotations"])}, sort_keys=True)


def test_annotators_are_compared_with_truths_that_they_do_not_notice(admin: Person, join: Join) -> None:
    ann = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    settings = {
        "title": "Checked",
        "label_config": CONFIG,
        "honeypot_every": 2,
        "sampling": "Uniform sampling",
    }
    project = ok(admin.client.post("/api/projects/", settings), 201)["id"]
    truth = {"result": choice("Positive"), "ground_truth": True}
    tasks = [{"data": {"text": f"{n}"}, "annotations": [truth] if n % 2 else []} for n in range(8)]
    ok(admin.client.post(f"/api/projects/{project}/import", tasks), 201)

    pairs = [next_and_done(ann, project, "Positive") for _ in range(6)]

    shown, done = {told(before) for before, _ in pairs}, {told(after) for _, after in pairs}
    assert (len(shown), len(done)) == (1, 1)
    assert 'ground_truth": true' not in json.dumps(pairs)
    odd = [before for before, _ in pairs if int(before["data"]["text"]) % 2]
    assert len(odd) == 3
    found = ok(admin.client.get(f"/api/projects/{project}/honeypots/"))
    ((accuracy),) = found["annotators"]
    assert (found["honeypot_every"], found["ground_truths"]) == (2, 4)
    assert (accuracy["user"]["id"], accuracy["judged"], accuracy["right"]) == (ann.user.id, 3, 3)
    assert (accuracy["accuracy"], accuracy["right_share"]) == (1.0, 1.0)
    assert accuracy["right_interval"][0] < 1
    assert ann.client.get(f"/api/projects/{project}/honeypots/").status == 403


def test_the_rate_is_checked(admin: Person, anonymous: Client) -> None:
    project = ok(admin.client.post("/api/projects/", {"title": "Checked", "label_config": CONFIG}), 201)
    assert project["honeypot_every"] == 0
    path = f"/api/projects/{project['id']}/"
    for wrong in (-1, 1001, "often", 2.5):
        assert admin.client.patch(path, {"honeypot_every": wrong}).status == 400
    assert ok(admin.client.patch(path, {"honeypot_every": 10}))["honeypot_every"] == 10
    assert anonymous.get(f"{path}honeypots/").status == 401
