"""Imports: what fits in a request at once, everything else as a job; always all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Literal

from chalicelib.auth.policies import require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.imports.contract import ImportOptions, Limits, MediaStore, Problem, TaskIn
from chalicelib.domain.imports.items import task_of
from chalicelib.domain.imports.reading import read_tasks
from chalicelib.domain.jobs import Job
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.result_rules import fitting
from chalicelib.domain.tasks.changes import NewTask
from chalicelib.domain.uploads import Upload, content_type_of, stored_name
from chalicelib.errors import ConflictError, Fault, InvalidInputError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.configs import ConfigParser
from chalicelib.services.blob_reading import seekable
from chalicelib.services.fetching import UrlFetcher
from chalicelib.services.import_items import Item, ItemContext, Members, faults_of, item_of, new_task
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.projects import ProjectService
from chalicelib.services.tasks import TaskService
from chalicelib.services.uploads import UploadService

MAX_URLS = 100
HERE = Limits()
"""What a request may read: a job may read more."""
URL_BYTES_HERE = 50 * 1024 * 1024
URL_SECONDS_HERE = 15.0
MAX_FAULTS = 1000
"""How many faults one import reports; reading stops there."""
COPY_BYTES = 1 << 20


OnProblem = Literal["refuse", "skip_files", "skip_rows"]
"""What a problem takes with it: the whole import, its file, or only what could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """How an import is to be done. `commit` false only reads and counts."""

    preannotated_from: Sequence[str] = ()
    commit: bool = True
    as_tasks_list: bool = True
    on_problem: OnProblem = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What an import did; the counts of what comes along are None where nothing was stored."""

    task_count: int
    annotation_count: int | None
    prediction_count: int | None
    duration_s: float
    task_ids: tuple[TaskId, ...] = ()
    upload_ids: tuple[int, ...] = ()
    found_formats: Mapping[str, int] = field(default_factory=dict)
    could_be_tasks_list: bool = False
    data_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportService:
    """Imports as people ask for them; `ImportKind` does the work of the large ones."""

    projects: ProjectService
    tasks: TaskService
    uploads: UploadService
    reader: UploadReader
    fetcher: UrlFetcher
    jobs: Jobs
    clock: Clock

    def add_items(
        self, principal: Principal, project_id: ProjectId, body: Any, request: ImportRequest
    ) -> ImportSummary:
        """Store the tasks of a JSON body. `InvalidInputError` with every fault of every item."""
        project = self._project(principal, project_id)
        listed = body if isinstance(body, list) else [body]
        if not listed:
            raise InvalidInputError.at("", "load_tasks: No tasks added", code="empty")
        context = self.reader.context(principal, project, request)
        read = [(task_of(entry, str(index)), None) for index, entry in enumerate(listed)]
        return self._add(principal, project, context, read, request)

    def add_uploads(
        self, principal: Principal, project_id: ProjectId, uploads: Sequence[Upload], request: ImportRequest
    ) -> ImportSummary:
        """Store the tasks of small files at once."""
        project = self._project(principal, project_id)
        context = self.reader.context(principal, project, request)
        faults: list[Fault] = []
        keepers: list[MediaKeeper] = []
        read: list[tuple[TaskIn, int | None]] = []
        for upload in uploads:
            keeper = MediaKeeper(upload, self.reader.blobs if request.commit else None)
            keepers.append(keeper)
            for found in self.reader.read(upload, context, as_tasks_list=request.as_tasks_list, media=keeper):
                if isinstance(found, Problem):
                    if not found.warning:
                        faults.append(Fault(upload.name, str(found), found.code))
                else:
                    read.append((found, upload.id))
        try:
            if faults:
                raise InvalidInputError(faults=faults[:MAX_FAULTS])
            return self._add(principal, project, context, read, request, uploads)
        except InvalidInputError:
            self.reader.blobs.delete([key for keeper in keepers for key in keeper.keys])
            raise

    def add_url(
        self, principal: Principal, project_id: ProjectId, url: str, request: ImportRequest
    ) -> ImportSummary:
        """Fetch a file of at most `URL_BYTES_HERE` and store its tasks at once."""
        self._project(principal, project_id)
        announced = self.fetcher.announce(principal, project_id, url)
        upload = self.fetcher.fetch(announced, max_bytes=URL_BYTES_HERE, total_s=URL_SECONDS_HERE)
        return self.add_uploads(principal, project_id, [upload], request)

    def start(
        self,
        principal: Principal,
        project_id: ProjectId,
        upload_ids: Sequence[int],
        request: ImportRequest,
        *,
        urls: Sequence[str] = (),
    ) -> Job:
        """Import complete uploads and files at web addresses in the background.

        `ConflictError` while bytes are missing, `InvalidInputError` for an address that may not be asked.
        """
        self._project(principal, project_id)
        if not upload_ids and not urls:
            raise InvalidInputError.at("upload_ids", "There must be at least one upload or address.")
        if len(urls) > MAX_URLS:
            raise InvalidInputError.at("urls", f"There may be at most {MAX_URLS} addresses at once.")
        for upload_id in upload_ids:
            if not self.uploads.get(principal, project_id, upload_id).is_complete:
                raise ConflictError(f"Upload {upload_id} is not complete.")
        announced = [self.fetcher.announce(principal, project_id, url) for url in urls]
        arguments = {
            "uploads": [*upload_ids, *(upload.id for upload in announced)],
            "on_problem": request.on_problem,
            "preannotated_from": list(request.preannotated_from),
            "commit": request.commit,
            "as_tasks_list": request.as_tasks_list,
        }
        organization = principal.organization_id
        return self.jobs.create(JobRequest("import", organization, project_id, principal.user_id, arguments))

    def _add(
        self,
        principal: Principal,
        project: Project,
        context: ItemContext,
        read: Sequence[tuple[TaskIn, int | None]],
        request: ImportRequest,
        uploads: Sequence[Upload] = (),
    ) -> ImportSummary:
        started = self.clock()
        new = checked(read, context)
        ids: tuple[TaskId, ...] = ()
        counts: tuple[int | None, int | None] = (None, None)
        if request.commit:
            added = self.tasks.add(principal, project.id, new)
            ids, counts = added.task_ids, (added.annotation_count, added.prediction_count)
        return ImportSummary(
            task_count=len(new),
            annotation_count=counts[0],
            prediction_count=counts[1],
            duration_s=(self.clock() - started).total_seconds(),
            task_ids=ids,
            upload_ids=tuple(upload.id for upload in uploads),
            found_formats=_formats(uploads),
            could_be_tasks_list=any(_is_list(upload) for upload in uploads),
            data_columns=_columns(new),
        )

    def _project(self, principal: Principal, project_id: ProjectId) -> Project:
        project = self.projects.get(principal, project_id)
        require_in(principal, project, "import.run")
        return project


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReader:
    """Reads uploads as tasks, in flat memory and without a disk."""

    blobs: BlobStore
    members: Members
    parse_config: ConfigParser

    def context(self, principal: Principal, project: Project, request: ImportRequest) -> ItemContext:
        """What the items of this import are checked against."""
        controls = ControlTable(self.parse_config(project.label_config).parsed)
        members = self.members(principal.organization_id)
        fits = partial(fitting, project, self.parse_config)
        return ItemContext.of(controls, members, principal.user_id, request.preannotated_from, fits)

    def read(
        self,
        upload: Upload,
        context: ItemContext,
        *,
        as_tasks_list: bool,
        media: MediaStore | None = None,
        limits: Limits = HERE,
    ) -> Iterator[TaskIn | Problem]:
        """The tasks of one file, with problems where they are met. `media` keeps files found in archives."""
        options = ImportOptions(
            address=upload.url,
            as_tasks_list=as_tasks_list,
            controls=context.controls,
            store_media=media,
            limits=limits,
        )
        with seekable(self.blobs, upload.key) as stream:
            yield from read_tasks(upload.name, stream, options=options)


@dataclass(slots=True)
class MediaKeeper:
    """Puts media files of an archive beside the uploads, under names that a second reading makes again.

    Without `blobs` it only says where they would be.
    """

    upload: Upload
    blobs: BlobStore | None
    keys: list[str] = field(default_factory=list)

    def __call__(self, name: str, stream: BinaryIO) -> str:
        """Keep one file; gives its address for the task's data."""
        digest = hashlib.sha256(f"{self.upload.id}/{name}".encode("utf-8", "replace")).hexdigest()[:16]
        kept = stored_name(name, digest)
        key = f"upload/{self.upload.project}/{kept}"
        if self.blobs is not None:
            self.keys.append(key)
            writer = self.blobs.writer(key, content_type=content_type_of(kept))
            try:
                while chunk := stream.read(COPY_BYTES):
                    writer.write(chunk)
                writer.close()
            except BaseException:
                writer.abort()
                raise
        return f"/data/{key}"


