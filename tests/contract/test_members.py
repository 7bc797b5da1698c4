"""Organizations, members, groups, roles in projects, invitations and forgotten passwords, over HTTP."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.domain.people import Membership
from chalicelib.errors import UpstreamError
from chalicelib.integrations.mail import FolderMailer
from chalicelib.settings import settings
from chalicelib.storage.dynamo import put
from chalicelib.storage.people import DynamoPeopleRepository
from tests.contract.client import Client, Response
from tests.contract.conftest import PASSWORD, Join, Person
from tests.contract.test_costs import counted
from tests.contract.test_labeling import CONFIG, add_task, annotate, ok

NEW_PASSWORD = "another horse 10"


@pytest.fixture
def mails(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that mails are written to."""
    mailer = FolderMailer(str(tmp_path / "mail"))
    for service in ("invitations", "password_resets"):
        built = replace(getattr(wiring, service)(), mailer=mailer)
        monkeypatch.setattr(wiring, service, lambda built=built: built)
    return tmp_path / "mail"


def newest(mails: Path) -> str:
    """The one mail that is there, as text; it is read once."""
    (mail,) = mails.glob("*.eml")
    text = mail.read_text()
    mail.unlink()
    return text


def secret_in(text: str) -> str:
    found = re.search(r"[?&](?:invitation|token)=([\w-]+)", text)
    assert found, text
    return found[1]


def member(person: Person, user_id: int) -> str:
    return f"/api/organizations/{person.organization_id}/memberships/{user_id}/"


def put_into(person: Person, organization: int, role: Role = Role.ANNOTATOR) -> None:
    """Make somebody who has an account a member of a further organization."""
    now = datetime.now(UTC)
    membership = Membership(organization, person.user.id, role.value, now)  # type: ignore[arg-type]
    wiring.people().people.add_membership(membership)
    wiring.credentials().forget()


# -- several organizations


def test_a_person_in_two_organizations_switches_between_them(join: Join) -> None:
    person, other = join(Role.MANAGER), join(Role.OWNER)
    put_into(person, other.organization_id)
    ok(person.client.post("/api/projects/", {"title": "At home"}), 201)

    listed = ok(person.client.get("/api/organizations/"))
    switched = ok(
        person.client.post("/api/current-user/organization/", {"organization": other.organization_id})
    )

    assert [(o["id"], o["role"], o["is_active"]) for o in listed] == [
        (person.organization_id, "manager", True),
        (other.organization_id, "annotator", False),
    ]
    assert (switched["active_organization"], switched["role"]) == (other.organization_id, "annotator")
    whoami = ok(person.client.get("/api/current-user/whoami"))
    assert (whoami["active_organization"], whoami["role"]) == (other.organization_id, "annotator")
    assert ok(person.client.get("/api/projects/"))["count"] == 0
    assert person.client.post("/api/projects/", {"title": "Not here"}).status == 403


def test_a_token_acts_in_the_organization_that_a_request_names(join: Join) -> None:
    person, other, stranger = join(Role.MANAGER), join(Role.OWNER), join(Role.OWNER)
    put_into(person, other.organization_id)
    named = Client(
        person.client.app,
        {**person.client.headers, "X-Skylabel-Organization": str(other.organization_id)},
    )

    assert ok(named.get("/api/current-user/whoami"))["active_organization"] == other.organization_id
    assert ok(person.client.get("/api/current-user/whoami"))["active_organization"] == person.organization_id
    for wrong in (str(stranger.organization_id), "x", "-1", "9" * 30):
        headers = {"X-Skylabel-Organization": wrong}
        assert person.client.get("/api/current-user/whoami", headers=headers).status == 401


