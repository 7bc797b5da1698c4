"""The history of states as Label Studio's clients ask for it."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok


@pytest.fixture
def project(admin: Person) -> int:
    return int(
        ok(admin.client.post("/api/projects/", {"title": "States", "label_config": CONFIG}), 201)["id"]
    )


def test_a_task_tells_how_it_came_to_its_state_newest_first(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    annotation = annotate(admin, task)["id"]
    admin.client.delete(f"/api/annotations/{annotation}/")
    path = f"/api/fsm/entities/task/{task}/history"

    page = ok(admin.client.get(path))

    rows = [(row["previous_state"], row["transition_name"], row["state"]) for row in page["results"]]
    assert rows[:2] == [("labeled", "clear", "unlabeled"), ("unlabeled", "finish", "labeled")]
    assert page["results"][0]["triggered_by"] == {"id": admin.user.id, "email": admin.user.email}
    assert page["count"] == len(page["results"])
    assert [row["state"] for row in ok(admin.client.get(f"{path}?state=LABELED"))["results"]] == ["labeled"]
    first = ok(admin.client.get(f"{path}/?page_size=1"))
    assert (len(first["results"]), bool(first["next"])) == (1, True)
    assert admin.client.get(f"{path}/?page=99").status == 404


def test_a_history_is_narrowed_and_turned_around(admin: Person, project: int) -> None:
    task = add_task(admin, project, "x")["id"]
    annotate(admin, task)
    path = f"/api/fsm/entities/task/{task}/history/"
    at = ok(admin.client.get(path))["results"][0]["created_at"].replace("Z", "").partition(".")[0]
    admin.client.patch(f"/api/tasks/{task}/", {"overlap": 2})

    def found(query: str) -> list[str]:
        return [row["transition_name"] for row in ok(admin.client.get(f"{path}?{query}"))["results"]]

    assert found("ordering=created_at") == ["finish", "reopen"]
    assert found("ordering=-created_at") == ["reopen", "finish"]
    assert found("transition_name=Finish") == found("previous_state=unlabeled") == ["finish"]
    assert len(found(f"triggered_by={admin.user.id}")) == 2
    assert found("triggered_by=1.0") == []
    assert len(found(f"created_at_from={at}")) == 2
    assert found(f"created_at_to={at}") == []
    assert admin.client.get(f"{path}?created_at_to=now").status == 400


def test_what_nobody_knows_is_refused(admin: Person, project: int, join: Join) -> None:
    task = add_task(admin, project, "x")["id"]
    stranger = join()

    assert admin.client.get(f"/api/fsm/entities/house/{task}/history/").status == 404
    for entity, number in (("task", task), ("project", project)):
        path = f"/api/fsm/entities/{entity}/{number}"
        assert stranger.client.get(f"{path}/history/").status == 404
        assert stranger.client.post(f"{path}/transition/", {"transition_name": "x"}).status == 404
        refused = admin.client.post(f"{path}/transition/", {"transition_name": "fly"})
        assert refused.status == 400
        assert "fly" in refused.text
    assert admin.client.post(f"/api/fsm/entities/task/{task}/transition/", {}).status == 400
