"""Renaming a label in all results that use it: a job over the blocks of one project, or of all of them.

Before a block is rewritten its journal is stored, which serves twice. A part that is done again counts what
it did the first time, and a rename that is cancelled is taken back from it item by item, save where somebody
changed the result since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Annotation, Draft
from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan
from chalicelib.domain.json_values import Json
from chalicelib.domain.label_config.edit_journal import Entry, MemberKind, read_journal, write_journal
from chalicelib.domain.label_config.edit_results import Item, undo_edit
from chalicelib.domain.labels import rename
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import BlockSummary, TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.contention import again
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.rewriting import Rewrite, commit

RENAME = "label_rename"
BLOCKS_PER_PART = 2
PATIENCE_S = 10.0
"""How long a request works on the rename itself before it leaves the rest to the workers."""

Changed = list[tuple[Task, list[tuple[Rewrite, Entry]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRenameService:
    """Starts renames, and does the small ones at once."""

    projects: ProjectStore
    jobs: Jobs

    def rename(self, principal: Principal, project_id: ProjectId | None, *, old: Json, new: Json) -> Job:
        """Rename the label in a project, or in all that the caller manages; gives the job as far as it came.

        InvalidInputError for labels that cannot be exchanged.
        """
        policies.require_role(principal, "label.manage")
        if project_id is not None:
            open_project(self.projects, principal, "project.update", project_id)
        _check(old, new)
        arguments = {"old": old, "new": new}
        organization, user = principal.organization_id, principal.user_id
        request = JobRequest(RENAME, organization, project_id, user, arguments)
        job = self.jobs.create(request, delay_s=int(PATIENCE_S) + 15)
        return self.jobs.run_here(job.id, until_s=PATIENCE_S) or job


def updated_by(job: Job) -> int:
    """How many annotations the rename has changed; 0 until it is completed."""
    return int(str(job.result.get("annotations_updated", 0))) if job.state is JobState.COMPLETED else 0


def _check(old: Json, new: Json) -> None:
    if old in (None, "", []):
        raise InvalidInputError.at("old_label", "This field may not be blank.")
    if new in (None, "", []):
        raise InvalidInputError.at("new_label", "This field may not be blank.")
    if isinstance(old, str) is not isinstance(new, str):
        raise InvalidInputError.at("new_label", "Both labels must be texts, or both lists.")
    if old == new:
        raise InvalidInputError.at("new_label", "The label has this name already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRenameKind:
    """Rewrites the annotations and drafts that use a label."""

    name: ClassVar = RENAME
    queue: ClassVar = "maintenance"

    projects: ProjectStore
    tasks: TaskStore
    blobs: BlobStore
    clock: Clock
    actor: Callable[[OrganizationId, UserId], Principal]

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks of a project a part; blocks without annotations and drafts have nothing to rename."""
        parts: list[dict[str, object]] = []
        total = 0
        for project_id in self._projects(job):
            alive()
            found = [s for s in self.tasks.summaries(project_id) if _has_results(s)]
            for start in range(0, len(found), BLOCKS_PER_PART):
                some = found[start : start + BLOCKS_PER_PART]
                tasks = sum(summary.counts.tasks for summary in some)
                blocks = [summary.block for summary in some]
                parts.append({"project": project_id, "blocks": blocks, "tasks": tasks})
                total += tasks
        return Plan(parts, total=total)

    def _projects(self, job: Job) -> list[ProjectId]:
        principal = self.actor(job.organization, job.created_by)
        if job.project is not None:
            return [open_project(self.projects, principal, "project.update", job.project).id]
        return [
            project.id
            for project in self.projects.of_organization(job.organization)
            if (role := policies.effective_role(principal, project)) is not None
            and policies.may(replace(principal, role=role), "project.update")
        ]

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Rename in each block; what is renamed already is passed over, and counted from the journal."""
        renamed = 0
        for block in _blocks(part):
            alive()
            again(lambda block=block: self._rename(job, _project(part), block))  # type: ignore[misc]
            entries = self._journal(job, _project(part), block)
            renamed += sum(entry.kind == "annotation" for entry in entries)
        return PartResult(int(str(part.arguments["tasks"])), {"renamed": renamed})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Say how many annotations changed, and forget the journals: from here nothing is taken back."""
        for part in parts:
            alive()
            self.blobs.delete([_key(job, _project(part), block) for block in _blocks(part)])
        return {"annotations_updated": sum(int(str(part.result.get("renamed", 0))) for part in parts)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Give every result that was renamed its label again, unless it was changed since."""
        for part in parts:
            for block in _blocks(part):
                again(lambda part=part, block=block: self._take_back(job, _project(part), block))  # type: ignore[misc]
                self.blobs.delete([_key(job, _project(part), block)])

    def _rename(self, job: Job, project: ProjectId, block: int) -> None:
        stored = self.projects.get(project, organization=job.organization)
        if stored is None:  # it was deleted meanwhile, and the others are renamed all the same
            return
        found: Changed = []
        for task, members in self._members(project, block):
            rewrites = list(self._rewrites(job, members))
            if rewrites:
                found.append((task, rewrites))
        if not found:
            return
        known = {(entry.kind, entry.id): entry for entry in self._journal(job, project, block)}
        known |= {(entry.kind, entry.id): entry for _, rewrites in found for _, entry in rewrites}
        self.blobs.put(_key(job, project, block), write_journal(known.values()))
        for task, rewrites in found:
            some = [rewrite for rewrite, _ in rewrites]
            commit(self.tasks, stored, task, some, self.clock(), job.created_by)

    def _rewrites(
        self, job: Job, members: Sequence[tuple[MemberKind, Annotation | Draft]]
    ) -> Iterator[tuple[Rewrite, Entry]]:
        old, new = cast(Json, job.arguments["old"]), cast(Json, job.arguments["new"])
        for kind, member in members:
            done = rename(cast(list[Item], list(member.result)), old, new)
            if done.changes:
                entry = Entry(kind, member.id, member.config_version, done.changes)
                yield self._rewrite(member, done.result), entry

    def _rewrite(self, member: Annotation | Draft, result: list[Item]) -> Rewrite:
        version, now = member.version + 1, self.clock()
        return member, replace(member, result=cast(Any, result), version=version, updated_at=now)

    def _take_back(self, job: Job, project: ProjectId, block: int) -> None:
        entries = {(entry.kind, entry.id): entry for entry in self._journal(job, project, block)}
        stored = self.projects.get(project, organization=job.organization)
        if not entries or stored is None:
            return
        for task, members in self._members(project, block):
            rewrites: list[Rewrite] = []
            for kind, member in members:
                entry = entries.get((kind, member.id))
                if entry is None:
                    continue
                try:
                    before = undo_edit(cast(list[Item], list(member.result)), entry.changes)
                except ConflictError:  # it was changed since, or never came to being renamed
                    continue
                rewrites.append(self._rewrite(member, before))
            if rewrites:
                commit(self.tasks, stored, task, rewrites, self.clock(), job.created_by)

    def _members(
        self, project: ProjectId, block: int
    ) -> Iterator[tuple[Task, list[tuple[MemberKind, Annotation | Draft]]]]:
        for task in self.tasks.block(block):
            if task.project_id == project and (task.answers or task.drafts):
                family = self.tasks.family(task.id)
                annotations = [("annotation", each) for each in family.annotations]
                yield task, cast(Any, [*annotations, *(("draft", each) for each in family.drafts)])

    def _journal(self, job: Job, project: ProjectId, block: int) -> list[Entry]:
        try:
            return read_journal(self.blobs.get(_key(job, project, block)))
        except NotFoundError:
            return []


def _has_results(summary: BlockSummary) -> bool:
    counts = summary.counts
    return bool(counts.annotations or counts.cancelled or counts.drafts)


def _key(job: Job, project: ProjectId, block: int) -> str:
    """One run's journal of a block: a job that is begun anew knows nothing of what was taken back."""
    return f"label-renames/{project}/{job.id}-{job.run}/{block}"


def _project(part: JobPart) -> ProjectId:
    return ProjectId(int(str(part.arguments["project"])))


def _blocks(part: JobPart) -> list[int]:
    blocks = part.arguments["blocks"]
    return [int(block) for block in blocks] if isinstance(blocks, list) else []
