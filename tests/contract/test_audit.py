"""The audit log over HTTP: what is told of, by whom it is read, and that it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.routes import load_all
from chalicelib.auth.checkpoint_keys import is_signed
from chalicelib.auth.principals import Role
from chalicelib.cli.__main__ import main as skylabel
from chalicelib.clock import system_clock
from chalicelib.domain.audit.exports import verify
from chalicelib.services.audit import AuditService
from tests.contract.conftest import PASSWORD, Join, Person
from tests.contract.server import running
from tests.contract.test_isolation import belongings, body_for
from tests.contract.test_labeling import CONFIG, choice, ok

load_all()
CHANGING = [declared for declared in ROUTES if not declared.is_public and declared.method != "GET"]

SILENT = {
    "PATCH /api/drafts/{draft_id}/",
    "POST /api/projects/{project_id}/config-edits/plan/",
    "POST /api/projects/{project_id}/validate/",
}
"""Routes whose writes are no change yet: a draft's contents, and counts kept for the next question."""
UNREACHED = {
    "DELETE /api/dm/views/reset/",
    "DELETE /api/organizations/{organization_id}/memberships/{user_id}/",
    "DELETE /api/users/{user_id}/",
    "PATCH /api/organizations/{organization_id}/memberships/{user_id}/",
    "POST /api/annotations/{annotation_id}/versions/{number}/restore/",
    "POST /api/current-user/erase/",
    "POST /api/current-user/organization/",
    "POST /api/current-user/password/",
    "POST /api/dm/actions/",
    "POST /api/dm/views/order/",
    "POST /api/flags/{name}/seen/",
    "POST /api/fsm/entities/{entity}/{entity_id}/transition/",
    "POST /api/invitations/accept/",
    "POST /api/jobs/{job_id}/cancel/",
    "POST /api/jobs/{job_id}/retry/",
    "POST /api/label_links/",
    "POST /api/organizations/{organization_id}/leave/",
    "POST /api/organizations/{organization_id}/transfer/",
    "POST /api/projects/{project_id}/config-edits/",
    "POST /api/projects/{project_id}/config-edits/{job_id}/undo/",
    "POST /api/projects/{project_id}/exports/{export_id}/convert/",
    "POST /api/projects/{project_id}/imports/",
    "POST /api/projects/{project_id}/reimport/",
    "POST /api/projects/{project_id}/uploads/{upload_id}/complete/",
    "POST /api/tasks/{task_id}/heartbeat/",
    "POST /api/token/blacklist/",
    "POST /api/token/rotate/",
    "POST /api/users/{user_id}/avatar/",
    "PUT /api/flags/{name}/",
}
"""Routes that ask for more than this test makes, such as a job that runs or a secret. What most of them
write, others show; a new one that is not reached has to be named here or given a body."""


@pytest.fixture
def seal() -> Callable[[], int]:
    """Seal as the watchdog does it ten seconds from now."""

    def sealed() -> int:
        return later().seal()

    return sealed


def later() -> AuditService:
    return replace(wiring.audit(), clock=lambda: system_clock() + timedelta(seconds=10))


def log(person: Person, **query: object) -> list[dict[str, Any]]:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    found: list[dict[str, Any]] = ok(person.client.get(f"/api/audit/?{text}"))["results"]
    return found


@pytest.fixture
def task(admin: Person) -> int:
    made = admin.client.post("/api/projects/", {"title": "Told", "label_config": CONFIG})
    project = ok(made, 201)["id"]
    path = f"/api/projects/{project}/import?return_task_ids=true"
    number: int = ok(admin.client.post(path, [{"text": "t"}]), 201)["task_ids"][0]
    return number


def annotate(person: Person, task: int, answer: str = "Positive") -> int:
    path = f"/api/tasks/{task}/annotations/"
    number: int = ok(person.client.post(path, {"result": choice(answer)}), 201)["id"]
    return number


def test_a_record_says_who_did_what_to_what_from_where(
    admin: Person, task: int, seal: Callable[[], int]
) -> None:
    headers = {"User-Agent": "Firefox", "X-Forwarded-For": "203.0.113.9"}
    answer = admin.client.post(
        f"/api/tasks/{task}/annotations/", {"result": choice("Positive")}, headers=headers
    )
    annotation = ok(answer, 201)["id"]
    seal()

    record = log(admin, kind="annotation", id=annotation)[0]

    assert record["user"] == admin.user.id
    assert record["email"] == admin.user.email
    assert record["operation"] == "POST /api/tasks/{task_id}/annotations/"
    assert record["request"] == answer.headers["x-request-id"]
    assert record["agent"] == "Firefox"
    assert record["address"]
    kinds = {(change["kind"], change["id"]): change for change in record["changes"]}
    assert kinds["annotation", str(annotation)]["verb"] == "created"
    assert kinds["annotation", str(annotation)]["before"] is None
    assert kinds["task", str(task)]["before"] != kinds["task", str(task)]["after"]


