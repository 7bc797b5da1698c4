"""Feature flags over HTTP: who decides, what is told, how fast it is heard, what is counted and noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Principal, Role
from chalicelib.ids import OrganizationId
from chalicelib.services.flags import SNAPSHOT_S
from chalicelib.settings import settings
from tests.contract.conftest import Join, Person
from tests.contract.test_costs import counted
from tests.contract.test_labeling import ok

PALETTE, PUSH = "command_palette", "export_destinations"


@pytest.fixture
def operator(join: Join, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """The owner of the organization that runs the installation."""
    person = join(Role.OWNER)
    monkeypatch.setenv("SKYLABEL_OPERATOR_ORGANIZATION", str(person.organization_id))
    wiring.reset()
    assert settings().operator_organization == person.organization_id
    yield person
    for name in (PALETTE, PUSH):
        person.client.put(f"/api/flags/{name}/", {"state": "rules", "rules": []})
    monkeypatch.undo()
    wiring.reset()


def decide(person: Person, flag: str, state: str, *rules: dict[str, Any], **headers: str) -> Any:
    return person.client.put(f"/api/flags/{flag}/", {"state": state, "rules": [*rules]}, headers=headers)


def told(person: Person) -> Any:
    return ok(person.client.get("/api/flags/"))["flags"]


def test_a_decision_is_told_to_those_it_is_for(operator: Person, join: Join) -> None:
    other = join(Role.ANNOTATOR)
    assert told(other) == {PALETTE: True}

    ok(decide(operator, PALETTE, "off"))
    assert (told(operator), told(other)) == ({PALETTE: False}, {PALETTE: False})

    ok(decide(operator, PALETTE, "rules", {"value": False, "organizations": [other.organization_id]}))
    assert (told(operator), told(other)) == ({PALETTE: True}, {PALETTE: False})


def test_those_who_run_the_installation_decide_and_nobody_else(operator: Person, join: Join) -> None:
    stranger = join(Role.OWNER)
    colleague = join(Role.MANAGER, organization_id=operator.organization_id)
    deputy = join(Role.ADMINISTRATOR, organization_id=operator.organization_id)

    assert ok(operator.client.get("/api/flags/"))["decides"] is True
    for person in (stranger, colleague):
        assert ok(person.client.get("/api/flags/"))["decides"] is False
        assert person.client.get("/api/flags/rollouts/").status == 403
        assert person.client.get(f"/api/flags/{PALETTE}/changes/").status == 403
        assert decide(person, PALETTE, "off").status == 403
    ok(decide(deputy, PALETTE, "on"))


def test_a_switch_is_heard_by_other_processes_within_ten_seconds(operator: Person) -> None:
    ok(operator.client.get("/api/flags/"))
    clock = [0.0]
    elsewhere, principal = replace(wiring.flags(), monotonic=lambda: clock[0]), _principal(operator)
    assert elsewhere.is_on(principal, PALETTE)

    ok(decide(operator, PALETTE, "off"))

    assert elsewhere.is_on(principal, PALETTE), "it still goes by what it read"
    clock[0] += SNAPSHOT_S + 0.1
    assert not elsewhere.is_on(principal, PALETTE)
    assert SNAPSHOT_S <= 10


def _principal(person: Person) -> Principal:
    return Principal(person.user.id, OrganizationId(person.organization_id), Role.OWNER, "x@example.com")


def test_evaluating_reads_once_for_many(operator: Person) -> None:
    service, principal = replace(wiring.flags()), _principal(operator)

    with counted() as first:
        service.is_on(principal, PALETTE)
    with counted() as later:
        for _ in range(1000):
            service.is_on(principal, PUSH)

    assert (first, later) == ({"Query": 1}, {})


def test_changes_are_noted_with_who_made_them(operator: Person) -> None:
    before = ok(operator.client.get(f"/api/flags/{PALETTE}/changes/"))

    ok(decide(operator, PALETTE, "rules", {"value": False, "percentage": 10}))
    ok(decide(operator, PALETTE, "off"))

    off, ten = ok(operator.client.get(f"/api/flags/{PALETTE}/changes/"))[: -len(before) or None]
    assert (off["user"], off["after"]["state"]) == (operator.user.id, "off")
    assert off["before"] == ten["after"]
    assert ten["after"]["rules"][0]["percentage"] == 10
    (palette,) = [f for f in ok(operator.client.get("/api/flags/rollouts/")) if f["name"] == PALETTE]
    assert palette["state"] == "off"
    assert palette["owner"]


def test_who_changed_a_flag_is_named_as_long_as_they_are_here(operator: Person, join: Join) -> None:
    deputy = join(Role.ADMINISTRATOR, organization_id=operator.organization_id)
    ok(decide(deputy, PALETTE, "on"))
    path = f"/api/flags/{PALETTE}/changes/"
    assert ok(operator.client.get(path))[0]["email"] == deputy.user.email

    assert deputy.client.post("/api/current-user/erase/", {"email": deputy.user.email}).status == 204

    table = settings().table("flags")
    assert deputy.user.email not in str(wiring.dynamodb().scan(TableName=table)["Items"])
    wiring.people().forget_name(deputy.user.id)
    latest = ok(operator.client.get(path))[0]
    assert (latest["user"], latest["email"]) == (deputy.user.id, "")


def test_of_two_who_decide_at_once_one_is_told(operator: Person) -> None:
    version = ok(decide(operator, PALETTE, "on"))["version"]

    assert decide(operator, PALETTE, "off", **{"If-Match": f'"{version}"'}).status == 200
    late = decide(operator, PALETTE, "on", **{"If-Match": f'"{version}"'})

    assert late.status == 412
    assert told(operator) == {PALETTE: False}


def test_every_fault_of_a_rollout_is_told(operator: Person) -> None:
    answer = decide(operator, PALETTE, "rules", {"value": "blue"}, {"percentage": 200})

    assert answer.status == 400
    assert "rules[0].value" in answer.text
    assert "rules[1].percentage" in answer.text
    assert decide(operator, "no_such_flag", "on").status == 404
    assert decide(operator, PALETTE, "perhaps").status == 400
    assert operator.client.get("/api/flags/no_such_flag/changes/").status == 404


def test_people_are_counted_once_under_what_they_met_first(operator: Person, join: Join) -> None:
    others = [join(Role.VIEWER) for _ in range(2)]

    def seen() -> dict[str, int]:
        listed = ok(operator.client.get("/api/flags/rollouts/"))
        counts: dict[str, int] = next(f["seen"] for f in listed if f["name"] == PALETTE)
        return counts

    before = seen().get("true", 0)
    ok(decide(operator, PALETTE, "on"))
    for person in (*others, others[0]):
        assert person.client.post(f"/api/flags/{PALETTE}/seen/").status == 204
    ok(decide(operator, PALETTE, "off"))
    assert others[0].client.post(f"/api/flags/{PALETTE}/seen/").status == 204
    assert others[0].client.post("/api/flags/none/seen/").status == 404

    assert seen()["true"] - before == 2
    assert seen().get("false", 0) == 0


def test_exports_to_other_stores_can_be_switched_off(
    operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKYLABEL_EXPORT_TARGETS", "s3://lake")
    wiring.reset()
    wiring.s3().create_bucket(Bucket="lake")
    project = ok(operator.client.post("/api/projects/", {"title": "Pushed"}), 201)["id"]
    path, body = f"/api/projects/{project}/exports/", {"destination": "s3://lake/x"}
    assert operator.client.post(path, body).status == 201

    ok(decide(operator, PUSH, "off"))

    refused = operator.client.post(path, body)
    assert (refused.status, "switched off" in refused.text) == (400, True)
