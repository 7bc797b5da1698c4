"""Jobs, uploads, imports and exports as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import JobStateText, MadeText
from chalicelib.api.schemas.people import UserRef
from chalicelib.clock import iso, system_clock
from chalicelib.domain.exports import AnnotationFilter, Conversion, Export, ExportOptions, TaskFilter
from chalicelib.domain.jobs import Job
from chalicelib.domain.picking import Which
from chalicelib.domain.uploads import Upload
from chalicelib.ids import TaskId, UserId
from chalicelib.services.imports import ImportSummary
from chalicelib.services.uploads import BegunUpload


class JobProblem(TypedDict):
    """What a job stumbled over, and where."""

    place: str
    message: str


class JobRead(TypedDict):
    """One piece of background work; `done` and `total` count `unit`s.

    `rate` is units a second since the work was planned, `seconds_left` what that means for the rest.
    `attempts` counts the tries of the step that is due, `last_error` says why the last failed one did.
    `read_units` and `write_units` are what the work has cost at the database so far. `report` is the path
    of all its problems as CSV.
    """

    id: int
    kind: str
    project: int | None
    state: JobStateText
    done: int
    total: int | None
    unit: str
    problems: list[JobProblem]
    problem_count: int
    result: dict[str, Any]
    created_by: int
    created_at: str
    started_at: str | None
    heartbeat_at: str | None
    finished_at: str | None
    rate: float | None
    seconds_left: float | None
    attempts: int
    last_error: str
    read_units: float
    write_units: float
    report: str | None


class JobList(TypedDict):
    """Jobs, newest first."""

    results: list[JobRead]


class JobQuery(Body):
    """Which jobs."""

    project: int | None = None


def render_job(job: Job, now: datetime | None = None) -> JobRead:
    """A job, as it looks at that moment; now, unless another is given."""
    now = now or system_clock()
    rate, left = job.rate(now), job.seconds_left(now)
    return {
        "id": job.id,
        "kind": job.kind,
        "project": job.project,
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "unit": job.unit,
        "problems": [{"place": p.place, "message": p.message} for p in job.problems],
        "problem_count": job.problem_count,
        "result": dict(job.result),
        "created_by": job.created_by,
        "created_at": iso(job.created_at),
        "started_at": iso(job.started_at) if job.started_at else None,
        "heartbeat_at": iso(job.heartbeat_at) if job.heartbeat_at else None,
        "finished_at": iso(job.finished_at) if job.finished_at else None,
        "rate": None if rate is None else round(rate, 2),
        "seconds_left": None if left is None else round(left, 1),
        "attempts": job.attempts,
        "last_error": job.last_error,
        "read_units": job.spent.read_units,
        "write_units": job.spent.write_units,
        "report": f"/api/jobs/{job.id}/report/" if job.problem_count else None,
    }


class FileWrite(Body):
    """A file about to be uploaded; the size in bytes."""

    name: str
    size: int
    content_type: str = ""


class UploadsWrite(Body):
    """Files about to be uploaded."""

    files: list[FileWrite]


class PartRead(TypedDict):
    """Where the bytes `offset … offset + size` are to be PUT."""

    number: int
    url: str
    offset: int
    size: int


class BegunUploadRead(TypedDict):
    """An upload whose bytes are awaited."""

    id: int
    name: str
    method: Literal["PUT"]
    headers: dict[str, str]
    parts: list[PartRead]


class BegunUploads(TypedDict):
    """Uploads in the order of the files."""

    uploads: list[BegunUploadRead]


def render_begun(begun: BegunUpload) -> BegunUploadRead:
    """An upload whose bytes are awaited. A single PUT signs its content type, so it must be sent."""
    whole = any(part.size == begun.upload.size for part in begun.parts)
    return {
        "id": begun.upload.id,
        "name": begun.upload.name,
        "method": "PUT",
        "headers": {"Content-Type": begun.upload.content_type} if whole else {},
        "parts": [
            {"number": part.number, "url": part.url, "offset": part.offset, "size": part.size}
            for part in begun.parts
        ],
    }


class ArrivedRead(TypedDict):
    """A part that is there already; its tag is to be named when the upload is put together."""

    number: int
    etag: str


class ResumedUploadRead(BegunUploadRead):
    """An upload with the parts that are still missing, and those that have arrived."""

    arrived: list[ArrivedRead]
    is_complete: bool


def render_resumed(begun: BegunUpload, arrived: Mapping[int, str]) -> ResumedUploadRead:
    """What is left to do of an upload."""
    listed: list[ArrivedRead] = [{"number": n, "etag": etag} for n, etag in sorted(arrived.items())]
    return {**render_begun(begun), "arrived": listed, "is_complete": begun.upload.is_complete}


class EtagWrite(Body):
    """What the store answered to the PUT of one part."""

    number: int
    etag: str


class CompleteWrite(Body):
    """The parts that were put."""

    parts: list[EtagWrite] = Field(default_factory=list)


class UploadRead(TypedDict):
    """A complete upload; `file` is its path below `/data/`."""

    id: int
    file: str
    name: str
    size: int


def render_upload(upload: Upload) -> UploadRead:
    """An upload."""
    return {"id": upload.id, "file": upload.key, "name": upload.name, "size": upload.size}


class UploadsQuery(Body):
    """Which uploads: all of them, or a JSON list of ids as text."""

    all: bool = False
    ids: str | None = None


class UploadsDelete(Body):
    """Which uploads are to go; absent means all."""

    file_upload_ids: list[int] | None = None


class FilesWrite(TypedDict):
    """One file, as `multipart/form-data`; the field may have any name."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]


