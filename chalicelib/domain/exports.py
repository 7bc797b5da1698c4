"""What an export holds: which tasks and annotations are wanted, and how a task reads as an export record.

The record is the hub that all formats write from (`domain/formats`), and what the JSON export gives as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from chalicelib.dates import iso
from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.formats.video import with_frames
from chalicelib.domain.picking import Which, agreement_of, picked
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.ids import JobId, ProjectId, TaskId, UserId

Choice = Literal["only", "exclude"] | None
"""Keep only these, leave these out, or don't ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks are wanted; `with_annotations` asks for at least one annotation, be it a skip.

    `labels` asks for one of these labels or choices in an annotation that is wanted. Moments include their
    beginning and exclude their end. Of a `view` the job makes `ids` when it is planned.
    """

    ids: frozenset[TaskId] | None = None
    with_annotations: bool = False
    finished: Choice = None
    skipped: Choice = None
    annotated: Choice = None
    states: frozenset[str] | None = None
    labels: frozenset[str] | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    view: int | None = None
    agreement_from: float | None = None
    agreement_to: float | None = None
    """0 to 1, both included; a task with fewer than two annotations that are wanted has no agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationFilter:
    """Which annotations are wanted, by kind; none of them set means all.

    Of those that are wanted, `which` keeps all, the newest, or the one that most agree with.
    """

    usual: bool = True
    ground_truth: bool = True
    skipped: bool = True
    annotators: frozenset[UserId] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    config_versions: frozenset[int] | None = None
    which: Which = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What is to be exported, and how much of what hangs on a task is spelt out.

    `interpolate_key_frames` fills in the frames between the key frames of video tracks.
    """

    tasks: TaskFilter = field(default_factory=TaskFilter)
    annotations: AnnotationFilter = field(default_factory=AnnotationFilter)
    expand_predictions: bool = False
    expand_drafts: bool = False
    expand_authors: bool = False
    with_media: bool = False
    interpolate_key_frames: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """An export in one format. `losses` says what the format could not carry, as `LossReport.as_dict`."""

    id: int
    format: str
    status: str
    key: str = ""
    size: int = 0
    md5: str = ""
    extension: str = ""
    content_type: str = ""
    losses: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""
    job: JobId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A snapshot of a project's tasks, taken by a job, from which any format can be made later.

    `request` is the body it was asked for with, as clients read it back. `root` names its content: exports
    with equal roots hold the same tasks, config and filters (`domain/snapshots.py`).
    """

    id: int
    project: ProjectId
    created_by: UserId
    created_at: datetime
    title: str = ""
    status: str = "created"
    finished_at: datetime | None = None
    job: JobId | None = None
    task_count: int = 0
    md5: str = ""
    request: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    conversions: tuple[Conversion, ...] = ()
    is_listed: bool = True
    version: int = 1
    root: str = ""

    def conversion(self, format_id: str) -> Conversion | None:
        """The export in that format, if it was ever asked for."""
        return next((c for c in self.conversions if c.format == format_id), None)

    def manifest_key(self) -> str:
        """Where what the snapshot says of itself lies."""
        return f"exports/{self.project}/{self.id}/manifest.json"

    def written_prefix(self, format_id: str) -> str:
        """Below which key the parts of a file lie while it is made."""
        return f"exports/{self.project}/{self.id}/written/{format_id}/"

    def records_prefix(self) -> str:
        """Below which key the parts of the snapshot lie."""
        return f"exports/{self.project}/{self.id}/records/"


@dataclass(frozen=True, slots=True)
class Family:
    """What hangs on one task."""

    annotations: Sequence[Annotation] = ()
    drafts: Sequence[Draft] = ()
    predictions: Sequence[Prediction] = ()


def wants_task(whole: TaskWithBody, wanted: TaskFilter) -> bool:
    """Whether the filter lets the task through."""
    task = whole.task
    if wanted.ids is not None and task.id not in wanted.ids:
        return False
    if wanted.with_annotations and not task.answers:
        return False
    if wanted.states is not None and task.state not in wanted.states:
        return False
    if not _lies_in(task.updated_at, wanted.updated_from, wanted.updated_to):
        return False
    return (
        _passes(wanted.finished, task.is_labeled)
        and _passes(wanted.skipped, task.cancelled_annotations > 0)
        and _passes(wanted.annotated, task.total_annotations > 0)
    )


def wants_annotation(annotation: Annotation, wanted: AnnotationFilter) -> bool:
    """Whether the filter lets the annotation through: it is enough that one of its kinds is wanted."""
    kinds = {
        "skipped": annotation.was_cancelled,
        "ground_truth": annotation.ground_truth,
        "usual": not annotation.was_cancelled and not annotation.ground_truth,
    }
    if wanted.annotators is not None and annotation.completed_by not in wanted.annotators:
        return False
    if wanted.config_versions is not None and annotation.config_version not in wanted.config_versions:
        return False
    if not _lies_in(annotation.created_at, wanted.created_from, wanted.created_to):
        return False
    return any(applies and getattr(wanted, kind) for kind, applies in kinds.items())