def test_what_a_change_leaves_is_what_the_next_one_finds(
    admin: Person, task: int, seal: Callable[[], int]
) -> None:
    number = annotate(admin, task)
    for answer in ("Negative", "Positive"):
        ok(admin.client.request("PATCH", f"/api/annotations/{number}/", {"result": choice(answer)}))
    assert admin.client.request("DELETE", f"/api/annotations/{number}/").status == 204
    seal()

    changes = [
        change
        for record in reversed(log(admin, kind="annotation", id=number))
        for change in record["changes"]
        if change["kind"] == "annotation"
    ]

    assert [change["verb"] for change in changes] == ["created", "updated", "updated", "deleted"]
    assert [change["before"] for change in changes[1:]] == [change["after"] for change in changes[:-1]]
    assert changes[-1]["after"] is None


def test_a_refused_change_is_not_told_of(admin: Person, task: int, seal: Callable[[], int]) -> None:
    body = {"result": choice("Positive"), "unique_id": f"{task:032x}"}
    ok(admin.client.post(f"/api/tasks/{task}/annotations/", body), 201)
    assert admin.client.post(f"/api/tasks/{task}/annotations/", body).status == 409
    seal()

    told = [record for record in log(admin, kind="annotation") if record["operation"].startswith("POST")]
    assert len(told) == 1


def test_only_owners_and_administrators_read_it_and_only_their_own(
    admin: Person, join: Join, task: int, seal: Callable[[], int]
) -> None:
    annotate(admin, task)
    manager, stranger = join(Role.MANAGER, organization_id=admin.organization_id), join(Role.OWNER)
    seal()

    for path in ("/api/audit/", "/api/audit/export/", "/api/audit/key/"):
        assert manager.client.get(path).status == 403
    assert manager.client.post("/api/audit/seal/", {}).status == 403
    assert log(stranger, kind="annotation") == []
    assert str(task) not in {change["id"] for record in log(stranger) for change in record["changes"]}


def test_the_log_is_searched_and_read_on(
    admin: Person, join: Join, task: int, seal: Callable[[], int]
) -> None:
    colleague = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    for person in (admin, colleague, admin):
        annotate(person, task)
    seal()

    assert len(log(admin, user=colleague.user.id, kind="annotation")) == 1
    assert len(log(admin, operation="annotations", kind="annotation")) == 3
    assert log(admin, operation="no such thing") == []
    newest = log(admin)[0]["at"].replace("+", "%2B")
    assert log(admin, since=newest)[0]["at"] == log(admin)[0]["at"]
    assert all(record["at"] < log(admin)[0]["at"] for record in log(admin, until=newest))

    everything = [record["seq"] for record in log(admin, page_size=500)]
    paged: list[int] = []
    before = ""
    while True:
        page = ok(admin.client.get(f"/api/audit/?page_size=2{before}"))
        paged += [record["seq"] for record in page["results"]]
        if page["before"] is None:
            break
        before = f"&before={page['before']}"
    assert paged == everything == sorted(everything, reverse=True)


@pytest.mark.parametrize("query", ["before=0", "page_size=0", "page_size=501", "since=soon", "user=x"])
def test_a_question_that_makes_no_sense_is_told_so(admin: Person, query: str) -> None:
    assert admin.client.get(f"/api/audit/?{query}").status == 400


