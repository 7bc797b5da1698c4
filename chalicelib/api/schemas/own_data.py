"""What is kept about oneself, as one reads it."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict

from chalicelib.api.schemas.choices import ProjectRoleText, RoleText
from chalicelib.api.schemas.hotkeys import Hotkey


class OwnMembership(TypedDict):
    """What one is to an organization, and in its projects by their ids."""

    organization: int
    role: RoleText
    since: str
    is_active: bool
    groups: list[int]
    project_roles: dict[str, ProjectRoleText]


class OwnWork(TypedDict):
    """A project that one made or worked in."""

    organization: int
    project: int
    title: str
    created_by_you: bool
    tasks_done: int


class OwnData(TypedDict):
    """What is kept about oneself."""

    id: int
    email: str
    username: str
    first_name: str
    last_name: str
    phone: str
    allow_newsletters: bool
    date_joined: str
    last_activity: str | None
    custom_hotkeys: Mapping[str, Hotkey]
    has_password: bool
    personal_token_issued_at: int | None
    memberships: list[OwnMembership]
    work: list[OwnWork]
