"""Changing the configuration of a project that has work in it: what a change would do, and starting it.

The work itself is done by `config_edit_jobs.py`. A change is described by an *order*: the new configuration
and what a person says of it. Orders are blobs named by their content, since configurations may be large.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.auth.principals import Principal
from chalicelib.domain.jobs import Job, JobState
from chalicelib.domain.label_config import LabelConfig
from chalicelib.domain.label_config.edit import WhenRemoved
from chalicelib.domain.label_config.edit_plan import EditPlan, Renames, plan_edit
from chalicelib.domain.projects.config_versions import ConfigVersion, first_version
from chalicelib.domain.projects.configs import usage_of
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import JobId, ProjectId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.tallying import summarize

EDIT, UNDO = "config_edit", "config_undo"
"""The kinds of jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOrder:
    """What somebody wants: the new configuration, what was renamed in it, and what is to become of results
    whose control or label is gone (`keep` them as they are, or `drop` them)."""

    label_config: str
    renames: Renames = field(default_factory=Renames)
    removed: WhenRemoved = "keep"


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """What an order would do. `is_complete` false: a large project is still being counted, ask again."""

    plan: EditPlan
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigEditService:
    """Plans and starts changes of configurations, lists their versions."""

    projects: ProjectStore
    tasks: TaskStore
    blobs: BlobStore
    jobs: Jobs
    parse_config: ConfigParser

    def plan(self, principal: Principal, project_id: ProjectId, order: EditOrder) -> PlannedEdit:
        """Every step of the change with what it touches, and every fault; nothing is changed.

        InvalidInputError when the configuration is wrong in itself.
        """
        project = open_project(self.projects, principal, "project.update", project_id)
        return self._plan(project, order)

    def _plan(self, project: Project, order: EditOrder) -> PlannedEdit:
        new = self.parse_config(order.label_config)
        summary = summarize(self.tasks, project)
        plan = plan_edit(
            self._parsed(project.label_config),
            new,
            renames=order.renames,
            usage=usage_of(summary),
            removed=order.removed,
        )
        return PlannedEdit(plan, summary.is_complete)

    def start(self, principal: Principal, project_id: ProjectId, order: EditOrder) -> Job:
        """Start the change as a job. InvalidInputError with every fault of its plan; ConflictError while
        another change of this project's configuration is under way."""
        project = open_project(self.projects, principal, "project.update", project_id)
        planned = self._plan(project, order)
        if planned.plan.faults:
            raise InvalidInputError(faults=planned.plan.faults)
        if order.label_config == project.label_config:
            raise InvalidInputError.at("label_config", "The project has this configuration already.")
        self._refuse_second(principal, project)
        key = keep_order(self.blobs, project, order)
        arguments = {"order": key, "config_version": project.config_version}
        return self._create(principal, project, EDIT, arguments)

    def undo(self, principal: Principal, project_id: ProjectId, job_id: JobId) -> Job:
        """Take a finished change back by another job. ConflictError when the configuration was changed
        again since, or the change has not ended well."""
        project = open_project(self.projects, principal, "project.update", project_id)
        done = self.jobs.get(principal.organization_id, job_id)
        if done.kind != EDIT or done.project != project.id:
            raise NotFoundError("No Job matches the given query.")
        if done.state is not JobState.COMPLETED:
            raise ConflictError(f"Job {job_id} is {done.state}; only a completed change can be taken back.")
        made = done.result.get("config_version")
        if made != project.config_version:
            raise ConflictError(
                f"The configuration was changed again since (version {project.config_version}, "
                f"not {made}). Take the newer change back first.",
                details={"config_version": project.config_version},
            )
        self._refuse_second(principal, project)
        arguments = {**done.arguments, "edit": done.id, "edited_version": project.config_version}
        return self._create(principal, project, UNDO, arguments)

    def _refuse_second(self, principal: Principal, project: Project) -> None:
        for job in self.jobs.newest(principal.organization_id, project.id):
            if job.kind in (EDIT, UNDO) and not job.has_ended:
                raise ConflictError(
                    f"Job {job.id} is changing this project's configuration; wait for its end.",
                    details={"job": job.id},
                )

    def _create(
        self, principal: Principal, project: Project, kind: str, arguments: Mapping[str, object]
    ) -> Job:
        request = JobRequest(kind, project.organization_id, project.id, principal.user_id, arguments)
        return self.jobs.create(request)

    def versions(self, principal: Principal, project_id: ProjectId) -> Sequence[ConfigVersion]:
        """Every version of the configuration, newest first."""
        project = open_project(self.projects, principal, "project.read", project_id)
        kept = self.projects.config_versions(project.id)
        return [*reversed(kept)] if kept else [first_version(project)]

    def version(
        self, principal: Principal, project_id: ProjectId, number: int
    ) -> tuple[ConfigVersion, EditPlan]:
        """One version, and what it changed beside the one before it (nothing is counted)."""
        versions = {each.number: each for each in self.versions(principal, project_id)}
        if number not in versions:
            raise NotFoundError("No ConfigVersion matches the given query.")
        this = versions[number]
        before = versions[number - 1].label_config if number - 1 in versions else "<View></View>"
        return this, plan_edit(self._parsed(before), self._parsed(this.label_config))

    def _parsed(self, text: str) -> LabelConfig:
        """A stored configuration; an empty one where older rules accepted what ours don't."""
        try:
            return self.parse_config(text)
        except InvalidInputError:
            return self.parse_config("<View></View>")


def keep_order(blobs: BlobStore, project: Project, order: EditOrder) -> str:
    """Store the order with the configuration it starts from; gives the blob's key."""
    body = {**asdict(order), "before": project.label_config}
    content = json.dumps(body, ensure_ascii=False, sort_keys=True, default=dict).encode()
    key = f"config-edits/{project.id}/{hashlib.sha256(content).hexdigest()}.json"
    blobs.put(key, content)
    return key


def read_order(blobs: BlobStore, key: str) -> tuple[EditOrder, str]:
    """The order that `keep_order` stored, and the configuration that it starts from."""
    body: dict[str, Any] = json.loads(blobs.get(key))
    before = str(body.pop("before"))
    return EditOrder(**{**body, "renames": Renames(**body["renames"])}), before
