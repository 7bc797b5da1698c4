"""Projects, tasks, annotations, drafts, predictions and the queue over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from chalicelib.api.schemas.annotations import AnnotationRead, DraftRead, PredictionRead
from chalicelib.api.schemas.projects import ProjectRead
from chalicelib.api.schemas.tasks import NextTaskRead, TaskAheadRead, TaskRead
from chalicelib.auth.principals import Role
from tests.contract.client import Response
from tests.contract.conftest import Join, Person

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="sentiment" toName="text"><Choice value="Positive"/><Choice value="Negative"/></Choices>
</View>"""


def choice(value: str) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4().hex[:10],
            "from_name": "sentiment",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [value]},
        }
    ]


def ok(answer: Response, status: int = 200) -> Any:
    assert answer.status == status, answer.text
    return answer.json() if answer.content else None


def conforms(shape: Any, body: Any) -> None:
    """The body has exactly the fields that the documentation says, of the types it says."""
    TypeAdapter(shape).validate_python(body, strict=True)
    assert set(body) <= set(shape.__annotations__), set(body) - set(shape.__annotations__)


@pytest.fixture
def project(admin: Person) -> dict[str, Any]:
    body: dict[str, Any] = ok(
        admin.client.post("/api/projects/", {"title": "Reviews", "label_config": CONFIG}), 201
    )
    return body


def add_task(person: Person, project_id: int, text: str = "good") -> dict[str, Any]:
    body: dict[str, Any] = ok(
        person.client.post("/api/tasks/", {"project": project_id, "data": {"text": text}}), 201
    )
    return body


def annotate(person: Person, task_id: int, **fields: Any) -> dict[str, Any]:
    body = {"result": choice("Positive"), "lead_time": 2.5, **fields}
    made: dict[str, Any] = ok(person.client.post(f"/api/tasks/{task_id}/annotations/", body), 201)
    return made


def counts(person: Person, project_id: int) -> dict[str, Any]:
    body: dict[str, Any] = ok(person.client.get(f"/api/projects/{project_id}/"))
    return body


def test_a_project_is_made_with_the_documented_defaults(admin: Person) -> None:
    made = ok(admin.client.post("/api/projects/", {"unknown": 1, "id": 77}), 201)

    conforms(ProjectRead, made)
    assert made["label_config"] == "<View></View>"
    assert (made["color"], made["maximum_annotations"], made["sampling"]) == (
        "#FFFFFF",
        1,
        "Sequential sampling",
    )
    assert made["task_number"] is None
    assert made["created_by"]["email"] == admin.user.email
    shown = counts(admin, made["id"])
    conforms(ProjectRead, shown)
    assert shown["task_number"] == 0


def test_every_fault_of_a_project_is_told(admin: Person) -> None:
    answer = admin.client.post(
        "/api/projects/", {"title": "ab", "sampling": "No such", "maximum_annotations": "many"}
    )

    assert answer.status == 400
    body = answer.json()
    assert body["detail"] == "Validation error"
    assert {"sampling", "maximum_annotations"} <= set(body["validation_errors"])
    assert {fault["place"] for fault in body["faults"]} >= {"sampling", "maximum_annotations"}


def test_a_strategy_is_kept_and_ends_with_another_sampling(admin: Person, project: dict[str, Any]) -> None:
    path, strategy = f"/api/projects/{project['id']}/", {"name": "uncertainty", "measure": "margin"}

    made = ok(admin.client.patch(path, {"strategy": strategy}))
    same = ok(admin.client.patch(path, {"title": "Others", "sampling": made["sampling"]}))
    other = ok(admin.client.patch(path, {"sampling": "Uniform sampling"}))

    conforms(ProjectRead, counts(admin, project["id"]))
    assert project["strategy"] is None
    assert made["strategy"] == same["strategy"] == strategy
    assert (other["sampling"], other["strategy"]) == ("Uniform sampling", None)


def test_a_disputed_task_is_shown_to_want_one_more(admin: Person, project: dict[str, Any]) -> None:
    assert (project["agreement_threshold"], project["max_additional_annotators_assignable"]) == (None, 0)
    settings = {
        "agreement_threshold": 0.7,
        "max_additional_annotators_assignable": 1,
        "maximum_annotations": 2,
    }
    changed = ok(admin.client.patch(f"/api/projects/{project['id']}/", settings))
    task = add_task(admin, project["id"])["id"]

    annotate(admin, task)
    annotate(admin, task, result=choice("Negative"))

    conforms(ProjectRead, changed)
    assert changed["agreement_threshold"] == "0.7"
    shown = ok(admin.client.get(f"/api/tasks/{task}/"))
    assert (shown["overlap"], shown["is_labeled"]) == (3, False)


