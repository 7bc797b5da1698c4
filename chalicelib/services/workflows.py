"""The workflow of a project: which states its tasks go through, and taking tasks along when that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.settling import unsettled_by
from chalicelib.domain.projects.workflows import (
    WantedWorkflow,
    read_wanted,
    refuse_lost_states,
    with_workflow,
)
from chalicelib.domain.tasks.counts import total
from chalicelib.domain.workflow.presets import PLAIN
from chalicelib.ids import ProjectId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_project
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning, retune
from chalicelib.services.settling import Settling
from chalicelib.services.sight import sight_of


@dataclass(frozen=True, slots=True)
class Workflow:
    """A project with its workflow, how many tasks stand in which state, and whether a job has just been
    started that takes them along."""

    project: Project
    tasks: Mapping[str, int]
    has_started_job: bool = False

    @property
    def is_following(self) -> bool:
        """Whether tasks are still to be taken along."""
        machine = self.project.task_machine
        return self.has_started_job or any(machine.state(state) is None for state in self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowService:
    """Shows and changes workflows."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    jobs: TaskJobs

    def get(self, principal: Principal, project_id: ProjectId) -> Workflow:
        """The project's workflow."""
        project = open_project(self.projects, principal, "project.read", project_id)
        hides = sight_of(principal, project).hides_truths is not None
        return Workflow(project, {} if hides else self._occupied(project_id))

    def _occupied(self, project_id: ProjectId) -> Mapping[str, int]:
        return total(summary.counts for summary in self.tasks.summaries(project_id)).states

    def change(
        self,
        principal: Principal,
        project_id: ProjectId,
        wanted: WantedWorkflow,
        *,
        if_version: int | None = None,
    ) -> Workflow:
        """Give the project another workflow; its tasks follow, at once or by a job.

        InvalidInputError with every fault of the workflow, ConflictError where tasks stand in states that
        it lacks and `wanted.states` does not map, StaleVersionError when `if_version` is old.
        """

        def attempt() -> Project:
            old = open_project(self.projects, principal, "project.update", project_id)
            check_version(old.version, if_version)
            machine = read_wanted(wanted, old)
            occupied = self._occupied(project_id)
            refuse_lost_states(machine, wanted.states, occupied)
            return self._keep(old, with_workflow(old, machine, wanted.states, occupied))

        return self._followed(principal, again(attempt))

    def reset(
        self, principal: Principal, project_id: ProjectId, *, if_version: int | None = None
    ) -> Workflow:
        """Give the project the plain workflow; its tasks stand where their annotations put them."""

        def attempt() -> Project:
            old = open_project(self.projects, principal, "project.update", project_id)
            check_version(old.version, if_version)
            return self._keep(old, with_workflow(old, PLAIN, {}, self._occupied(project_id)))

        return self._followed(principal, again(attempt))

    def _keep(self, old: Project, new: Project) -> Project:
        if new != old:
            new = replace(new, version=old.version + 1, updated_at=self.clock())
            new = replace(new, unsettled=unsettled_by(old, new))
            self.projects.update(old, new)
        return new

    def _followed(self, principal: Principal, project: Project) -> Workflow:
        if project.unsettled:
            settling = Settling(self.projects, self.tasks, self.jobs, self.clock)
            project, is_job = settling.settle(project, principal.user_id)
        else:  # Also where nothing changed: the job of an earlier change may have failed on the way.
            how = Retuning(self.clock(), principal.user_id, resets_overlap=False)
            is_job = retune(self.tasks, self.jobs, project, how)
        return Workflow(project, self._occupied(project.id), is_job)