def wants_agreement(annotations: Sequence[Annotation], options: ExportOptions) -> bool:
    """Whether the wanted ones of a task's annotations agree as far as is asked for, if anything is."""
    low, high = options.tasks.agreement_from, options.tasks.agreement_to
    if low is None and high is None:
        return True
    agreement = agreement_of([a for a in annotations if wants_annotation(a, options.annotations)])
    return agreement is not None and (low or 0) <= agreement <= (1 if high is None else high)


def wants_labels(record: Mapping[str, Any], wanted: TaskFilter) -> bool:
    """Whether the record's annotations hold one of the labels asked for, if any are."""
    if wanted.labels is None:
        return True
    values = (
        item["value"]
        for annotation in record["annotations"]
        for item in annotation["result"]
        if isinstance(item, Mapping) and isinstance(item.get("value"), Mapping)
    )
    named = (name for value in values for listed in value.values() for name in _names(listed))
    return not wanted.labels.isdisjoint(named)


def _names(listed: Any) -> Iterator[str]:
    if not isinstance(listed, list):
        return
    for entry in listed:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, list):
            yield from (name for name in entry if isinstance(name, str))


def _lies_in(moment: datetime, begin: datetime | None, end: datetime | None) -> bool:
    return (begin is None or moment >= begin) and (end is None or moment < end)


def _passes(choice: Choice, holds: bool) -> bool:
    return choice is None or holds == (choice == "only")


@dataclass(frozen=True, slots=True)
class Author:
    """A user as exports name them."""

    id: UserId
    email: str
    first_name: str
    last_name: str

    def as_dict(self) -> dict[str, Any]:
        """`{id, email, first_name, last_name}`."""
        return {
            "id": self.id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
        }


def task_record(
    whole: TaskWithBody, family: Family, options: ExportOptions, authors: Mapping[UserId, Author]
) -> dict[str, Any]:
    """The task as the JSON export gives it."""
    task, body = whole.task, whole.body
    predictions = {int(prediction.id): prediction for prediction in family.predictions}
    wanted = [a for a in family.annotations if wants_annotation(a, options.annotations)]
    annotations = picked(wanted, options.annotations.which)
    record: dict[str, Any] = {
        "id": task.id,
        "annotations": [_annotation_record(a, predictions, options, authors) for a in annotations],
        "drafts": [_draft_record(d, options) for d in family.drafts],
        "predictions": [
            prediction_record(p) if options.expand_predictions else p.id for p in family.predictions
        ],
        "data": body.data,
        "meta": body.meta if body.meta is not None else {},
        "created_at": iso(task.created_at),
        "updated_at": iso(task.updated_at),
        "allow_skip": task.allow_skip,
        "inner_id": task.inner_id,
        "total_annotations": task.total_annotations,
        "cancelled_annotations": task.cancelled_annotations,
        "total_predictions": task.total_predictions,
        "comment_count": task.comments.count,
        "unresolved_comment_count": task.comments.unresolved,
        "last_comment_updated_at": iso(task.comments.last_at) if task.comments.last_at else None,
        "project": task.project_id,
        "updated_by": task.updated_by,
        "comment_authors": list(task.comments.authors),
    }
    if body.file_upload_id is not None:
        record["file_upload"] = body.extra.get("file_upload_name", body.file_upload_id)
    return record


def _annotation_record(
    annotation: Annotation,
    predictions: Mapping[int, Prediction],
    options: ExportOptions,
    authors: Mapping[UserId, Author],
) -> dict[str, Any]:
    author = authors.get(annotation.completed_by)
    parent = predictions.get(annotation.parent_prediction or 0)
    expanded = options.expand_authors and author is not None
    return {
        "id": annotation.id,
        "completed_by": author.as_dict() if expanded and author else annotation.completed_by,
        "result": with_frames(annotation.result) if options.interpolate_key_frames else annotation.result,
        "was_cancelled": annotation.was_cancelled,
        "ground_truth": annotation.ground_truth,
        "created_at": iso(annotation.created_at),
        "updated_at": iso(annotation.updated_at),
        "draft_created_at": _moment(annotation.draft_created_at),
        "lead_time": annotation.lead_time,
        "prediction": prediction_record(parent) if parent else {},
        "result_count": result_count(annotation.result),
        "unique_id": annotation.unique_id,
        "import_id": annotation.import_id,
        "last_action": annotation.last_action,
        "bulk_created": annotation.bulk_created,
        "task": annotation.task_id,
        "project": annotation.project_id,
        "updated_by": annotation.updated_by,
        "parent_prediction": annotation.parent_prediction,
        "parent_annotation": annotation.parent_annotation,
        "last_created_by": annotation.last_created_by,
    }


