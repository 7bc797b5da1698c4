"""Giving back very many tasks of somebody who may not work on them any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.ids import UserId
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import ProjectStore
from chalicelib.services.assignments import AssignmentService


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseKind:
    """Takes a person off the tasks of a project that wait for them. What is given back stays so."""

    name: ClassVar = "release"
    queue: ClassVar = "maintenance"

    assignments: AssignmentService
    projects: ProjectStore

    def plan(self, job: Job, alive: Alive) -> Plan:
        """One part: the tasks that are left are always the first ones, so that it goes on anywhere."""
        return Plan([{"user": job.arguments["user"]}], total=0)

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Release until nothing waits for them."""
        project = self.projects.get(job.project, organization=job.organization) if job.project else None
        released = 0
        if project is not None:
            user = UserId(int(str(part.arguments["user"])))
            for some in self.assignments.releasing(project, user, job.created_by):
                alive()
                released += some
        return PartResult(released, {"released": released})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Say how many tasks were given back."""
        return {"released": sum(part.done for part in parts)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Nothing to take back."""
