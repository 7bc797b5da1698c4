"""Organizations, groups, invitations and roles in projects, as clients see them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import ProjectRoleText, RoleText
from chalicelib.api.schemas.people import OrganizationRead, RoleName, UserRef, render_organization, user_ref
from chalicelib.auth.principals import Role
from chalicelib.clock import iso
from chalicelib.domain.people import Group, Invitation, Membership, Organization
from chalicelib.services.invitations import Welcome
from chalicelib.services.project_members import ProjectMember

ProjectRoleName = Literal["manager", "reviewer", "annotator", "viewer"]


class OwnOrganization(OrganizationRead):
    """One of the caller's organizations."""

    role: RoleText
    is_active: bool


class OrganizationWrite(Body):
    """An organization to be made."""

    title: str = Field(min_length=1, max_length=1000)


class OrganizationChoice(Body):
    """The organization to act in."""

    organization: int = Field(ge=1, lt=2**53)


class OwnershipWrite(Body):
    """Who is to own the organization."""

    user: int = Field(ge=1, lt=2**53)


class GroupRead(TypedDict):
    """A group."""

    id: int
    name: str
    created_at: str


class GroupDetail(GroupRead):
    """A group with the ids of its members."""

    members: list[int]


class GroupWrite(Body):
    """A group's name."""

    name: str = Field(min_length=1, max_length=100)


class InvitationRead(TypedDict):
    """An invitation that can still be used."""

    id: int
    role: RoleText
    email: str
    created_by: int
    created_at: str
    expires_at: str


class InvitationMade(InvitationRead):
    """A new invitation with its link, which is shown this once."""

    url: str


class InvitationWrite(Body):
    """An invitation to be made: with an address it is sent there and works once."""

    role: RoleName = "annotator"
    email: str = Field(default="", max_length=254)
    days: int = Field(default=7, ge=1, le=90)


class InviteRead(TypedDict):
    """An invitation."""

    token: str
    invite_url: str


class InvitationSecret(Body):
    """The secret of an invitation's link."""

    invitation: str = Field(min_length=1, max_length=200)


class WelcomeRead(TypedDict):
    """What an invitation leads to."""

    organization: str
    email: str
    role: RoleText


class SignUp(InvitationSecret):
    """Whoever signs up by an invitation."""

    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1)
    first_name: str = Field(default="", max_length=256)
    last_name: str = Field(default="", max_length=256)


class ResetAsk(Body):
    """The address of an account whose password was forgotten."""

    email: str = Field(min_length=1, max_length=254)


class ResetWrite(Body):
    """The secret of a link and the new password."""

    token: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1)


class EraseWrite(Body):
    """One's own address, to confirm, and the password, where there is one."""

    email: str = Field(min_length=1, max_length=254)
    password: str = ""


class ProjectMemberRead(TypedDict):
    """Somebody who may see a project: `role` is what counts, `own_role` what they were given themselves."""

    user: UserRef
    role: RoleText
    own_role: ProjectRoleText | None
    organization_role: RoleText


class ProjectGroupRead(TypedDict):
    """A group with a role in a project."""

    group: GroupRead
    role: ProjectRoleText


class ProjectAccessRead(TypedDict):
    """Who may do what in a project."""

    is_members_only: bool
    your_role: RoleText
    members: list[ProjectMemberRead]
    groups: list[ProjectGroupRead]


class ProjectAccessWrite(Body):
    """Whether only those with a role in the project may see it."""

    is_members_only: bool


class ProjectRoleWrite(Body):
    """A role in a project; none takes it back."""

    role: ProjectRoleName | None


def render_own_organization(
    membership: Membership, organization: Organization, acting: int
) -> OwnOrganization:
    """One of the caller's organizations; `acting` is the one that they act in."""
    shown = render_organization(organization)
    return {**shown, "role": membership.role, "is_active": organization.id == acting}


def render_group(group: Group) -> GroupRead:
    """A group."""
    return {"id": group.id, "name": group.name, "created_at": iso(group.created_at)}


def render_invitation(invitation: Invitation) -> InvitationRead:
    """An invitation without its secret, which nobody has any more."""
    return {
        "id": invitation.id,
        "role": invitation.role,
        "email": invitation.email,
        "created_by": invitation.created_by,
        "created_at": iso(invitation.created_at),
        "expires_at": iso(invitation.expires_at),
    }


def render_welcome(welcome: Welcome) -> WelcomeRead:
    """What an invitation leads to."""
    return {"organization": welcome.organization.title, "email": welcome.email, "role": welcome.role.value}


def render_project_member(member: ProjectMember) -> ProjectMemberRead:
    """Somebody who may see a project."""
    return {
        "user": user_ref(member.user.id, {member.user.id: member.user}),
        "role": member.role.value,
        "own_role": member.own_role.value if member.own_role else None,
        "organization_role": member.membership.role,
    }


def render_project_group(group: Group, role: Role) -> ProjectGroupRead:
    """A group with a role in a project."""
    return {"group": render_group(group), "role": role.value}