def test_an_export_is_verified_offline(
    admin: Person, task: int, seal: Callable[[], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    annotate(admin, task)
    seal()
    key = ok(admin.client.get("/api/audit/key/"))["key"]
    first = admin.client.get("/api/audit/export/").content
    last = json.loads(first.splitlines()[-1])["end"]["last"]
    annotate(admin, task)
    seal()
    rest = admin.client.get(f"/api/audit/export/?after={last}").content
    files = []
    for name, data in (("a", first), ("b", rest), ("bad", first.replace(b'"user":', b'"user":1', 1))):
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_bytes(data)

    assert skylabel(["verify-audit", str(files[0]), str(files[1]), "--key", key]) == 0
    assert capsys.readouterr().out.count(": sound:") == 2
    assert skylabel(["verify-audit", str(files[0]), "--key", "0" * 64]) == 1
    assert skylabel(["verify-audit", str(files[1]), str(files[0])]) == 1
    assert skylabel(["verify-audit", str(files[2])]) == 1
    assert admin.client.get("/api/audit/export/?after=999999").status == 400


def test_a_command_exports_the_whole_log_of_an_installation_that_runs(
    app: Any, admin: Person, task: int, seal: Callable[[], int], tmp_path: Path
) -> None:
    annotate(admin, task)
    seal()
    access = tmp_path / "access.json"
    folder = str(tmp_path / "log")

    with running(app) as url:
        access.write_text(json.dumps({"url": url, "api_key": admin.token}))
        assert skylabel(["audit", "--access-file", str(access), folder]) == 0
        access.write_text(json.dumps({"url": url, "api_key": "0" * 40}))
        assert skylabel(["audit", "--access-file", str(access), folder]) == 1
    access.write_text(json.dumps({"url": "file:///etc", "api_key": "x"}))
    assert skylabel(["audit", "--access-file", str(access), folder]) == 1

    (written,) = Path(folder).iterdir()
    assert skylabel(["verify-audit", str(written)]) == 0
    assert written.read_bytes().splitlines(keepends=True)[:-1] == exported(admin)[:-1]


def test_many_who_seal_at_once_seal_everything_once(admin: Person, task: int) -> None:
    numbers = [annotate(admin, task) for _ in range(30)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: later().seal(), range(12)))
    later().seal()

    told = [
        change["id"]
        for record in log(admin, kind="annotation", page_size=500)
        for change in record["changes"]
        if change["kind"] == "annotation"
    ]
    assert sorted(told) == sorted(map(str, numbers))
    assert verify(exported(admin), is_signed).is_sound


def exported(person: Person) -> list[bytes]:
    return person.client.get("/api/audit/export/").content.splitlines(keepends=True)


def test_where_somebody_was_is_forgotten_and_the_chain_holds(
    admin: Person, join: Join, task: int, seal: Callable[[], int]
) -> None:
    colleague = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    annotate(colleague, task)
    annotate(admin, task)
    seal()

    wiring.audit().forget_whereabouts(colleague.user.id)
    assert wiring.audit().forget_due() == 0  # what the person did last may not be sealed yet
    in_an_hour = replace(wiring.audit(), clock=lambda: system_clock() + timedelta(hours=1))
    assert in_an_hour.forget_due() == 1
    assert in_an_hour.forget_due() == 0

    assert {record["address"] for record in log(admin, user=colleague.user.id)} == {None}
    assert None not in {record["address"] for record in log(admin, user=admin.user.id)}
    verdict = verify(exported(admin), is_signed)
    assert (verdict.faults, verdict.records > 2) == ([], True)


def test_an_empty_log_is_exported_and_sound(join: Join) -> None:
    other = join(Role.OWNER)  # whose organization was founded by no request

    verdict = verify(exported(other), is_signed)

    assert (verdict.faults, verdict.records) == ([], 0)


def test_signing_in_is_told_of(join: Join, seal: Callable[[], int]) -> None:
    person = join(Role.OWNER, password=PASSWORD)
    ok(person.client.post("/api/session/", {"email": person.user.email, "password": PASSWORD}))
    seal()

    record = log(person, kind="session")[0]
    assert (record["user"], record["operation"]) == (person.user.id, "POST /api/session/")


@pytest.fixture
def requests() -> Iterator[list[str]]:
    """The tables written to, apart from the audit log's own."""
    tables: list[str] = []

    def note(params: Any, model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem", "DeleteItem"):
            tables.append(params["TableName"])
        if model.name == "TransactWriteItems":
            for write in params["TransactItems"]:
                tables.extend(arguments["TableName"] for arguments in write.values())

    events = wiring.dynamodb().meta.events
    events.register("before-parameter-build.dynamodb.*", note)
    yield tables
    events.unregister("before-parameter-build.dynamodb.*", note)


def own_body(name: str, declared: Route, mine: dict[str, Any]) -> Any:
    """The body that fits most routes, or the one that this needs."""
    project, task = mine["project_id"], mine["task_id"]
    bodies = {
        "POST /api/tasks/": {"project": project, "data": {"text": "x"}},
        "POST /api/predictions/": {"task": task, "result": choice("Negative")},
        "POST /api/dm/views/": {"project": project},
        "POST /api/users/": {"email": f"new{task}@lab.test"},
        "PATCH /api/current-user/hotkeys/": {"custom_hotkeys": {}},
        "POST /api/tasks/{task_id}/heartbeat/": {},
    }
    return bodies.get(name) or body_for(declared, mine)


def test_every_route_that_changes_something_is_told_of(
    join: Join, requests: list[str], seal: Callable[[], int]
) -> None:
    silent, told, unreached = set(), 0, set()
    person = join(Role.OWNER)
    mine = belongings(person)
    for declared in CHANGING:
        name = f"{declared.method} {declared.path}"
        for is_last in (False, True):
            requests.clear()
            path = declared.path.format(**{part: mine.get(part, "x") for part in declared.names})
            answer = person.client.request(declared.method, path, own_body(name, declared, mine))
            if answer.status < 300 or is_last:
                break
            person = join(Role.OWNER)  # what an earlier route has changed may be why this one was refused
            mine = belongings(person)
        tables = set(requests)
        if answer.status >= 300:
            unreached.add(name)
        elif any(table.endswith("events") for table in tables):
            told += 1
        elif tables:
            silent.add(name)

    assert sorted(silent) == sorted(SILENT)
    assert sorted(unreached) == sorted(UNREACHED)
    assert told > 55
