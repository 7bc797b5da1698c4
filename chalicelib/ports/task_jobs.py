"""The long walks over a project's tasks, and who is told when people may do other things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chalicelib.domain.projects.entities import Project
from chalicelib.ids import OrganizationId, ProjectId, UserId

AccessChanged = Callable[[OrganizationId, UserId | None, ProjectId | None, UserId], None]
"""Tells that a user may do something else than before in a project or in all of the organization's (None), or
that everybody may in a project (no user); and who made it so."""


def nobody_minds(
    _organization: OrganizationId, _user: UserId | None, _project: ProjectId | None, _by: UserId
) -> None:
    """An `AccessChanged` where nothing hangs on what people may do."""


class TaskJobs(Protocol):
    """Starts the long walks over a project's tasks that a request cannot wait for."""

    def retune(self, project: Project, *, resets_overlap: bool, by: UserId) -> None:
        """Call `TaskService.retune_block` for each block of the project, for who changed its settings."""

    def erase(self, project: Project, *, by: UserId) -> None:
        """Remove the project, for who deletes it, and everything that hangs on it."""

    def release(self, project: Project, *, user: UserId, by: UserId) -> None:
        """Give back all tasks that wait for a user who may not work on them any more."""