def test_a_browser_switches_at_once_in_every_process(join: Join, anonymous: Client) -> None:
    """The other process still trusts what it verified a moment ago; the cookie tells it better."""
    person, other = join(Role.MANAGER, password=PASSWORD), join(Role.OWNER)
    put_into(person, other.organization_id)
    ok(anonymous.post("/api/session/", {"email": person.user.email, "password": PASSWORD}))
    ok(anonymous.get("/api/session/"))
    service = wiring.credentials()
    trusted = dict(service._cache)
    web = {"X-Skylabel-Client": "web"}
    there = {"organization": other.organization_id}

    ok(anonymous.post("/api/current-user/organization/", there, headers=web))
    service._cache.update(trusted)

    assert ok(anonymous.get("/api/session/"))["active_organization"] == other.organization_id
    member_there = f"/api/organizations/{other.organization_id}/memberships/{person.user.id}/"
    assert other.client.delete(member_there).status == 204
    assert ok(anonymous.get("/api/session/"))["active_organization"] == person.organization_id


def test_nobody_switches_to_an_organization_of_others(admin: Person, join: Join) -> None:
    target = {"organization": join().organization_id}

    assert admin.client.post("/api/current-user/organization/", target).status == 404


def test_an_organization_does_not_tell_what_else_its_members_are_in(join: Join) -> None:
    person, other = join(Role.MANAGER), join(Role.OWNER)
    put_into(person, other.organization_id)

    shown = ok(other.client.get(f"/api/users/{person.user.id}/"))

    assert shown["active_organization"] == other.organization_id
    assert other.client.patch(f"/api/users/{person.user.id}/", {"first_name": "Mine"}).status == 403
    assert other.client.delete(f"/api/users/{person.user.id}/").status == 403
    assert person.client.get("/api/current-user/whoami").status == 200


def test_who_founds_an_organization_owns_it_and_acts_in_it(admin: Person, join: Join) -> None:
    made = ok(admin.client.post("/api/organizations/", {"title": "Second lab"}), 201)

    whoami = ok(admin.client.get("/api/current-user/whoami"))
    assert (whoami["active_organization"], whoami["role"]) == (made["id"], "owner")
    assert join(Role.MANAGER).client.post("/api/organizations/", {"title": "No"}).status == 403


def test_ownership_is_transferred(join: Join) -> None:
    owner = join(Role.OWNER)
    heir = join(Role.ANNOTATOR, organization_id=owner.organization_id)
    path = f"/api/organizations/{owner.organization_id}/transfer/"
    assert owner.client.post(path, {"user": owner.user.id}).status == 409
    assert owner.client.post(path, {"user": join().user.id}).status == 404

    ok(owner.client.post(path, {"user": heir.user.id}))

    assert ok(owner.client.get("/api/current-user/whoami"))["role"] == "administrator"
    assert ok(heir.client.get("/api/current-user/whoami"))["role"] == "owner"
    assert owner.client.post(path, {"user": owner.user.id}).status == 403


def test_the_last_owner_cannot_go(join: Join) -> None:
    owner = join(Role.OWNER)
    admin = join(Role.ADMINISTRATOR, organization_id=owner.organization_id)
    leave = f"/api/organizations/{owner.organization_id}/leave/"

    assert owner.client.post(leave).status == 409
    assert owner.client.patch(member(owner, owner.user.id), {"role": "viewer"}).status == 409
    assert owner.client.patch(member(owner, owner.user.id), {"is_active": False}).status == 403
    assert admin.client.patch(member(owner, owner.user.id), {"is_active": False}).status == 403
    assert admin.client.post(leave).status == 204
    assert admin.client.get("/api/current-user/whoami").status == 401


def test_two_owners_who_leave_at_once_do_not_leave_it_without_one(join: Join) -> None:
    for _ in range(5):
        first = join(Role.OWNER)
        second = join(Role.OWNER, organization_id=first.organization_id)
        leave = f"/api/organizations/{first.organization_id}/leave/"
        for person in (first, second):
            person.client.get("/api/current-user/whoami")

        with ThreadPoolExecutor(2) as pool:
            going = [pool.submit(person.client.post, leave) for person in (first, second)]
        answers = [one.result().status for one in going]

        left = wiring.people().people.members(first.organization_id)
        assert sorted(answers) == [204, 409]
        assert [m.role for m in left] == ["owner"]


