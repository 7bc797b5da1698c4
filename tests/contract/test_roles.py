"""Every route with every role, in the organization and in a project: the table of roles is what happens.

What a role may not do is refused with 403 on things that exist, and nothing of them has changed after;
what it may do is never refused.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.routes import load_all
from chalicelib.auth.policies import PROJECT_ROLES, ROLES_FOR, is_of_projects
from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_isolation import belongings, body_for
from tests.contract.test_labeling import ok

load_all()
CLOSED = [declared for declared in ROUTES if not declared.is_public]
ENDS_ONESELF = {"/api/session/", "/api/current-user/reset-token/", "/api/current-user/erase/"}
IN_PROJECTS = [declared for declared in CLOSED if is_of_projects(declared.action)]
NAMES_NO_PROJECT = {"GET /api/projects/", "GET /api/projects/counts/", "GET /api/jobs/"}
"""Lists over all projects: they show less, and refuse nobody."""
OF_MANY = "/api/bulk/"
"""Of many items each is refused by itself, past the door (`test_bulk.py`)."""


def name(declared: Route) -> str:
    return f"{declared.method} {declared.path}"


def send(person: Person, declared: Route, things: dict[str, Any]) -> int:
    path = re.sub(r"{(\w+)}", lambda part: str(things.get(part[1], 987654321)), declared.path)
    body = body_for(declared, things)
    if isinstance(body, dict):
        body |= {"project": things["project_id"], "task": things["task_id"], "ids": []}
    target = f"{path}?project={things['project_id']}&id=delete_tasks"
    return person.client.request(declared.method, target, body).status


def harmless_first(declared: Route) -> tuple[int, int, str]:
    """The order in which one world lasts longest: what removes comes last, the project at the very end."""
    rank = {"GET": 0, "PUT": 1, "PATCH": 1, "POST": 2, "DELETE": 3}[declared.method]
    return rank, -declared.path.count("{"), declared.path


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """What all tests of what is refused share: nothing is changed by them."""
    return {}


@pytest.fixture
def things(world: dict[str, Any], join: Join) -> dict[str, Any]:
    if not world:
        world |= belongings(join(Role.OWNER))
    return world


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_what_is_not_its_own(role: Role, things: dict[str, Any], join: Join) -> None:
    person = join(role, organization_id=things["organization_id"])
    refused = [declared for declared in CLOSED if role not in ROLES_FOR[declared.action]]

    statuses = {name(declared): send(person, declared, things) for declared in refused}

    assert {route: status for route, status in statuses.items() if status != 403} == {}
    assert role in (Role.OWNER, Role.ADMINISTRATOR) or statuses


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_never_refused_what_is_its_own(role: Role, join: Join) -> None:
    things = belongings(join(Role.OWNER))
    allowed = [
        declared
        for declared in sorted(CLOSED, key=harmless_first)
        if role in ROLES_FOR[declared.action]
        and declared.path not in ENDS_ONESELF
        and "organizations/{" not in declared.path
        and "/users/{" not in declared.path
        and "invitations/accept" not in declared.path
        and "current-user/organization" not in declared.path
    ]
    statuses = {}
    for declared in allowed:
        person = join(role, organization_id=things["organization_id"])
        own = dict(things)
        statuses[name(declared)] = send(person, declared, own)

    refused = {route for route, status in statuses.items() if status in (401, 403)}
    operating = OF_OPERATORS if role in ROLES_FOR["flag.decide"] else set()
    assert refused == REFUSED_TO_ALL | OF_OTHERS[role] | operating


REFUSED_TO_ALL = {"GET /api/tasks/{task_id}/agreement/", "GET /feature-flags/"}
"""What Label Studio's own clients hear there."""
OF_OPERATORS = {
    "GET /api/flags/rollouts/",
    "PUT /api/flags/{name}/",
    "GET /api/flags/{name}/changes/",
}
"""Only for owners and administrators of the one organization that runs the installation (`test_flags.py`)."""
CHANGE_DRAFT, DELETE_DRAFT = "PATCH /api/drafts/{draft_id}/", "DELETE /api/drafts/{draft_id}/"
DELETE_TASKS = "POST /api/dm/actions/"
CHANGE_COMMENT = "PATCH /api/comments/{comment_id}/"
OF_OTHERS: dict[Role, set[str]] = {
    Role.OWNER: {CHANGE_DRAFT, CHANGE_COMMENT},
    Role.ADMINISTRATOR: {CHANGE_DRAFT, CHANGE_COMMENT},
    Role.MANAGER: {CHANGE_DRAFT, CHANGE_COMMENT},
    Role.REVIEWER: {CHANGE_DRAFT, CHANGE_COMMENT, DELETE_DRAFT, DELETE_TASKS},
    Role.ANNOTATOR: {
        CHANGE_DRAFT,
        CHANGE_COMMENT,
        "DELETE /api/comments/{comment_id}/",
        DELETE_DRAFT,
        DELETE_TASKS,
        "PATCH /api/annotations/{annotation_id}/",
        "POST /api/annotations/{annotation_id}/versions/{number}/restore/",
        "PUT /api/annotations/{annotation_id}/",
        "DELETE /api/annotations/{annotation_id}/",
        "POST /api/annotations/{annotation_id}/convert-to-draft/",
    },
    Role.VIEWER: set(),
}
"""What a role may do to its own things, or to some, but not to these. Drafts and the texts of comments are
their authors' alone. Annotators change only their own annotations. The action that is asked for deletes
tasks: managers may run it, and the draft is then gone with its task when its turn comes."""