TasksWrite = list[dict[str, Any]] | dict[str, Any]
"""A task or many of them, each its data alone or with annotations and predictions; files come as a form."""


class ImportsWrite(Body):
    """Complete uploads, and files at web addresses, to be imported by a job.

    `dry_run` imports nothing: the job's result shows the first tasks, its problems all that is wrong.
    `on_problem` says what a problem takes with it: the whole import, its file, or only what cannot be read.
    """

    upload_ids: list[int] = Field(default_factory=list)
    urls: list[str] = Field(default_factory=list)
    preannotated_from_fields: list[str] = Field(default_factory=list)
    dry_run: bool = False
    as_tasks_list: bool = True
    on_problem: Literal["refuse", "skip_files", "skip_rows"] = "refuse"


class ReimportWrite(Body):
    """Uploads whose tasks are to be made anew."""

    file_upload_ids: list[int] = Field(default_factory=list)
    files_as_tasks_list: bool = True


class ImportQuery(Body):
    """How a synchronous import is to be done."""

    return_task_ids: bool = False
    commit_to_project: bool = True
    preannotated_from_fields: list[str] = Field(default_factory=list)


class DeletedUploads(TypedDict):
    """How many uploads went."""

    deleted: int


class ImportCounts(TypedDict):
    """How much an import made, and in how many seconds."""

    task_count: int
    annotation_count: int | None
    prediction_count: int | None
    duration: float


class ImportRead(ImportCounts, total=False):
    """What an import did."""

    file_upload_ids: list[int]
    could_be_tasks_list: bool
    found_formats: dict[str, int] | list[str]
    data_columns: list[str]
    task_ids: list[int]


def render_import(summary: ImportSummary, *, with_ids: bool) -> ImportRead:
    """What an import did, with the tasks' ids in the order of the input where they are asked for."""
    body: ImportRead = {
        "task_count": summary.task_count,
        "annotation_count": summary.annotation_count,
        "prediction_count": summary.prediction_count,
        "duration": summary.duration_s,
        "file_upload_ids": list(summary.upload_ids),
        "could_be_tasks_list": summary.could_be_tasks_list,
        "found_formats": dict(summary.found_formats) or [],
        "data_columns": list(summary.data_columns),
    }
    return body | {"task_ids": list(summary.task_ids)} if with_ids else body


Choice = Literal["only", "exclude"]


class TaskFilterWrite(Body):
    """Which tasks an export holds.

    `labels` asks for one of these labels or choices in an annotation that the export holds. Moments include
    their beginning and exclude their end; without a zone they are UTC. Agreement is from 0 to 1.
    """

    view: int | None = None
    skipped: Choice | None = None
    finished: Choice | None = None
    annotated: Choice | None = None
    only_with_annotations: bool = False
    states: list[str] | None = None
    labels: list[str] | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    ids: list[int] | None = None
    agreement_from: Annotated[float, Field(ge=0, le=1)] | None = None
    agreement_to: Annotated[float, Field(ge=0, le=1)] | None = None