def test_a_deactivated_member_can_do_nothing_and_comes_back_as_they_were(
    join: Join, anonymous: Client
) -> None:
    owner = join(Role.OWNER)
    person = join(Role.REVIEWER, organization_id=owner.organization_id, password=PASSWORD)
    ok(anonymous.post("/api/session/", {"email": person.user.email, "password": PASSWORD}))
    refresh = ok(person.client.post("/api/token/"), 201)["token"]
    access = ok(anonymous.post("/api/token/refresh/", {"refresh": refresh}))["access"]
    by_access = Client(person.client.app, {"Authorization": f"Bearer {access}"})
    ways = (person.client, anonymous, by_access)
    assert [way.get("/api/current-user/whoami").status for way in ways] == [200] * 3

    ok(owner.client.patch(member(owner, person.user.id), {"is_active": False}))
    gone = [way.get("/api/current-user/whoami").status for way in ways]
    signing_in = Client(person.client.app).post(
        "/api/session/", {"email": person.user.email, "password": PASSWORD}
    )
    listed = ok(owner.client.get(f"/api/organizations/{owner.organization_id}/memberships/"))
    ok(owner.client.patch(member(owner, person.user.id), {"is_active": True}))

    assert gone == [401] * 3
    assert signing_in.status == 401
    assert [m["is_active"] for m in listed["results"]] == [True, False]
    assert ok(person.client.get("/api/current-user/whoami"))["role"] == "reviewer"


def test_the_cache_of_credentials_lasts_no_longer_than_thirty_seconds() -> None:
    assert settings().credential_cache_s <= 30


def test_memberships_from_before_there_were_versions_can_be_read_and_changed(join: Join) -> None:
    owner = join(Role.OWNER)
    person = join(Role.ANNOTATOR, organization_id=owner.organization_id)
    dynamo = wiring.people().people._dynamo  # type: ignore[attr-defined]
    for pk, sk in (
        (f"USER#{person.user.id}", f"MEMBER#{owner.organization_id}"),
        (f"ORG#{owner.organization_id}", f"MEMBER#{person.user.id:012d}"),
    ):
        row = dynamo.get("meta", {"pk": pk, "sk": sk})
        old = {k: v for k, v in row.items() if k not in ("version", "groups", "project_roles", "is_active")}
        dynamo.write(put(dynamo.table("meta"), old))
    wiring.credentials().forget()

    assert ok(person.client.get("/api/current-user/whoami"))["role"] == "annotator"
    changed = ok(owner.client.patch(member(owner, person.user.id), {"role": "reviewer"}))
    assert (changed["role"], changed["is_active"]) == ("reviewer", True)


# -- groups and projects


def test_groups_are_made_filled_and_deleted(admin: Person, join: Join) -> None:
    person = join(Role.VIEWER, organization_id=admin.organization_id)
    group = ok(admin.client.post("/api/groups/", {"name": "Night shift"}), 201)["id"]
    assert admin.client.post("/api/groups/", {"name": "night SHIFT"}).status == 400
    assert admin.client.put(f"/api/groups/{group}/members/{person.user.id}/").status == 204
    assert admin.client.put(f"/api/groups/{group}/members/{join().user.id}/").status == 404

    listed = ok(admin.client.get("/api/groups/"))
    assert [(g["name"], g["members"]) for g in listed] == [("Night shift", [person.user.id])]
    assert ok(admin.client.patch(f"/api/groups/{group}/", {"name": "Day shift"}))["name"] == "Day shift"
    assert admin.client.delete(f"/api/groups/{group}/").status == 204
    assert ok(admin.client.get("/api/groups/")) == []
    account = wiring.people().people.account(person.user.id)
    assert account is not None
    assert account.memberships[0].groups == ()