def test_every_fault_of_a_strategy_is_told_with_its_place(admin: Person, project: dict[str, Any]) -> None:
    strategy = {"name": "mix", "signals": {"entropy": -1, "mood": 1}, "then": "uniform"}

    answer = admin.client.patch(f"/api/projects/{project['id']}/", {"strategy": strategy})

    assert answer.status == 400
    places = {fault["place"] for fault in answer.json()["faults"]}
    assert places == {"strategy.then", "strategy.signals.entropy", "strategy.signals.mood"}
    assert counts(admin, project["id"])["strategy"] is None


def test_probabilities_of_a_prediction_decide_and_come_back_as_they_were_sent(
    admin: Person, project: dict[str, Any]
) -> None:
    settings = {"strategy": {"name": "uncertainty", "measure": "entropy"}, "model_version": ""}
    ok(admin.client.patch(f"/api/projects/{project['id']}/", settings))
    tasks = [add_task(admin, project["id"])["id"] for _ in range(2)]
    for task, share in zip(tasks, (0.9, 0.6), strict=True):
        result = [{**choice("Positive")[0], "probabilities": {"Positive": share, "Negative": 1 - share}}]
        body = {"task": task, "result": result, "model_version": "m"}
        made = ok(admin.client.post("/api/predictions/", body), 201)
        assert made["result"] == result

    ok(admin.client.patch(f"/api/projects/{project['id']}/", {"model_version": "m"}))

    assert ok(admin.client.get(f"/api/projects/{project['id']}/next/"))["id"] == tasks[1]


def test_a_title_of_two_letters_is_refused(admin: Person) -> None:
    answer = admin.client.post("/api/projects/", {"title": "ab"})

    assert answer.status == 400
    assert list(answer.json()["validation_errors"]) == ["title"]


def test_a_broken_configuration_is_refused_with_its_place(admin: Person) -> None:
    broken = '<View><Choices name="c" toName="nothing"><Choice value="a"/></Choices></View>'

    bare = admin.client.post("/api/projects/validate/", {"label_config": broken})
    made = admin.client.post("/api/projects/", {"title": "Broken", "label_config": broken})

    assert bare.status == 400
    assert 'toName="nothing" not found in names' in bare.json()["label_config"][0]
    assert bare.json()["faults"][0]["place"]
    assert made.status == 400
    assert "label_config" in made.json()["validation_errors"]


def test_validating_a_configuration_needs_no_account(anonymous: Any) -> None:
    assert anonymous.post("/api/projects/validate/", {"label_config": CONFIG}).status == 204
    missing = anonymous.post("/api/projects/validate/", {})
    assert missing.status == 400


def test_projects_are_paged_filtered_and_ordered(admin: Person) -> None:
    ids = [ok(admin.client.post("/api/projects/", {"title": f"P {n:02}"}), 201)["id"] for n in range(5)]

    first = ok(admin.client.get("/api/projects?page_size=2"))
    assert (first["count"], [p["id"] for p in first["results"]]) == (5, [ids[4], ids[3]])
    assert first["next"] == "http://skylabel.test/api/projects?page=2&page_size=2"
    assert admin.client.get("/api/projects/?page=4&page_size=2").json()["detail"] == "Invalid page."
    by_title = ok(admin.client.get("/api/projects/?ordering=title&include=id,title"))
    assert by_title["results"][0] == {"id": ids[0], "title": "P 00"}
    some = ok(admin.client.get(f"/api/projects/?ids={ids[1]},{ids[2]}"))
    assert {p["id"] for p in some["results"]} == {ids[1], ids[2]}
    assert ok(admin.client.get("/api/projects/?title=p 03"))["count"] == 1

    ok(admin.client.patch(f"/api/projects/{ids[0]}/", {"pinned_at": "2026-01-02T03:04:05Z"}))
    assert ok(admin.client.get("/api/projects/"))["results"][0]["id"] == ids[0]
    assert ok(admin.client.get("/api/projects/?filter=pinned_only"))["count"] == 1


def test_an_edit_of_an_old_version_is_refused(admin: Person, project: dict[str, Any]) -> None:
    path = f"/api/projects/{project['id']}/"
    tag = admin.client.get(path).headers["etag"]

    assert admin.client.patch(path, {"title": "Newer"}, headers={"If-Match": tag}).status == 200
    stale = admin.client.patch(path, {"title": "Older"}, headers={"If-Match": tag})

    assert (stale.status, stale.json()["code"]) == (412, "stale_version")
    assert counts(admin, project["id"])["title"] == "Newer"


