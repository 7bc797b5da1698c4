"""The versions of an annotation over HTTP: who made them, what they differ in, and restoring one."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.api.schemas.annotation_history import VersionDifferenceRead, VersionRead
from chalicelib.api.schemas.annotations import AnnotationRead
from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, conforms, ok


@pytest.fixture
def project(admin: Person) -> int:
    made = admin.client.post("/api/projects/", {"title": "History", "label_config": CONFIG})
    number: int = ok(made, 201)["id"]
    return number


@pytest.fixture
def annotator(admin: Person, join: Join) -> Person:
    return join(Role.ANNOTATOR, organization_id=admin.organization_id)


@pytest.fixture
def path(admin: Person, annotator: Person, project: int) -> str:
    """An annotation of the annotator's that the administrator has changed."""
    made = annotate(annotator, add_task(admin, project)["id"])
    path = f"/api/annotations/{made['id']}/"
    changed = [{**made["result"][0], "value": {"choices": ["Negative"]}}]
    ok(admin.client.patch(path, {"result": changed, "ground_truth": True}))
    return path


def versions(person: Person, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(person.client.get(f"{path}versions/"))
    return found


def test_versions_say_who_made_them_and_when(admin: Person, annotator: Person, path: str) -> None:
    first, second = versions(annotator, path)

    conforms(VersionRead, second)
    assert [first["version"], second["version"]] == [1, 2]
    assert [first["edited_by"], second["edited_by"]] == [annotator.user.id, admin.user.id]
    assert [first["is_present"], second["is_present"]] == [False, True]
    assert first["updated_at"] < second["updated_at"]


def test_two_versions_are_compared_by_region_and_field(annotator: Person, path: str) -> None:
    there = ok(annotator.client.get(f"{path}versions/1/difference/2/"))
    back = ok(annotator.client.get(f"{path}versions/2/difference/1/"))

    conforms(VersionDifferenceRead, there)
    assert (there["from_version"], there["to_version"]) == (1, 2)
    (item,) = there["items"]
    assert (item["kind"], item["control"], item["is_moved"]) == ("changed", "sentiment", False)
    assert item["fields"] == [{"path": ["value", "choices"], "before": ["Positive"], "after": ["Negative"]}]
    assert there["fields"] == [{"path": ["ground_truth"], "before": False, "after": True}]
    assert back["fields"] == [{"path": ["ground_truth"], "before": True, "after": False}]
    assert annotator.client.get(f"{path}versions/1/difference/3/").status == 404


def test_restoring_is_guarded_by_the_version_that_was_seen(annotator: Person, path: str) -> None:
    restore = f"{path}versions/1/restore/"
    stale = annotator.client.post(restore, headers={"If-Match": '"1"'})
    restored = annotator.client.post(restore, headers={"If-Match": '"2"'})
    again = annotator.client.post(restore, headers={"If-Match": '"2"'})

    assert (stale.status, restored.status, again.status) == (412, 200, 412)
    conforms(AnnotationRead, restored.json())
    assert restored.headers["etag"] == '"3"'
    assert restored.json()["result"][0]["value"] == {"choices": ["Positive"]}
    assert annotator.client.post(f"{path}versions/3/restore/").status == 409
    assert annotator.client.post(f"{path}versions/8/restore/").status == 404
    assert len(versions(annotator, path)) == 3


def test_a_deleted_annotation_is_restored_into_its_task(admin: Person, annotator: Person, path: str) -> None:
    assert annotator.client.delete(path).status == 204
    told = versions(annotator, path)
    assert [version["is_present"] for version in told] == [False, False]
    task = f"/api/tasks/{told[0]['task']}/"
    assert not ok(admin.client.get(task))["annotations"]
    (removed,) = ok(annotator.client.get(f"{task}removed-annotations/"))
    conforms(VersionRead, removed)
    assert (removed["version"], removed["is_present"]) == (2, False)

    restored = ok(annotator.client.post(f"{path}versions/2/restore/"))

    assert restored["version"] == 3
    assert [a["id"] for a in ok(admin.client.get(task))["annotations"]] == [restored["id"]]
    assert ok(annotator.client.get(f"{task}removed-annotations/")) == []


def test_who_may_not_change_it_may_not_restore_it(admin: Person, join: Join, path: str) -> None:
    other = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    viewer = join(Role.VIEWER, organization_id=admin.organization_id)
    stranger = join(Role.OWNER)

    assert [p.client.post(f"{path}versions/1/restore/").status for p in (other, viewer, stranger)] == [
        403,
        403,
        404,
    ]
    assert admin.client.delete(path).status == 204
    assert [p.client.post(f"{path}versions/1/restore/").status for p in (other, viewer, stranger)] == [
        403,
        403,
        404,
    ]
    assert stranger.client.get(f"{path}versions/").status == 404


def test_a_version_that_no_longer_fits_the_configuration_is_not_restored(
    admin: Person, project: int, path: str
) -> None:
    changed = CONFIG.replace('<Choice value="Positive"/>', '<Choice value="Good"/>')
    ok(admin.client.patch(f"/api/projects/{project}/", {"label_config": changed}))

    answer = admin.client.post(f"{path}versions/1/restore/")

    assert answer.status == 400
    assert "Positive" in answer.text
    ok(admin.client.patch(path, {"result": choice("Good")}))