def test_a_closed_project_is_opened_to_members_and_to_groups(admin: Person, join: Join) -> None:
    labeler = join(Role.VIEWER, organization_id=admin.organization_id)
    reader = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    project = ok(admin.client.post("/api/projects/", {"title": "Closed", "label_config": CONFIG}), 201)["id"]
    task = add_task(admin, project, "x")["id"]
    assert admin.client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}).status == 204
    assert [p.client.get(f"/api/tasks/{task}/").status for p in (labeler, reader)] == [404, 404]

    role = {"role": "annotator"}
    assert admin.client.put(f"/api/projects/{project}/members/{labeler.user.id}/", role).status == 204
    group = ok(admin.client.post("/api/groups/", {"name": "Readers"}), 201)["id"]
    assert admin.client.put(f"/api/groups/{group}/members/{reader.user.id}/").status == 204
    assert admin.client.put(f"/api/projects/{project}/groups/{group}/", {"role": "viewer"}).status == 204

    assert ok(labeler.client.get(f"/api/projects/{project}/next/"))["id"] == task
    assert annotate(labeler, task)["id"]
    assert ok(reader.client.get(f"/api/tasks/{task}/"))["id"] == task
    assert reader.client.get(f"/api/projects/{project}/next/").status == 403
    access = ok(reader.client.get(f"/api/projects/{project}/access/"))
    assert {m["user"]["id"]: (m["role"], m["own_role"]) for m in access["members"]} == {
        admin.user.id: ("administrator", None),
        labeler.user.id: ("annotator", "annotator"),
        reader.user.id: ("viewer", None),
    }
    assert [(g["group"]["name"], g["role"]) for g in access["groups"]] == [("Readers", "viewer")]
    nothing = {"role": None}
    assert admin.client.put(f"/api/projects/{project}/members/{labeler.user.id}/", nothing).status == 204
    assert labeler.client.get(f"/api/tasks/{task}/").status == 404


def test_a_manager_who_closes_a_project_stays_in_it(admin: Person, join: Join) -> None:
    manager = join(Role.MANAGER, organization_id=admin.organization_id)
    project = ok(manager.client.post("/api/projects/", {"title": "Mine"}), 201)["id"]

    assert manager.client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}).status == 204

    access = ok(manager.client.get(f"/api/projects/{project}/access/"))
    assert (access["is_members_only"], access["your_role"]) == (True, "manager")


def test_a_role_in_a_project_is_no_more_than_its_giver_holds(admin: Person, join: Join) -> None:
    manager = join(Role.MANAGER, organization_id=admin.organization_id)
    project = ok(admin.client.post("/api/projects/", {"title": "Held"}), 201)["id"]
    path = f"/api/projects/{project}/members/{manager.user.id}/"
    for role in ("owner", "administrator", "king"):
        assert admin.client.put(path, {"role": role}).status == 400
    assert admin.client.put(path, {"role": "reviewer"}).status == 204

    assert manager.client.put(path, {"role": "manager"}).status == 403
    assert manager.client.patch(f"/api/projects/{project}/access/", {"is_members_only": True}).status == 403


def test_a_viewer_who_reviews_one_project_changes_annotations_there_alone(admin: Person, join: Join) -> None:
    person = join(Role.VIEWER, organization_id=admin.organization_id)
    made = []
    for title in ("There", "Elsewhere"):
        project = ok(admin.client.post("/api/projects/", {"title": title, "label_config": CONFIG}), 201)["id"]
        made.append((project, annotate(admin, add_task(admin, project, "x")["id"])["id"]))
    (there, mine), (_, elsewhere) = made
    role = {"role": "reviewer"}
    assert admin.client.put(f"/api/projects/{there}/members/{person.user.id}/", role).status == 204

    assert person.client.patch(f"/api/annotations/{mine}/", {"ground_truth": True}).status == 200
    assert person.client.patch(f"/api/annotations/{elsewhere}/", {"ground_truth": True}).status == 403


