"""How much the members of an organization have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.domain.projects.entities import Project
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one member has done: how many tasks they have an annotation on, in how many projects."""

    tasks: int
    projects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionService:
    """Adds up what the queue remembers of each annotator: a few reads, however many projects there are."""

    projects: ProjectStore
    queue: QueueStore

    def of_member(self, principal: Principal, user_id: UserId) -> Contribution:
        """What the member has done in the caller's organization."""
        policies.require_role(principal, "member.read")
        organization = principal.organization_id
        rows = self.queue.rows_of(
            user_id, lambda: [project.id for project in self.projects.of_organization(organization)]
        )
        done = {row.project_id: row.done for row in rows if row.done}
        own = self.projects.among(organization, done)
        return Contribution(sum(done[project] for project in own), len(own))

    def workers(
        self, principal: Principal, projects: Sequence[Project], users: Sequence[UserId]
    ) -> Mapping[ProjectId, frozenset[UserId]]:
        """Who of the users has worked in which of the projects, asked by whichever there are fewer of."""
        policies.require_role(principal, "member.read")
        found: dict[ProjectId, set[UserId]] = {project.id: set() for project in projects}
        for project, user in self._pairs([*found], users):
            if project in found:
                found[project].add(user)
        return {project: frozenset(workers) for project, workers in found.items()}

    def _pairs(
        self, projects: Sequence[ProjectId], users: Sequence[UserId]
    ) -> Iterator[tuple[ProjectId, UserId]]:
        if len(users) < len(projects):
            rows = (row for user in users for row in self.queue.rows_of(user, lambda: projects))
        else:
            rows = (row for project in projects for row in self.queue.annotators(project))
        return ((row.project_id, row.user_id) for row in rows if row.done)
