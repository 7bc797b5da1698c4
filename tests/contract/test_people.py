"""People, tokens, sessions and organizations over HTTP."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.principals import Role
from chalicelib.domain.people import Session
from tests.contract.client import Client
from tests.contract.conftest import PASSWORD, Join, Person


def test_anonymous_is_told_how_to_authenticate(anonymous: Client) -> None:
    answer = anonymous.get("/api/current-user/whoami")

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Token"
    body = answer.json()
    assert body["detail"] == "Authentication credentials were not provided."
    assert set(body) == {"id", "status_code", "version", "detail", "exc_info", "code"}
    assert body["version"] == "1.23.2"


def test_unknown_legacy_token_is_invalid(app: object) -> None:
    answer = Client(app, {"Authorization": "Token " + "0" * 40}).get("/api/current-user/whoami/")

    assert (answer.status, answer.json()["detail"]) == (401, "Invalid token.")


@pytest.mark.parametrize("path", ["/api/current-user/whoami", "/api/current-user/whoami/"])
def test_whoami_with_and_without_closing_slash(admin: Person, path: str) -> None:
    answer = admin.client.get(path)

    assert answer.status == 200
    body = answer.json()
    assert body["id"] == admin.user.id
    assert body["email"] == admin.user.email
    assert body["active_organization"] == admin.organization_id
    assert "project.create" in body["permissions"]


def test_no_answer_can_be_framed_or_run_scripts(anonymous: Client) -> None:
    for path in ("/user/login/", "/nowhere", "/api/users/", "/health"):
        headers = anonymous.get(path).headers

        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"


def test_every_answer_has_a_request_id(anonymous: Client) -> None:
    assert anonymous.get("/health").headers["x-request-id"]
    assert anonymous.get("/nowhere").headers["x-request-id"]


def test_unknown_path_is_a_page_and_unknown_method_is_405(admin: Person) -> None:
    missing = admin.client.get("/api/nothing/")
    wrong = admin.client.put("/api/current-user/whoami/", {})

    assert missing.status == 404
    assert missing.headers["content-type"].startswith("text/html")
    assert (wrong.status, wrong.json()["detail"]) == (405, 'Method "PUT" not allowed.')


def test_wrong_method_without_credentials_is_401(anonymous: Client) -> None:
    assert anonymous.put("/api/current-user/whoami/", {}).status == 401


def test_reset_token_kills_the_old_one(admin: Person) -> None:
    fresh = admin.client.post("/api/current-user/reset-token/")

    assert fresh.status == 201
    assert admin.client.get("/api/current-user/whoami").status == 401
    again = Client(admin.client.app, {"Authorization": f"Token {fresh.json()['token']}"})
    assert again.get("/api/current-user/token").json() == fresh.json()


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    decoded: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded


def test_personal_token_lives_and_dies(admin: Person, anonymous: Client) -> None:
    made = admin.client.post("/api/token/")
    assert made.status == 201
    refresh = made.json()["token"]
    assert claims(refresh)["token_type"] == "refresh"
    assert claims(refresh)["user_id"] == str(admin.user.id)
    assert admin.client.post("/api/token/").status == 409

    listed = admin.client.get("/api/token/").json()
    assert listed == [{"token": refresh.rpartition(".")[0]}]

    access = anonymous.post("/api/token/refresh/", {"refresh": refresh}).json()["access"]
    bearer = Client(admin.client.app, {"Authorization": f"Bearer {access}"})
    assert bearer.get("/api/current-user/whoami").json()["id"] == admin.user.id
    assert Client(admin.client.app, {"Authorization": f"Bearer {refresh}"}).get("/api/users/").status == 401

    assert (
        admin.client.post("/api/token/blacklist/", listed[0] | {"refresh": listed[0]["token"]}).status == 204
    )
    assert admin.client.post("/api/token/blacklist/", {"refresh": refresh}).status == 404
    assert anonymous.post("/api/token/refresh/", {"refresh": refresh}).status == 401
    assert bearer.get("/api/current-user/whoami").status == 401


def test_refresh_without_a_token_is_400_and_forged_is_401(anonymous: Client) -> None:
    assert anonymous.post("/api/token/refresh/", {}).status == 400
    forged = ".".join(("eyJhbGciOiJub25lIn0", "eyJ1c2VyX2lkIjoiMSIsImV4cCI6OTk5OTk5OTk5OX0", ""))
    assert anonymous.post("/api/token/refresh/", {"refresh": forged}).status == 401


def test_rotate_replaces_the_token(admin: Person, anonymous: Client) -> None:
    old = admin.client.post("/api/token/").json()["token"]
    new = admin.client.post("/api/token/rotate/", {"refresh": old}).json()["refresh"]

    assert anonymous.post("/api/token/refresh/", {"refresh": old}).status == 401
    assert anonymous.post("/api/token/refresh/", {"refresh": new}).status == 200
    assert admin.client.post("/api/token/rotate/", {"refresh": old}).status == 400


def test_legacy_tokens_can_be_switched_off(admin: Person) -> None:
    made = admin.client.post("/api/token/").json()["token"]
    access = admin.client.post("/api/token/refresh/", {"refresh": made}).json()["access"]

    switched = admin.client.post("/api/jwt/settings", {"legacy_api_tokens_enabled": False})

    assert switched.json() == {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False}
    assert admin.client.get("/api/current-user/whoami").status == 401
    bearer = Client(admin.client.app, {"Authorization": f"Bearer {access}"})
    assert bearer.get("/api/jwt/settings").json()["legacy_api_tokens_enabled"] is False


def test_session_by_json(join: Join, anonymous: Client) -> None:
    person = join(password=PASSWORD)

    wrong = anonymous.post("/api/session/", {"email": person.user.email, "password": "wrong"})
    right = anonymous.post("/api/session/", {"email": person.user.email.upper(), "password": PASSWORD})

    assert wrong.status == 401
    assert right.json()["id"] == person.user.id
    assert "HttpOnly" in right.cookies[0]
    assert "SameSite=Lax" in right.cookies[0]
    assert anonymous.get("/api/session/").json()["id"] == person.user.id
    assert anonymous.delete("/api/session/").status == 403
    assert anonymous.delete("/api/session/", headers={"X-Skylabel-Client": "web"}).status == 204
    assert anonymous.get("/api/session/").status == 401


def test_a_session_from_before_is_ended_by_signing_in_again(join: Join, app: object) -> None:
    person, browser = join(password=PASSWORD), Client(app)
    words = {"email": person.user.email, "password": PASSWORD}
    browser.post("/api/session/", words)
    old = dict(browser.cookies)

    browser.post("/api/session/", words)

    assert browser.cookies != old
    assert Client(app, cookies=old).get("/api/session/").status == 401


def test_a_changed_password_ends_every_other_session(admin: Person, app: object) -> None:
    body = {"email": f"pw{admin.user.id}@lab.test", "password": PASSWORD}
    assert admin.client.post("/api/users/", {**body, "password": "short"}).status == 400
    assert admin.client.post("/api/users/", body).status == 201
    mine, other, header = Client(app), Client(app), {"X-Skylabel-Client": "web"}
    assert [browser.post("/api/session/", body).status for browser in (mine, other)] == [200, 200]
    path, fresh = "/api/current-user/password/", "another horse 7"

    wrong = mine.post(path, {"current_password": "guess", "new_password": fresh}, headers=header)
    weak = mine.post(path, {"current_password": PASSWORD, "new_password": "aaaaaaaa"}, headers=header)
    done = mine.post(path, {"current_password": PASSWORD, "new_password": fresh}, headers=header)

    assert list(wrong.json()["validation_errors"]) == ["current_password"]
    assert list(weak.json()["validation_errors"]) == ["new_password"]
    assert done.status == 204
    assert mine.get("/api/session/").status == 200
    assert other.get("/api/session/").status == 401
    assert Client(app).post("/api/session/", body).status == 401
    assert Client(app).post("/api/session/", {**body, "password": fresh}).status == 200


def test_too_many_attempts_are_throttled(join: Join, app: object) -> None:
    person = join(password=PASSWORD)
    words = {"email": person.user.email, "password": "guess"}

    answers = [Client(app).post("/api/session/", words) for _ in range(11)]

    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_login_form_wants_its_csrf_token(join: Join, app: object) -> None:
    person, browser = join(password=PASSWORD), Client(app)
    words = {"email": person.user.email, "password": PASSWORD}

    assert browser.post("/user/login/", form=words).status == 403
    assert browser.get("/user/login/").status == 200
    token = browser.cookies["csrftoken"]
    answer = browser.post("/user/login/", form={**words, "csrfmiddlewaretoken": token})

    assert (answer.status, answer.headers["location"]) == (302, "/")
    assert browser.get("/api/current-user/whoami").json()["id"] == person.user.id


def test_sign_up_needs_an_invitation(admin: Person, app: object) -> None:
    invite = admin.client.get("/api/invite").json()
    assert invite["invite_url"] == f"http://skylabel.test/user/signup/?token={invite['token']}"
    browser = Client(app)
    browser.get("/user/signup/")
    words = {
        "email": "new@lab.test",
        "password": PASSWORD,
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }

    assert browser.post("/user/signup/", form=words).status == 403
    answer = browser.post(f"/user/signup/?token={invite['token']}", form=words)

    assert (answer.status, answer.headers["location"]) == (302, "/")
    me = browser.get("/api/current-user/whoami").json()
    assert (me["email"], me["active_organization"]) == ("new@lab.test", admin.organization_id)


def test_reset_invitation_closes_the_old_link(admin: Person) -> None:
    old = admin.client.get("/api/invite").json()["token"]
    new = admin.client.post("/api/invite/reset-token")

    assert new.status == 201
    assert new.json()["token"] != old
    assert wiring.people().people.organization_of_invite("x" + old) is None


def test_users_are_made_changed_and_deleted(admin: Person) -> None:
    made = admin.client.post("/api/users/", {"email": "Ann@Lab.test", "username": "ann"})
    assert made.status == 201
    user = made.json()
    assert user["email"] == "ann@lab.test"

    taken = admin.client.post("/api/users/", {"email": "ann@lab.test", "username": "other"})
    assert (taken.status, list(taken.json()["validation_errors"])) == (400, ["email"])
    bad = admin.client.post("/api/users/", {"email": "nonsense", "username": "n"})
    assert bad.json()["validation_errors"] == {"email": ["Enter a valid email address."]}

    path = f"/api/users/{user['id']}/"
    assert admin.client.patch(path, {"email": "b@lab.test"}).status == 405
    assert admin.client.patch(path, {"first_name": "Ann", "is_superuser": True}).json()["first_name"] == "Ann"
    assert [found["id"] for found in admin.client.get("/api/users/").json()] == [admin.user.id, user["id"]]
    assert admin.client.delete(path).status == 204
    assert admin.client.get(path).status == 404
    assert admin.client.post("/api/users/", {"email": "ann@lab.test", "username": "ann"}).status == 201


def test_the_owner_cannot_be_deleted(join: Join) -> None:
    owner = join(Role.OWNER)
    other = join(Role.ADMINISTRATOR, organization_id=owner.organization_id)

    answer = other.client.delete(f"/api/users/{owner.user.id}/")

    assert answer.status == 403


def test_strangers_see_no_users(admin: Person, join: Join) -> None:
    stranger = join()

    assert stranger.client.get(f"/api/users/{admin.user.id}/").status == 404
    assert stranger.client.patch(f"/api/users/{admin.user.id}/", {"first_name": "x"}).status == 404
    assert stranger.client.get(f"/api/organizations/{admin.organization_id}/").status == 404


def test_members_are_paged(admin: Person, join: Join) -> None:
    for _ in range(3):
        join(Role.ANNOTATOR, organization_id=admin.organization_id)
    path = f"/api/organizations/{admin.organization_id}/memberships"

    first = admin.client.get(f"{path}?page_size=3").json()
    second = admin.client.get(first["next"].removeprefix("http://skylabel.test")).json()
    everyone = admin.client.get(f"{path}?page_size=-1").json()

    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    assert len(second["results"]) == 1
    assert len(everyone["results"]) == 4
    assert admin.client.get(f"{path}?page=9").status == 404


def test_a_removed_member_is_out(admin: Person, join: Join) -> None:
    member = join(Role.ANNOTATOR, organization_id=admin.organization_id)
    path = f"/api/organizations/{admin.organization_id}/memberships/{member.user.id}/"
    assert member.client.get("/api/current-user/whoami").status == 200

    assert admin.client.delete(path).status == 204
    assert admin.client.delete(path).status == 404
    assert member.client.get("/api/current-user/whoami").status == 401


def test_nobody_removes_themselves(admin: Person) -> None:
    answer = admin.client.delete(f"/api/organizations/{admin.organization_id}/memberships/{admin.user.id}/")

    assert (answer.status, list(answer.json())) == (405, ["detail"])


def test_roles_never_rise_above_the_giver(join: Join) -> None:
    owner = join(Role.OWNER)
    admin = join(Role.ADMINISTRATOR, organization_id=owner.organization_id)
    path = f"/api/organizations/{owner.organization_id}/memberships"

    assert admin.client.patch(f"{path}/{admin.user.id}/", {"role": "owner"}).status == 403
    assert admin.client.patch(f"{path}/{owner.user.id}/", {"role": "viewer"}).status == 403
    assert owner.client.patch(f"{path}/{owner.user.id}/", {"role": "viewer"}).status == 409
    assert admin.client.post("/api/users/", {"email": "o@x.test", "role": "owner"}).status == 403


def test_hotkeys_are_checked_whole(admin: Person) -> None:
    good = {"regions:delete": {"key": "ctrl+d", "active": True}}
    bad = {"no section": {"key": "a"}, "a:b": {"key": "<script>"}, "c:d": 3}

    assert admin.client.patch("/api/current-user/hotkeys/", {"custom_hotkeys": good}).status == 200
    refused = admin.client.patch("/api/current-user/hotkeys/", {"custom_hotkeys": bad})

    assert refused.status == 400
    assert len(refused.json()["details"]["custom_hotkeys"]) == 3
    assert admin.client.get("/api/current-user/hotkeys/").json() == {"custom_hotkeys": good}


def test_a_creating_request_repeated_under_its_key_gives_the_first_answer(admin: Person) -> None:
    headers = {"Idempotency-Key": "abc"}
    body = {"email": "once@lab.test", "username": "once"}

    first = admin.client.post("/api/users/", body, headers=headers)
    second = admin.client.post("/api/users/", body, headers=headers)
    other = admin.client.post("/api/users/", {"email": "two@lab.test"}, headers=headers)

    assert (first.status, second.status, other.status) == (201, 201, 409)
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"


def test_requests_past_the_limit_of_a_minute_are_put_off(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKYLABEL_REQUESTS_PER_MINUTE", "3")
    wiring.reset()

    answers = [admin.client.get("/api/current-user/whoami") for _ in range(9)]

    wiring.reset()
    assert [answer.status for answer in answers[:3]] == [200, 200, 200]
    assert answers[-1].status == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_requests_past_an_organizations_budget_of_the_day_wait_for_tomorrow(
    admin: Person, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = join(organization_id=admin.organization_id)
    stranger = join()
    monkeypatch.setenv("SKYLABEL_ORGANIZATION_REQUESTS_PER_DAY", "4")
    wiring.reset()

    both = [one.client.get("/api/current-user/whoami") for one in (admin, colleague) * 3]
    other = stranger.client.get("/api/current-user/whoami")

    wiring.reset()
    assert [answer.status for answer in both] == [200, 200, 200, 200, 429, 429]
    assert 0 < int(both[-1].headers["retry-after"]) <= 24 * 3600
    assert other.status == 200


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("{", "JSON parse error - "),
        ('{"refresh": NaN}', "JSON parse error - "),
        ("[" * 100_000, "JSON parse error - "),
        (b"\xff\xfe", "JSON parse error - "),
    ],
)
def test_unreadable_json_is_400(anonymous: Client, body: object, detail: str) -> None:
    answer = anonymous.post("/api/token/refresh/", body, headers={"Content-Type": "application/json"})

    assert answer.status == 400
    assert answer.json()["detail"].startswith(detail)


def test_version_says_community(anonymous: Client) -> None:
    body = anonymous.get("/api/version").json()

    assert (body["edition"], body["release"]) == ("Community", "1.23.2")
    assert body["label-studio-os-package"]["version"] == "1.23.2"


# -- how long sessions last


def browser_of(app: object, person: Person, *, minutes_ago: int, idle: int | None = None) -> Client:
    """A browser that signed in a while ago, and was last in use so many minutes ago."""
    secret, now = secrets.token_urlsafe(16), datetime.now(UTC)
    began = now - timedelta(minutes=minutes_ago)
    seen_at = None if idle is None else now - timedelta(minutes=idle)
    session = Session(fingerprint(secret), person.user.id, began, now + timedelta(days=1))
    repository = wiring.credentials().credentials
    repository.save_session(session)
    if seen_at is not None:
        repository.touch_session(session, seen_at)
    return Client(app, cookies={"skylabel_session": secret})


def test_an_organization_chooses_how_long_sessions_last(admin: Person, app: object, join: Join) -> None:
    whole = {"max_session_age": 20160, "max_time_between_activity": 20160}
    assert admin.client.get("/api/session-policy/").json() == whole
    hour = {"max_session_age": 60, "max_time_between_activity": 20}

    assert admin.client.patch("/api/session-policy/", hour).json() == hour

    def status(**when: int) -> int:
        return browser_of(app, admin, **when).get("/api/session/").status

    assert [status(minutes_ago=59), status(minutes_ago=61)] == [200, 401]
    assert [status(minutes_ago=59, idle=19), status(minutes_ago=59, idle=21)] == [200, 401]
    stranger = join()
    assert browser_of(app, stranger, minutes_ago=600).get("/api/session/").status == 200
    assert admin.client.get("/api/session/").status == 200, "tokens are no sessions"
    free = {"max_session_age": None, "max_time_between_activity": None}
    assert admin.client.patch("/api/session-policy/", free).json() == whole
    assert status(minutes_ago=600, idle=599) == 200


def test_a_session_in_use_goes_on(admin: Person, app: object) -> None:
    admin.client.patch("/api/session-policy/", {"max_time_between_activity": 20})
    browser = browser_of(app, admin, minutes_ago=30, idle=15)

    assert browser.get("/api/session/").status == 200

    kept = wiring.credentials().credentials.session(fingerprint(browser.cookies["skylabel_session"]))
    assert kept is not None
    assert kept.seen_at is not None
    assert datetime.now(UTC) - kept.seen_at < timedelta(minutes=1)


def test_limits_of_sessions_that_make_no_sense_are_refused(admin: Person, join: Join) -> None:
    def places(body: dict[str, object]) -> list[str]:
        answer = admin.client.patch("/api/session-policy/", body)
        assert answer.status == 400, answer.text
        return [fault["place"] for fault in answer.json()["faults"]]

    assert places({"max_session_age": 4}) == ["max_session_age"]
    assert places({"max_session_age": 20161, "max_time_between_activity": 0}) == [
        "max_session_age",
        "max_time_between_activity",
    ]
    assert places({"max_session_age": 60, "max_time_between_activity": 61}) == ["max_time_between_activity"]
    assert places({"max_session_age": "long"}) == ["max_session_age"]
    member = join(Role.MANAGER, organization_id=admin.organization_id)
    assert member.client.patch("/api/session-policy/", {}).status == 403
