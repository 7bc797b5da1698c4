"""Background jobs as members see and control them: by what they may do in the job's project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.domain.jobs import Job
from chalicelib.errors import NotFoundError
from chalicelib.ids import JobId, ProjectId
from chalicelib.ports.projects import ProjectStore
from chalicelib.services.access import open_project
from chalicelib.services.jobs import Jobs

PRIVATE = frozenset({"person_export"})
"""Kinds of job that nobody but who started them may see."""


@dataclass(frozen=True)
class ProjectJobService:
    """Lists, shows and controls jobs."""

    jobs: Jobs
    projects: ProjectStore

    def newest(self, principal: Principal, project_id: ProjectId | None) -> Sequence[Job]:
        """The newest jobs of a project, or those of the organization that the caller may see."""
        if project_id is not None:
            open_project(self.projects, principal, "job.read", project_id)
        else:
            policies.require_role(principal, "job.read")
        found = [
            job
            for job in self.jobs.newest(principal.organization_id, project_id)
            if job.kind not in PRIVATE or job.created_by == principal.user_id
        ]
        if project_id is not None or principal.role in policies.ADMINISTRATORS:
            return found
        stored = self.projects.of_organization(principal.organization_id)
        closed = {p.id for p in stored if policies.effective_role(principal, p) is None}
        return [job for job in found if job.project not in closed]

    def get(self, principal: Principal, job_id: JobId, action: str = "job.read") -> Job:
        """The job, if the caller may do `action` in its project. Raises NotFoundError, ForbiddenError."""
        job = self.jobs.get(principal.organization_id, job_id)
        if job.kind in PRIVATE:
            if job.created_by != principal.user_id:
                raise NotFoundError(policies.no_such("Job"))
            return job
        project = self.projects.get(job.project, organization=job.organization) if job.project else None
        if project is None:  # the organization's, or of a project that is gone
            policies.require_role(principal, action)
        else:
            policies.require_in(principal, project, action, what="Job")
        return job

    def cancel(self, principal: Principal, job_id: JobId) -> Job:
        """End a job and take back what it did. ConflictError when it has ended."""
        self.get(principal, job_id, "job.control")
        return self.jobs.cancel(principal.organization_id, job_id)

    def retry(self, principal: Principal, job_id: JobId) -> Job:
        """Start a failed or cancelled job again. ConflictError when it has not failed."""
        self.get(principal, job_id, "job.control")
        return self.jobs.retry(principal.organization_id, job_id)