def test_unknown_ids_are_told_in_the_known_words(admin: Person) -> None:
    assert admin.client.get("/api/projects/99999/").json()["detail"] == "No Project matches the given query."
    assert admin.client.get("/api/tasks/99999/").json()["detail"] == "No Task matches the given query."
    assert (
        admin.client.get("/api/annotations/99999999/").json()["detail"]
        == "No Annotation matches the given query."
    )


def test_a_task_is_made_read_changed_and_deleted(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    conforms(TaskRead, task)
    assert (task["inner_id"], task["overlap"], task["is_labeled"]) == (1, 1, False)

    path = f"/api/tasks/{task['id']}/"
    changed = ok(admin.client.patch(path, {"data": {"text": "better"}, "meta": {"a": 1}}))
    assert (changed["data"], changed["meta"]) == ({"text": "better"}, {"a": 1})
    assert ok(admin.client.get(path))["updated_by"] == [{"user_id": admin.user.id}]
    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == 404
    assert counts(admin, project["id"])["task_number"] == 0


def test_a_task_without_its_data_is_refused(admin: Person, project: dict[str, Any]) -> None:
    nowhere = admin.client.post("/api/tasks/", {"data": {"text": "x"}})
    empty = admin.client.post("/api/tasks/", {"project": project["id"], "data": {"other": "x"}})
    wrong = admin.client.post("/api/tasks/", {"project": project["id"], "data": ["x"]})

    assert list(nowhere.json()["validation_errors"]) == ["project"]
    assert [empty.status, wrong.status] == [400, 400]


def test_tasks_are_listed_by_project(admin: Person, project: dict[str, Any]) -> None:
    made = [add_task(admin, project["id"], f"t{n}") for n in range(3)]
    annotate(admin, made[0]["id"])
    path = f"/api/tasks/?project={project['id']}"

    plain = ok(admin.client.get(path))
    full = ok(admin.client.get(f"{path}&fields=all&page_size=2"))

    assert [task["id"] for task in plain["tasks"]] == [task["id"] for task in made]
    assert (plain["total"], plain["total_annotations"], plain["total_predictions"]) == (3, 1, 0)
    assert "annotations" not in plain["tasks"][0]
    assert full["tasks"][0]["annotations"][0]["completed_by"] == admin.user.id
    assert "Positive" in full["tasks"][0]["annotations_results"]
    assert admin.client.get(f"{path}&page=9").status == 404
    assert admin.client.get("/api/tasks/").json() == {"detail": "Neither project nor view id specified"}
    bare = ok(admin.client.get(f"/api/projects/{project['id']}/tasks/"))
    assert bare[0]["id"] == made[0]["id"]


def test_an_empty_project_has_no_page_of_tasks(admin: Person, project: dict[str, Any]) -> None:
    assert admin.client.get(f"/api/projects/{project['id']}/tasks/").status == 404
    assert ok(admin.client.get(f"/api/tasks/?project={project['id']}"))["tasks"] == []


def test_an_annotation_lives_through_its_routes(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    made = annotate(admin, task["id"])
    conforms(AnnotationRead, made)
    assert made["completed_by"] == admin.user.id
    assert made["created_username"].endswith(f"{admin.user.email}, {admin.user.id}")
    assert made["created_ago"] == "0\u00a0minutes"

    whole = ok(admin.client.get(f"/api/tasks/{task['id']}/"))
    assert whole["is_labeled"]
    assert whole["annotations"][0]["completed_by"]["email"] == admin.user.email

    path = f"/api/annotations/{made['id']}/"
    changed = ok(admin.client.patch(path, {"result": choice("Negative")}))
    assert changed["result"][0]["value"] == {"choices": ["Negative"]}
    assert ok(admin.client.get(path))["version"] == 2
    assert len(ok(admin.client.get(f"{path}versions/"))) == 2
    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == 404
    assert not ok(admin.client.get(f"/api/tasks/{task['id']}/"))["is_labeled"]


@pytest.mark.parametrize("result", [None, []])
def test_an_empty_result_is_accepted(admin: Person, project: dict[str, Any], result: Any) -> None:
    task = add_task(admin, project["id"])

    assert annotate(admin, task["id"], result=result)["result"] == []


@pytest.mark.parametrize("result", [{}, "text", [1], 5])
def test_a_result_that_is_no_list_of_objects_is_refused(
    admin: Person, project: dict[str, Any], result: Any
) -> None:
    task = add_task(admin, project["id"])

    answer = admin.client.post(f"/api/tasks/{task['id']}/annotations/", {"result": result})

    assert answer.status == 400
    assert "result" in answer.json()["validation_errors"]


def test_a_unique_id_counts_once(admin: Person, project: dict[str, Any]) -> None:
    task, name = add_task(admin, project["id"]), str(uuid4())
    annotate(admin, task["id"], unique_id=name)

    again = admin.client.post(f"/api/tasks/{task['id']}/annotations/", {"result": [], "unique_id": name})

    assert again.status == 409
    assert counts(admin, project["id"])["total_annotations_number"] == 1


def test_an_idempotency_key_makes_submitting_twice_harmless(admin: Person, project: dict[str, Any]) -> None:
    task, headers = add_task(admin, project["id"]), {"Idempotency-Key": "k1"}
    path, body = f"/api/tasks/{task['id']}/annotations/", {"result": choice("Positive")}

    first = ok(admin.client.post(path, body, headers=headers), 201)
    second = ok(admin.client.post(path, body, headers=headers), 201)

    assert first["id"] == second["id"]
    assert counts(admin, project["id"])["total_annotations_number"] == 1


def test_skips_are_counted_apart(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])

    ok(admin.client.post(f"/api/tasks/{task['id']}/annotations/?was_cancelled=1", {"result": []}), 201)

    assert ok(admin.client.get(f"/api/tasks/{task['id']}/annotations/")) == []
    seen = counts(admin, project["id"])
    assert (seen["total_annotations_number"], seen["skipped_annotations_number"]) == (0, 1)


def test_the_queue_hands_out_each_task_once(admin: Person, project: dict[str, Any]) -> None:
    tasks = [add_task(admin, project["id"], f"t{n}")["id"] for n in range(3)]
    path = f"/api/projects/{project['id']}/next/"

    first = ok(admin.client.get(path))
    conforms(NextTaskRead, first)
    assert first["id"] == tasks[0]
    assert first["annotations"] == []
    again = ok(admin.client.get(path))
    assert (again["id"], again["queue"]) == (tasks[0], "Task lock")

    submit = f"/api/tasks/{tasks[0]}/annotations/?next=true"
    submitted = ok(admin.client.post(submit, {"result": choice("Positive")}), 201)
    assert submitted["next_task"]["id"] == tasks[1]
    annotate(admin, tasks[1])
    annotate(admin, tasks[2])
    nothing = admin.client.get(path)
    assert (nothing.status, nothing.json()["detail"]) == (404, f"There are no tasks for {admin.user.email}")
    history = ok(admin.client.get(f"/api/projects/{project['id']}/label-stream-history/"))
    assert [entry["taskId"] for entry in history] == tasks


def test_two_annotators_never_get_the_same_task(admin: Person, join: Join, project: dict[str, Any]) -> None:
    other = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    tasks = {add_task(admin, project["id"], f"t{n}")["id"] for n in range(2)}
    path = f"/api/projects/{project['id']}/next/"

    given = {ok(person.client.get(path))["id"] for person in (admin, other)}

    assert given == tasks


def test_a_released_task_goes_to_somebody_else(admin: Person, join: Join, project: dict[str, Any]) -> None:
    other = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    task = add_task(admin, project["id"])
    path = f"/api/projects/{project['id']}/next/"
    ok(admin.client.get(path))
    assert other.client.get(path).status == 404
    assert ok(admin.client.post(f"/api/tasks/{task['id']}/heartbeat/"))["lease_until"]

    assert admin.client.post(f"/api/tasks/{task['id']}/release/").status == 204

    assert ok(other.client.get(path))["id"] == task["id"]
    assert admin.client.post(f"/api/tasks/{task['id']}/heartbeat/").status == 409


def test_a_draft_becomes_an_annotation(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    draft = ok(admin.client.post(f"/api/tasks/{task['id']}/drafts/", {"result": choice("Positive")}), 201)
    conforms(DraftRead, draft)
    assert draft["user"] == admin.user.email
    path = f"/api/drafts/{draft['id']}/"
    assert ok(admin.client.patch(path, {"lead_time": 4.0}))["lead_time"] == 4.0
    assert len(ok(admin.client.get(f"/api/tasks/{task['id']}/drafts"))) == 1

    made = annotate(admin, task["id"], draft_id=draft["id"])

    assert made["draft_created_at"] == draft["created_at"]
    assert admin.client.get(path).status == 404


def test_a_draft_is_bound_to_its_annotation_and_back(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    made = annotate(admin, task["id"])
    path = f"/api/tasks/{task['id']}/annotations/{made['id']}/drafts/"

    draft = ok(admin.client.post(path, {"result": []}), 201)
    assert draft["annotation"] == made["id"]
    assert [listed["id"] for listed in ok(admin.client.get(path))] == [draft["id"]]
    back = ok(admin.client.post(f"/api/annotations/{made['id']}/convert-to-draft"), 201)

    assert back["result"] == made["result"]
    assert admin.client.get(f"/api/annotations/{made['id']}/").status == 404


def test_predictions_are_stored_listed_and_deleted(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    body = {"task": task["id"], "result": choice("Negative"), "score": 0.7, "model_version": "m1"}
    made = ok(admin.client.post("/api/predictions/", body), 201)
    conforms(PredictionRead, made)
    assert made["project"] == project["id"]
    plain = ok(admin.client.post("/api/predictions/", {"task": task["id"], "result": "Positive"}), 201)
    assert plain["result"][0]["value"] == {"choices": ["Positive"]}

    assert len(ok(admin.client.get(f"/api/predictions/?task={task['id']}"))) == 2
    assert len(ok(admin.client.get(f"/api/predictions?project={project['id']}"))) == 2
    versions = f"/api/projects/{project['id']}/model-versions/"
    assert ok(admin.client.get(versions)) == {"m1": 1, "undefined": 1}
    assert ok(admin.client.delete(versions, {"model_version": "m1"})) == {"deleted_predictions": 1}
    assert admin.client.delete(versions, {}).status == 400
    assert admin.client.delete(f"/api/predictions/{plain['id']}/").status == 204
    assert counts(admin, project["id"])["total_predictions_number"] == 0
    assert admin.client.post("/api/predictions/", {"task": task["id"]}).status == 400


def test_the_summary_counts_labels(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    annotate(admin, task["id"])

    body = ok(admin.client.get(f"/api/projects/{project['id']}/summary/"))

    assert body["all_data_columns"] == {"text": 1}
    assert body["created_annotations"] == {"sentiment|text|choices": 1}
    assert body["created_labels"] == {"sentiment": {"Positive": 1}}
    assert ok(admin.client.get(f"/api/projects/{project['id']}/annotators/"))[0]["id"] == admin.user.id


def test_a_membership_tells_how_much_was_done(admin: Person, project: dict[str, Any]) -> None:
    for n in range(2):
        annotate(admin, add_task(admin, project["id"], f"t{n}")["id"])
    path = f"/api/organizations/{admin.organization_id}/memberships"

    one = ok(admin.client.get(f"{path}/{admin.user.id}/"))
    listed = ok(admin.client.get(f"{path}?contributed_to_projects=true"))["results"][0]["user"]

    assert (one["annotations_count"], one["contributed_projects_count"]) == (2, 1)
    assert listed["contributed_to_projects"] == [{"id": project["id"], "title": "Reviews"}]
    assert listed["created_projects"] == [{"id": project["id"], "title": "Reviews"}]


def test_a_used_label_cannot_be_lost_unseen(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    annotate(admin, task["id"])
    path = f"/api/projects/{project['id']}/validate/"

    same = ok(admin.client.post(path, {"label_config": CONFIG}))
    lost = admin.client.post(path, {"label_config": CONFIG.replace("Positive", "Fine")})
    gone = admin.client.patch(
        f"/api/projects/{project['id']}/", {"label_config": CONFIG.replace("sentiment", "mood")}
    )

    assert not same["config_essential_data_has_changed"]
    assert [lost.status, gone.status] == [400, 400]


def test_all_tasks_can_be_deleted(admin: Person, project: dict[str, Any]) -> None:
    task = add_task(admin, project["id"])
    annotate(admin, task["id"])

    assert admin.client.delete(f"/api/projects/{project['id']}/tasks/").status == 204

    seen = counts(admin, project["id"])
    assert (seen["task_number"], seen["total_annotations_number"]) == (0, 0)


def test_looking_ahead_leases_nothing(admin: Person, project: dict[str, Any]) -> None:
    path = f"/api/projects/{project['id']}/next/"
    assert ok(admin.client.get(f"{path}ahead/")) == {"task": None}
    first, second = (add_task(admin, project["id"], text) for text in ("one", "two"))
    assert ok(admin.client.get(path))["id"] == first["id"]

    for _ in range(2):
        seen = ok(admin.client.get(f"{path}ahead/"))
        conforms(TaskAheadRead, seen)
        assert seen["task"] == {"id": second["id"], "data": {"text": "two"}}
    annotate(admin, first["id"])
    assert ok(admin.client.get(path))["id"] == second["id"]
    assert ok(admin.client.get(f"{path}ahead/")) == {"task": None}
    assert admin.client.get("/api/projects/987654321/next/ahead/").status == 404
