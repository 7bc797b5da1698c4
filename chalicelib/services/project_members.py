"""Who may do what in one project: open or closed, the roles of members and of groups in it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.ports import GroupRepository, PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.clock import Clock
from chalicelib.domain.people import MAX_GROUPS, MAX_PROJECT_ROLES, Group, Membership, User
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.task_jobs import AccessChanged, nobody_minds
from chalicelib.services.access import open_project
from chalicelib.services.contention import again
from chalicelib.services.credentials import principal_of_membership


@dataclass(frozen=True, slots=True)
class ProjectMember:
    """A member who may see the project: their own role in it, if any, and the one that counts."""

    user: User
    membership: Membership
    own_role: Role | None
    role: Role


@dataclass(frozen=True)
class ProjectMemberService:
    """Opens and closes projects, and gives and takes roles in them."""

    projects: ProjectStore
    people: PeopleRepository
    groups: GroupRepository
    clock: Clock
    forget_verified: Callable[[], None] = lambda: None
    access_changed: AccessChanged = nobody_minds

    def listed(self, principal: Principal, project_id: ProjectId) -> list[ProjectMember]:
        """Those who may see the project, by user id. One query over the organization's members."""
        project = open_project(self.projects, principal, "project.read", project_id)
        members = [m for m in self.people.members(principal.organization_id) if m.is_active]
        users = self.people.users([m.user_id for m in members])
        found = []
        for member in members:
            user = users.get(member.user_id)
            acting = principal_of_membership(user, member) if user else None
            role = policies.effective_role(acting, project) if acting else None
            if user is not None and acting is not None and role is not None:
                found.append(ProjectMember(user, member, acting.project_roles.get(project.id), role))
        return found

    def who_annotate(self, project: Project, users: Collection[UserId]) -> frozenset[UserId]:
        """Those of the users who may annotate in the project, as things stand now."""
        found = set[UserId]()
        for user_id in dict.fromkeys(users):
            account = self.people.account(user_id)
            member = account.membership_in(project.organization_id) if account else None
            if account is None or member is None or not member.is_active:
                continue
            acting = principal_of_membership(account.user, member)
            role = policies.effective_role(acting, project)
            if role is not None and policies.may(replace(acting, role=role), "annotation.create"):
                found.add(user_id)
        return frozenset(found)

    def groups_of(self, principal: Principal, project_id: ProjectId) -> list[tuple[Group, Role]]:
        """The groups that have a role in the project, by id."""
        project = open_project(self.projects, principal, "project.read", project_id)
        known = self.groups.of_organization(principal.organization_id)
        return [
            (group, Role(project.group_roles[group.id])) for group in known if group.id in project.group_roles
        ]

    def set_role(
        self, principal: Principal, project_id: ProjectId, user_id: int, role: Role | None
    ) -> Membership:
        """Give a member a role in the project in place of the one that they would have, or take it back."""
        project = self._open_to_change(principal, project_id, role)

        def attempt() -> Membership:
            account = self.people.account(user_id)
            member = account.membership_in(principal.organization_id) if account else None
            if member is None:
                raise NotFoundError(policies.no_such("OrganizationMember"))
            self._check_rank(principal, project, Role(member.project_roles.get(project.id, Role.VIEWER)))
            roles = {known: given for known, given in member.project_roles.items() if known != project.id}
            if role is not None:
                roles[project.id] = role.value
            if len(roles) > MAX_PROJECT_ROLES:
                raise ConflictError(
                    f"Nobody can have a role of their own in more than {MAX_PROJECT_ROLES} projects. "
                    "Give it to a group."
                )
            if roles == dict(member.project_roles):
                return member
            return self.people.save_membership(replace(member, project_roles=roles))

        changed = again(attempt)
        self.forget_verified()
        self._tell(principal, project, UserId(user_id))
        given = role.value if role else ""
        observability.info("project_role_set", project_id=project.id, user_id=user_id, role=given)
        return changed

    def set_group_role(
        self, principal: Principal, project_id: ProjectId, group_id: int, role: Role | None
    ) -> Project:
        """Give a group a role in the project, or take it back."""
        if self.groups.group(principal.organization_id, group_id) is None:
            self._open_to_change(principal, project_id, role)
            raise NotFoundError(policies.no_such("Group"))

        def change(project: Project) -> Project:
            self._check_rank(principal, project, Role(project.group_roles.get(group_id, Role.VIEWER)))
            roles = {known: given for known, given in project.group_roles.items() if known != group_id}
            if role is not None:
                roles[group_id] = role.value
            if len(roles) > MAX_GROUPS:
                raise ConflictError(f"At most {MAX_GROUPS} groups can have a role in a project.")
            return replace(project, group_roles=roles)

        return self._change(principal, project_id, role, change)

    def set_access(self, principal: Principal, project_id: ProjectId, *, is_members_only: bool) -> Project:
        """Close the project to all but those with a role in it, or open it to the organization.

        Who closes it keeps the role they have in it.
        """
        project = self._open_to_change(principal, project_id, None)
        own = policies.in_project(principal, project).role
        if is_members_only and own in policies.PROJECT_ROLES:
            self.set_role(principal, project_id, principal.user_id, own)

        def change(old: Project) -> Project:
            return replace(old, is_members_only=is_members_only)

        return self._change(principal, project_id, None, change)

    def _change(
        self,
        principal: Principal,
        project_id: ProjectId,
        role: Role | None,
        change: Callable[[Project], Project],
    ) -> Project:
        def attempt() -> Project:
            old = self._open_to_change(principal, project_id, role)
            new = change(old)
            if new == old:
                return old
            new = replace(new, version=old.version + 1, updated_at=self.clock())
            self.projects.update(old, new)
            return new

        changed = again(attempt)
        self._tell(principal, changed, None)
        return changed

    def _tell(self, principal: Principal, project: Project, user: UserId | None) -> None:
        self.access_changed(principal.organization_id, user, project.id, principal.user_id)

    def _open_to_change(self, principal: Principal, project_id: ProjectId, role: Role | None) -> Project:
        project = open_project(self.projects, principal, "project.members", project_id)
        if role is not None and role not in policies.PROJECT_ROLES:
            raise InvalidInputError.at("role", f'"{role.value}" is not a role in a project.', code="choice")
        if role is not None:
            self._check_rank(principal, project, role)
        return project

    def _check_rank(self, principal: Principal, project: Project, role: Role) -> None:
        if not policies.is_at_most(role, policies.in_project(principal, project).role):
            raise ForbiddenError("You cannot give or take a role with more rights than your own.")
