"""A person's data as one archive: what is kept about them, and every annotation they made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.clock import iso
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.formats.contract import Entry
from chalicelib.domain.formats.zipping import zip_bytes
from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan
from chalicelib.errors import ConflictError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.jobs import Alive
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.person_data import PersonDataService

KIND = "person_export"
BLOCKS_PER_PART = 16
CHUNK_BYTES = 1 << 20


def folder_of(user_id: int) -> str:
    """Where a person's archives lie; it goes with the person."""
    return f"people/{user_id}/"


@dataclass(frozen=True)
class PersonExportService:
    """Begins archives and hands them out, to their owner alone (`services.project_jobs.PRIVATE`)."""

    jobs: Jobs
    blobs: BlobStore

    def begin(self, principal: Principal) -> Job:
        """A job that makes the archive."""
        policies.require_role(principal, "self.read")
        request = JobRequest(KIND, principal.organization_id, None, principal.user_id, {})
        return self.jobs.create(request)

    def url(self, job: Job) -> str:
        """A short-lived address of the archive that the job has made. ConflictError before it is there."""
        if job.kind != KIND or job.state != JobState.COMPLETED:
            raise ConflictError("The archive is not ready.")
        key, name = _archive(job), "skylabel-your-data.zip"
        return self.blobs.signed_get(key, filename=name, content_type="application/zip")


@dataclass(frozen=True, kw_only=True)
class PersonExportKind:
    """Walks the tasks of the projects that the person has worked in, in flat memory."""

    name: ClassVar = KIND
    queue: ClassVar = "exports"

    data: PersonDataService
    tasks: TaskStore
    blobs: BlobStore
    actor: Callable[[OrganizationId, UserId], Principal]

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks a part, of every project with an annotation of theirs; older archives go."""
        self.blobs.delete([info.key for info in self.blobs.keys(folder_of(job.created_by))])
        principal = self.actor(job.organization, job.created_by)
        parts: list[Mapping[str, object]] = []
        total = 0
        for entry in self.data.collect(principal)["work"]:
            if not entry["tasks_done"]:
                continue
            alive()
            summaries = self.tasks.summaries(ProjectId(entry["project"]))
            total += sum(summary.counts.tasks for summary in summaries)
            blocks = [summary.block for summary in summaries]
            starts = range(0, len(blocks), BLOCKS_PER_PART)
            parts += [
                {"project": entry["project"], "blocks": blocks[start : start + BLOCKS_PER_PART]}
                for start in starts
            ]
        return Plan(parts, total=total)

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Write the person's annotations of some blocks, a line of JSON each."""
        seen = found = 0
        writer = self.blobs.writer(_part(job, part))
        try:
            for task in self._tasks(part, alive):
                seen += 1
                if not any(answer.user == job.created_by for answer in task.answers):
                    continue
                for annotation in self.tasks.family(task.id).annotations:
                    if annotation.completed_by == job.created_by:
                        found += 1
                        writer.write(_line(annotation))
            writer.close()
        except BaseException:
            writer.abort()
            raise
        return PartResult(seen, {"annotations": found})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Put the archive together."""
        principal = self.actor(job.organization, job.created_by)
        account = json.dumps(self.data.collect(principal), ensure_ascii=False, indent=2).encode()
        entries = [
            Entry("account.json", account),
            Entry("annotations.jsonl", self._lines(job, parts, alive)),
        ]
        writer = self.blobs.writer(_archive(job), content_type="application/zip")
        try:
            for chunk in zip_bytes(entries):
                writer.write(chunk)
            writer.close()
        except BaseException:
            writer.abort()
            raise
        self.blobs.delete([_part(job, part) for part in parts])
        return {"annotations": sum(int(str(part.result.get("annotations", 0))) for part in parts)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Forget what was written."""
        self.blobs.delete([*(_part(job, part) for part in parts), _archive(job)])

    def _tasks(self, part: JobPart, alive: Alive) -> Iterator[Any]:
        blocks = part.arguments["blocks"]
        for block in blocks if isinstance(blocks, list) else []:
            alive()
            for task in self.tasks.block(int(block)):
                if task.project_id == part.arguments["project"]:
                    yield task

    def _lines(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Iterator[bytes]:
        for part in parts:
            alive()
            with self.blobs.open(_part(job, part)) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk


def _part(job: Job, part: JobPart) -> str:
    return f"{folder_of(job.created_by)}{job.id}/{part.number:06d}.jsonl"


def _archive(job: Job) -> str:
    return f"{folder_of(job.created_by)}{job.id}.zip"


def _line(annotation: Annotation) -> bytes:
    shown = {
        "id": annotation.id,
        "task": annotation.task_id,
        "project": annotation.project_id,
        "created_at": iso(annotation.created_at),
        "updated_at": iso(annotation.updated_at),
        "lead_time": annotation.lead_time,
        "was_cancelled": annotation.was_cancelled,
        "ground_truth": annotation.ground_truth,
        "result": annotation.result,
    }
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
