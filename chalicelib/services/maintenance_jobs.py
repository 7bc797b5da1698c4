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
from chalicelib.ports.tasks import BlockSummary, TaskStore
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
    """Removes the tasks and files of a project that was deleted. It cannot be taken back."""

    name: ClassVar = "erase"
    queue: ClassVar = "maintenance"

    tasks: TaskStore
    blobs: BlobStore

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks a part."""
        summaries = self.tasks.summaries(_project_of(job))
        return Plan(_grouped(summaries), total=sum(summary.counts.tasks for summary in summaries))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Remove each block's tasks with all that hangs on them; what is gone already is passed over."""
        erased = 0
        for block in _blocks(part):
            alive()
            whole = self.tasks.block(block)
            mine = [task for task in whole if task.project_id == job.project]
            self.tasks.commit_all([Change(before=task, after=None) for task in mine])
            for task in mine:
                self.tasks.forget_family(task.id)
            erased += len(mine)
        return PartResult(erased, {})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Remove uploads and exports."""
        project = _project_of(job)
        for folder in FOLDERS:
            for keys in self._batches(f"{folder}/{project}/"):
                alive()
                self.blobs.delete(keys)
        return {"erased": sum(part.done for part in parts)}

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
