"""The verified caller, as every service sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.ids import OrganizationId, UserId


class Role(StrEnum):
    """What a member is to an organization, from most to least power."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Principal:
    """A person (or a script with their token) acting in one organization."""

    user_id: UserId
    organization_id: OrganizationId
    role: Role
    email: str
    name: str = ""
