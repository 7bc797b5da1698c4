"""Exports as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import MadeText
from chalicelib.api.schemas.people import UserRef
from chalicelib.clock import iso
from chalicelib.domain.exports import AnnotationFilter, Conversion, Export, ExportOptions, TaskFilter
from chalicelib.domain.jobs import Job
from chalicelib.domain.picking import Which
from chalicelib.ids import TaskId, UserId

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


class ExportQuery(Body):
    """What is to be downloaded. `export` goes on waiting for one that was begun before."""

    exportType: str | None = None  # noqa: N815  the client's word
    export_type: str | None = None
    download_all_tasks: bool = False
    download_resources: bool = False
    interpolate_key_frames: bool = False
    ids: list[int] = Field(default_factory=list)
    export: int | None = None


class DownloadQuery(Body):
    """Which format."""

    exportType: str | None = None  # noqa: N815  the client's word
    export_type: str | None = None


class ConvertWrite(Body):
    """Which format to convert to."""

    export_type: str
    download_resources: bool = False


class ExportFile(TypedDict):
    """A file that was made and can be downloaded."""

    name: str
    url: str


class ExportFiles(TypedDict):
    """The files of a project's exports."""

    export_files: list[ExportFile]


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
