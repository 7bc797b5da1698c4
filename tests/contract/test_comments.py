"""Comments: who says, changes, settles and removes what, and the counts that their task keeps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.api.schemas.comments import CommentRead
from chalicelib.auth.principals import Role
from chalicelib.settings import settings
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, conforms, ok

Member = Callable[[Role], Person]


@pytest.fixture
def member(admin: Person, join: Join) -> Member:
    return lambda role: join(role, organization_id=admin.organization_id)


@pytest.fixture
def task(admin: Person) -> int:
    made = ok(admin.client.post("/api/projects/", {"title": "Said", "label_config": CONFIG}), 201)
    return int(add_task(admin, made["id"], "x")["id"])


def say(person: Person, text: str, **where: Any) -> dict[str, Any]:
    said: dict[str, Any] = ok(person.client.post("/api/comments/", {"text": text, **where}), 201)
    return said


def counts(person: Person, task: int) -> tuple[int, int, list[int]]:
    shown = ok(person.client.get(f"/api/tasks/{task}/"))
    return shown["comment_count"], shown["unresolved_comment_count"], shown["comment_authors"]


def test_tasks_annotations_and_regions_are_commented_on(admin: Person, task: int, member: Member) -> None:
    annotator = member(Role.ANNOTATOR)
    annotation = annotate(annotator, task)["id"]

    on_task = say(admin, " Is this the right text? ", task=task)
    on_region = say(annotator, "Unsure.", annotation=annotation, region_ref={"regionId": "r1"})

    conforms(CommentRead, on_region)
    assert (on_task["text"], on_task["annotation"], on_task["created_by"]) == (
        "Is this the right text?",
        None,
        admin.user.id,
    )
    assert (on_region["task"], on_region["region_ref"]) == (task, {"regionId": "r1"})
    listed = ok(admin.client.get(f"/api/comments/?task={task}&expand_created_by=true"))
    assert [each["id"] for each in listed] == [on_task["id"], on_region["id"]]
    assert listed[1]["created_by"]["email"] == annotator.user.email
    (alone,) = ok(admin.client.get(f"/api/comments/?annotation={annotation}"))
    assert alone == on_region
    assert ok(admin.client.get(f"/api/comments/{on_task['id']}/")) == on_task


def test_its_task_counts_them_and_who_said_them(admin: Person, task: int, member: Member) -> None:
    annotator = member(Role.ANNOTATOR)
    first, second = say(admin, "a", task=task), say(annotator, "b", task=task)
    path = f"/api/comments/{second['id']}/"

    assert counts(admin, task) == (2, 2, sorted([admin.user.id, annotator.user.id]))
    settled = ok(admin.client.patch(path, {"is_resolved": True}))
    assert (settled["is_resolved"], settled["resolved_by"]) == (True, admin.user.id)
    assert counts(admin, task)[:2] == (2, 1)
    again = ok(admin.client.patch(path, {"is_resolved": True}))
    assert (again["version"], again["resolved_at"]) == (settled["version"], settled["resolved_at"])
    opened = ok(annotator.client.patch(path, {"is_resolved": False}))
    assert (opened["resolved_at"], opened["resolved_by"]) == (None, None)
    assert annotator.client.delete(path).status == 204
    assert annotator.client.delete(path).status == 404
    assert counts(admin, task) == (1, 1, [admin.user.id])
    assert say(admin, "c", task=task)["id"] > second["id"] > first["id"], "numbers are never given twice"
    assert ok(admin.client.get(f"/api/tasks/{task}/"))["last_comment_updated_at"] is not None


def test_only_who_wrote_it_changes_the_text_and_reviewers_remove_it(task: int, member: Member) -> None:
    author, other, viewer = member(Role.ANNOTATOR), member(Role.ANNOTATOR), member(Role.VIEWER)
    path = f"/api/comments/{say(author, 'a', task=task)['id']}/"

    assert other.client.patch(path, {"text": "mine"}).status == 403
    assert other.client.delete(path).status == 403
    assert viewer.client.patch(path, {"is_resolved": True}).status == 403
    assert viewer.client.post("/api/comments/", {"task": task, "text": "x"}).status == 403
    assert ok(viewer.client.get(path))["text"] == "a"
    changed = author.client.patch(path, {"text": "b"}, headers={"If-Match": '"1"'})
    assert (changed.status, changed.headers["etag"], changed.json()["text"]) == (200, '"2"', "b")
    assert author.client.patch(path, {"text": "c"}, headers={"If-Match": '"1"'}).status == 412
    assert member(Role.REVIEWER).client.delete(path).status == 204


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x"},
        {"text": " ", "task": 1},
        {"text": "x" * 5001, "task": 1},
        {"text": "\ud800", "task": 1},
        {"text": "x", "task": 0},
        {"text": "x", "task": 1, "region_ref": {"a": "x" * 2000}},
        {"text": "x", "task": 1, "region_ref": "r1"},
    ],
)
def test_what_says_nothing_is_refused(admin: Person, body: dict[str, Any]) -> None:
    assert admin.client.post("/api/comments/", body).status == 400


def test_an_annotation_must_be_there_and_of_the_task(admin: Person, task: int) -> None:
    annotation = annotate(admin, task)["id"]

    assert admin.client.post("/api/comments/", {"annotation": annotation + 1, "text": "x"}).status == 404
    assert (
        admin.client.post("/api/comments/", {"annotation": annotation, "task": task + 1, "text": "x"}).status
        == 400
    )
    assert admin.client.get("/api/comments/").status == 400
    assert admin.client.get("/api/comments/?task=x").status == 400
    assert admin.client.get(f"/api/comments/?task={task + 999}").status == 404


def test_a_repeated_request_says_it_once_and_many_at_once_are_all_counted(admin: Person, task: int) -> None:
    headers = {"Idempotency-Key": "said-once"}
    made = [
        admin.client.post("/api/comments/", {"task": task, "text": "x"}, headers=headers) for _ in range(2)
    ]
    assert made[0].json()["id"] == made[1].json()["id"]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: say(admin, str(n), task=task), range(12)))

    listed = ok(admin.client.get(f"/api/comments/?task={task}"))
    assert len({each["id"] for each in listed}) == 13
    assert counts(admin, task) == (13, 13, [admin.user.id])


def test_comments_go_with_their_task(admin: Person, task: int) -> None:
    said = say(admin, "x", task=task)

    assert admin.client.delete(f"/api/tasks/{task}/").status == 204

    assert admin.client.get(f"/api/comments/{said['id']}/").status == 404
    left = wiring.clients.dynamodb().query(
        TableName=f"{settings().table_prefix}annotations",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"T#{task}"}},
    )
    assert left["Items"] == []


def test_the_blind_see_their_own_and_those_on_their_work(admin: Person, member: Member) -> None:
    body = {"title": "Blind", "label_config": CONFIG, "blind_mode": "annotations", "maximum_annotations": 2}
    project = ok(admin.client.post("/api/projects/", body), 201)["id"]
    task = add_task(admin, project, "x")["id"]
    one, other = member(Role.ANNOTATOR), member(Role.ANNOTATOR)
    own, others = annotate(one, task)["id"], annotate(other, task)["id"]
    say(admin, "for one", annotation=own)
    hidden = say(other, "for other", annotation=others)
    say(other, "for all", task=task)
    mine = say(one, "mine", task=task)

    seen = ok(one.client.get(f"/api/comments/?task={task}"))

    assert [each["text"] for each in seen] == ["for one", "mine"]
    assert one.client.get(f"/api/comments/{hidden['id']}/").status == 404
    assert one.client.patch(f"/api/comments/{hidden['id']}/", {"is_resolved": True}).status == 404
    assert one.client.get(f"/api/comments/?annotation={others}").status == 404
    assert one.client.post("/api/comments/", {"annotation": others, "text": "x"}).status == 404
    assert counts(one, task) == (1, 1, [one.user.id])
    assert counts(admin, task)[0] == 4
    assert mine["created_by"] == one.user.id
