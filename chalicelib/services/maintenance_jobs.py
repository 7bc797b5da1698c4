"""Long walks over a project's tasks: following changed settings, erasing what a deleted project leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from chalicelib.auth.principals import Principal
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.domain.tasks.changes import Change
from chalicelib.errors import InvalidInputError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import BlockSummary, TaskStore
from chalicelib.services.contention import again
from chalicelib.services.tasks import TaskService

BLOCKS_PER_PART = 16
KEYS_PER_DELETE = 1000
FOLDERS = ("upload", "exports", "config-edits", "label-renames", "columns")
"""Where a project's files lie, each under its id."""


def _grouped(summaries: Sequence[BlockSummary]) -> list[dict[str, Any]]:
    blocks = [summary.block for summary in summaries]
    starts = range(0, len(blocks), BLOCKS_PER_PART)
    return [{"blocks": blocks[start : start + BLOCKS_PER_PART]} for start in starts]


def _blocks(part: JobPart) -> list[int]:
    blocks = part.arguments["blocks"]
    return [int(block) for block in blocks] if isinstance(blocks, list) else []


def _project_of(job: Job) -> ProjectId:
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return job.project


@dataclass(frozen=True, slots=True, kw_only=True)
class RetuneKind:
    """Brings every task's overlap, labeledness and queue place in line with the project's settings.

    Nothing is taken back when it is stopped: every task that was reached follows the settings, and the
    next change of settings reaches all of them again.
    """

    name: ClassVar = "retune"
    queue: ClassVar = "maintenance"

    tasks: TaskService
    actor: Callable[[OrganizationId, UserId], Principal]

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks a part."""
        principal = self.actor(job.organization, job.created_by)
        summaries = self.tasks.blocks(principal, _project_of(job))
        return Plan(_grouped(summaries), total=sum(summary.counts.tasks for summary in summaries))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Retune each block; a block that is in line already changes nothing."""
        principal, changed = self.actor(job.organization, job.created_by), 0
        resets_overlap = bool(job.arguments.get("resets_overlap", True))
        for block in _blocks(part):
            alive()
            changed += self.tasks.retune_block(
                principal, _project_of(job), block, resets_overlap=resets_overlap
            )
        return PartResult(changed, {"changed": changed})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Say how many tasks changed."""
        return {"changed": sum(part.done for part in parts)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Nothing to take back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseKind:
    """Removes a project with its tasks and files. It cannot be taken back.

    The job is there before the project goes, so that whoever deletes it may die at any moment.
    """

    name: ClassVar = "erase"
    queue: ClassVar = "maintenance"

    projects: ProjectStore
    tasks: TaskStore
    blobs: BlobStore

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Have the project gone, then some blocks a part."""
        project = self.projects.get(_project_of(job), organization=job.organization)
        if project is not None:
            self.projects.delete(project)
        self.projects.forget_config_versions(_project_of(job))
        summaries = self.tasks.summaries(_project_of(job))
        return Plan(_grouped(summaries), total=sum(summary.counts.tasks for summary in summaries))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Remove each block's tasks with all that hangs on them; what is gone already is passed over."""
        erased = 0
        for block in _blocks(part):
            alive()
            erased += again(lambda block=block: self._erase(_project_of(job), block))  # type: ignore[misc]
        return PartResult(erased, {})

    def _erase(self, project: ProjectId, block: int) -> int:
        mine = [task for task in self.tasks.block(block) if task.project_id == project]
        for task in mine:
            # Before the task, by which another run finds it. Nobody sees it without: the project is gone.
            self.tasks.forget_family(task.id)
        self.tasks.commit_all([Change(before=task, after=None) for task in mine])
        return len(mine)

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Remove tasks that were stored since the plan was made, uploads and exports, and all counts."""
        project = _project_of(job)
        erased = sum(part.done for part in parts)
        for summary in self.tasks.summaries(project):
            if summary.counts.tasks:
                alive()
                erased += again(lambda block=summary.block: self._erase(project, block))  # type: ignore[misc]
        for folder in FOLDERS:
            for keys in self._batches(f"{folder}/{project}/"):
                alive()
                self.blobs.delete(keys)
        self.tasks.forget_project(project)
        return {"erased": erased}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """What is erased stays erased."""

    def _batches(self, prefix: str) -> Iterator[list[str]]:
        batch: list[str] = []
        for info in self.blobs.keys(prefix):
            batch.append(info.key)
            if len(batch) == KEYS_PER_DELETE:
                yield batch
                batch = []
        if batch:
            yield batch
