"""Groups of an organization's members, who get roles in projects together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.ports import GroupRepository, PeopleRepository
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.people import MAX_GROUPS, MAX_GROUPS_OF_ORGANIZATION, Group, Membership
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import UserId
from chalicelib.ports.task_jobs import AccessChanged, nobody_minds
from chalicelib.services.contention import again

NO_GROUP = policies.no_such("Group")


@dataclass(frozen=True)
class GroupService:
    """What can be done with the groups of the caller's organization."""

    groups: GroupRepository
    people: PeopleRepository
    clock: Clock
    forget_verified: Callable[[], None] = lambda: None
    access_changed: AccessChanged = nobody_minds

    def listed(self, principal: Principal) -> list[tuple[Group, list[int]]]:
        """The groups by id, each with the ids of its members."""
        policies.require_role(principal, "group.read")
        members = self.people.members(principal.organization_id)
        return [
            (group, [member.user_id for member in members if group.id in member.groups])
            for group in self.groups.of_organization(principal.organization_id)
        ]

    def get(self, principal: Principal, group_id: int) -> Group:
        """A group of the caller's organization. Raises NotFoundError."""
        policies.require_role(principal, "group.read")
        group = self.groups.group(principal.organization_id, group_id)
        if group is None:
            raise NotFoundError(NO_GROUP)
        return group

    def create(self, principal: Principal, name: str) -> Group:
        """A new group without members. InvalidInputError when the name is taken."""
        policies.require_role(principal, "group.manage")
        others = self.groups.of_organization(principal.organization_id)
        if len(others) >= MAX_GROUPS_OF_ORGANIZATION:
            raise ConflictError(f"An organization has at most {MAX_GROUPS_OF_ORGANIZATION} groups.")
        self._check_name(name, others)
        group = Group(self.groups.next_id(), principal.organization_id, name.strip(), self.clock())
        self.groups.save(group)
        return group

    def rename(self, principal: Principal, group_id: int, name: str) -> Group:
        """The group under another name."""
        policies.require_role(principal, "group.manage")
        group = self.get(principal, group_id)
        others = self.groups.of_organization(principal.organization_id)
        self._check_name(name, [other for other in others if other.id != group_id])
        renamed = replace(group, name=name.strip())
        self.groups.save(renamed)
        return renamed

    def delete(self, principal: Principal, group_id: int) -> None:
        """Forget the group: first nobody is in it any more, then it is gone. It may be repeated."""
        policies.require_role(principal, "group.manage")
        group = self.get(principal, group_id)
        for member in self.people.members(principal.organization_id):
            if group_id in member.groups:
                self._set(principal, member.user_id, group_id, is_in=False)
        self.groups.remove(group)
        observability.info("group_deleted", group_id=group_id, by=principal.user_id)

    def put_in(self, principal: Principal, group_id: int, user_id: int) -> None:
        """Put a member into the group; harmless when they are in it."""
        policies.require_role(principal, "group.manage")
        self.get(principal, group_id)
        self._set(principal, user_id, group_id, is_in=True)
        if self.groups.group(principal.organization_id, group_id) is None:
            # Who forgot it meanwhile has found them outside, and a project may still give it a role.
            self._set(principal, user_id, group_id, is_in=False)
            raise NotFoundError(NO_GROUP)

    def take_out(self, principal: Principal, group_id: int, user_id: int) -> None:
        """Take a member out of the group; harmless when they are not in it."""
        policies.require_role(principal, "group.manage")
        self.get(principal, group_id)
        self._set(principal, user_id, group_id, is_in=False)

    def _set(self, principal: Principal, user_id: int, group_id: int, *, is_in: bool) -> None:
        def attempt() -> None:
            member = self._member(principal, user_id)
            others = {group for group in member.groups if group != group_id}
            groups = tuple(sorted(others | {group_id} if is_in else others))
            if groups == member.groups:
                return
            if len(groups) > MAX_GROUPS:
                raise ConflictError(f"Nobody can be in more than {MAX_GROUPS} groups.")
            self.people.save_membership(replace(member, groups=groups))

        again(attempt)
        self.forget_verified()
        self.access_changed(principal.organization_id, UserId(user_id), None, principal.user_id)

    def _member(self, principal: Principal, user_id: int) -> Membership:
        account = self.people.account(user_id)
        member = account.membership_in(principal.organization_id) if account else None
        if member is None:
            raise NotFoundError(policies.no_such("OrganizationMember"))
        return member

    def _check_name(self, name: str, others: list[Group]) -> None:
        if not name.strip():
            raise InvalidInputError.at("name", "This field may not be blank.")
        if any(other.name.casefold() == name.strip().casefold() for other in others):
            raise InvalidInputError.at("name", "There is a group of this name.", code="unique")
