"""The job behind imports: read and check everything first, keep it aside in chunks, then store the chunks.

Nothing is stored before the last line has been checked. The ids of all tasks are set aside once, when the
plan is made, and each chunk knows its own, so a chunk can be stored again and again with one effect.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from chalicelib.auth.principals import Principal
from chalicelib.domain.imports.contract import Problem
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.domain.tasks.changes import PlacedTask
from chalicelib.errors import Fault, InvalidInputError
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.ports import Alive, BlobStore
from chalicelib.services.import_items import Item, ItemContext, faults_of, item_of, new_task
from chalicelib.services.imports import MAX_FAULTS, ImportRequest, UploadReader
from chalicelib.services.jobs import JobAbandonedError
from chalicelib.services.projects import ProjectService
from chalicelib.services.tasks import TaskService
from chalicelib.services.uploads import UploadService

TASKS_PER_CHUNK = 1000
BEAT_EVERY_ITEMS = 1000

Actor = Callable[[OrganizationId, UserId], Principal]
"""Gives the principal that a job acts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """Imports complete uploads."""

    name: ClassVar = "import"
    queue: ClassVar = "imports"

    projects: ProjectService
    tasks: TaskService
    uploads: UploadService
    reader: UploadReader
    blobs: BlobStore
    actor: Actor

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Check every item of every file and keep them aside. All faults (up to a thousand) or none."""
        principal, project_id = self._actor(job)
        context = self._context(job, principal, project_id)
        chunks = _Chunks(self.blobs, f"jobs/{job.id}/{job.run}/")
        faults: list[Fault] = []
        for fault in self._check(job, principal, context, chunks, alive):
            faults.append(fault)
            if len(faults) >= MAX_FAULTS:
                break
        if faults:
            chunks.drop()
            raise InvalidInputError(faults=faults)
        chunks.close()
        if not job.arguments["commit"]:
            return Plan([], total=chunks.count, shared={"task_count": chunks.count})
        places = self.tasks.reserve(principal, project_id, chunks.count).places()
        return Plan(_parts(chunks, places), total=chunks.count)

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Store one chunk's tasks under the ids that were set aside for them."""
        principal, project_id = self._actor(job)
        context = self._context(job, principal, project_id)
        items = _unpack(self.blobs.get(str(part.arguments["key"])))
        ids = _expand(part.arguments["ids"])
        first_inner_id = int(str(part.arguments["first_inner_id"]))
        placed = [
            PlacedTask(TaskId(task_id), first_inner_id + n, new_task(item, context))
            for n, (task_id, item) in enumerate(zip(ids, items, strict=True))
        ]
        alive()
        added = self.tasks.add_tasks(principal, project_id, placed)
        self._still_wanted(principal, project_id, placed, alive)
        counts = {"annotations": added.annotation_count, "predictions": added.prediction_count}
        return PartResult(len(placed), counts)

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Count, and drop what was kept aside."""
        self._drop(job)
        tasks = sum(part.done for part in parts) if parts else job.plan.get("task_count", 0)
        return {
            "task_count": tasks,
            "annotation_count": _sum(parts, "annotations"),
            "prediction_count": _sum(parts, "predictions"),
            "file_upload_ids": job.arguments["uploads"],
        }

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Remove the tasks that were stored."""
        principal, project_id = self._actor(job)
        for part in parts:
            ids = [TaskId(task_id) for task_id in _expand(part.arguments["ids"])]
            self.tasks.delete_many(principal, project_id, ids)
        self._drop(job)

    def _still_wanted(
        self, principal: Principal, project_id: ProjectId, placed: Sequence[PlacedTask], alive: Alive
    ) -> None:
        """Take the chunk back if the job was stopped while it was being stored, for then `undo` may have
        passed these ids before they were there."""
        try:
            alive()
        except JobAbandonedError:
            self.tasks.delete_many(principal, project_id, [task.id for task in placed])
            raise

    def _check(
        self, job: Job, principal: Principal, context: ItemContext, chunks: _Chunks, alive: Alive
    ) -> Iterator[Fault]:
        index = 0
        for upload_id in _integers(job.arguments["uploads"]):
            upload = self.uploads.get(principal, _project_of(job), upload_id)
            as_list = bool(job.arguments["as_tasks_list"])
            for found in self.reader.read(upload, context, as_tasks_list=as_list):
                if isinstance(found, Problem):
                    yield Fault(_place(upload.name, found), found.message, found.code)
                    continue
                item = item_of(found, context, upload_id=upload_id)
                place = f"{upload.name}, {found.place}" if found.place else upload.name
                yield from faults_of(item, index, context, place=place, wrapped=found.wrapped)
                chunks.add(item)
                index += 1
                if index % BEAT_EVERY_ITEMS == 0:
                    alive()

    def _context(self, job: Job, principal: Principal, project_id: ProjectId) -> ItemContext:
        project = self.projects.get(principal, project_id)
        names = job.arguments["preannotated_from"]
        fields = [str(name) for name in names] if isinstance(names, list) else []
        return self.reader.context(principal, project, ImportRequest(preannotated_from=fields))

    def _actor(self, job: Job) -> tuple[Principal, ProjectId]:
        return self.actor(job.organization, job.created_by), _project_of(job)

    def _drop(self, job: Job) -> None:
        self.blobs.delete([info.key for info in self.blobs.keys(f"jobs/{job.id}/")])


