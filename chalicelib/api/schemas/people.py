"""Users, organizations and tokens as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import RoleText
from chalicelib.api.schemas.hotkeys import Hotkey
from chalicelib.clock import iso
from chalicelib.domain.people import Membership, Organization, User

RoleName = Literal["owner", "administrator", "manager", "reviewer", "annotator", "viewer"]


class UserRef(TypedDict):
    """A user beside what they made."""

    id: int
    first_name: str
    last_name: str
    email: str
    avatar: str | None


class CompletedBy(UserRef):
    """The author of an annotation, where it is told as an object."""

    initials: str


class OrganizationMeta(TypedDict):
    """What the organization is called that somebody acts in, and its owner's address where it is told."""

    title: str
    email: str


class UserRead(TypedDict):
    """A user. Key bindings are by `section:action`."""

    id: int
    first_name: str
    last_name: str
    username: str
    email: str
    last_activity: str
    custom_hotkeys: Mapping[str, Hotkey]
    avatar: str | None
    initials: str
    phone: str
    active_organization: int
    active_organization_meta: OrganizationMeta
    allow_newsletters: bool
    date_joined: str


class WhoAmI(UserRead):
    """The caller."""

    role: RoleText
    permissions: list[str]


class UserWrite(Body):
    """A user to be made."""

    email: str = Field(min_length=1, max_length=254)
    username: str = Field(default="", max_length=256)
    first_name: str = Field(default="", max_length=256)
    last_name: str = Field(default="", max_length=256)
    phone: str = Field(default="", max_length=256)
    allow_newsletters: bool = False
    role: RoleName | None = None
    password: str = ""


class UserPatch(Body):
    """What may be changed of a user."""

    email: str | None = None
    username: str = Field(default="", max_length=256)
    first_name: str = Field(default="", max_length=256)
    last_name: str = Field(default="", max_length=256)
    phone: str = Field(default="", max_length=256)
    allow_newsletters: bool = False


class PasswordWrite(Body):
    """One's present password and the one to come."""

    current_password: str = ""
    new_password: str = Field(min_length=1)


class SignIn(Body):
    """An address and a password."""

    email: str = Field(min_length=1)
    password: str = Field(min_length=1)


class TokenRead(TypedDict):
    """A token."""

    token: str


class RefreshWrite(Body):
    """A refresh token."""

    refresh: str = Field(min_length=1)


class AccessRead(TypedDict):
    """An access token."""

    access: str


class RefreshRead(TypedDict):
    """A refresh token."""

    refresh: str


class TokenSwitches(TypedDict):
    """Which kinds of token an organization accepts."""

    api_tokens_enabled: bool
    legacy_api_tokens_enabled: bool


class TokenSwitchesWrite(Body):
    """Which kinds of token an organization is to accept."""

    api_tokens_enabled: bool = True
    legacy_api_tokens_enabled: bool = True


class OrganizationRead(TypedDict):
    """An organization, short."""

    id: int
    title: str
    contact_info: str | None
    created_at: str


class OrganizationDetail(OrganizationRead):
    """An organization, whole."""

    token: str
    created_by: int
    users: list[int]
    updated_at: str
    default_role: RoleText


class OrganizationPatch(Body):
    """What may be changed of an organization."""

    title: str = Field(default="", min_length=1, max_length=1000)
    contact_info: str = Field(default="", max_length=254)
    default_role: RoleName = "manager"


class ProjectRef(TypedDict):
    """A project by its name."""

    id: int
    title: str


class MemberUser(UserRead):
    """A member, with the projects they made and took part in when asked for."""

    created_projects: list[ProjectRef] | None
    contributed_to_projects: list[ProjectRef] | None


class MembershipRead(TypedDict):
    """One entry of an organization's members."""

    id: int
    organization: int
    user: MemberUser
    role: RoleText
    is_active: bool
    groups: list[int]


class MembershipDetail(TypedDict):
    """One membership."""

    user: int
    organization: int
    role: RoleText
    is_active: bool
    annotations_count: int
    contributed_projects_count: int
    created_at: str


class MembershipPatch(Body):
    """A member's new role, and whether they may act in the organization."""

    role: RoleName | None = None
    is_active: bool | None = None


def user_ref(user_id: int, users: Mapping[Any, User]) -> UserRef:
    """A user beside what they made; those that are gone keep their id."""
    user = users.get(user_id)
    if user is None:
        name = deleted_name(user_id)
        return {"id": user_id, "first_name": name, "last_name": "", "email": "", "avatar": None}
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "avatar": user.avatar or None,
    }


def deleted_name(user_id: int) -> str:
    """What somebody is called whose account is gone."""
    return f"deleted user {user_id}"


def completed_by(user_id: int, users: Mapping[Any, User]) -> CompletedBy:
    """The author of an annotation."""
    user = users.get(user_id)
    return {**user_ref(user_id, users), "initials": user.initials if user else ""}


def username_line(user_id: int, users: Mapping[Any, User]) -> str:
    """`first last email, id`, as annotations and drafts say it."""
    user = users.get(user_id)
    return f"{user.full_name} {user.email}, {user.id}" if user else f"{deleted_name(user_id)}, {user_id}"


def render_user(user: User, organization: Organization, *, owner_email: str = "") -> UserRead:
    """A user as a member of an organization; which one they act in elsewhere is nobody's business."""
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "email": user.email,
        "last_activity": iso(user.last_activity or user.date_joined),
        "custom_hotkeys": cast("Mapping[str, Hotkey]", user.custom_hotkeys),
        "avatar": user.avatar or None,
        "initials": user.initials,
        "phone": user.phone,
        "active_organization": organization.id,
        "active_organization_meta": {"title": organization.title, "email": owner_email},
        "allow_newsletters": user.allow_newsletters,
        "date_joined": iso(user.date_joined),
    }


def render_organization(organization: Organization) -> OrganizationRead:
    """An organization, short."""
    return {
        "id": organization.id,
        "title": organization.title,
        "contact_info": organization.contact_info or None,
        "created_at": iso(organization.created_at),
    }


def render_membership(membership: Membership, *, annotations: int, projects: int) -> MembershipDetail:
    """One membership, with how much the member has done."""
    return {
        "user": membership.user_id,
        "organization": membership.organization_id,
        "role": membership.role,
        "is_active": membership.is_active,
        "annotations_count": annotations,
        "contributed_projects_count": projects,
        "created_at": iso(membership.created_at),
    }


def moment(value: datetime | None) -> str | None:
    """A moment as clients read it, or None."""
    return iso(value) if value else None
