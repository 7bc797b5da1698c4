"""How much the members of an organization have done."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.ids import UserId
from chalicelib.ports import ProjectStore, QueueStore


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one member has done: how many tasks they have an annotation on, in how many projects."""

    tasks: int
    projects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionService:
    """Adds up what the queue remembers of each annotator: one read for each project."""

    projects: ProjectStore
    queue: QueueStore

    def of_member(self, principal: Principal, user_id: UserId) -> Contribution:
        """What the member has done in the caller's organization."""
        policies.require_role(principal, "member.read")
        done = [
            self.queue.annotator(project.id, user_id).done
            for project in self.projects.of_organization(principal.organization_id)
        ]
        return Contribution(sum(done), sum(count > 0 for count in done))
