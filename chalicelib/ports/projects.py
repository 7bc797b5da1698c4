"""What the services need of the store of projects, and of whatever gives ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.domain.projects.entities import Project
from chalicelib.ids import OrganizationId, ProjectId


class IdSource(Protocol):
    """Gives ids of all kinds but those of tasks and of what hangs on them."""

    def next_id(self, kind: str) -> int:
        """A positive number never given before for this kind (`project`, `user`, `job`, …)."""


class ProjectStore(Protocol):
    """The projects' settings."""

    def get(self, project_id: ProjectId, *, organization: OrganizationId | None = None) -> Project | None:
        """The project as it is now, or None; None too when `organization` is given and another owns it.

        Without `organization` it costs one read more."""

    def of_organization(self, organization: OrganizationId) -> Sequence[Project]:
        """All projects of an organization, by id."""

    def among(self, organization: OrganizationId, ids: Iterable[ProjectId]) -> frozenset[ProjectId]:
        """Those of the projects that exist and are the organization's; a request for each hundred."""

    def insert(self, project: Project) -> None:
        """Store a new project."""

    def update(
        self, before: Project, after: Project, *, config_versions: Sequence[ConfigVersion] = ()
    ) -> None:
        """Store an edit, and in the same step the config versions that it makes. ContentionError when the
        stored version is not `before.version`."""

    def settled(self, project: Project) -> Project | None:
        """Note that the tasks have followed these settings, and give the project with nothing `unsettled`.

        It has a version more, so that no edit of what was read before can bring `unsettled` back. None, and
        nothing is noted, where the project is gone or was changed since."""

    def config_versions(self, project_id: ProjectId) -> Sequence[ConfigVersion]:
        """The versions of the configuration that were kept, by number; none where there was only one."""

    def forget_config_versions(self, project_id: ProjectId) -> None:
        """Remove the config versions of a deleted project. Twice is fine."""

    def delete(self, project: Project) -> None:
        """Remove the settings; from then on nothing of the project can be reached. Twice is fine."""
