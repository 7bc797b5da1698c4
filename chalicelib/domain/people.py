"""People and the organizations they belong to, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from chalicelib.errors import FaultList
from chalicelib.ids import OrganizationId, UserId

MAX_GROUPS = 50
"""So many groups can a member be in, and so many can have a role in one project."""
MAX_PROJECT_ROLES = 1000
"""In so many projects can a member have a role of their own: 16 KB of the membership's item."""
MAX_GROUPS_OF_ORGANIZATION = 200


@dataclass(frozen=True, slots=True)
class User:
    """A person or a script with an account. Secrets are kept as hashes only.

    `token_generation` counts the resets of the legacy token, which is derived from it and the key named by
    `token_key`. Sessions opened before `sessions_since` are over. `version` rises with each save.
    """

    id: UserId
    email: str
    date_joined: datetime
    active_organization: OrganizationId
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    password_hash: str = ""
    avatar: str = ""
    allow_newsletters: bool = False
    custom_hotkeys: Mapping[str, object] = field(default_factory=dict)
    last_activity: datetime | None = None
    token_generation: int = 1
    token_key: str = ""
    is_active: bool = True
    sessions_since: datetime | None = None
    version: int = 0

    @property
    def full_name(self) -> str:
        """First and last name, without the parts that are missing."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for a badge: of the names, else of the e-mail address."""
        letters = self.first_name[:1] + self.last_name[:1]
        return (letters if len(letters) == 2 else self.email[:2]).upper()


@dataclass(frozen=True, slots=True)
class Organization:
    """A group of people who share projects and see nobody else's."""

    id: OrganizationId
    title: str
    created_at: datetime
    updated_at: datetime
    created_by: UserId
    contact_info: str = ""
    default_role: str = "manager"
    invite_generation: int = 1
    invite_key: str = ""
    api_tokens_enabled: bool = True
    legacy_api_tokens_enabled: bool = True
    max_session_age: int | None = None
    """After how many minutes people must sign in again; None where the installation's limit is enough."""
    max_time_between_activity: int | None = None
    """After how many idle minutes a session is over; None for no other limit than its age."""
    version: int = 0


MIN_SESSION_MINUTES = 5
"""A session that is shorter could end while a request is under way."""


def check_session_limits(limits: Mapping[str, int | None], longest: int) -> None:
    """Raise InvalidInputError with every limit of sessions (minutes) that is too short or too long."""
    faults = FaultList()
    age = limits.get("max_session_age")
    most = {"max_session_age": longest, "max_time_between_activity": age if age is not None else longest}
    for name, limit in limits.items():
        if limit is not None and limit < MIN_SESSION_MINUTES:
            faults.add(name, f"Ensure this value is greater than or equal to {MIN_SESSION_MINUTES}.")
        if limit is not None and limit > most[name]:
            faults.add(name, f"Ensure this value is less than or equal to {most[name]}.")
    faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person belongs to an organization, and as what (a name of `auth.principals.Role`)."""

    organization_id: OrganizationId
    user_id: UserId
    role: str
    created_at: datetime
    is_active: bool = True
    """False while the member is deactivated: they keep their place and can do nothing."""
    groups: tuple[int, ...] = ()
    """Ids of the organization's groups that the member is in, rising; at most `MAX_GROUPS`."""
    project_roles: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    """The member's own roles in single projects, by project id; at most `MAX_PROJECT_ROLES`."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Members of an organization who get roles in projects together."""

    id: int
    organization_id: OrganizationId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation into an organization, in a role, until a moment. Known by the hash of its secret.

    One that was sent to an address is for that address and is used up by joining; a link without an
    address serves anybody who has it until it ends or is revoked.
    """

    id: int
    organization_id: OrganizationId
    key: str
    role: str
    created_by: UserId
    created_at: datetime
    expires_at: datetime
    email: str = ""


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """That somebody may set a new password once, until a moment. Known by the hash of its secret."""

    key: str
    user_id: UserId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A user with all memberships."""

    user: User
    memberships: tuple[Membership, ...]

    def membership_in(self, organization_id: int) -> Membership | None:
        """The membership in an organization, or None."""
        return next((m for m in self.memberships if m.organization_id == organization_id), None)

    def acting_in(self, organization_id: int | None = None) -> Membership | None:
        """The active membership to act by: in the organization that is named, or else in the one last chosen,
        or else, when that one is over, in the oldest that is left. None when there is none."""
        active = {m.organization_id: m for m in self.memberships if m.is_active}
        if organization_id is not None:
            return active.get(OrganizationId(organization_id))
        chosen = active.get(self.user.active_organization)
        return chosen or min(active.values(), key=lambda m: m.organization_id, default=None)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has signed in; known by the hash of the secret in its cookie.

    `seen_at` is noted where an organization limits idleness, every few minutes; None before the first time.
    """

    key: str
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """A refresh token that is alive; only its claims are kept, never its signature."""

    user_id: UserId
    token_id: str
    issued_at: int
    expires_at: int
    signing_key: str


def normalize_email(email: str) -> str:
    """The form in which addresses are compared: without surrounding blanks, lower-case."""
    return email.strip().lower()


def looks_like_email(email: str) -> bool:
    """Whether the text could be an address: one `@`, a dot in the domain, no blanks, at most 254 long."""
    local, at, domain = email.rpartition("@")
    return (
        bool(local and at)
        and "@" not in local
        and "." in domain.strip(".")
        and not domain.startswith(("-", "."))
        and not domain.endswith(".")
        and len(email) <= 254
        and not any(letter.isspace() or ord(letter) < 32 for letter in email)
    )
