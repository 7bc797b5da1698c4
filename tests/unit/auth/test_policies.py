"""The whole table of roles and actions, written out a second time, and the rules around it."""

from __future__ import annotations

import pytest

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal, Role
from chalicelib.errors import ForbiddenError, NotFoundError
from chalicelib.ids import OrganizationId, UserId

LETTERS = {
    "o": Role.OWNER,
    "a": Role.ADMINISTRATOR,
    "m": Role.MANAGER,
    "r": Role.REVIEWER,
    "n": Role.ANNOTATOR,
    "v": Role.VIEWER,
}
EXPECTED = {
    "self.read": "oamrnv",
    "self.update": "oamrnv",
    "token.manage": "oamrnv",
    "organization.read": "oamrnv",
    "organization.update": "oa",
    "member.read": "oamrnv",
    "member.invite": "oam",
    "member.create": "oa",
    "member.update": "oa",
    "member.remove": "oa",
    "project.read": "oamrnv",
    "project.create": "oam",
    "project.update": "oam",
    "project.delete": "oam",
    "task.read": "oamrnv",
    "task.create": "oam",
    "task.update": "oam",
    "task.delete": "oam",
    "annotation.read": "oamrnv",
    "annotation.create": "oamrn",
    "annotation.update_own": "oamrn",
    "annotation.update_any": "oamr",
    "annotation.delete_own": "oamrn",
    "annotation.delete_any": "oamr",
    "draft.read": "oamrnv",
    "draft.write": "oamrn",
    "prediction.read": "oamrnv",
    "prediction.write": "oam",
    "view.read": "oamrnv",
    "view.write": "oamrn",
    "import.run": "oam",
    "upload.read": "oamrnv",
    "upload.write": "oam",
    "export.run": "oamr",
    "job.read": "oamrnv",
    "job.control": "oam",
    "action.run": "oamrn",
    "storage.manage": "oam",
    "backend.read": "oamrnv",
    "backend.manage": "oam",
    "backend.ask": "oamrn",
    "webhook.manage": "oam",
    "audit.read": "oa",
}


def somebody(role: Role, organization: int = 1) -> Principal:
    return Principal(UserId(7), OrganizationId(organization), role, "p@lab.test")


def test_the_table_names_every_action() -> None:
    assert set(policies.ROLES_FOR) == set(EXPECTED)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(EXPECTED))
def test_every_role_and_action(role: Role, action: str) -> None:
    allowed = {LETTERS[letter] for letter in EXPECTED[action]}

    assert policies.may(somebody(role), action) == (role in allowed)


def test_an_action_that_is_not_listed_is_open_to_nobody() -> None:
    assert not any(policies.may(somebody(role), "world.rule") for role in Role)


def test_a_stranger_hears_the_words_of_an_unknown_id() -> None:
    with pytest.raises(NotFoundError, match=r"^No Project matches the given query\.$"):
        policies.require(somebody(Role.OWNER, organization=2), "project.delete", organization_id=1)


def test_a_member_without_the_right_is_refused() -> None:
    with pytest.raises(ForbiddenError):
        policies.require(somebody(Role.VIEWER), "project.delete", organization_id=1)


@pytest.mark.parametrize(("author", "allowed"), [(7, True), (8, False)])
def test_annotators_change_their_own_annotations_only(author: int, allowed: bool) -> None:
    annotator = somebody(Role.ANNOTATOR)
    if allowed:
        policies.require_annotation(annotator, "update", organization_id=1, author_id=author)
        return
    with pytest.raises(ForbiddenError):
        policies.require_annotation(annotator, "update", organization_id=1, author_id=author)


@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("given", list(Role))
def test_nobody_grants_more_than_they_hold(giver: Role, given: Role) -> None:
    ranks = list(Role)
    expected = giver in (Role.OWNER, Role.ADMINISTRATOR) and ranks.index(given) >= ranks.index(giver)

    assert policies.may_grant(somebody(giver), given) == expected