class AnnotationFilterWrite(Body):
    """Which annotations an export holds.

    `which` keeps of a task's annotations all, the newest (`latest`), or the one whose answers most of the
    others share (`majority`).
    """

    usual: bool = True
    ground_truth: bool = False
    skipped: bool = False
    annotators: list[int] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    config_versions: list[int] | None = None
    which: Which = "all"


class ExportWrite(Body):
    """An export to be made; `export_type` is converted to at once.

    `destination` (`s3://bucket/folder`, of those that the operator allows) is where its file is put as well.
    """

    title: str = ""
    task_filter_options: TaskFilterWrite | None = None
    annotation_filter_options: AnnotationFilterWrite | None = None
    serialization_options: dict[str, Any] | None = None
    export_type: str | None = None
    download_resources: bool = False
    destination: str = ""


def export_options(body: ExportWrite) -> ExportOptions:
    """What the body asks for; absent filters let everything through."""
    tasks = body.task_filter_options or TaskFilterWrite()
    chosen = body.annotation_filter_options
    serialization = body.serialization_options or {}
    return ExportOptions(
        tasks=TaskFilter(
            with_annotations=tasks.only_with_annotations,
            finished=tasks.finished,
            skipped=tasks.skipped,
            annotated=tasks.annotated,
            ids=None if tasks.ids is None else frozenset(TaskId(i) for i in tasks.ids),
            states=None if tasks.states is None else frozenset(tasks.states),
            labels=None if tasks.labels is None else frozenset(tasks.labels),
            updated_from=_moment(tasks.updated_from),
            updated_to=_moment(tasks.updated_to),
            view=tasks.view,
            agreement_from=tasks.agreement_from,
            agreement_to=tasks.agreement_to,
        ),
        annotations=AnnotationFilter(
            usual=chosen.usual,
            ground_truth=chosen.ground_truth,
            skipped=chosen.skipped,
            annotators=None if chosen.annotators is None else frozenset(map(UserId, chosen.annotators)),
            created_from=_moment(chosen.created_from),
            created_to=_moment(chosen.created_to),
            which=chosen.which,
            config_versions=None if chosen.config_versions is None else frozenset(chosen.config_versions),
        )
        if chosen
        else AnnotationFilter(),
        expand_predictions=not _only_ids(serialization, "predictions"),
        expand_drafts=not _only_ids(serialization, "drafts"),
        expand_authors=not _only_ids(serialization, "annotations__completed_by"),
        with_media=body.download_resources,
        interpolate_key_frames=serialization.get("interpolate_key_frames") is True,
    )


def _moment(given: datetime | None) -> datetime | None:
    return given if given is None or given.tzinfo else given.replace(tzinfo=UTC)


def _only_ids(serialization: Mapping[str, Any], name: str) -> bool:
    chosen = serialization.get(name)
    return bool(chosen.get("only_id")) if isinstance(chosen, Mapping) else chosen is False


class DifferenceQuery(Body):
    """Where to go on: the changes of tasks after this one."""

    after_task: int = 0


class ConversionBegun(TypedDict):
    """The format that an export is converted to, and the id of that."""

    export_type: str
    converted_format: int


class ExportFormat(TypedDict):
    """A format to export in; `disabled` where the labeling config does not fit it."""

    name: str
    title: str
    description: str
    link: NotRequired[str]
    tags: NotRequired[list[str]]
    disabled: NotRequired[bool]


class ManifestConfig(TypedDict):
    """The labeling config that a snapshot was made with."""

    sha256: str
    label_config: str


class ManifestCounts(TypedDict):
    """How much a snapshot holds."""

    tasks: int
    annotations: int


class ManifestBlock(ManifestCounts):
    """The hash of a block of tasks."""

    block: int
    sha256: str


class ManifestRead(TypedDict):
    """What a snapshot says of itself."""

    kind: str
    version: int
    project: int
    root: str
    config: ManifestConfig
    filters: dict[str, Any]
    counts: ManifestCounts
    blocks: list[ManifestBlock]


class TaskChange(TypedDict):
    """What became of a task: which of its fields changed, and which of its annotations with their regions."""

    task: int
    change: Literal["added", "removed", "changed"]
    fields: NotRequired[list[str]]
    annotations: NotRequired[list[dict[str, Any]]]


