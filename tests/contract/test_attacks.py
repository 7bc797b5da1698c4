"""Attacks over HTTP, by class; docs/security.md lists which test stands against which."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from chalicelib import wiring
from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.routes import load_all
from chalicelib.auth import passwords
from chalicelib.auth.principals import Role
from chalicelib.settings import Settings
from tests.contract.client import Client, Response
from tests.contract.conftest import PASSWORD, Join, Person
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok

load_all()
Call = Callable[..., Response]


def path_of(declared: Route, values: dict[str, Any] | None = None) -> str:
    """The route's path with these values, or with ids that nobody has."""
    path = declared.path
    while "{" in path:
        name = path[path.index("{") + 1 : path.index("}")]
        path = path.replace("{" + name + "}", str((values or {}).get(name, 999_999)))
    return path


def named(declared: Route) -> str:
    return f"{declared.method} {declared.path}"


GUARDED = [declared for declared in ROUTES if not declared.is_public]
CHANGING = [declared for declared in GUARDED if declared.method != "GET"]
READING = [declared for declared in ROUTES if declared.method == "GET"]


@pytest.fixture
def browser(join: Join, app: Any) -> Client:
    """Somebody signed in by cookie, without the header that other sites cannot send."""
    person, client = join(password=PASSWORD), Client(app)
    assert client.post("/api/session/", {"email": person.user.email, "password": PASSWORD}).status == 200
    return client


# --- cross-site requests and sessions (S14)


@pytest.fixture(scope="module")
def forged(app: Any) -> dict[str, Client]:
    return {}