def prediction_record(prediction: Prediction) -> dict[str, Any]:
    """A prediction as exports spell it out."""
    return {
        "id": prediction.id,
        "model_version": prediction.model_version,
        "created_at": iso(prediction.created_at),
        "updated_at": iso(prediction.updated_at),
        "result": prediction.result,
        "score": prediction.score,
        "cluster": prediction.cluster,
        "neighbors": prediction.neighbors,
        "mislabeling": prediction.mislabeling,
        "task": prediction.task_id,
        "project": prediction.project_id,
    }


def _draft_record(draft: Draft, options: ExportOptions) -> Any:
    if not options.expand_drafts:
        return draft.id
    return {
        "id": draft.id,
        "user": draft.user_id,
        "result": draft.result,
        "lead_time": draft.lead_time,
        "was_postponed": draft.was_postponed,
        "annotation": draft.annotation_id,
        "created_at": iso(draft.created_at),
        "updated_at": iso(draft.updated_at),
        "task": draft.task_id,
    }


def result_count(result: Sequence[Any]) -> int:
    """How many regions (results sharing an id count once) and answers without an id a result has."""
    ids = [item.get("id") if isinstance(item, Mapping) else None for item in result]
    return len({str(i) for i in ids if i is not None}) + sum(i is None for i in ids)


def _moment(value: datetime | None) -> str | None:
    return iso(value) if value else None


def dump_options(options: ExportOptions) -> dict[str, Any]:
    """The options as JSON, for a job's arguments."""
    tasks = options.tasks
    return {
        "tasks": {
            "ids": sorted(tasks.ids) if tasks.ids is not None else None,
            "with_annotations": tasks.with_annotations,
            "finished": tasks.finished,
            "skipped": tasks.skipped,
            "annotated": tasks.annotated,
            "states": _listed(tasks.states),
            "labels": _listed(tasks.labels),
            "updated_from": _moment(tasks.updated_from),
            "updated_to": _moment(tasks.updated_to),
            "view": tasks.view,
            **{
                name: value
                for name in ("agreement_from", "agreement_to")
                if (value := getattr(tasks, name)) is not None
            },
        },
        "annotations": {
            "usual": options.annotations.usual,
            "ground_truth": options.annotations.ground_truth,
            "skipped": options.annotations.skipped,
            "annotators": _listed(options.annotations.annotators),
            "created_from": _moment(options.annotations.created_from),
            "created_to": _moment(options.annotations.created_to),
            "which": options.annotations.which,
            "config_versions": _listed(options.annotations.config_versions),
        },
        "expand": [options.expand_predictions, options.expand_drafts, options.expand_authors],
        "with_media": options.with_media,
        **({"interpolate_key_frames": True} if options.interpolate_key_frames else {}),
    }


def load_options(stored: Any) -> ExportOptions:
    """What `dump_options` made, or made before there were as many filters."""
    tasks, expand, annotations = stored["tasks"], stored["expand"], stored["annotations"]
    ids = frozenset(TaskId(i) for i in tasks["ids"]) if tasks["ids"] is not None else None
    choices: dict[str, Choice] = {name: tasks[name] for name in ("finished", "skipped", "annotated")}
    return ExportOptions(
        tasks=TaskFilter(
            ids=ids,
            with_annotations=tasks["with_annotations"],
            states=_set(tasks.get("states")),
            labels=_set(tasks.get("labels")),
            updated_from=_read_moment(tasks.get("updated_from")),
            updated_to=_read_moment(tasks.get("updated_to")),
            view=tasks.get("view"),
            agreement_from=tasks.get("agreement_from"),
            agreement_to=tasks.get("agreement_to"),
            **choices,
        ),
        annotations=AnnotationFilter(
            usual=annotations["usual"],
            ground_truth=annotations["ground_truth"],
            skipped=annotations["skipped"],
            annotators=_set(annotations.get("annotators")),
            created_from=_read_moment(annotations.get("created_from")),
            created_to=_read_moment(annotations.get("created_to")),
            which=annotations.get("which", "all"),
            config_versions=_set(annotations.get("config_versions")),
        ),
        expand_predictions=expand[0],
        expand_drafts=expand[1],
        expand_authors=expand[2],
        with_media=stored["with_media"],
        interpolate_key_frames=stored.get("interpolate_key_frames", False),
    )


def _listed(values: frozenset[Any] | None) -> list[Any] | None:
    return None if values is None else sorted(values)


def _set(values: Any) -> frozenset[Any] | None:
    return None if values is None else frozenset(values)


def _read_moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