class DifferenceRead(TypedDict):
    """What changed from one snapshot to another, by task, annotation and region; `next` where to go on."""

    before: int
    after: int
    counts: dict[str, int]
    changes: list[TaskChange]
    next: int | None


class Loss(TypedDict):
    """How often a format could not carry something, and the first tasks where it was so."""

    count: int
    tasks: list[int]


class ConversionRead(TypedDict):
    """An export in one more format. `losses` are by what the format could not carry."""

    id: int
    status: MadeText
    export_type: str
    traceback: str | None
    losses: dict[str, Loss]
    size: int


class ExportCounters(TypedDict):
    """How much an export holds."""

    task_number: int


class ExportProgress(TypedDict):
    """How many tasks are written, of how many; null while that is not known."""

    done: int
    total: int | None


class ExportRead(TypedDict):
    """An export, with the options that it was asked for with.

    `root` is the hash of its content: exports of a project with equal roots hold the same.
    """

    id: int
    title: str
    created_by: UserRef
    created_at: str
    finished_at: str | None
    status: MadeText
    md5: str
    counters: ExportCounters
    converted_formats: list[ConversionRead]
    task_filter_options: dict[str, Any] | None
    annotation_filter_options: dict[str, Any] | None
    serialization_options: dict[str, Any] | None
    export_type: str
    job: int | None
    progress: ExportProgress
    root: str


def render_conversion(conversion: Conversion) -> ConversionRead:
    """One format of an export."""
    return {
        "id": conversion.id,
        "status": conversion.status,
        "export_type": conversion.format,
        "traceback": conversion.problem or None,
        "losses": dict(conversion.losses),
        "size": conversion.size,
    }


def render_export(export: Export, author: Mapping[str, Any], job: Job | None) -> ExportRead:
    """An export. `author` is the user who asked for it, `job` the work behind it while it goes on."""
    return {
        "id": export.id,
        "title": export.title,
        "created_by": cast("UserRef", {**author}),
        "created_at": iso(export.created_at),
        "finished_at": iso(export.finished_at) if export.finished_at else None,
        "status": export.status,
        "md5": export.md5,
        "counters": {"task_number": export.task_count},
        "converted_formats": [render_conversion(c) for c in export.conversions],
        "task_filter_options": export.request.get("task_filter_options"),
        "annotation_filter_options": export.request.get("annotation_filter_options"),
        "serialization_options": export.request.get("serialization_options"),
        "export_type": export.request.get("export_type") or "JSON",
        "job": export.job,
        "root": export.root,
        "progress": {"done": job.done if job else export.task_count, "total": job.total if job else None},
    }


class ImportStatus(TypedDict):
    """How an import in the background stands, as Label Studio's clients have it. `duration` in seconds."""

    id: int
    project: int
    status: Literal["created", "in_progress", "completed", "failed"]
    task_count: int
    annotation_count: int
    prediction_count: int
    duration: float
    file_upload_ids: list[int]
    could_be_tasks_list: bool
    found_formats: dict[str, int]
    data_columns: list[str]
    error: str | None
    task_ids: list[int]
    created_at: str
    finished_at: str | None


_IMPORT_STATES: Mapping[str, Literal["created", "in_progress", "completed", "failed"]] = {
    "queued": "created",
    "running": "in_progress",
    "undoing": "in_progress",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "failed",
}


def render_import_status(job: Job) -> ImportStatus:
    """An import's job; ids of the tasks that it made are not listed, as there may be millions."""
    read = render_job(job)
    result: dict[str, Any] = {**job.result}
    uploads: Any = job.arguments.get("uploads", ())
    ended = job.finished_at or system_clock()
    return {
        "id": job.id,
        "project": int(job.project or 0),
        "status": _IMPORT_STATES[job.state.value],
        "task_count": int(result.get("task_count", 0)),
        "annotation_count": int(result.get("annotation_count", 0)),
        "prediction_count": int(result.get("prediction_count", 0)),
        "duration": round((ended - job.created_at).total_seconds(), 3),
        "file_upload_ids": [int(each) for each in uploads],
        "could_be_tasks_list": bool(result.get("could_be_tasks_list", False)),
        "found_formats": dict(result.get("found_formats", {})),
        "data_columns": [*result.get("data_columns", ())],
        "error": read["last_error"] or None,
        "task_ids": [],
        "created_at": read["created_at"],
        "finished_at": read["finished_at"],
    }
