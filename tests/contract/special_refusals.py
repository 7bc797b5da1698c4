"""Refusals that an operation has for reasons of its own, and limits that are lowered until it is reached."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.domain.exports import ExportOptions
from chalicelib.ids import ProjectId
from chalicelib.services.exports import ExportRequest
from chalicelib.services.password_resets import PasswordResetService
from tests.contract.client import Client
from tests.contract.conftest import PASSWORD
from tests.contract.test_labeling import add_task, ok
from tests.contract.worlds import NEVER, Asked, World

Asking = Callable[[World], Asked]
SECRET = "no-such-secret-anywhere"
NOBODY = {"email": "nobody@lab.test", "password": PASSWORD}
ATTEMPTS = 11
"""One more than are allowed."""


def _ask(**asked: Any) -> Asking:
    return lambda _: Asked(**asked)


def _anonymous(**asked: Any) -> Asking:
    return lambda world: Asked(client=Client(world.app), **asked)


def _of_project(**query: Any) -> Asking:
    return lambda world: Asked(query={"project": world.ids["project_id"], **query})


def _member(body: Any) -> Asking:
    return lambda world: Asked(ids={"user_id": world.member().user.id}, body=body)


def _present(world: World) -> Asked:
    versions = ok(world.owner.client.get(f"/api/annotations/{world.ids['annotation_id']}/versions/"))
    return Asked(ids={"number": versions[-1]["version"]})


def _unfinished(world: World) -> Asked:
    """An export that no worker has begun."""
    principal = wiring.credentials().by_legacy_token(world.owner.token)
    wanted = ExportRequest(format_id="JSON", options=ExportOptions())
    begun = wiring.exports().create(principal, ProjectId(world.ids["project_id"]), wanted)
    return Asked(ids={"export_id": begun.id, "later_id": begun.id}, body={"export_type": "CSV"})


def _unready(world: World) -> Asked:
    return Asked(ids={"job_id": world.made("/api/current-user/data/archive/", status=202)["id"]})


def _twice(world: World) -> Asked:
    task = add_task(world.owner, world.ids["project_id"])["id"]
    body = {"result": [], "unique_id": f"{task:032x}"}
    world.made(f"/api/tasks/{task}/annotations/", body)
    return Asked(ids={"task_id": task}, body=body)


def _not_leased(world: World) -> Asked:
    return Asked(ids={"task_id": add_task(world.owner, world.ids["project_id"])["id"]})


def _elsewhere(world: World) -> Asked:
    """A workflow that lacks the states in which tasks stand."""
    document = ok(world.owner.client.get(f"{world.project()}workflow/"))["workflow"]
    other = json.loads(json.dumps(document).replace('"labeled"', '"made"'))
    return Asked(body={"workflow": other})


def _last_owner(world: World) -> Asked:
    return Asked(ids={"user_id": world.owner.user.id}, body={"role": "viewer"})


def _himself(world: World) -> Asked:
    return Asked(body={"user": world.owner.user.id, "email": world.owner.user.email})


def _other_address(world: World) -> Asked:
    return Asked(ids={"user_id": world.owner.user.id}, body={"email": "other@lab.test"})


def _often(path: str, words: Mapping[str, str]) -> Asking:
    def asked(world: World) -> Asked:
        client = Client(world.app)
        body = {**words, "email": world.member(password="another one 11").user.email}
        for _ in range(ATTEMPTS):
            client.post(path, body)
        return Asked(client=client, body=body)

    return asked


def _form_often(world: World) -> Asked:
    browser = Client(world.app)
    browser.get("/user/login/")
    account = world.member(password="another one 11").user.email
    form = {**NOBODY, "email": account, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    for _ in range(ATTEMPTS):
        browser.post("/user/login/", form=form)
    return Asked(client=browser, form=form)


def _label(**body: Any) -> Asking:
    return lambda world: Asked(body={"label": world.ids["label_id"], "from_name": "sentiment", **body})


NO_PROJECT, NO_PAGE, NO_CURSOR = _ask(query={"project": NEVER}), _ask(query={"page": 99}), {"cursor": "mine"}
OF_NOTHING = _ask(body={"project": NEVER, "ids": []})
NEW_LABEL = {"project": NEVER, "from_name": "a", "title": "New", "value": [["New"]]}
EXPORT = "/api/projects/{project_id}/exports/{export_id}/"
ACCOUNT = "/api/organizations/{organization_id}/memberships/{user_id}/"
SPECIAL: Mapping[tuple[str, int], Asking] = {
    # a query that makes no sense
    (f"GET {EXPORT}difference/{{later_id}}/", 400): _ask(query={"after_task": "x"}),
    (f"GET {EXPORT}download/", 400): _ask(query={"exportType": "NONE"}),
    ("DELETE /api/dm/views/reset/", 400): _ask(),
    ("GET /api/audit/", 400): _ask(query={"page_size": 0}),
    ("GET /api/audit/export/", 400): _ask(query={"after": -1}),
    ("GET /api/comments/", 400): _ask(),
    ("GET /api/dm/actions/", 400): _ask(),
    ("GET /api/dm/actions/{action_id}/form/", 400): _ask(),
    ("GET /api/dm/columns/", 400): _ask(),
    ("GET /api/dm/project/", 400): _ask(),
    ("GET /api/dm/views/", 400): _ask(),
    ("GET /api/fsm/entities/{entity}/{entity_id}/history/", 400): _ask(query={"created_at_from": "soon"}),
    ("GET /api/jobs/", 400): _ask(query={"project": "x"}),
    ("GET /api/label_links/", 400): _ask(query={"project": "x"}),
    ("GET /api/predictions/", 400): _of_project(**NO_CURSOR),
    ("GET /api/projects/", 400): _ask(query=NO_CURSOR),
    ("GET /api/projects/{project_id}/export/", 400): _ask(query={"exportType": "NONE"}),
    ("GET /api/projects/{project_id}/file-uploads/", 400): _ask(query={"all": "perhaps"}),
    ("GET /api/projects/{project_id}/tasks/", 400): _ask(query=NO_CURSOR),
    ("GET /api/tasks/", 400): _of_project(**NO_CURSOR),
    ("GET /api/tasks/{task_id}/annotations/", 400): _ask(query=NO_CURSOR),
    ("GET /samples/time-series.csv", 400): _ask(query={"sep": "too long"}),
    ("PATCH /api/import/file-upload/{upload_id}/", 400): _ask(body={"file": "upload/1/other.png"}),
    # nobody, or not the one
    ("POST /api/session/", 401): _anonymous(body=NOBODY),
    ("POST /api/token/refresh/", 401): _anonymous(body={"refresh": "a.b.c"}),
    ("GET /api/tasks/{task_id}/agreement/", 403): _ask(),
    ("POST /api/invitations/show/", 403): _anonymous(body={"invitation": SECRET}),
    ("POST /api/invitations/sign-up/", 403): _anonymous(body={"invitation": SECRET, **NOBODY}),
    ("POST /api/password-reset/set/", 403): _anonymous(body={"token": SECRET, "password": PASSWORD}),
    ("POST /user/login/", 403): _anonymous(form=NOBODY),
    ("POST /user/signup/", 403): _anonymous(form=NOBODY),
    # nothing of that name
    ("DELETE /api/dm/views/reset/", 404): NO_PROJECT,
    ("GET /api/comments/", 404): _ask(query={"task": NEVER}),
    ("GET /api/dm/actions/", 404): NO_PROJECT,
    ("GET /api/dm/columns/", 404): NO_PROJECT,
    ("GET /api/dm/project/", 404): NO_PROJECT,
    ("GET /api/dm/views/", 404): NO_PROJECT,
    ("GET /api/jobs/", 404): NO_PROJECT,
    ("GET /api/label_links/", 404): NO_PAGE,
    ("GET /api/labels/", 404): NO_PAGE,
    ("GET /api/predictions/", 404): NO_PROJECT,
    ("GET /api/projects/", 404): NO_PAGE,
    ("GET /api/projects/counts/", 404): NO_PAGE,
    ("GET /api/tasks/", 404): _ask(),
    ("GET /storage-data/uploaded/", 404): _ask(query={"filepath": f"upload/{NEVER}/a.png"}),
    ("POST /api/comments/", 404): _ask(body={"task": NEVER, "text": "x"}),
    ("POST /api/current-user/organization/", 404): _ask(body={"organization": NEVER}),
    ("POST /api/dm/actions/", 404): _ask(query={"project": NEVER, "id": "delete_tasks"}, body={}),
    ("POST /api/dm/views/", 404): OF_NOTHING,
    ("POST /api/dm/views/order/", 404): OF_NOTHING,
    ("POST /api/label_links/", 404): _label(project=NEVER),
    ("POST /api/labels/", 404): _ask(body=[NEW_LABEL]),
    ("POST /api/labels/bulk/", 404): _ask(body={"project": NEVER, "old_label": "a", "new_label": "b"}),
    # not in that state
    (f"DELETE {ACCOUNT}", 405): _last_owner,
    ("PATCH /api/users/{user_id}/", 405): _other_address,
    (f"GET {EXPORT}difference/{{later_id}}/", 409): _unfinished,
    (f"GET {EXPORT}manifest/", 409): _unfinished,
    (f"POST {EXPORT}convert/", 409): _unfinished,
    ("GET /api/current-user/data/archive/{job_id}/", 409): _unready,
    (f"PATCH {ACCOUNT}", 409): _last_owner,
    ("POST /api/annotations/{annotation_id}/versions/{number}/restore/", 409): _present,
    ("POST /api/current-user/erase/", 409): _himself,
    ("POST /api/organizations/{organization_id}/leave/", 409): _ask(),
    ("POST /api/organizations/{organization_id}/transfer/", 409): _himself,
    ("POST /api/tasks/{task_id}/annotations/", 409): _twice,
    ("POST /api/tasks/{task_id}/heartbeat/", 409): _not_leased,
    ("PUT /api/projects/{project_id}/members/{user_id}/", 409): _member({"role": "viewer"}),
    ("PUT /api/projects/{project_id}/workflow/", 409): _elsewhere,
    # a body of a kind that nobody reads, where no query says what the body should
    ("DELETE /api/dm/views/reset/", 415): _ask(body="x", headers={"Content-Type": "text/plain"}),
    ("POST /api/dm/actions/", 422): _of_project(),
    # too often
    ("POST /api/password-reset/", 429): _often("/api/password-reset/", {}),
    ("POST /api/password-reset/set/", 429): _anonymous(body={"token": SECRET, "password": PASSWORD}),
    ("POST /api/session/", 429): _often("/api/session/", NOBODY),
    ("POST /user/login/", 429): _form_often,
}
"""By operation and status: what is asked."""


_resets = wiring.password_resets


def _no_resets() -> PasswordResetService:
    service = _resets()
    limits = replace(service.attempts.limits, per_address=0)
    return replace(service, attempts=replace(service.attempts, limits=limits))


LOWERED: Mapping[tuple[str, int], Mapping[str, Any]] = {
    ("POST /api/password-reset/set/", 429): {"chalicelib.wiring.password_resets": _no_resets},
    ("POST /api/invitations/", 409): {"chalicelib.services.invitations.MAX_LIVING": 0},
    ("PUT /api/groups/{group_id}/members/{user_id}/", 409): {"chalicelib.services.groups.MAX_GROUPS": 0},
    ("PUT /api/projects/{project_id}/groups/{group_id}/", 409): {
        "chalicelib.services.project_members.MAX_GROUPS": 0
    },
    ("PUT /api/projects/{project_id}/members/{user_id}/", 409): {
        "chalicelib.services.project_members.MAX_PROJECT_ROLES": 0
    },
}
"""Limits that are lowered, by the place that knows them."""
