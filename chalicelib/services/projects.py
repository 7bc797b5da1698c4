"""Projects: making, finding, changing and removing them, and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project, ProjectCounts, ProjectSummary
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports import ConfigParser, IdSource, ProjectStore, QueueStore, TaskJobs, TaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectService:
    """Everything that is done to projects as a whole."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    ids: IdSource
    clock: Clock
    parse_config: ConfigParser
    jobs: TaskJobs

    def create(self, principal: Principal, fields: Mapping[str, object]) -> Project:
        """Make a project of the caller's organization from writable fields; the others are ignored.

        Raises InvalidInputError with every fault.
        """
        raise NotImplementedError

    def get(self, principal: Principal, project_id: ProjectId) -> Project:
        """The project."""
        raise NotImplementedError

    def all(self, principal: Principal) -> Sequence[Project]:
        """All projects of the caller's organization: pinned first (newest pin first), then newest first."""
        raise NotImplementedError

    def update(
        self,
        principal: Principal,
        project_id: ProjectId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> Project:
        """Change writable fields. Raises InvalidInputError, and StaleVersionError when `if_version` is old.

        Where overlap, skip queue or sampling change, the tasks follow: at once in a small project, by a
        job in a large one.
        """
        raise NotImplementedError

    def delete(self, principal: Principal, project_id: ProjectId) -> None:
        """Remove the project; what hangs on it is unreachable at once and erased by a job."""
        raise NotImplementedError

    def counts(self, principal: Principal, project: Project) -> ProjectCounts:
        """The exact counts of a project that the caller has loaded, `queue_*` for the caller: two reads."""
        raise NotImplementedError

    def summary(self, principal: Principal, project_id: ProjectId) -> ProjectSummary:
        """What data and annotations contain. Tallied per block, anew only where something has changed."""
        raise NotImplementedError

    def reset_summary(self, principal: Principal, project_id: ProjectId) -> None:
        """Forget the tallies; the next summary counts everything again."""
        raise NotImplementedError

    def check_config(self, principal: Principal, project_id: ProjectId, label_config: object) -> bool:
        """Whether a new configuration would change essential data of the project.

        Raises InvalidInputError when it is wrong in itself or loses what annotations use.
        """
        raise NotImplementedError

    def annotators(self, principal: Principal, project_id: ProjectId) -> Sequence[UserId]:
        """The users with an annotation in the project, by id."""
        raise NotImplementedError

    def model_versions(self, principal: Principal, project_id: ProjectId) -> Mapping[str, int]:
        """How many predictions each model version has, by version."""
        raise NotImplementedError
