"""What the operations need that are not served with the belongings and bodies that other tests know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import requests

from chalicelib import wiring
from chalicelib.auth.principals import Role
from tests.contract.client import Client
from tests.contract.conftest import PASSWORD
from tests.contract.test_imports import keep
from tests.contract.test_labeling import CONFIG, add_task, choice, ok
from tests.contract.test_members import newest, secret_in
from tests.contract.test_pictures_and_files import SMALL
from tests.contract.worlds import MULTIPART, Asked, World, form_of

BODIES: Mapping[str, Callable[[World], Any]] = {
    "POST /api/tasks/": lambda world: {"project": world.ids["project_id"], "data": {"text": "x"}},
    "POST /api/predictions/": lambda world: {"task": world.ids["task_id"], "result": choice("Negative")},
    "POST /api/dm/views/": lambda world: {"project": world.ids["project_id"]},
    "POST /api/dm/views/order/": lambda world: {
        "project": world.ids["project_id"],
        "ids": [world.ids["view_id"]],
    },
    "POST /api/users/": lambda _: {"email": f"new{wiring.people().people.next_user_id()}@lab.test"},
    "PATCH /api/current-user/hotkeys/": lambda _: {"custom_hotkeys": {"image:box": {"key": "b"}}},
    "POST /api/current-user/organization/": lambda world: {"organization": world.owner.organization_id},
    "POST /api/projects/{project_id}/config-edits/": lambda _: {
        "label_config": CONFIG.replace("Positive", "Good"),
        "labels": {"sentiment": {"Positive": "Good"}},
    },
    "POST /api/projects/{project_id}/exports/{export_id}/convert/": lambda _: {"export_type": "CSV"},
    "POST /api/organizations/{organization_id}/transfer/": lambda world: {"user": world.member().user.id},
}
"""Bodies that the usual one does not stand for."""


def _as_member(**asked: Any) -> Callable[[World], Asked]:
    return lambda world: Asked(client=world.member().client, **asked)


def _on_member(body: Any = None) -> Callable[[World], Asked]:
    return lambda world: Asked(ids={"user_id": world.member().user.id}, body=body)


def _erase(world: World) -> Asked:
    person = world.member()
    return Asked(client=person.client, body={"email": person.user.email})


def _password(world: World) -> Asked:
    person = world.member(password=PASSWORD)
    body = {"current_password": PASSWORD, "new_password": "another horse 10"}
    return Asked(client=person.client, body=body)


def _restore(world: World) -> Asked:
    path = f"/api/annotations/{world.ids['annotation_id']}/"
    ok(world.owner.client.patch(path, {"result": choice("Negative")}))
    return Asked(ids={"number": 1})


def _compare(world: World) -> Asked:
    _restore(world)
    return Asked(ids={"number": 1, "later_id": 2})


def deletion(world: World) -> Asked:
    query = {"project": world.ids["project_id"], "id": "delete_tasks"}
    return Asked(query=query, body={"selectedItems": {"all": False, "included": []}})


def _pause(world: World) -> Asked:
    ids = {"entity": "project", "entity_id": world.made("/api/projects/", {"title": "Paused"})["id"]}
    return Asked(ids=ids, body={"transition_name": "pause"})


def _secret(world: World) -> str:
    return secret_in(world.made("/api/invitations/", {"role": "viewer"})["url"])


def _accept(world: World) -> Asked:
    return Asked(client=world.stranger().client, body={"invitation": _secret(world)})


def _sign_up(world: World) -> Asked:
    email = f"new{wiring.people().people.next_user_id()}@lab.test"
    body = {"invitation": _secret(world), "email": email, "password": PASSWORD}
    return Asked(client=Client(world.app), body=body)


def _job(world: World) -> dict[str, Any]:
    """A job that has not begun."""
    body = {"upload_ids": [_kept(world, "a.json", b'[{"text": "a"}]')]}
    job: dict[str, Any] = world.made(f"{world.project()}imports/", body, 202)
    return job


def _kept(world: World, name: str, content: bytes) -> int:
    return keep(world.owner, world.ids["project_id"], name, content)


def _cancel(world: World) -> Asked:
    return Asked(ids={"job_id": _job(world)["id"]})


def _retry(world: World) -> Asked:
    job = _job(world)
    world.made(f"/api/jobs/{job['id']}/cancel/", status=200)
    wiring.jobs().run_here(job["id"], until_s=20)
    return Asked(ids={"job_id": job["id"]})


def _report(world: World) -> Asked:
    body = {"upload_ids": [_kept(world, "a.json", b'[{"no": "text"}, 5]')]}
    job = world.made(f"{world.project()}imports/", body, 202)["id"]
    wiring.jobs().run_here(job, until_s=20)
    return Asked(ids={"job_id": job})


def _link(world: World) -> Asked:
    other = world.made("/api/projects/", {"title": "Other", "label_config": CONFIG})["id"]
    body = {"project": other, "label": world.ids["label_id"], "from_name": "sentiment"}
    return Asked(body=body)


def _leave(world: World) -> Asked:
    return Asked(client=world.member().client)


def _undo(world: World) -> Asked:
    job = world.made(f"{world.project()}config-edits/", BODIES[EDITS](world))["id"]
    wiring.jobs().run_here(job, until_s=20)
    return Asked(ids={"job_id": job})


EDITS = "POST /api/projects/{project_id}/config-edits/"


def _import(world: World) -> Asked:
    return Asked(body={"upload_ids": [_kept(world, "a.json", b'[{"text": "a"}]')]})


def _reimport(world: World) -> Asked:
    return Asked(body={"file_upload_ids": [_kept(world, "a.json", b'[{"text": "a"}]')]})


def _complete(world: World) -> Asked:
    files = {"files": [{"name": "a.png", "size": len(SMALL)}]}
    begun = world.made(f"{world.project()}uploads/", files)["uploads"][0]
    put = requests.put(begun["parts"][0]["url"], data=SMALL, headers=begun["headers"], timeout=5)
    assert put.status_code == 200
    return Asked(ids={"upload_id": begun["id"]}, body={"parts": []})


def _uploaded(world: World) -> Asked:
    return Asked(ids={"upload_id": _kept(world, "a.png", SMALL)})


def _replace(world: World) -> Asked:
    return replace(_uploaded(world), body=form_of("b.png", SMALL), headers=MULTIPART)


def _read_file(world: World) -> Asked:
    number = _kept(world, "a.png", SMALL)
    file = ok(world.owner.client.get(f"/api/import/file-upload/{number}/"))["file"]
    return Asked(ids={"name": file.rpartition("/")[2]}, query={"filepath": file})


def _heartbeat(world: World) -> Asked:
    add_task(world.owner, world.ids["project_id"])
    return Asked(ids={"task_id": ok(world.owner.client.get(f"{world.project()}next/"))["id"]})


def _next(world: World) -> Asked:
    add_task(world.owner, world.ids["project_id"])
    return Asked()


def _token(world: World) -> Asked:
    person = world.member(Role.ADMINISTRATOR)
    body = {"refresh": ok(person.client.post("/api/token/"), 201)["token"]}
    return Asked(client=person.client, body=body)


def _avatar(world: World) -> Asked:
    return Asked(body=form_of("me.png", SMALL), headers=MULTIPART)


def _read_avatar(world: World) -> Asked:
    path = f"/api/users/{world.owner.user.id}/avatar/"
    body = form_of("me.png", SMALL)
    shown = ok(world.owner.client.post(path, body, headers=MULTIPART))["avatar"]
    return Asked(ids={"user_id": world.owner.user.id, "name": shown.rpartition("/")[2]})


def _archive(world: World) -> Asked:
    job = world.made("/api/current-user/data/archive/", status=202)["id"]
    wiring.jobs().run_here(job, until_s=20)
    return Asked(ids={"job_id": job})


def _sign_in(world: World) -> Asked:
    person = world.member(password=PASSWORD)
    return Asked(client=Client(world.app), body={"email": person.user.email, "password": PASSWORD})


def _form(path: str, email: str) -> Callable[[World], Asked]:
    def asked(world: World) -> Asked:
        browser = Client(world.app)
        browser.get(path)
        fields = {"email": email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        token = ok(world.owner.client.get("/api/invite/"))["token"]
        if not email:
            fields["email"] = world.member(password=PASSWORD).user.email
        return Asked(client=browser, form=fields, query={"token": token})

    return asked


def _reset(world: World) -> Asked:
    person, browser = world.member(password=PASSWORD), Client(world.app)
    for earlier in world.mails.glob("*.eml"):
        earlier.unlink()
    assert browser.post("/api/password-reset/", {"email": person.user.email}).status == 204
    token = secret_in(newest(world.mails))
    return Asked(client=browser, body={"token": token, "password": "another horse 10"})


def _flag(body: Any = None) -> Callable[[World], Asked]:
    return lambda world: Asked(ids={"name": "command_palette"}, body=body, client=world.operator.client)


REQUESTS: Mapping[str, Callable[[World], Asked]] = {
    "GET /api/comments/": lambda world: Asked(query={"task": world.ids["task_id"]}),
    "DELETE /api/import/file-upload/{upload_id}/": _uploaded,
    "DELETE /api/organizations/{organization_id}/memberships/{user_id}/": _on_member(),
    "DELETE /api/users/{user_id}/": _on_member(),
    "DELETE /api/users/{user_id}/avatar/": lambda world: Asked(ids={"user_id": world.owner.user.id}),
    "GET /api/annotations/{annotation_id}/versions/{number}/difference/{later_id}/": _compare,
    "GET /api/current-user/data/archive/{job_id}/": _archive,
    "GET /api/import/file-upload/{upload_id}/": _uploaded,
    "GET /api/jobs/{job_id}/report/": _report,
    "GET /api/projects/{project_id}/imports/{job_id}/": _cancel,
    "GET /api/projects/{project_id}/next/": _next,
    "GET /api/projects/{project_id}/reimports/{job_id}/": _cancel,
    "GET /api/tasks/": lambda world: Asked(query={"project": world.ids["project_id"]}),
    "GET /data/avatars/{user_id}/{name}": _read_avatar,
    "GET /data/upload/{project_id}/{name}": _read_file,
    "GET /storage-data/uploaded/": _read_file,
    "PATCH /api/import/file-upload/{upload_id}/": _replace,
    "PATCH /api/organizations/{organization_id}/memberships/{user_id}/": _on_member({"role": "viewer"}),
    "POST /api/annotations/{annotation_id}/versions/{number}/restore/": _restore,
    "POST /api/current-user/erase/": _erase,
    "POST /api/current-user/password/": _password,
    "POST /api/current-user/reset-token/": _as_member(),
    "POST /api/dm/actions/": deletion,
    "GET /api/flags/rollouts/": _flag(),
    "GET /api/flags/{name}/changes/": _flag(),
    "POST /api/flags/{name}/seen/": _flag(),
    "PUT /api/flags/{name}/": _flag({"state": "on"}),
    "POST /api/password-reset/": lambda world: Asked(
        client=Client(world.app), body={"email": world.owner.user.email}
    ),
    "POST /api/password-reset/set/": _reset,
    "POST /api/fsm/entities/{entity}/{entity_id}/transition/": _pause,
    "POST /api/invitations/accept/": _accept,
    "POST /api/invitations/show/": lambda world: Asked(body={"invitation": _secret(world)}),
    "POST /api/invitations/sign-up/": _sign_up,
    "POST /api/jobs/{job_id}/cancel/": _cancel,
    "POST /api/jobs/{job_id}/retry/": _retry,
    "POST /api/label_links/": _link,
    "POST /api/organizations/{organization_id}/leave/": _leave,
    "POST /api/projects/{project_id}/config-edits/{job_id}/undo/": _undo,
    "POST /api/projects/{project_id}/imports/": _import,
    "POST /api/projects/{project_id}/reimport/": _reimport,
    "POST /api/projects/{project_id}/uploads/{upload_id}/complete/": _complete,
    "POST /api/session/": _sign_in,
    "POST /api/tasks/{task_id}/heartbeat/": _heartbeat,
    "POST /api/token/": _as_member(),
    "POST /api/token/blacklist/": _token,
    "POST /api/token/refresh/": _token,
    "POST /api/token/rotate/": _token,
    "POST /api/users/{user_id}/avatar/": _avatar,
    "POST /user/login/": _form("/user/login/", ""),
    "POST /user/signup/": _form("/user/signup/", "signed.up@lab.test"),
}
"""Requests that need more than ids and a body."""
