"""Projects: making, finding, changing and removing them, and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.auth.policies import effective_role, require_role
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.label_config import LabelConfig, essential_change
from chalicelib.domain.projects.config_versions import reconfigured
from chalicelib.domain.projects.configs import losses, usage_of
from chalicelib.domain.projects.counts import own_counts, project_counts
from chalicelib.domain.projects.entities import Project, ProjectCounts, ProjectSummary
from chalicelib.domain.projects.rules import read_project_fields, with_strategy
from chalicelib.domain.projects.settling import unsettled_by
from chalicelib.domain.tasks.counts import Contribution, total
from chalicelib.errors import ConflictError, InvalidInputError
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import IdSource, ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_project
from chalicelib.services.contention import again
from chalicelib.services.settling import Settling
from chalicelib.services.sight import sight_of
from chalicelib.services.tallying import summarize


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

    # -- one project

    def create(self, principal: Principal, fields: Mapping[str, object]) -> Project:
        """Make a project of the caller's organization from writable fields; the others are ignored.

        Raises InvalidInputError with every fault.
        """
        require_role(principal, "project.create")
        values = read_project_fields(fields)
        now = self.clock()
        if "label_config" in values:
            self.parse_config(values["label_config"])
        project = Project(
            id=ProjectId(self.ids.next_id("project")),
            organization_id=principal.organization_id,
            created_by=principal.user_id,
            created_at=now,
            updated_at=now,
            **values,
        )
        self.projects.insert(project)
        return project

    def get(self, principal: Principal, project_id: ProjectId) -> Project:
        """The project."""
        return open_project(self.projects, principal, "project.read", project_id)

    def all(self, principal: Principal) -> Sequence[Project]:
        """The organization's projects that the caller may see: pinned first, then newest first."""
        require_role(principal, "project.read")
        stored = self.projects.of_organization(principal.organization_id)
        visible = [project for project in stored if effective_role(principal, project) is not None]
        found = sorted(visible, key=_newest_first)
        return sorted(found, key=_pinned_first)

    def update(
        self,
        principal: Principal,
        project_id: ProjectId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
        backends: Sequence[str] = (),
    ) -> Project:
        """Change writable fields. Raises InvalidInputError, and StaleVersionError when `if_version` is old.

        Where overlap, skip queue or sampling change, the tasks follow: at once in a small project, by a
        job in a large one; also where an earlier change of these broke off. `backends` are titles of
        connected ML backends, which `model_version` may name.
        """
        values = read_project_fields(fields)

        def attempt() -> Project:
            old = open_project(self.projects, principal, "project.update", project_id)
            check_version(old.version, if_version)
            self._check_change(old, values, backends)
            changes = with_strategy(old, values)
            new = replace(old, **changes)
            if new == old:
                return old
            now = self.clock()
            if new.label_config != old.label_config:
                configured, kept = reconfigured(old, new.label_config, at=now, by=principal.user_id)
                new = replace(configured, **changes)
            else:
                new, kept = replace(new, version=old.version + 1, updated_at=now), ()
            new = replace(new, unsettled=unsettled_by(old, new))
            self.projects.update(old, new, config_versions=kept)
            return new

        settling = Settling(self.projects, self.tasks, self.jobs, self.clock)
        return settling.settle(again(attempt), principal.user_id)[0]

    def _check_change(self, old: Project, values: Mapping[str, Any], backends: Sequence[str]) -> None:
        config = values.get("label_config", old.label_config)
        if config != old.label_config:
            if old.config_job is not None:
                raise ConflictError(
                    f"Job {old.config_job} is changing this project's configuration; wait for its end.",
                    details={"job": old.config_job},
                )
            parsed = self.parse_config(config)
            self._check_used(old, parsed, labels=False)
        version = values.get("model_version", old.model_version)
        if version and version != old.model_version and version not in backends:
            counts = self._sum(old.id)
            if version not in counts.models:
                raise InvalidInputError.at(
                    "model_version", f"Model version {version} has no predictions and is no ML backend."
                )

    def delete(self, principal: Principal, project_id: ProjectId) -> None:
        """Remove the project; what hangs on it is unreachable at once and erased by a job.

        The job comes first, and removes the project too: nobody could ask again for what is left of one
        that is gone.
        """
        project = open_project(self.projects, principal, "project.delete", project_id)
        self.jobs.erase(project, by=principal.user_id)
        self.projects.delete(project)
        self.projects.forget_config_versions(project.id)

    # -- counts

    def counts(self, principal: Principal, project: Project) -> ProjectCounts:
        """The exact counts of a project that the caller has loaded, `queue_*` for the caller: two reads."""
        row = self.queue.annotator(project.id, principal.user_id)
        counts = project_counts(project, self._sum(project.id), row)
        return counts if sight_of(principal, project).hides_truths is None else own_counts(counts, row)

    def _sum(self, project_id: ProjectId) -> Contribution:
        return total(summary.counts for summary in self.tasks.summaries(project_id))

    def annotators(self, principal: Principal, project_id: ProjectId) -> Sequence[UserId]:
        """The users with an annotation in the project, by id."""
        open_project(self.projects, principal, "project.read", project_id)
        return sorted(row.user_id for row in self.queue.annotators(project_id) if row.done)

    def model_versions(self, principal: Principal, project_id: ProjectId) -> Mapping[str, int]:
        """How many predictions each model version has, by version."""
        open_project(self.projects, principal, "project.read", project_id)
        return dict(sorted(self._sum(project_id).models.items()))

    # -- what data and annotations contain

    def summary(self, principal: Principal, project_id: ProjectId) -> ProjectSummary:
        """What data and annotations contain. Tallied per block, anew only where something has changed."""
        project = open_project(self.projects, principal, "project.read", project_id)
        found = summarize(self.tasks, project)
        if not sight_of(principal, project).is_blind:
            return found
        return replace(found, created_annotations={}, created_labels={}, created_labels_drafts={})

    def reset_summary(self, principal: Principal, project_id: ProjectId) -> None:
        """Forget the tallies; the next summary counts everything again."""
        open_project(self.projects, principal, "project.update", project_id)
        self.tasks.forget_tallies(project_id)

    def check_config(self, principal: Principal, project_id: ProjectId, label_config: object) -> bool | None:
        """Whether a new configuration would change essential data of the project; None when it only
        removes controls.

        Raises InvalidInputError when it is wrong in itself or loses what annotations use.
        """
        project = open_project(self.projects, principal, "project.read", project_id)
        config = read_project_fields({"label_config": label_config})["label_config"]
        new = self.parse_config(config)
        self._check_used(project, new, labels=True)
        return essential_change(self.parse_config(project.label_config), new)

    def _check_used(self, project: Project, config: LabelConfig, *, labels: bool) -> None:
        counts = self._sum(project.id)
        if not counts.annotations + counts.cancelled + counts.drafts:
            return
        found = losses(config, usage_of(summarize(self.tasks, project)), labels=labels)
        if found:
            raise InvalidInputError(faults=found)


def _newest_first(project: Project) -> int:
    return -project.id


def _pinned_first(project: Project) -> tuple[bool, float]:
    at: datetime | None = project.pinned_at
    return (at is None, -at.timestamp() if at else 0.0)
