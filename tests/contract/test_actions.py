"""Actions on chosen tasks: duplicates, cached labels, predictions of backends."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.domain.tasks.changes import Change
from chalicelib.errors import UpstreamError
from tests.contract.conftest import Join, Person
from tests.contract.test_data_manager import run
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, counts, ok

ALL: dict[str, Any] = {"selectedItems": {"all": True, "excluded": []}}


@pytest.fixture
def project(admin: Person) -> int:
    return int(ok(admin.client.post("/api/projects/", {"title": "Twice", "label_config": CONFIG}), 201)["id"])


def task_ids(person: Person, project: int) -> list[int]:
    return [task["id"] for task in ok(person.client.get(f"/api/tasks/?project={project}"))["tasks"]]


def annotations_of(person: Person, task: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(person.client.get(f"/api/tasks/{task}/"))["annotations"]
    return found


# -- duplicates


def test_copies_go_and_their_annotations_move(admin: Person, project: int, join: Join) -> None:
    first, second, third = (add_task(admin, project, "same")["id"] for _ in range(3))
    other = add_task(admin, project, "other")["id"]
    colleague = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    kept = annotate(admin, second, result=choice("Positive"))
    moved = annotate(colleague, third, result=choice("Negative"), lead_time=5.0)
    skipped = annotate(admin, first, was_cancelled=True)

    assert run(admin, project, "remove_duplicates", ALL) == {}

    assert task_ids(admin, project) == [second, other]
    here = annotations_of(admin, second)
    assert here[0]["id"] == kept["id"]
    assert {(one["was_cancelled"], one["created_at"]) for one in here[1:]} == {
        (False, moved["created_at"]),
        (True, skipped["created_at"]),
    }
    theirs = next(one for one in here if one["created_at"] == moved["created_at"])
    assert (theirs["result"], theirs["lead_time"]) == (moved["result"], 5.0)
    assert theirs["completed_by"]["id"] == colleague.user.id
    seen = counts(admin, project)
    assert (seen["task_number"], seen["total_annotations_number"], seen["skipped_annotations_number"]) == (
        2,
        2,
        1,
    )
    assert admin.client.get(f"/api/annotations/{moved['id']}/").status == 404
    assert run(admin, project, "remove_duplicates", ALL) == {}
    assert len(annotations_of(admin, second)) == 3


def test_copies_without_annotations_leave_the_first(admin: Person, project: int) -> None:
    ids = [add_task(admin, project, text)["id"] for text in ("a", "b", "a", "a", "b")]

    run(admin, project, "remove_duplicates", {"selectedItems": {"all": False, "included": ids[1:]}})

    assert task_ids(admin, project) == [ids[0], ids[1], ids[2]]


def test_skips_of_one_moment_are_imported_and_moved(admin: Person, project: int) -> None:
    skips = [{"result": [], "was_cancelled": True}] * 2
    body = [{"data": {"text": "same"}, "annotations": skips} for _ in range(2)]
    ok(admin.client.post(f"/api/projects/{project}/import", body), 201)
    first, _ = task_ids(admin, project)

    run(admin, project, "remove_duplicates", ALL)

    assert task_ids(admin, project) == [first]
    assert [one["was_cancelled"] for one in annotations_of(admin, first)] == [True] * 4
    assert counts(admin, project)["skipped_annotations_number"] == 4


def test_one_ground_truth_is_left_of_two(admin: Person, project: int) -> None:
    first, second = (add_task(admin, project, "same")["id"] for _ in range(2))
    kept = annotate(admin, first, ground_truth=True)["id"]
    annotate(admin, second, ground_truth=True)

    run(admin, project, "remove_duplicates", ALL)

    assert [one["id"] for one in annotations_of(admin, first) if one["ground_truth"]] == [kept]
    assert counts(admin, project)["ground_truth_number"] == 1


def test_a_unique_id_leads_to_where_its_annotation_has_moved(admin: Person, project: int) -> None:
    first, second = (add_task(admin, project, "same")["id"] for _ in range(2))
    annotate(admin, first)
    unique_id = "5c2d6e0e-8d5f-4c6f-9f7b-0d0f3c1f2a10"
    annotate(admin, second, unique_id=unique_id)

    run(admin, project, "remove_duplicates", ALL)

    again = {"result": choice("Positive"), "unique_id": unique_id}
    assert admin.client.post(f"/api/tasks/{first}/annotations/", again).status == 409
    assert len(annotations_of(admin, first)) == 2


def test_a_run_that_breaks_off_is_finished_by_the_next_one(
    admin: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (add_task(admin, project, "same")["id"] for _ in range(2))
    annotate(admin, first)
    annotate(admin, second, result=choice("Negative"))
    store = type(wiring.task_actions().tasks.tasks)
    commit_all = store.commit_all

    def broken(self: Any, changes: list[Change]) -> None:
        if any(change.after is None for change in changes):
            raise UpstreamError("The database went away.")
        commit_all(self, changes)

    monkeypatch.setattr(store, "commit_all", broken)
    path = f"/api/dm/actions/?project={project}&id=remove_duplicates"
    assert admin.client.post(path, ALL).status == 502
    assert task_ids(admin, project) == [first, second]
    monkeypatch.undo()

    run(admin, project, "remove_duplicates", ALL)

    assert task_ids(admin, project) == [first]
    assert len(annotations_of(admin, first)) == 2
    assert counts(admin, project)["total_annotations_number"] == 2


# -- cached labels


def test_labels_become_a_column(admin: Person, project: int) -> None:
    ids = [add_task(admin, project, text)["id"] for text in ("a", "b")]
    annotate(admin, ids[0], result=choice("Positive"))
    annotate(admin, ids[0], result=choice("Positive"))
    prediction = {"task": ids[1], "result": choice("Negative")}
    ok(admin.client.post("/api/predictions/", prediction), 201)
    version = ok(admin.client.get(f"/api/tasks/{ids[1]}/"))["updated_at"]

    assert run(admin, project, "cache_labels", {**ALL, "control_tag": "sentiment"}) == {}
    order = {"control_tag": "ALL", "with_counters": "No", "source": "Predictions"}
    assert run(admin, project, "cache_labels", {**ALL, **order}) == {}

    data = [ok(admin.client.get(f"/api/tasks/{one}/"))["data"] for one in ids]
    assert data == [
        {"text": "a", "cache_sentiment": "Positive: 2", "cache_predictions_all": ""},
        {"text": "b", "cache_sentiment": "", "cache_predictions_all": "Negative"},
    ]
    changed = ok(admin.client.get(f"/api/tasks/{ids[1]}/"))["updated_at"]
    assert changed > version
    run(admin, project, "cache_labels", {**ALL, **order})
    assert ok(admin.client.get(f"/api/tasks/{ids[1]}/"))["updated_at"] == changed
    assert counts(admin, project)["finished_task_number"] == 1


def test_orders_that_no_action_can_take_are_refused(admin: Person, project: int) -> None:
    def refused(action: str, **fields: Any) -> list[str]:
        answer = admin.client.post(f"/api/dm/actions/?project={project}&id={action}", {**ALL, **fields})
        assert answer.status == 400, answer.text
        return [fault["place"] for fault in answer.json()["faults"]]

    assert refused("cache_labels", source="drafts", with_counters="perhaps") == ["source", "with_counters"]
    assert refused("delete_tasks_annotations", annotator="me") == ["annotator"]
    assert refused("predictions_to_annotations", model_version=3) == ["model_version"]


# -- predictions


def test_without_a_backend_no_predictions_come(admin: Person, project: int) -> None:
    add_task(admin, project)

    told = run(admin, project, "retrieve_tasks_predictions", ALL)

    assert told["processed_items"] == 0
    assert "No ML backend is connected" in told["detail"]


def test_who_may_not_is_neither_offered_nor_allowed_them(admin: Person, project: int, join: Join) -> None:
    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    path = f"/api/dm/actions/?project={project}"

    offered = {action["id"] for action in ok(admin.client.get(path))}
    assert {"remove_duplicates", "retrieve_tasks_predictions"} <= offered
    assert "cache_labels" not in offered
    ok(admin.client.get(f"/api/dm/actions/cache_labels/form/?project={project}"))
    assert admin.client.get(f"/api/dm/actions/nothing/form/?project={project}").status == 404
    assert {action["id"] for action in ok(annotator.client.get(path))} == {"predictions_to_annotations"}
    for action in ("remove_duplicates", "cache_labels", "retrieve_tasks_predictions"):
        assert annotator.client.post(f"{path}&id={action}", ALL).status == 403
