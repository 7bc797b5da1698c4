"""The job behind imports: read and check everything first, keep it aside in chunks, then store the chunks.

Nothing is stored before the last line has been checked. The ids of all tasks are set aside once, when the
plan is made, and each chunk knows its own, so a chunk can be stored again and again with one effect.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from chalicelib.auth.principals import Principal
from chalicelib.domain.imports.contract import Limits, Problem
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.domain.tasks.changes import PlacedTask
from chalicelib.errors import Fault, InvalidInputError
from chalicelib.ids import TASKS_PER_BLOCK, OrganizationId, ProjectId, TaskId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.jobs import Alive
from chalicelib.services.column_files import WORTH_PACKING, ColumnFileService
from chalicelib.services.fetching import UrlFetcher
from chalicelib.services.import_findings import Findings
from chalicelib.services.import_items import Item, ItemContext, faults_of, item_of, new_task
from chalicelib.services.imports import ImportRequest, MediaKeeper, UploadReader
from chalicelib.services.jobs import JobAbandonedError
from chalicelib.services.projects import ProjectService
from chalicelib.services.tasks import TaskService
from chalicelib.services.uploads import UploadService

TASKS_PER_CHUNK = 1000
BEAT_EVERY_ITEMS = 1000
LIMITS = Limits(bytes=1024**4, tasks=5_000_000)
"""Files of a job may be as large as a store takes; what archives expand to is bound by their ratio."""
URL_BYTES = 5 * 1024**3
URL_SECONDS = 600.0

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
    fetcher: UrlFetcher
    blobs: BlobStore
    actor: Actor
    columns: ColumnFileService

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Check every item of every file and keep them aside. All faults (up to `MAX_FAULTS`) or none."""
        principal, project_id = self._actor(job)
        context = self._context(job, principal, project_id)
        commit, on_problem = bool(job.arguments["commit"]), job.arguments.get("on_problem", "refuse")
        chunks = _Chunks(self.blobs if commit else None, f"jobs/{job.id}/{job.run}/")
        found = Findings()
        for upload_id in _integers(job.arguments["uploads"]):
            chunks.begin_file()
            before = len(found.faults)
            self._read(job, upload_id, context, chunks, found, alive)
            if len(found.faults) > before and on_problem == "skip_files":
                chunks.drop_file()
            if found.is_full:
                break
        if commit and found.faults and (on_problem == "refuse" or found.is_full or not chunks.count):
            chunks.drop()
            self.blobs.delete(found.media)
            raise InvalidInputError(faults=found.faults)
        chunks.close()
        if not commit:
            return Plan([], total=chunks.count, shared=found.shown(chunks.count), problems=found.problems())
        places = self.tasks.reserve(principal, project_id, chunks.count).places()
        self.blobs.put(_media_key(job), json.dumps(found.media).encode())
        shared = {"warnings": found.warnings}
        return Plan(_parts(chunks, places), total=chunks.count, shared=shared, problems=found.problems())

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
        """Count, drop what was kept aside, and have the columns of many tasks packed."""
        self._drop(job)
        if len(parts) * TASKS_PER_CHUNK >= WORTH_PACKING * TASKS_PER_BLOCK:
            self.columns.ask(self._actor(job)[1])
        tasks = sum(part.done for part in parts) if parts else job.plan.get("task_count", 0)
        return {
            **job.plan,
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
            self.tasks.delete_many(principal, project_id, ids, sweeps=False)
        if self.blobs.info(_media_key(job)) is not None:
            self.blobs.delete(json.loads(self.blobs.get(_media_key(job))))
        self._drop(job)

    def _still_wanted(
        self, principal: Principal, project_id: ProjectId, placed: Sequence[PlacedTask], alive: Alive
    ) -> None:
        """Take the chunk back if the job was stopped while it was being stored, for then `undo` may have
        passed these ids before they were there."""
        try:
            alive()
        except JobAbandonedError:
            self.tasks.delete_many(principal, project_id, [task.id for task in placed], sweeps=False)
            raise

    def _read(
        self,
        job: Job,
        upload_id: int,
        context: ItemContext,
        chunks: _Chunks,
        found: Findings,
        alive: Alive,
    ) -> None:
        """Sort what one file holds into items to keep, faults, and warnings."""
        principal, project_id = self._actor(job)
        upload = self.uploads.get(principal, project_id, upload_id)
        try:
            upload = self.fetcher.fetch(upload, max_bytes=URL_BYTES, total_s=URL_SECONDS, alive=alive)
        except InvalidInputError as error:
            found.add_fault(Fault(upload.name, (error.faults or [error])[0].message, error.code))
            return
        found.add_file(upload.name)
        keeper = MediaKeeper(upload, self.blobs if job.arguments["commit"] else None, found.media)
        as_list = bool(job.arguments["as_tasks_list"])
        for read in self.reader.read(upload, context, as_tasks_list=as_list, media=keeper, limits=LIMITS):
            if isinstance(read, Problem):
                found.add_problem(upload.name, read)
            else:
                item = item_of(read, context, upload_id=upload_id)
                place = f"{upload.name}, {read.place}" if read.place else upload.name
                faults = faults_of(item, found.read, context, place=place, wrapped=read.wrapped)
                found.add_item(item, faults)
                if not faults:
                    chunks.add(item)
            if found.read % BEAT_EVERY_ITEMS == 0:
                alive()
            if found.is_full:
                return

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
    """Items kept aside as gzipped JSON lines, a thousand a blob; a plan made again uses the same keys.

    Without `blobs` they are only counted.
    """

    def __init__(self, blobs: BlobStore | None, prefix: str) -> None:
        self._blobs = blobs
        self._prefix = prefix
        self._items: list[Item] = []
        self._file_items = 0
        self._file_keys: int | None = None
        self.keys: list[str] = []
        self.sizes: list[int] = []

    @property
    def count(self) -> int:
        """How many items there are in all."""
        return sum(self.sizes) + len(self._items)

    def begin_file(self) -> None:
        """From here on items are of the next file."""
        self._file_items, self._file_keys = len(self._items), None

    def drop_file(self) -> None:
        """Forget the items of the file that was begun last."""
        if self._file_keys is None:
            del self._items[self._file_items :]
            return
        if self._blobs is not None:
            self._blobs.delete(self.keys[self._file_keys :])
        del self.keys[self._file_keys :], self.sizes[self._file_keys :]
        self._items = []

    def add(self, item: Item) -> None:
        """Keep one item."""
        self._items.append(item)
        if len(self._items) == TASKS_PER_CHUNK:
            self.close()

    def close(self) -> None:
        """Write what is waiting; a file's items begin a blob of their own, so that they can be dropped."""
        waiting, others = self._items[self._file_items :], self._items[: self._file_items]
        self._write(others)
        if self._file_keys is None:
            self._file_keys = len(self.keys)
        self._write(waiting)
        self._items, self._file_items = [], 0

    def drop(self) -> None:
        """Remove everything."""
        if self._blobs is not None:
            self._blobs.delete(self.keys)
        self._items = []

    def _write(self, items: list[Item]) -> None:
        if not items:
            return
        key = f"{self._prefix}{len(self.keys) + 1:06d}.jsonl.gz"
        if self._blobs is not None:
            self._blobs.put(key, _pack(items), content_type="application/gzip")
        self.keys.append(key)
        self.sizes.append(len(items))


def _media_key(job: Job) -> str:
    return f"jobs/{job.id}/media-{job.run}.json"


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


def _sum(parts: Sequence[JobPart], key: str) -> int:
    return sum(int(str(part.result.get(key, 0))) for part in parts)


def _project_of(job: Job) -> ProjectId:
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return job.project


def _integers(value: object) -> list[int]:
    return [int(item) for item in value] if isinstance(value, list) else []
