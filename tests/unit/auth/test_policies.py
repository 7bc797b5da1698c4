"""The whole table of roles and actions, written out a second time, and the rules around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal, Role
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import ForbiddenError, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, UserId

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
    "organization.create": "oa",
    "organization.update": "oa",
    "organization.transfer": "o",
    "member.read": "oamrnv",
    "member.invite": "oam",
    "member.create": "oa",
    "member.update": "oa",
    "member.remove": "oa",
    "group.read": "oamrnv",
    "group.manage": "oa",
    "label.read": "oamrnv",
    "label.create": "oamrn",
    "label.manage": "oam",
    "project.read": "oamrnv",
    "project.create": "oam",
    "project.update": "oam",
    "project.delete": "oam",
    "project.members": "oam",
    "project.judge": "oam",
    "task.read": "oamrnv",
    "task.create": "oam",
    "task.update": "oam",
    "task.delete": "oam",
    "task.assign": "oam",
    "task.transition": "oamrn",
    "annotation.read": "oamrnv",
    "annotation.read_blinded": "oamr",
    "annotation.create": "oamrn",
    "annotation.update_own": "oamrn",
    "annotation.update_any": "oamr",
    "annotation.delete_own": "oamrn",
    "annotation.delete_any": "oamr",
    "comment.read": "oamrnv",
    "comment.write": "oamrn",
    "comment.delete_any": "oamr",
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
    "flag.decide": "oa",
}


def somebody(role: Role, organization: int = 1) -> Principal:
    return Principal(UserId(7), OrganizationId(organization), role, "p@lab.test")


def a_project(**settings: Any) -> Project:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    ids = {"id": ProjectId(5), "organization_id": OrganizationId(1), "created_by": UserId(1)}
    return Project(**{**ids, "created_at": moment, "updated_at": moment, **settings})


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
        policies.require_annotation(annotator, a_project(), "update", author_id=author)
        return
    with pytest.raises(ForbiddenError):
        policies.require_annotation(annotator, a_project(), "update", author_id=author)


@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("given", list(Role))
def test_nobody_grants_more_than_they_hold(giver: Role, given: Role) -> None:
    ranks = list(Role)
    expected = giver in (Role.OWNER, Role.ADMINISTRATOR) and ranks.index(given) >= ranks.index(giver)

    assert policies.may_grant(somebody(giver), given) == expected


GIVEN = [None, *policies.PROJECT_ROLES]


@pytest.mark.parametrize("is_members_only", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_the_role_in_a_project_for_every_combination(role: Role, is_members_only: bool) -> None:
    """The rule written out again: rulers, then one's own, then the best group, then the organization."""
    for own, first, second in product(GIVEN, repeat=3):
        person = replace(
            somebody(role),
            groups=frozenset({1, 2}),
            project_roles={6: Role.MANAGER} | ({5: own} if own else {}),
        )
        roles = {1: first, 2: second, 3: Role.MANAGER}
        project = a_project(
            is_members_only=is_members_only, group_roles={g: r.value for g, r in roles.items() if r}
        )
        groups = sorted((r for r in (first, second) if r), key=list(Role).index)
        expected = own or (groups[0] if groups else None if is_members_only else role)
        if role in (Role.OWNER, Role.ADMINISTRATOR):
            expected = role

        assert policies.effective_role(person, project) == expected


def test_a_project_that_is_closed_to_somebody_sounds_like_an_unknown_one() -> None:
    with pytest.raises(NotFoundError, match=r"^No Task matches the given query\.$"):
        policies.require_in(somebody(Role.MANAGER), a_project(is_members_only=True), "task.read", what="Task")


def test_a_role_in_another_organizations_project_is_worth_nothing() -> None:
    person = replace(somebody(Role.VIEWER, organization=2), project_roles={5: Role.MANAGER})

    with pytest.raises(NotFoundError):
        policies.require_in(person, a_project(), "project.read")


def test_the_door_lets_through_what_some_project_may_allow_and_nothing_else() -> None:
    viewer = somebody(Role.VIEWER)
    labels_somewhere = replace(viewer, project_roles={9: Role.ANNOTATOR})
    in_a_group = replace(viewer, groups=frozenset({1}))

    assert not policies.may_somewhere(viewer, "annotation.create")
    assert policies.may_somewhere(labels_somewhere, "annotation.create")
    assert not policies.may_somewhere(labels_somewhere, "task.delete")
    assert policies.may_somewhere(in_a_group, "task.delete")
    for person, action in product((labels_somewhere, in_a_group), ("project.create", "member.update")):
        assert not policies.may_somewhere(person, action)


def test_every_action_a_project_role_can_allow_is_one_that_is_asked_with_the_project() -> None:
    asked_without = {"project.create"} | {
        action
        for action in policies.ROLES_FOR
        if action.partition(".")[0]
        in ("self", "token", "organization", "member", "group", "label", "audit", "flag")
    }

    assert {action for action in policies.ROLES_FOR if not policies.is_of_projects(action)} == asked_without
