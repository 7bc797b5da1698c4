"""Labels of an organization, their links to projects, and renaming them in results."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib import wiring
from chalicelib.api.schemas.labels import LabelLinkRead, LabelMade, LabelRead, LabelsRenamed
from chalicelib.auth.principals import Role
from chalicelib.domain.jobs import JobState
from chalicelib.errors import UpstreamError
from chalicelib.ids import JobId, OrganizationId, ProjectId, UserId
from chalicelib.services import label_renames
from chalicelib.services.jobs import JobRequest
from chalicelib.storage.labels import DynamoLabelStore
from tests.contract.conftest import Join, Person
from tests.contract.test_costs import counted
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, conforms, ok


@pytest.fixture
def project(admin: Person) -> int:
    return made_project(admin)


def made_project(person: Person) -> int:
    return int(ok(person.client.post("/api/projects/", {"title": "Pets", "label_config": CONFIG}), 201)["id"])


def label(project: int, title: str, **more: Any) -> dict[str, Any]:
    return {"project": project, "from_name": "sentiment", "title": title, "value": [[title]], **more}


def make(person: Person, project: int, *titles: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(
        person.client.post("/api/labels/", [label(project, title) for title in titles]), 201
    )
    return found


def result_of(person: Person, annotation: int) -> Any:
    return ok(person.client.get(f"/api/annotations/{annotation}/"))["result"][0]["value"]["choices"]


# -- labels


def test_labels_are_made_and_a_title_stands_for_one_label(admin: Person, project: int) -> None:
    first = make(admin, project, "Cat", "Dog", "Cat")
    other = made_project(admin)
    again = make(admin, other, "Cat")

    conforms(LabelMade, first[0])
    assert first[0]["id"] == first[2]["id"] == again[0]["id"] != first[1]["id"]
    assert (first[0]["project"], first[0]["from_name"], first[0]["approved"]) == (project, "sentiment", False)
    assert first[0]["created_by"] == admin.user.id
    page = ok(admin.client.get("/api/labels/"))
    assert [one["title"] for one in page["results"]] == ["Cat", "Dog"]
    assert page["results"][0]["projects"] == [project, other]
    assert len(page["results"][0]["links"]) == 2
    assert make(admin, project, "Cat")[0]["links"] == page["results"][0]["links"]


def test_labels_come_in_pages(admin: Person, project: int) -> None:
    make(admin, project, "A", "B", "C")

    page = ok(admin.client.get("/api/labels/?page=2&page_size=2"))

    assert (page["count"], [one["title"] for one in page["results"]]) == (3, ["C"])
    assert page["previous"] is not None
    assert admin.client.get("/api/labels/?page=3&page_size=2").status == 404


def test_every_fault_of_a_list_of_labels_is_told_and_none_is_made(admin: Person, project: int) -> None:
    broken = [label(project, "Fine"), {"project": project}, label(project, "", value=None), 7]

    answer = admin.client.post("/api/labels/", broken)

    assert answer.status == 400
    places = {fault["place"] for fault in answer.json()["faults"]}
    assert {"item[1].from_name", "item[1].title", "item[1].value"} <= places
    assert {"item[2].title", "item[2].value", "item[3].project"} <= places
    assert ok(admin.client.get("/api/labels/"))["count"] == 0
    other = made_project(admin)
    assert admin.client.post("/api/labels/", [label(project, "A"), label(other, "B")]).status == 400
    assert admin.client.post("/api/labels/", []).status == 400
    assert admin.client.post("/api/labels/", label(project, "A")).status == 400
    assert admin.client.post("/api/labels/", [label(987654321, "A")]).status == 404
    assert admin.client.post("/api/labels/", [label(project, f"{n}") for n in range(201)]).status == 413


def test_a_label_is_shown_changed_and_deleted(admin: Person, project: int) -> None:
    cat, dog = make(admin, project, "Cat", "Dog")
    path = f"/api/labels/{cat['id']}/"

    conforms(LabelRead, ok(admin.client.get(path)))
    changed = ok(admin.client.patch(path, {"title": "Lynx", "value": [["Lynx"]], "approved": True}))
    assert (changed["title"], changed["value"], changed["approved"]) == ("Lynx", [["Lynx"]], True)
    assert changed["approved_by"] == admin.user.id
    assert ok(admin.client.patch(path, {"approved": False}))["approved_by"] is None
    taken = admin.client.patch(path, {"title": "Dog"})
    assert (taken.status, taken.json()["faults"][0]["place"]) == (400, "title")
    assert make(admin, project, "Cat")[0]["id"] not in (cat["id"], dog["id"])
    assert admin.client.patch(path, {"title": ""}).status == 400

    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == admin.client.delete(path).status == 404
    assert admin.client.patch(path, {"title": "X"}).status == 404
    links = ok(admin.client.get("/api/label_links/"))["results"]
    assert cat["id"] not in [link["label"] for link in links]


def test_a_deletion_that_broke_off_leaves_no_links_when_it_is_repeated(
    admin: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cat,) = make(admin, project, "Cat")

    def dying(*_: object) -> None:
        raise UpstreamError("The database does not answer.")

    with monkeypatch.context() as dead:
        dead.setattr(DynamoLabelStore, "untie", dying)
        assert admin.client.delete(f"/api/labels/{cat['id']}/").status == 502
    kept = wiring.labels().labels.links(OrganizationId(admin.organization_id))

    assert admin.client.delete(f"/api/labels/{cat['id']}/").status == 404

    assert [link.label_id for link in kept] == [cat["id"]]
    assert wiring.labels().labels.links(OrganizationId(admin.organization_id)) == []


def test_a_key_makes_labels_once(admin: Person, project: int) -> None:
    headers = {"Idempotency-Key": "labels-1"}

    first = ok(admin.client.post("/api/labels/", [label(project, "Cat")], headers=headers), 201)
    again = ok(admin.client.post("/api/labels/", [label(project, "Cat")], headers=headers), 201)

    assert first == again


def test_annotators_propose_and_managers_decide(admin: Person, project: int, join: Join) -> None:
    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    viewer = join(Role.VIEWER, organization_id=admin.organization_id)

    made = make(annotator, project, "Mine")[0]

    assert annotator.client.patch(f"/api/labels/{made['id']}/", {"approved": True}).status == 403
    assert annotator.client.delete(f"/api/label_links/{made['links'][0]}/").status == 403
    assert viewer.client.post("/api/labels/", [label(project, "X")]).status == 403
    assert ok(viewer.client.get("/api/labels/"))["count"] == 1


def test_links_to_projects_that_are_closed_to_the_caller_are_not_shown(
    admin: Person, project: int, join: Join
) -> None:
    made = make(admin, project, "Cat")[0]
    ok(admin.client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}), 204)
    outsider = join(Role.MANAGER, organization_id=admin.organization_id)

    assert ok(outsider.client.get(f"/api/labels/{made['id']}/"))["projects"] == []
    assert ok(outsider.client.get("/api/label_links/"))["results"] == []
    assert outsider.client.get(f"/api/label_links/{made['links'][0]}/").status == 404
    assert outsider.client.post("/api/labels/", [label(project, "X")]).status == 404


# -- links


def test_links_are_found_by_project_and_by_their_labels(admin: Person, project: int, join: Join) -> None:
    colleague = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    other = made_project(admin)
    cat = make(admin, project, "Cat")[0]
    dog = make(colleague, other, "Dog")[0]

    def found(query: str) -> list[int]:
        return [link["label"] for link in ok(admin.client.get(f"/api/label_links/?{query}"))["results"]]

    assert found("") == [cat["id"], dog["id"]]
    assert found(f"project={project}") == [cat["id"]]
    assert found(f"label__created_by={colleague.user.id}") == [dog["id"]]
    assert found(f"label__created_at={quote(cat['created_at'])}") == [cat["id"]]
    assert found(f"label__created_at__gte={quote(dog['created_at'])}") == [dog["id"]]
    assert found(f"label__created_at__lte={quote(cat['created_at'])}") == [cat["id"]]
    assert admin.client.get("/api/label_links/?project=x").status == 400
    assert admin.client.get("/api/label_links/?page=9").status == 404
    expanded = ok(admin.client.get("/api/label_links/?expand=label"))["results"][0]
    assert (expanded["label"]["title"], "links" in expanded["label"]) == ("Cat", False)


def test_a_link_is_made_changed_and_removed(admin: Person, project: int) -> None:
    cat = make(admin, project, "Cat")[0]
    other = made_project(admin)
    body = {"project": other, "label": cat["id"], "from_name": "kind"}

    made = ok(admin.client.post("/api/label_links/", body), 201)
    conforms(LabelLinkRead, made)
    path = f"/api/label_links/{made['id']}/"
    twice = admin.client.post("/api/label_links/", body)
    assert (twice.status, twice.json()["faults"][0]["place"]) == (400, "label")
    assert admin.client.post("/api/label_links/", {**body, "label": 987654321}).status == 400
    assert admin.client.post("/api/label_links/", {**body, "project": 987654321}).status == 404
    assert ok(admin.client.patch(path, {"from_name": "sort"}))["from_name"] == "sort"
    assert ok(admin.client.get(f"{path}?expand=label"))["label"]["title"] == "Cat"
    assert admin.client.patch(path, {}).status == 400

    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == 404
    assert admin.client.patch(path, {"from_name": "x"}).status == 404
    assert ok(admin.client.post("/api/label_links/", body), 201)["id"] != made["id"]
    ok(admin.client.get(f"/api/labels/{cat['id']}/"))


def test_a_link_says_how_many_annotations_have_the_label(admin: Person, project: int, join: Join) -> None:
    make(admin, project, "Positive", "Negative", "Nowhere")
    ids = [add_task(admin, project, text)["id"] for text in ("one", "two", "three")]
    annotate(admin, ids[0])
    annotate(admin, ids[0])
    annotate(admin, ids[1], was_cancelled=True)
    imported = {
        "data": {"text": "four"},
        "annotations": [{"result": [*choice("Negative"), *choice("Positive")]}],
    }
    ok(admin.client.post(f"/api/projects/{project}/import", [imported]), 201)

    def counts(person: Person = admin) -> list[int | None]:
        listed = ok(person.client.get(f"/api/label_links/?project={project}"))["results"]
        for link in listed:
            conforms(LabelLinkRead, link)
        return [link["annotations_count"] for link in listed]

    assert counts() == [4, 1, 0]
    link = ok(admin.client.get(f"/api/label_links/?project={project}"))["results"][0]["id"]
    assert ok(admin.client.get(f"/api/label_links/{link}/"))["annotations_count"] == 4
    with counted() as calls:
        assert counts() == [4, 1, 0]
    assert not [name for name in calls if name.startswith(("Put", "Update", "Transact"))]
    assert sum(calls.values()) <= 7, "two queries for the project, beside those for links and labels"

    admin.client.delete(f"/api/tasks/{ids[0]}/")
    assert counts() == [2, 1, 0]
    other = ok(admin.client.patch(f"/api/label_links/{link}/", {"from_name": "other"}))
    assert other["annotations_count"] == 0

    ok(admin.client.patch(f"/api/projects/{project}/", {"blind_mode": "annotations"}))
    colleague = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    assert counts(colleague) == [None, None, None]


# -- renaming


def test_a_label_is_renamed_in_the_results_of_a_project(admin: Person, project: int) -> None:
    other = made_project(admin)
    ids = [annotate(admin, add_task(admin, project, f"t{n}")["id"], result=choice("Positive"))["id"]
           for n in range(3)]  # fmt: skip
    kept = annotate(admin, add_task(admin, project)["id"], result=choice("Negative"))["id"]
    elsewhere = annotate(admin, add_task(admin, other)["id"], result=choice("Positive"))["id"]
    body = {"project": project, "old_label": ["Positive"], "new_label": ["Glad"]}

    done = ok(admin.client.post("/api/labels/bulk", body))

    conforms(LabelsRenamed, done)
    assert (done["annotations_updated"], done["state"]) == (3, "completed")
    assert [result_of(admin, one) for one in ids] == [["Glad"]] * 3
    assert (result_of(admin, kept), result_of(admin, elsewhere)) == (["Negative"], ["Positive"])
    assert ok(admin.client.get(f"/api/projects/{project}/summary/"))["created_labels"] == {
        "sentiment": {"Glad": 3, "Negative": 1}
    }
    history = ok(admin.client.get(f"/api/annotations/{ids[0]}/versions/"))
    assert [one["result"][0]["value"]["choices"] for one in history] == [["Positive"], ["Glad"]]
    assert ok(admin.client.post("/api/labels/bulk", body))["annotations_updated"] == 0


def test_a_draft_follows_a_renamed_label(admin: Person, project: int) -> None:
    task = add_task(admin, project)["id"]
    draft = ok(admin.client.post(f"/api/tasks/{task}/drafts/", {"result": choice("Positive")}), 201)["id"]

    done = ok(admin.client.post("/api/labels/bulk", {"old_label": "Positive", "new_label": "Glad"}))

    assert done["annotations_updated"] == 0, "a draft is no annotation"
    kept = ok(admin.client.get(f"/api/drafts/{draft}/"))["result"]
    assert kept[0]["value"]["choices"] == ["Glad"]


def test_a_label_is_renamed_in_all_projects_that_the_caller_manages(
    admin: Person, project: int, join: Join
) -> None:
    closed = made_project(admin)
    ok(admin.client.patch(f"/api/projects/{closed}/access/", {"is_members_only": True}), 204)
    here = annotate(admin, add_task(admin, project)["id"], result=choice("Positive"))["id"]
    there = annotate(admin, add_task(admin, closed)["id"], result=choice("Positive"))["id"]
    manager = join(Role.MANAGER, organization_id=admin.organization_id)
    body = {"old_label": "Positive", "new_label": "Glad"}

    assert ok(manager.client.post("/api/labels/bulk", body))["annotations_updated"] == 1
    assert (result_of(admin, here), result_of(admin, there)) == (["Glad"], ["Positive"])
    assert ok(admin.client.post("/api/labels/bulk", body))["annotations_updated"] == 1
    reviewer = join(Role.REVIEWER, organization_id=admin.organization_id)
    assert reviewer.client.post("/api/labels/bulk", body).status == 403


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"old_label": "A"}, "new_label"),
        ({"old_label": "", "new_label": "B"}, "old_label"),
        ({"old_label": "A", "new_label": ["B"]}, "new_label"),
        ({"old_label": "A", "new_label": "A"}, "new_label"),
    ],
)
def test_labels_that_cannot_be_exchanged_are_refused(admin: Person, body: Any, place: str) -> None:
    answer = admin.client.post("/api/labels/bulk", body)

    assert answer.status == 400
    assert answer.json()["faults"][0]["place"].startswith(place)


def test_what_takes_long_goes_on_as_a_job(
    admin: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_renames, "PATIENCE_S", 0.0)
    one = annotate(admin, add_task(admin, project)["id"], result=choice("Positive"))["id"]
    body = {"project": project, "old_label": "Positive", "new_label": "Glad"}

    begun = ok(admin.client.post("/api/labels/bulk", body), 202)
    assert begun["annotations_updated"] == 0
    wiring.jobs().run_here(JobId(begun["job"]), until_s=30)

    job = ok(admin.client.get(f"/api/jobs/{begun['job']}/"))
    assert (job["state"], job["result"]) == ("completed", {"annotations_updated": 1})
    assert result_of(admin, one) == ["Glad"]


def test_a_rename_that_is_cancelled_is_taken_back(admin: Person, project: int) -> None:
    ids = [annotate(admin, add_task(admin, project)["id"], result=choice("Positive"))["id"] for _ in range(2)]
    jobs = wiring.jobs()
    request = JobRequest(
        label_renames.RENAME,
        admin.user.active_organization,
        ProjectId(project),
        UserId(admin.user.id),
        {"old": "Positive", "new": "Glad"},
    )
    job = jobs.create(request)
    for message in ({"step": "plan"}, {"step": "part", "part": 1}):
        jobs.handle({"job": job.id, "run": 1, **message})
    assert [result_of(admin, one) for one in ids] == [["Glad"]] * 2
    changed = {"result": choice("Glad")}
    ok(admin.client.patch(f"/api/annotations/{ids[1]}/", changed))

    ok(admin.client.post(f"/api/jobs/{job.id}/cancel/"))
    ended = jobs.run_here(job.id, until_s=30)

    assert ended is not None
    assert ended.state is JobState.CANCELLED
    assert [result_of(admin, one) for one in ids] == [["Positive"], ["Glad"]]
