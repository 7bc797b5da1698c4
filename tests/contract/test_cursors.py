"""Walks through lists by cursor: everything once, whatever comes and goes meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.api.cursors import CursorPage
from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, choice, conforms, ok

Between = Callable[[], object]


@pytest.fixture
def project(admin: Person) -> int:
    return made_project(admin, "Long")


def made_project(person: Person, title: str) -> int:
    body = {"title": title, "label_config": CONFIG}
    return int(ok(person.client.post("/api/projects/", body), 201)["id"])


def pages(person: Person, path: str, size: int = 2, between: Between = lambda: None) -> Iterator[list[int]]:
    """The ids of each page of a walk; `between` happens after each page."""
    mark = "&" if "?" in path else "?"
    cursor: str | None = ""
    while cursor is not None:
        page = ok(person.client.get(f"{path}{mark}page_size={size}&cursor={quote(cursor)}"))
        conforms(CursorPage, page)
        yield [one["id"] for one in page["results"]]
        cursor = page["next_cursor"]
        between()


@pytest.fixture(params=["tasks", "filtered", "project tasks", "annotations", "predictions", "of project"])
def listed(request: pytest.FixtureRequest, admin: Person, project: int) -> tuple[str, Callable[[], int]]:
    """A list of each kind, and what adds an entry to it."""
    task = add_task(admin, project, "first")["id"]
    condition = {"filter": "filter:tasks:data.text", "operator": "equal", "type": "String", "value": "x"}
    query = quote(json.dumps({"filters": {"conjunction": "and", "items": [condition]}}))
    prediction = {"task": task, "result": choice("Positive")}

    def predict() -> int:
        return int(ok(admin.client.post("/api/predictions/", prediction), 201)["id"])

    def add() -> int:
        return int(add_task(admin, project, "x")["id"])

    kinds: dict[str, tuple[str, Callable[[], int]]] = {
        "tasks": (f"/api/tasks/?project={project}", add),
        "filtered": (f"/api/tasks/?project={project}&query={query}", add),
        "project tasks": (f"/api/projects/{project}/tasks/", add),
        "annotations": (f"/api/tasks/{task}/annotations/", lambda: int(annotate(admin, task)["id"])),
        "predictions": (f"/api/predictions/?task={task}", predict),
        "of project": (f"/api/predictions/?project={project}", predict),
    }
    return kinds[request.param]


def test_a_walk_meets_everything_once(admin: Person, listed: tuple[str, Callable[[], int]]) -> None:
    path, add = listed
    made = [add() for _ in range(5)]

    found = list(pages(admin, path))

    met = [one for page in found for one in page]
    assert [one for one in met if one in made] == made
    assert met == sorted(set(met))
    assert [len(page) for page in found[:-1]] == [2] * (len(found) - 1)
    assert list(pages(admin, path, size=len(met))) == [met], "a full last page is the last"


def test_what_is_added_meanwhile_disturbs_no_walk(
    admin: Person, listed: tuple[str, Callable[[], int]]
) -> None:
    path, add = listed
    made = [add() for _ in range(4)]
    added: list[int] = []

    def more() -> None:
        if not added:  # while there is more to come: the first page is not the last
            added.append(add())

    met = [one for page in pages(admin, path, between=more) for one in page]

    assert [one for one in met if one in made] == made
    assert len(met) == len(set(met))
    assert [one for one in met if one in added] == added


def test_what_is_removed_meanwhile_disturbs_no_walk(admin: Person, project: int) -> None:
    made = [add_task(admin, project)["id"] for _ in range(6)]
    walk = pages(admin, f"/api/tasks/?project={project}")
    first = next(walk)
    for gone in (made[1], made[2]):
        assert admin.client.delete(f"/api/tasks/{gone}/").status == 204

    assert [first, *walk] == [made[:2], made[3:5], made[5:]]


def test_projects_are_walked_by_id(admin: Person, join: Join) -> None:
    made = [made_project(admin, f"Walk {n}") for n in range(5)]
    closed = made_project(admin, "Walk closed")
    assert admin.client.patch(f"/api/projects/{closed}/access/", {"is_members_only": True}).status == 204
    member = join(Role.ANNOTATOR, organization_id=admin.organization_id)

    walked = pages(member, "/api/projects/?include=id&title=walk", between=lambda: made_project(admin, "New"))

    assert [one for page in walked for one in page] == made


def test_a_walk_through_nothing_is_one_empty_page(admin: Person, project: int) -> None:
    for path in (f"/api/tasks/?project={project}", f"/api/projects/{project}/tasks/", "/api/predictions/"):
        assert list(pages(admin, path)) == [[]]


def test_cursors_serve_their_own_list_alone(admin: Person, project: int, join: Join) -> None:
    other = made_project(admin, "Other")
    for one in (project, project, other):
        add_task(admin, one)
    path = f"/api/tasks/?project={project}"
    cursor = ok(admin.client.get(f"{path}&cursor=&page_size=1"))["next_cursor"]
    payload, _, signature = cursor.rpartition(".")
    key, after, scope = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged = base64.urlsafe_b64encode(json.dumps([key, after - 1, scope]).encode()).decode().rstrip("=")

    assert admin.client.get(f"{path}&cursor={cursor}&page_size=1&fields=all").status == 400
    assert admin.client.get(f"/api/tasks/?project={other}&cursor={cursor}").status == 400
    assert admin.client.get(f"/api/projects/{project}/tasks/?cursor={cursor}").status == 400
    odd = ["x", ".", "é.é", "bnVsbA.x", "W10.x", "WzEsMiwzXQ.x", payload, f"{cursor}0"]
    for text in [*odd, f"{forged}.{signature}"]:
        answer = admin.client.get(f"{path}&cursor={quote(text)}")
        assert (answer.status, answer.json()["faults"][0]["place"]) == (400, "cursor"), text
    colleague = join(Role.VIEWER, organization_id=admin.organization_id)
    assert colleague.client.get(f"{path}&cursor={cursor}").status == 200
    assert join().client.get(f"{path}&cursor={cursor}").status in (400, 404)


def test_a_walk_has_no_other_order(admin: Person, project: int) -> None:
    query = quote(json.dumps({"ordering": ["-tasks:id"]}))

    assert admin.client.get(f"/api/tasks/?project={project}&query={query}&cursor=").status == 400
    assert admin.client.get("/api/projects/?ordering=-title&cursor=").status == 400


def test_pages_are_as_they_were(admin: Person, project: int) -> None:
    task: Any = add_task(admin, project)

    assert ok(admin.client.get(f"/api/tasks/?project={project}"))["total"] == 1
    assert [one["id"] for one in ok(admin.client.get(f"/api/projects/{project}/tasks/"))] == [task["id"]]