class _Chunks:
    """Items kept aside as gzipped JSON lines, a thousand a blob; a plan made again uses the same keys."""

    def __init__(self, blobs: BlobStore, prefix: str) -> None:
        self._blobs = blobs
        self._prefix = prefix
        self._items: list[Item] = []
        self.keys: list[str] = []
        self.sizes: list[int] = []

    @property
    def count(self) -> int:
        """How many items there are in all."""
        return sum(self.sizes) + len(self._items)

    def add(self, item: Item) -> None:
        """Keep one item."""
        self._items.append(item)
        if len(self._items) == TASKS_PER_CHUNK:
            self.close()

    def close(self) -> None:
        """Write what is waiting."""
        if not self._items:
            return
        key = f"{self._prefix}{len(self.keys) + 1:06d}.jsonl.gz"
        self._blobs.put(key, _pack(self._items), content_type="application/gzip")
        self.keys.append(key)
        self.sizes.append(len(self._items))
        self._items = []

    def drop(self) -> None:
        """Remove everything."""
        self._blobs.delete(self.keys)
        self._items = []


def _pack(items: Sequence[Item]) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=3, mtime=0) as lines:
        for item in items:
            lines.write(json.dumps(item, separators=(",", ":")).encode() + b"\n")
    return packed.getvalue()


def _unpack(packed: bytes) -> list[Item]:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as lines:
        return [json.loads(line) for line in lines]


def _parts(chunks: _Chunks, places: Sequence[tuple[TaskId, int]]) -> list[dict[str, Any]]:
    parts = []
    start = 0
    for key, size in zip(chunks.keys, chunks.sizes, strict=True):
        mine = places[start : start + size]
        ids = [task_id for task_id, _ in mine]
        parts.append({"key": key, "ids": _ranges(ids), "first_inner_id": mine[0][1]})
        start += size
    return parts


def _ranges(ids: Sequence[int]) -> list[list[int]]:
    """Ascending ids as `[first, count]` pairs."""
    ranges: list[list[int]] = []
    for task_id in ids:
        if ranges and task_id == ranges[-1][0] + ranges[-1][1]:
            ranges[-1][1] += 1
        else:
            ranges.append([task_id, 1])
    return ranges


def _expand(ranges: Any) -> list[int]:
    return [first + n for first, count in ranges for n in range(count)]


def _place(name: str, problem: Problem) -> str:
    return f"{name}, line {problem.line}" if problem.line is not None else name


def _sum(parts: Sequence[JobPart], key: str) -> int:
    return sum(int(str(part.result.get(key, 0))) for part in parts)


def _project_of(job: Job) -> ProjectId:
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return job.project


def _integers(value: object) -> list[int]:
    return [int(item) for item in value] if isinstance(value, list) else []