@pytest.mark.parametrize("declared", CHANGING, ids=named)
def test_no_other_site_can_change_anything_by_the_cookie(
    declared: Route, forged: dict[str, Client], join: Join, app: Any
) -> None:
    if not forged:
        person, client = join(password=PASSWORD), Client(app)
        client.post("/api/session/", {"email": person.user.email, "password": PASSWORD})
        forged["client"] = client
    client = forged["client"]

    answer = client.request(
        declared.method, path_of(declared), {}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status == 403, answer.text
    assert "X-Skylabel-Client" in answer.text


class Writes:
    """Counts the requests to DynamoDB that write."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def note(self, params: Any, model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"):
            self.names.append(f"{model.name} {json.dumps(params.get('TableName', ''))}")


@pytest.fixture
def writes(app: Any) -> Iterator[Writes]:
    counter, events = Writes(), wiring.dynamodb().meta.events
    events.register("before-parameter-build.dynamodb.*", counter.note)
    yield counter
    events.unregister("before-parameter-build.dynamodb.*", counter.note)


# By GET as Label Studio has it: leasing a task, exporting; and what is made when it is first asked for.
WRITING_READS = {
    "/api/projects/{project_id}/next/",
    "/api/projects/{project_id}/export/",
    "/api/invite/",
    "/api/projects/{project_id}/summary/",
    "/api/oidc/start/",
    "/api/oidc/callback/",
}


@pytest.fixture(scope="module")
def own() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize("declared", READING, ids=named)
def test_reading_changes_nothing(declared: Route, own: dict[str, Any], join: Join, request: Any) -> None:
    if not own:
        person = join(Role.OWNER)
        project = ok(person.client.post("/api/projects/", {"title": "Own", "label_config": CONFIG}), 201)[
            "id"
        ]
        task = add_task(person, project)["id"]
        own |= {
            "client": person.client,
            "project_id": project,
            "task_id": task,
            "annotation_id": annotate(person, task)["id"],
            "organization_id": person.organization_id,
            "user_id": person.user.id,
        }
        own["client"].get("/api/current-user/whoami")
    client: Client = own["client"]
    writes: Writes = request.getfixturevalue("writes")

    answer = client.get(path_of(declared, own))

    assert answer.status < 500
    if declared.path not in WRITING_READS:
        assert writes.names == []


def test_the_watch_sees_a_write(admin: Person, writes: Writes) -> None:
    ok(admin.client.post("/api/projects/", {"title": "Seen"}), 201)

    assert writes.names


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    join: Join, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "is_secure", property(lambda _: True))
    person = join(password=PASSWORD)

    answer = Client(app).post("/api/session/", {"email": person.user.email, "password": PASSWORD})

    assert answer.cookies
    for cookie in answer.cookies:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= attributes


def test_a_session_that_somebody_planted_is_not_taken_over(join: Join, app: Any) -> None:
    person, victim = join(password=PASSWORD), Client(app)
    victim.cookies["skylabel_session"] = "planted-by-somebody-else"

    victim.post("/api/session/", {"email": person.user.email, "password": PASSWORD})

    assert victim.cookies["skylabel_session"] != "planted-by-somebody-else"
    thief = Client(app, cookies={"skylabel_session": "planted-by-somebody-else"})
    assert thief.get("/api/current-user/whoami").status == 401


# --- accounts: enumeration and timing (S25)


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[passwords.Cost]:
    """The cost of each hash that is computed: counted, because a clock in a test would lie."""
    costs: list[passwords.Cost] = []
    real = passwords._derive

    def counted(password: str, salt: bytes, cost: passwords.Cost) -> bytes:
        costs.append(cost)
        return real(password, salt, passwords.Cost(n=2**4, r=1, p=1))

    monkeypatch.setattr(passwords, "_derive", counted)
    return costs


def test_signing_in_does_the_same_work_for_unknown_accounts(
    join: Join, app: Any, derivations: list[passwords.Cost]
) -> None:
    known = join(password=PASSWORD).user.email
    answers, works = [], []
    for email in (known, "nobody@lab.test"):
        derivations.clear()
        answers.append(Client(app).post("/api/session/", {"email": email, "password": "wrong wrong 1"}))
        works.append(len(derivations))

    assert works == [1, 1]
    assert [answer.status for answer in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


def test_the_work_for_unknown_accounts_is_that_of_a_new_password(derivations: list[passwords.Cost]) -> None:
    stored = passwords.hash_password(PASSWORD)
    passwords.verify_password(PASSWORD, stored)
    passwords.verify_password(PASSWORD, "")

    assert derivations == [passwords.DEFAULT_COST] * 3


# --- headers (S5, S24) and errors (S25)


@pytest.mark.parametrize("declared", ROUTES, ids=named)
def test_every_answer_forbids_frames_sniffing_and_scripts(declared: Route, anonymous: Client) -> None:
    answer = anonymous.request(declared.method, path_of(declared), {} if declared.method != "GET" else None)

    headers = answer.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")
    assert headers.get("access-control-allow-origin", "") != "*"


def test_transport_is_held_to_https_where_there_is_any(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "is_secure", property(lambda _: True))

    assert "max-age=31536000" in anonymous.get("/api/version").headers["strict-transport-security"]


@pytest.mark.parametrize(
    "path",
    [
        "/user/login/?next=%22%3E%3Cscript%3Eran(1)%3C/script%3E",
        "/user/signup/?token=%22%3E%3Cscript%3Eran(1)%3C/script%3E",
        "/docs/api/?q=%3Cscript%3Eran(1)%3C/script%3E",
        "/%3Cscript%3Eran(1)%3C/script%3E",
        "/api/%3Cscript%3Eran(1)%3C/script%3E",
    ],
)
def test_nothing_of_an_address_becomes_markup(path: str, anonymous: Client) -> None:
    answer = anonymous.get(path)

    if "html" in answer.headers["content-type"]:
        assert "<script>ran" not in answer.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"]
)
def test_signing_in_by_form_leads_nowhere_else(target: str, join: Join, app: Any) -> None:
    person, browser = join(password=PASSWORD), Client(app)
    browser.get(f"/user/login/?next={quote(target)}")
    form = {"email": person.user.email, "password": PASSWORD, "next": target}

    answer = browser.post(
        f"/user/login/?next={quote(target)}",
        form=form | {"csrfmiddlewaretoken": browser.cookies["csrftoken"]},
    )

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1", "a\nb", "a\x00b", "\u2028"])
def test_no_value_of_ours_makes_a_header_of_its_own(name: str, admin: Person) -> None:
    project = ok(admin.client.post("/api/projects/", {"title": f"T {name}", "label_config": CONFIG}), 201)[
        "id"
    ]
    for path in (f"/api/projects/{project}/", f"/data/upload/{project}/{quote(name, safe='')}"):
        for value in admin.client.get(path).headers.values():
            assert not set(value) & {"\r", "\n", "\x00"}


# --- files (S4, S15, S16)

ACTIVE = [
    "page.html",
    "page.HTM",
    "picture.svg",
    "sheet.xml",
    "page.xhtml",
    "x.shtml",
    "x.mhtml",
    "script.js",
]
HOSTILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "C:\\x.png",
    "a/b.png",
    "x\x00.png",
    "..",
    ".",
]


def upload(
    person: Person, project: int, name: str, content: bytes = b"<script>ran(1)</script>"
) -> dict[str, Any]:
    files = [{"name": name, "size": len(content)}]
    begun = ok(person.client.post(f"/api/projects/{project}/uploads/", {"files": files}), 201)["uploads"][0]
    for part in begun["parts"]:
        put = requests.put(part["url"], data=content, headers=begun["headers"], timeout=5)
        assert put.status_code == 200, put.text
    done = person.client.post(f"/api/projects/{project}/uploads/{begun['id']}/complete/", {"parts": []})
    return {**begun, **ok(done)}


@pytest.fixture
def project(admin: Person) -> int:
    return int(ok(admin.client.post("/api/projects/", {"title": "Files", "label_config": CONFIG}), 201)["id"])


@pytest.mark.parametrize("name", ACTIVE)
def test_what_a_browser_would_run_is_a_download_from_another_origin(
    name: str, admin: Person, project: int
) -> None:
    stored = upload(admin, project, name)

    answer = admin.client.get(
        f"/data/{stored['file']}" if not stored["file"].startswith("/") else stored["file"]
    )
    location = answer.headers["location"]
    served = requests.get(location, timeout=5)

    assert urlsplit(location).netloc != "skylabel.test"
    kind = served.headers["Content-Type"]
    runs = any(word in kind for word in ("html", "svg", "xml", "javascript"))
    assert not runs or served.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_file_stays_in_the_folder_of_its_project(name: str, admin: Person, project: int) -> None:
    answer = admin.client.post(f"/api/projects/{project}/uploads/", {"files": [{"name": name, "size": 1}]})

    if answer.status == 400:
        return
    for begun in ok(answer, 201)["uploads"]:
        for part in begun["parts"]:
            path = urlsplit(part["url"]).path
            assert f"/upload/{project}/" in path
            rest = path.partition(f"/upload/{project}/")[2]
            assert "/" not in rest
            assert ".." not in rest.partition("-")[0]


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fkey", "..%2f2%2fx.png", "%2e%2e/x.png", "x%00.png", "..%5Cx.png", "%2Fetc%2Fpasswd"]
)
def test_no_file_outside_the_project_is_read_by_its_name(name: str, admin: Person, project: int) -> None:
    assert admin.client.get(f"/data/upload/{project}/{name}").status in (400, 404)


def test_an_upload_address_is_for_one_file_of_one_size_and_kind(admin: Person, project: int) -> None:
    files = [{"name": "a.png", "size": 4}]
    begun = ok(admin.client.post(f"/api/projects/{project}/uploads/", {"files": files}), 201)["uploads"][0]
    url, kind = begun["parts"][0]["url"], begun["headers"]
    elsewhere = url.replace(f"/upload/{project}/", f"/upload/{project + 1}/")

    assert requests.put(url, data=b"too long by far", headers=kind, timeout=5).status_code in (400, 403)
    assert (
        requests.put(url, data=b"1234", headers={"Content-Type": "text/html"}, timeout=5).status_code == 403
    )
    assert requests.put(elsewhere, data=b"1234", headers=kind, timeout=5).status_code == 403
    assert requests.get(url, timeout=5).status_code == 403
    assert requests.delete(url, timeout=5).status_code == 403
    assert requests.put(url, data=b"1234", headers=kind, timeout=5).status_code == 200


def test_addresses_of_files_run_out(admin: Person, project: int) -> None:
    stored = upload(admin, project, "a.txt", b"text")
    location = admin.client.get(f"/data/upload/{project}/{stored['file'].rpartition('/')[2]}").headers[
        "location"
    ]
    asked = parse_qs(urlsplit(location).query)

    assert 0 < int(asked["X-Amz-Expires"][0]) <= 3600


def test_a_file_of_another_project_cannot_be_presigned(admin: Person, join: Join, project: int) -> None:
    stored = upload(admin, project, "a.txt", b"text")
    name = stored["file"].rpartition("/")[2]
    stranger = join()
    theirs = ok(stranger.client.post("/api/projects/", {"title": "Theirs"}), 201)["id"]

    assert stranger.client.get(f"/data/upload/{project}/{name}").status == 404
    assert stranger.client.get(f"/data/upload/{theirs}/{name}").status == 404


# --- filters that would leak (S7)

LEAKS = [
    "filter:tasks:completed_by.password_hash",
    "filter:tasks:annotations__completed_by__password",
    "filter:tasks:annotators.email",
    "filter:tasks:project__organization__token",
    "filter:tasks:updated_by__auth_token__key",
    "filter:tasks:file_upload__project__title",
    "filter:tasks:password",
    "filter:tasks:pk",
    "filter:tasks:gsi1pk",
    "filter:tasks:__class__",
    "filter:people:email",
    "tasks:id",
    "",
]


@pytest.mark.parametrize("column", LEAKS)
@pytest.mark.parametrize("operator", ["regex", "contains", "equal", "empty"])
def test_no_filter_asks_about_anything_but_the_columns(
    column: str, operator: str, admin: Person, project: int
) -> None:
    add_task(admin, project)
    item = {"filter": column, "operator": operator, "type": "String", "value": "a"}
    query = quote(json.dumps({"filters": {"conjunction": "and", "items": [item]}}))

    assert admin.client.get(f"/api/tasks/?project={project}&query={query}").status == 400


@pytest.mark.parametrize("column", [*LEAKS[:11], "tasks:completed_by__password", "-tasks:password"])
def test_no_ordering_asks_about_anything_but_the_columns(column: str, admin: Person, project: int) -> None:
    add_task(admin, project)
    query = quote(json.dumps({"ordering": [column]}))

    assert admin.client.get(f"/api/tasks/?project={project}&query={query}").status == 400


# --- fields that are not for callers (S9)

PRIVILEGED: dict[str, Any] = {
    "id": 1,
    "is_superuser": True,
    "is_staff": True,
    "role": "owner",
    "org_role": "OW",
    "password": "planted 123",
    "password_hash": "scrypt$2$1$1$AA==$AA==",
    "email": "other@lab.test",
    "active_organization": 1,
    "organization": 1,
    "created_by": 1,
    "token": "x",
    "version": 99,
}


def test_a_person_cannot_give_themselves_anything(join: Join) -> None:
    person = join(Role.ANNOTATOR)
    before = ok(person.client.get("/api/current-user/whoami"))
    stored = wiring.people().people.account(person.user.id)

    person.client.patch(f"/api/users/{person.user.id}/", {"first_name": "New", **PRIVILEGED})

    after = ok(person.client.get("/api/current-user/whoami"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"first_name", "initials", "updated_at"}
    now = wiring.people().people.account(person.user.id)
    assert stored
    assert now
    assert now.user.password_hash == stored.user.password_hash
    assert [m.role for m in now.memberships] == [m.role for m in stored.memberships]


def test_an_annotator_cannot_give_work_to_others_names(admin: Person, join: Join, project: int) -> None:
    task = add_task(admin, project)["id"]
    annotator = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    body = {
        "result": [],
        "completed_by": admin.user.id,
        "project": 999,
        "task": 999,
        "id": 1,
        "updated_by": 1,
    }

    made = annotator.client.post(f"/api/tasks/{task}/annotations/", body)

    if made.status == 201:
        stored = made.json()
        assert (stored["completed_by"], stored["task"], stored["project"]) == (
            annotator.user.id,
            task,
            project,
        )
        assert stored["id"] != 1
    else:
        assert made.status in (400, 403)


def test_a_project_cannot_be_moved_to_another_organization(admin: Person, join: Join, project: int) -> None:
    other = join()
    admin.client.patch(
        f"/api/projects/{project}/", {"organization": other.organization_id, "id": 7, "task_number": 5}
    )

    stored = ok(admin.client.get(f"/api/projects/{project}/"))
    assert (stored["organization"], stored["id"], stored["task_number"]) == (
        admin.organization_id,
        project,
        0,
    )
    assert other.client.get(f"/api/projects/{project}/").status == 404


# --- secrets in answers and logs (S12, S13)


def test_no_answer_and_no_log_line_holds_a_password_or_a_session(
    join: Join, app: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, client = join(Role.OWNER, password=PASSWORD), Client(app)
    seen = client.post("/api/session/", {"email": person.user.email, "password": PASSWORD}).text
    secret = client.cookies["skylabel_session"]
    for declared in READING:
        seen += person.client.get(path_of(declared, {"organization_id": person.organization_id})).text
    logged = "".join(capfd.readouterr())

    for text in (seen, logged):
        assert PASSWORD not in text
        assert "scrypt$" not in text
        assert secret not in text
