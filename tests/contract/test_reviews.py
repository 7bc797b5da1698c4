"""The next task to review: who is given what, and that nobody is given another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok


@pytest.fixture
def project(admin: Person) -> int:
    made = ok(admin.client.post("/api/projects/", {"title": "Reviews", "label_config": CONFIG}), 201)["id"]
    ok(admin.client.put(f"/api/projects/{made}/workflow/", {"preset": "review"}))
    return int(made)


@pytest.fixture
def member(admin: Person, join: Join) -> Callable[[Role], Person]:
    return lambda role: join(role, organization_id=admin.organization_id)


def next_of(person: Person, project: int, after: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = ok(person.client.post(f"/api/projects/{project}/review/next/", {"after": after}))
    return found


def state_of(person: Person, task: int) -> str:
    return str(ok(person.client.get(f"/api/tasks/{task}/"))["state"])


def move(person: Person, task: int, name: str, reason: str = "") -> int:
    path = f"/api/fsm/entities/task/{task}/transition/"
    return int(person.client.post(path, {"transition_name": name, "reason": reason}).status)


def test_labeled_tasks_are_given_one_after_the_other_and_their_review_begins(
    admin: Person, project: int, member: Callable[[Role], Person]
) -> None:
    annotator, reviewer = member(Role.ANNOTATOR), member(Role.REVIEWER)
    tasks = [add_task(admin, project, str(n))["id"] for n in range(4)]
    for task in tasks[1:]:
        annotate(annotator, task)

    first = next_of(reviewer, project)

    assert first == {"task": tasks[1], "waiting": 3, "goes_on_after": None}
    assert state_of(admin, tasks[1]) == "in_review"
    assert next_of(reviewer, project)["task"] == tasks[1], "left without a verdict, it is given again"
    assert next_of(reviewer, project, after=tasks[1])["task"] == tasks[2]
    assert move(reviewer, tasks[1], "accept") == 200
    assert move(reviewer, tasks[2], "return", "Look again.") == 200
    assert next_of(reviewer, project, after=tasks[2]) == {
        "task": tasks[3],
        "waiting": 1,
        "goes_on_after": None,
    }
    assert move(reviewer, tasks[3], "accept") == 200
    assert next_of(reviewer, project) == {"task": None, "waiting": 0, "goes_on_after": None}


def test_two_reviewers_are_given_two_tasks_and_nobody_their_own_work(
    admin: Person, project: int, member: Callable[[Role], Person]
) -> None:
    one, other = member(Role.REVIEWER), member(Role.REVIEWER)
    tasks = [add_task(admin, project, str(n))["id"] for n in range(3)]
    annotate(one, tasks[0])
    annotate(other, tasks[1])
    annotate(admin, tasks[2])

    given = [next_of(one, project)["task"], next_of(other, project)["task"]]

    assert given == [tasks[1], tasks[0]]
    assert next_of(one, project, after=tasks[1])["task"] == tasks[2]
    assert next_of(other, project, after=tasks[0])["task"] == tasks[0], "the others are taken"


def test_who_may_give_no_verdict_is_given_nothing(
    admin: Person, project: int, member: Callable[[Role], Person], join: Join
) -> None:
    annotator, viewer, stranger = member(Role.ANNOTATOR), member(Role.VIEWER), join()
    task = add_task(admin, project, "x")["id"]
    annotate(admin, task)
    path = f"/api/projects/{project}/review/next/"

    assert next_of(annotator, project) == {"task": None, "waiting": 0, "goes_on_after": None}
    assert viewer.client.post(path, {}).status == 403
    assert stranger.client.post(path, {}).status == 404
    assert admin.client.post(path, {"after": -1}).status == 400
    assert state_of(admin, task) == "labeled"


def test_a_plain_project_has_nothing_to_review(admin: Person) -> None:
    plain = ok(admin.client.post("/api/projects/", {"title": "Plain", "label_config": CONFIG}), 201)["id"]
    annotate(admin, add_task(admin, plain, "x")["id"])

    assert next_of(admin, plain) == {"task": None, "waiting": 0, "goes_on_after": None}