def checked(read: Iterable[tuple[TaskIn, int | None]], context: ItemContext) -> list[NewTask]:
    """The tasks, or `InvalidInputError` with every fault (up to a thousand) of every item."""
    faults: list[Fault] = []
    items: list[Item] = []
    for index, (task, upload_id) in enumerate(read):
        item = item_of(task, context, upload_id=upload_id)
        faults += faults_of(item, index, context, place=task.place, wrapped=task.wrapped)
        if len(faults) >= MAX_FAULTS:
            break
        items.append(item)
    if faults:
        raise InvalidInputError(faults=faults[:MAX_FAULTS])
    return [new_task(item, context) for item in items]


def _formats(uploads: Sequence[Upload]) -> dict[str, int]:
    found: dict[str, int] = {}
    for upload in uploads:
        extension = PurePosixPath(upload.name).suffix.lower()
        found[extension] = found.get(extension, 0) + 1
    return found


def _is_list(upload: Upload) -> bool:
    return PurePosixPath(upload.name).suffix.lower() in {".csv", ".tsv", ".txt"}


def _columns(new: Sequence[NewTask]) -> tuple[str, ...]:
    """The data keys that all tasks share, sorted."""
    shared: set[str] | None = None
    for task in new:
        keys = set(task.data)
        shared = keys if shared is None else shared & keys
    return tuple(sorted(shared or ()))