@pytest.mark.parametrize("role", PROJECT_ROLES)
def test_a_role_in_a_project_counts_there(role: Role, things: dict[str, Any], join: Join) -> None:
    """A manager of the organization who is less in the project is refused there what they could elsewhere."""
    person = join(Role.MANAGER, organization_id=things["organization_id"])
    path = f"/api/projects/{things['project_id']}/members/{person.user.id}/"
    assert things["owner"].client.put(path, {"role": role.value}).status == 204
    refused = [
        declared
        for declared in IN_PROJECTS
        if role not in ROLES_FOR[declared.action]
        and name(declared) not in NAMES_NO_PROJECT
        and OF_MANY not in declared.path
    ]

    statuses = {name(declared): send(person, declared, things) for declared in refused}

    assert {route: status for route, status in statuses.items() if status != 403} == {}


@pytest.mark.parametrize("by_group", [False, True])
def test_a_role_in_one_project_opens_no_other(by_group: bool, things: dict[str, Any], join: Join) -> None:
    """A viewer who manages another project gets past the door, and is refused by the service."""
    owner = things["owner"]
    person = join(Role.VIEWER, organization_id=things["organization_id"])
    other = ok(owner.client.post("/api/projects/", {"title": "Other"}), 201)["id"]
    if by_group:
        group = ok(owner.client.post("/api/groups/", {"name": f"g{person.user.id}"}), 201)["id"]
        assert owner.client.put(f"/api/groups/{group}/members/{person.user.id}/").status == 204
        target = f"/api/projects/{other}/groups/{group}/"
    else:
        target = f"/api/projects/{other}/members/{person.user.id}/"
    assert owner.client.put(target, {"role": "manager"}).status == 204
    refused = [
        declared
        for declared in CLOSED
        if Role.VIEWER not in ROLES_FOR[declared.action] and OF_MANY not in declared.path
    ]

    statuses = {name(declared): send(person, declared, things) for declared in refused}

    assert {route: status for route, status in statuses.items() if status != 403} == {}
    assert person.client.patch(f"/api/projects/{other}/", {"title": "Mine to name"}).status == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.VIEWER])
def test_a_closed_project_does_not_exist_for_others(role: Role, join: Join) -> None:
    things = belongings(join(Role.OWNER))
    project = things["project_id"]
    assert (
        things["owner"].client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}).status
        == 204
    )
    person = join(role, organization_id=things["organization_id"])
    named = [d for d in IN_PROJECTS if d.names or "/dm/" in d.path]

    statuses = {name(declared): send(person, declared, things) for declared in named}

    expected = {404} if role == Role.MANAGER else {403, 404}
    assert {route: status for route, status in statuses.items() if status not in expected} == {}
    assert ok(person.client.get("/api/projects/"))["count"] == 0
    assert ok(person.client.get("/api/jobs/"))["results"] == []
    assert ok(person.client.get("/api/projects/counts/"))["count"] == 0
    ok(things["owner"].client.get(f"/api/tasks/{things['task_id']}/"))


def test_nothing_was_changed_by_what_was_refused(things: dict[str, Any]) -> None:
    owner: Person = things["owner"]

    assert ok(owner.client.get(f"/api/projects/{things['project_id']}/"))["title"] == "Secret"
    assert ok(owner.client.get(f"/api/tasks/{things['task_id']}/"))["data"] == {"text": "secret"}
    assert ok(owner.client.get(f"/api/annotations/{things['annotation_id']}/"))
    assert wiring.people().people.organization(things["organization_id"]).title == "Lab"  # type: ignore[union-attr]