def test_roles_in_projects_cost_the_hot_paths_no_request(admin: Person, join: Join) -> None:
    """The role is known from the credential, which is read anyway, and the project, which is read anyway."""
    plain = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    given = join(Role.VIEWER, organization_id=admin.organization_id)
    project = ok(admin.client.post("/api/projects/", {"title": "Hot", "label_config": CONFIG}), 201)["id"]
    tasks = [add_task(admin, project, f"t{n}")["id"] for n in range(4)]
    group = ok(admin.client.post("/api/groups/", {"name": f"Hot {project}"}), 201)["id"]
    assert admin.client.put(f"/api/groups/{group}/members/{given.user.id}/").status == 204
    assert admin.client.put(f"/api/projects/{project}/groups/{group}/", {"role": "annotator"}).status == 204
    costs = []
    for person, task in ((plain, tasks[2]), (given, tasks[3])):
        person.client.get("/api/current-user/whoami")
        with counted() as calls:
            assert person.client.get(f"/api/projects/{project}/next/").status == 200
            annotate(person, task)
            assert person.client.get(f"/api/tasks/?project={project}").status == 200
        costs.append(dict(calls))

    assert costs[0] == costs[1]


def test_nobody_stays_in_a_group_that_is_deleted_at_that_moment(
    admin: Person, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    group = ok(admin.client.post("/api/groups/", {"name": "Night shift"}), 201)["id"]
    save = DynamoPeopleRepository.save_membership

    def overtaken(*arguments: Any, **named: Any) -> Membership:
        monkeypatch.undo()
        assert admin.client.delete(f"/api/groups/{group}/").status == 204
        return save(*arguments, **named)

    monkeypatch.setattr(DynamoPeopleRepository, "save_membership", overtaken)
    answer = admin.client.put(f"/api/groups/{group}/members/{person.user.id}/")

    assert answer.status == 404
    (found,) = [
        m for m in wiring.people().people.members(admin.organization_id) if m.user_id == person.user.id
    ]
    assert found.groups == ()


# -- invitations


def accept(app: Any, secret: str, email: str, **more: str) -> Response:
    body = {"invitation": secret, "email": email, "password": PASSWORD, **more}
    return Client(app).post("/api/invitations/sign-up/", body)


def test_an_invitation_by_mail_works_once_for_its_address(admin: Person, mails: Path) -> None:
    made = ok(admin.client.post("/api/invitations/", {"role": "reviewer", "email": "Ann@Lab.test"}), 201)
    mail = newest(mails)
    secret, app = secret_in(mail), admin.client.app
    assert "To: ann@lab.test" in mail
    assert made["url"].endswith(f"/join?invitation={secret}")
    shown = ok(Client(app).post("/api/invitations/show/", {"invitation": secret}))
    assert shown == {"organization": "Lab", "email": "ann@lab.test", "role": "reviewer"}
    assert accept(app, secret, "eve@lab.test").status == 400
    assert accept(app, secret, "ann@lab.test", password="short").status == 400

    joined = Client(app)
    body = {"invitation": secret, "email": "ann@lab.test", "password": PASSWORD, "role": "owner"}
    assert joined.post("/api/invitations/sign-up/", body).status == 204

    whoami = ok(joined.get("/api/current-user/whoami"))
    assert (whoami["email"], whoami["role"]) == ("ann@lab.test", "reviewer")
    assert accept(app, secret, "ann@lab.test").status == 403
    assert ok(admin.client.get("/api/invitations/")) == []


def test_a_link_serves_many_until_it_is_revoked(admin: Person, app: Any) -> None:
    made = ok(admin.client.post("/api/invitations/", {"role": "viewer"}), 201)
    secret = secret_in(made["url"])

    assert [accept(app, secret, f"link{n}.{made['id']}@lab.test").status for n in range(2)] == [204, 204]
    listed = ok(admin.client.get("/api/invitations/"))
    assert [i["id"] for i in listed] == [made["id"]]
    assert secret not in str(listed)
    assert admin.client.delete(f"/api/invitations/{made['id']}/").status == 204
    assert accept(app, secret, f"late.{made['id']}@lab.test").status == 403


def test_an_invitation_ends(admin: Person, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ok(admin.client.post("/api/invitations/", {"days": 1}), 201)
    later = replace(wiring.invitations(), clock=lambda: datetime.now(UTC) + timedelta(days=1, seconds=1))
    monkeypatch.setattr(wiring, "invitations", lambda: later)

    assert accept(app, secret_in(made["url"]), f"slow.{made['id']}@lab.test").status == 403
    assert ok(admin.client.get("/api/invitations/")) == []


def test_nobody_invites_into_more_than_they_are(join: Join, app: Any) -> None:
    owner = join(Role.OWNER)
    manager = join(Role.MANAGER, organization_id=owner.organization_id)
    for role in ("owner", "administrator"):
        assert manager.client.post("/api/invitations/", {"role": role}).status == 403
    made = ok(manager.client.post("/api/invitations/", {"role": "manager"}), 201)

    ok(owner.client.patch(member(owner, manager.user.id), {"role": "annotator"}))

    assert accept(app, secret_in(made["url"]), f"sly.{made['id']}@lab.test").status == 403


def test_somebody_with_an_account_joins_a_further_organization(admin: Person, join: Join) -> None:
    person = join(Role.OWNER)
    made = ok(admin.client.post("/api/invitations/", {"role": "annotator"}), 201)
    body = {"invitation": secret_in(made["url"])}

    assert person.client.post("/api/invitations/accept/", body).status == 204

    whoami = ok(person.client.get("/api/current-user/whoami"))
    assert (whoami["active_organization"], whoami["role"]) == (admin.organization_id, "annotator")
    assert person.client.post("/api/invitations/accept/", body).status == 409


def test_two_who_use_one_mailed_invitation_at_once_are_one_member(admin: Person, mails: Path) -> None:
    address = f"race.{admin.user.id}@lab.test"
    ok(admin.client.post("/api/invitations/", {"email": address}), 201)
    secret = secret_in(newest(mails))

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: accept(admin.client.app, secret, address).status, range(4)))

    assert statuses.count(204) == 1
    assert len(wiring.people().people.members(admin.organization_id)) == 2


