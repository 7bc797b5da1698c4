"""A person's data as one archive: what is kept about them, every annotation and every comment they made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.clock import iso
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.comments.entities import Comment
from chalicelib.domain.formats.contract import Entry
from chalicelib.domain.formats.zipping import zip_bytes
from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import ConflictError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.ports.blobs import BlobStore, BlobWriter
from chalicelib.ports.jobs import Alive
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.person_data import PersonDataService

KIND = "person_export"
BLOCKS_PER_PART = 16
CHUNK_BYTES = 1 << 20
ANNOTATIONS, COMMENTS = "annotations", "comments"
_CONTENTS = (ANNOTATIONS, COMMENTS)


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
    """Walks the tasks of all projects of the person's organizations, in flat memory.

    Comments are counted nowhere but at their tasks, and whoever comments need not have labeled anything.
    """

    name: ClassVar = KIND
    queue: ClassVar = "exports"

    data: PersonDataService
    tasks: TaskStore
    blobs: BlobStore
    actor: Callable[[OrganizationId, UserId], Principal]

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks of a project a part; older archives go."""
        self.blobs.delete([info.key for info in self.blobs.keys(folder_of(job.created_by))])
        principal = self.actor(job.organization, job.created_by)
        parts: list[Mapping[str, object]] = []
        total = 0
        for project in self.data.projects_around(principal):
            alive()
            summaries = self.tasks.summaries(project)
            total += sum(summary.counts.tasks for summary in summaries)
            blocks = [summary.block for summary in summaries]
            starts = range(0, len(blocks), BLOCKS_PER_PART)
            parts += [
                {"project": project, "blocks": blocks[start : start + BLOCKS_PER_PART]} for start in starts
            ]
        return Plan(parts, total=total)

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Write what the person made in some blocks, a line of JSON each."""
        seen, counts = 0, dict.fromkeys(_CONTENTS, 0)
        with (
            self._writing(_part(job, part, ANNOTATIONS)) as annotations,
            self._writing(_part(job, part, COMMENTS)) as comments,
        ):
            writers = {ANNOTATIONS: annotations, COMMENTS: comments}
            for task in self._tasks(part, alive):
                seen += 1
                for content, line in self._made(task, job.created_by):
                    counts[content] += 1
                    writers[content].write(line)
        return PartResult(seen, counts)

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Put the archive together."""
        principal = self.actor(job.organization, job.created_by)
        account = json.dumps(self.data.collect(principal), ensure_ascii=False, indent=2).encode()
        entries = [
            Entry("account.json", account),
            *(Entry(f"{content}.jsonl", self._lines(job, parts, content, alive)) for content in _CONTENTS),
        ]
        with self._writing(_archive(job), content_type="application/zip") as writer:
            for chunk in zip_bytes(entries):
                writer.write(chunk)
        self.blobs.delete(_written(job, parts))
        return {
            content: sum(int(str(part.result.get(content, 0))) for part in parts) for content in _CONTENTS
        }

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Forget what was written."""
        self.blobs.delete([*_written(job, parts), _archive(job)])

    @contextmanager
    def _writing(self, key: str, **options: str) -> Iterator[BlobWriter]:
        writer = self.blobs.writer(key, **options)
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.abort()
            raise

    def _made(self, task: Task, user: UserId) -> Iterator[tuple[str, bytes]]:
        if any(answer.user == user for answer in task.answers):
            for annotation in self.tasks.family(task.id).annotations:
                if annotation.completed_by == user:
                    yield ANNOTATIONS, _annotation_line(annotation)
        if user in task.comments.by:
            for comment in self.tasks.comments(task.id):
                if comment.created_by == user:
                    yield COMMENTS, _comment_line(comment)

    def _tasks(self, part: JobPart, alive: Alive) -> Iterator[Task]:
        blocks = part.arguments["blocks"]
        for block in blocks if isinstance(blocks, list) else []:
            alive()
            for task in self.tasks.block(int(block)):
                if task.project_id == part.arguments["project"]:
                    yield task

    def _lines(self, job: Job, parts: Sequence[JobPart], content: str, alive: Alive) -> Iterator[bytes]:
        for part in parts:
            alive()
            if content not in part.result:  # made before there were comments in archives
                continue
            with self.blobs.open(_part(job, part, content)) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk


def _part(job: Job, part: JobPart, content: str) -> str:
    ending = "jsonl" if content == ANNOTATIONS else f"{content}.jsonl"
    return f"{folder_of(job.created_by)}{job.id}/{part.number:06d}.{ending}"


def _written(job: Job, parts: Sequence[JobPart]) -> list[str]:
    return [_part(job, part, content) for part in parts for content in _CONTENTS]


def _archive(job: Job) -> str:
    return f"{folder_of(job.created_by)}{job.id}.zip"


def _annotation_line(annotation: Annotation) -> bytes:
    return _line(
        {
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
    )


def _comment_line(comment: Comment) -> bytes:
    return _line(
        {
            "id": comment.id,
            "task": comment.task_id,
            "project": comment.project_id,
            "annotation": comment.annotation_id,
            "region_ref": comment.region_ref,
            "created_at": iso(comment.created_at),
            "updated_at": iso(comment.updated_at),
            "is_resolved": comment.is_resolved,
            "text": comment.text,
        }
    )


def _line(shown: Mapping[str, object]) -> bytes:
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
