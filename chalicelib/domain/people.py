"""People and the organizations they belong to, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.ids import OrganizationId, UserId


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
    version: int = 0


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person belongs to an organization, and as what (a name of `auth.principals.Role`)."""

    organization_id: OrganizationId
    user_id: UserId
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A user with all memberships."""

    user: User
    memberships: tuple[Membership, ...]

    def membership_in(self, organization_id: int) -> Membership | None:
        """The membership in an organization, or None."""
        return next((m for m in self.memberships if m.organization_id == organization_id), None)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has signed in; known by the hash of the secret in its cookie."""

    key: str
    user_id: UserId
    created_at: datetime
    expires_at: datetime


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