def test_an_invitation_by_mail_is_there_until_somebody_has_joined_by_it(
    admin: Person, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"again.{admin.user.id}@lab.test"
    ok(admin.client.post("/api/invitations/", {"email": address}), 201)
    secret = secret_in(newest(mails))

    def dying(*_: object, **__: object) -> None:
        raise UpstreamError("The database does not answer.")

    with monkeypatch.context() as dead:
        dead.setattr(DynamoPeopleRepository, "create_user", dying)
        assert accept(admin.client.app, secret, address).status == 502

    assert accept(admin.client.app, secret, address).status == 204
    assert ok(admin.client.get("/api/invitations/")) == []


def test_a_mailed_invitation_of_somebody_with_an_account_is_there_until_they_have_joined(
    admin: Person, join: Join, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = join(Role.OWNER)
    ok(admin.client.post("/api/invitations/", {"email": person.user.email}), 201)
    body = {"invitation": secret_in(newest(mails))}

    def dying(*_: object, **__: object) -> None:
        raise UpstreamError("The database does not answer.")

    for method in ("add_membership", "save_user"):
        with monkeypatch.context() as dead:
            dead.setattr(DynamoPeopleRepository, method, dying)
            assert person.client.post("/api/invitations/accept/", body).status == 502

    assert ok(admin.client.get("/api/invitations/")) == []
    assert len(wiring.people().people.members(admin.organization_id)) == 2


def test_without_mail_nobody_is_invited_by_mail(admin: Person) -> None:
    answer = admin.client.post("/api/invitations/", {"email": "ann.nomail@lab.test"})

    assert answer.status == 502
    assert ok(admin.client.get("/api/invitations/")) == []


def test_a_name_makes_no_lines_in_a_mail(join: Join, mails: Path) -> None:
    admin = join()
    ok(
        admin.client.patch(
            f"/api/users/{admin.user.id}/", {"first_name": "Ann\r\nBcc: eve@evil.test\r\n\r\n"}
        )
    )
    ok(admin.client.post("/api/invitations/", {"email": f"hdr.{admin.user.id}@lab.test"}), 201)

    assert not re.search(r"^Bcc:", newest(mails), re.MULTILINE)


# -- forgotten passwords


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    join: Join, mails: Path, anonymous: Client
) -> None:
    person = join(Role.ANNOTATOR, password=PASSWORD)
    ok(anonymous.post("/api/session/", {"email": person.user.email, "password": PASSWORD}))
    assert anonymous.post("/api/password-reset/", {"email": person.user.email.upper()}).status == 204
    secret = secret_in(newest(mails))
    app = anonymous.app
    weak = {"token": secret, "password": "aaaaaaaa"}
    assert Client(app).post("/api/password-reset/set/", weak).status == 400

    body = {"token": secret, "password": NEW_PASSWORD}
    assert Client(app).post("/api/password-reset/set/", body).status == 204

    assert anonymous.get("/api/current-user/whoami").status == 401
    signing_in = Client(app)
    old = signing_in.post("/api/session/", {"email": person.user.email, "password": PASSWORD})
    new = signing_in.post("/api/session/", {"email": person.user.email, "password": NEW_PASSWORD})
    assert (old.status, new.status) == (401, 200)
    assert Client(app).post("/api/password-reset/set/", body).status == 403


def test_asking_for_a_reset_tells_nothing_about_accounts(join: Join, mails: Path, anonymous: Client) -> None:
    person = join(password=PASSWORD)

    answers = [
        anonymous.post("/api/password-reset/", {"email": email})
        for email in (person.user.email, "nobody@lab.test", "not an address")
    ]

    assert {(answer.status, answer.content) for answer in answers} == {(204, answers[0].content)}
    assert len(list(mails.glob("*.eml"))) == 1


def test_a_mail_that_fails_tells_nothing_either(join: Join, anonymous: Client) -> None:
    person = join(password=PASSWORD)

    assert anonymous.post("/api/password-reset/", {"email": person.user.email}).status == 204


def test_asking_for_resets_is_throttled(join: Join, mails: Path, anonymous: Client) -> None:
    body = {"email": join(password=PASSWORD).user.email}

    statuses = [anonymous.post("/api/password-reset/", body).status for _ in range(12)]

    assert statuses == [204] * settings().login_attempts + [429] * (12 - settings().login_attempts)


def test_a_reset_ends(join: Join, mails: Path, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    anonymous.post("/api/password-reset/", {"email": join(password=PASSWORD).user.email})
    secret = secret_in(newest(mails))
    later = replace(wiring.password_resets(), clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    monkeypatch.setattr(wiring, "password_resets", lambda: later)

    body = {"token": secret, "password": NEW_PASSWORD}
    assert anonymous.post("/api/password-reset/set/", body).status == 403


def test_what_is_stored_of_links_are_hashes(admin: Person, mails: Path) -> None:
    made = ok(admin.client.post("/api/invitations/", {"email": f"hash.{admin.user.id}@lab.test"}), 201)
    dynamo = wiring.people().people._dynamo  # type: ignore[attr-defined]

    rows = list(dynamo.query("meta", f"ORG#{admin.organization_id}"))

    assert any(row["sk"].startswith("INVITATION#") for row in rows)
    assert secret_in(made["url"]) not in str(rows)
