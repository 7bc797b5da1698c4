"""Tasks as clients see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.answers import to_json
from chalicelib.api.bodies import Body
from chalicelib.api.schemas.annotations import (
    AnnotationRead,
    DraftRead,
    PredictionRead,
    Users,
    render_annotation,
    render_draft,
    render_prediction,
)
from chalicelib.api.schemas.people import moment
from chalicelib.clock import iso
from chalicelib.domain.annotations.entities import Annotation, Prediction
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.ports.tasks import TaskFamily

RESULT_TEXT = 500


class UpdatedBy(TypedDict):
    """Who changed a task last."""

    user_id: int


class TaskFields(TypedDict):
    """A task without what hangs on it."""

    id: int
    data: Mapping[str, Any]
    meta: Mapping[str, Any] | None
    project: int
    inner_id: int
    overlap: int
    allow_skip: bool
    is_labeled: bool
    created_at: str
    updated_at: str
    updated_by: list[UpdatedBy]
    total_annotations: int
    cancelled_annotations: int
    total_predictions: int
    annotators: list[int]
    assigned: list[int]
    completed_at: str | None
    avg_lead_time: float | None
    predictions_score: float | None
    predictions_model_versions: str
    annotations_ids: str
    annotations_results: str
    predictions_results: str
    draft_exists: bool
    file_upload: str | None
    storage_filename: str | None
    comment_count: int
    unresolved_comment_count: int
    last_comment_updated_at: str | None
    comment_authors: list[int]
    state: str
    version: int


class TaskRead(TaskFields):
    """A task with what hangs on it; the drafts are the asking user's own."""

    annotations: list[AnnotationRead]
    predictions: list[PredictionRead]
    drafts: list[DraftRead]


class TaskListed(TaskFields):
    """A task of a page; with `fields=all` it has what hangs on it."""

    annotations: NotRequired[list[AnnotationRead]]
    predictions: NotRequired[list[PredictionRead]]
    drafts: NotRequired[list[DraftRead]]


class TaskPageRead(TypedDict):
    """A page of tasks, and counts of everything that was asked for."""

    tasks: list[TaskListed]
    total: int
    total_annotations: int
    total_predictions: int


class NextTaskRead(TaskRead):
    """A task given to an annotator, theirs until `lease_until`."""

    unique_lock_id: str
    queue: str
    lease_until: str


class AnnotationMade(AnnotationRead):
    """A new annotation; where it is asked for with the next task to do, null when nothing is left."""

    next_task: NotRequired[NextTaskRead | None]


class TaskGlimpse(TypedDict):
    """What a task will show."""

    id: int
    data: Mapping[str, Any]


class TaskAheadRead(TypedDict):
    """The task that is likely to be given after the one that is held; null where none is in sight."""

    task: TaskGlimpse | None


class TaskWrite(Body):
    """A task to be made."""

    project: int | None = None
    data: dict[str, Any]
    meta: dict[str, Any] | None = None
    overlap: int | None = Field(default=None, ge=1)
    allow_skip: bool = True


class TaskPatch(Body):
    """What may be changed of a task."""

    data: dict[str, Any] | None = None
    meta: dict[str, Any] | None = None
    overlap: int = Field(default=1, ge=1)
    allow_skip: bool = True


class LeaseRead(TypedDict):
    """Until when the task is the caller's."""

    lease_until: str


def render_fields(whole: TaskWithBody) -> TaskFields:
    """A task without what hangs on it."""
    task, body = whole.task, whole.body
    return {
        "id": task.id,
        "data": body.data,
        "meta": body.meta if body.meta is not None else {},
        "project": task.project_id,
        "inner_id": task.inner_id,
        "overlap": task.overlap,
        "allow_skip": task.allow_skip,
        "is_labeled": task.is_labeled,
        "created_at": iso(task.created_at),
        "updated_at": iso(task.updated_at),
        "updated_by": [{"user_id": task.updated_by}] if task.updated_by else [],
        "total_annotations": task.total_annotations,
        "cancelled_annotations": task.cancelled_annotations,
        "total_predictions": task.total_predictions,
        "annotators": list(task.annotators),
        "assigned": list(task.assigned),
        "completed_at": moment(task.completed_at),
        "avg_lead_time": task.avg_lead_time,
        "predictions_score": task.predictions_score,
        "predictions_model_versions": ",".join(sorted(task.models)),
        "annotations_ids": ",".join(map(str, task.annotation_ids)),
        "annotations_results": "",
        "predictions_results": "",
        "draft_exists": task.draft_exists,
        "file_upload": str(body.file_upload_id) if body.file_upload_id else None,
        "storage_filename": body.storage_filename,
        "comment_count": task.comments.count,
        "unresolved_comment_count": task.comments.unresolved,
        "last_comment_updated_at": moment(task.comments.last_at),
        "comment_authors": list(task.comments.authors),
        "state": task.state,
        "version": task.version,
    }


def render_task(
    whole: TaskWithBody, family: TaskFamily, users: Users, now: datetime, *, with_authors: bool = True
) -> TaskRead:
    """A task with what hangs on it; `with_authors` tells annotators as objects."""
    return {
        **render_fields(whole),
        "annotations": [
            render_annotation(annotation, users, now, with_author=with_authors)
            for annotation in family.annotations
        ],
        "predictions": [render_prediction(prediction, now) for prediction in family.predictions],
        "drafts": [render_draft(draft, users, now) for draft in family.drafts],
    }


def render_listed(whole: TaskWithBody, family: TaskFamily, users: Users, now: datetime) -> TaskRead:
    """A task of a page with everything, its results as short texts too."""
    return {
        **render_task(whole, family, users, now, with_authors=False),
        "annotations_results": _results(family.annotations),
        "predictions_results": _results(family.predictions),
    }


def people_of(families: Iterable[TaskFamily]) -> set[int]:
    """The ids of the users that are named in what hangs on tasks."""
    return {
        user_id
        for family in families
        for user_id in (
            *(annotation.completed_by for annotation in family.annotations),
            *(draft.user_id for draft in family.drafts),
        )
    }


def _results(entities: Sequence[Annotation] | Sequence[Prediction]) -> str:
    if not entities:
        return ""
    return to_json([entity.result for entity in entities])[:RESULT_TEXT]
