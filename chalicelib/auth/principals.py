"""The verified caller, as every service sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

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
    """A person (or a script with their token) acting in one organization.

    `role` is what they are to the organization; `project_roles` what they are to single projects, by id;
    `groups` are the ids of the groups they belong to, which projects may give roles to.
    """

    user_id: UserId
    organization_id: OrganizationId
    role: Role
    email: str
    name: str = ""
    groups: frozenset[int] = frozenset()
    project_roles: Mapping[int, Role] = field(default_factory=lambda: MappingProxyType({}), hash=False)
