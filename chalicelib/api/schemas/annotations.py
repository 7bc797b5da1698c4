"""Annotations, drafts and predictions as clients see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.ago import ago
from chalicelib.api.schemas.people import CompletedBy, completed_by, moment, username_line
from chalicelib.clock import iso
from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.people import User

Users = Mapping[Any, User]
Result = list[dict[str, Any]]


class AnnotationRead(TypedDict):
    """An annotation. `completed_by` is an object inside a single task."""

    id: int
    result: Sequence[Any]
    task: int
    project: int
    completed_by: int | CompletedBy
    created_username: str
    created_ago: str
    was_cancelled: bool
    ground_truth: bool
    created_at: str
    updated_at: str
    updated_by: int | None
    draft_created_at: str | None
    lead_time: float | None
    import_id: int | None
    last_action: str | None
    last_created_by: int | None
    bulk_created: bool
    parent_prediction: int | None
    parent_annotation: int | None
    config_version: int
    version: int


class AnnotationWrite(Body):
    """The writable fields of an annotation. `lead_time` in seconds."""

    result: Result | None = None
    was_cancelled: bool = False
    ground_truth: bool = False
    lead_time: float | None = Field(default=None, allow_inf_nan=False)
    completed_by: int | None = None
    draft_id: int | None = None
    parent_prediction: int | None = None
    parent_annotation: int | None = None
    unique_id: UUID | None = None
    project: int | None = None
    last_action: str | None = Field(default=None, max_length=256)


class DraftRead(TypedDict):
    """Unfinished work of one user; `user` is their address."""

    id: int
    result: Sequence[Any]
    lead_time: float | None
    task: int
    annotation: int | None
    user: str
    created_username: str
    created_ago: str
    was_postponed: bool
    import_id: int | None
    created_at: str
    updated_at: str
    version: int


class DraftWrite(Body):
    """The writable fields of a draft. `lead_time` in seconds."""

    result: Result | None = None
    lead_time: float | None = Field(default=None, allow_inf_nan=False)
    was_postponed: bool = False


class PredictionRead(TypedDict):
    """What a model says about a task."""

    id: int
    result: Sequence[Any]
    score: float | None
    model_version: str
    task: int
    project: int
    created_ago: str
    cluster: int | None
    neighbors: Any
    mislabeling: float
    created_at: str
    updated_at: str
    model: int | None
    model_run: int | None


class PredictionWrite(Body):
    """A prediction to be stored. A `result` that is a plain value is for configurations with one control."""

    task: int
    result: Any
    score: float | None = Field(default=None, allow_inf_nan=False)
    model_version: str = "undefined"
    mislabeling: float = 0.0
    cluster: int | None = None
    neighbors: Any = None
    project: int | None = None


class CreatedPredictions(TypedDict):
    """How many predictions were stored."""

    created: int


class PredictionPatch(Body):
    """What may be changed of a prediction."""

    result: Any = None
    score: float | None = Field(default=None, allow_inf_nan=False)
    model_version: str | None = None
    mislabeling: float = 0.0
    cluster: int | None = None
    neighbors: Any = None


def render_annotation(
    annotation: Annotation, users: Users, now: datetime, *, with_author: bool = False
) -> AnnotationRead:
    """An annotation; `with_author` tells its author as an object."""
    author = annotation.completed_by
    return {
        "id": annotation.id,
        "result": annotation.result,
        "task": annotation.task_id,
        "project": annotation.project_id,
        "completed_by": completed_by(author, users) if with_author else author,
        "created_username": username_line(author, users),
        "created_ago": ago(annotation.created_at, now),
        "was_cancelled": annotation.was_cancelled,
        "ground_truth": annotation.ground_truth,
        "created_at": iso(annotation.created_at),
        "updated_at": iso(annotation.updated_at),
        "updated_by": annotation.updated_by,
        "draft_created_at": moment(annotation.draft_created_at),
        "lead_time": annotation.lead_time,
        "import_id": annotation.import_id,
        "last_action": annotation.last_action,
        "last_created_by": annotation.last_created_by,
        "bulk_created": annotation.bulk_created,
        "parent_prediction": annotation.parent_prediction,
        "parent_annotation": annotation.parent_annotation,
        "config_version": annotation.config_version,
        "version": annotation.version,
    }


def render_draft(draft: Draft, users: Users, now: datetime) -> DraftRead:
    """A draft."""
    user = users.get(draft.user_id)
    return {
        "id": draft.id,
        "result": draft.result,
        "lead_time": draft.lead_time,
        "task": draft.task_id,
        "annotation": draft.annotation_id,
        "user": user.email if user else "",
        "created_username": username_line(draft.user_id, users),
        "created_ago": ago(draft.created_at, now),
        "was_postponed": draft.was_postponed,
        "import_id": draft.import_id,
        "created_at": iso(draft.created_at),
        "updated_at": iso(draft.updated_at),
        "version": draft.version,
    }


def render_prediction(prediction: Prediction, now: datetime) -> PredictionRead:
    """A prediction."""
    return {
        "id": prediction.id,
        "result": prediction.result,
        "score": prediction.score,
        "model_version": prediction.model_version,
        "task": prediction.task_id,
        "project": prediction.project_id,
        "created_ago": ago(prediction.created_at, now),
        "cluster": prediction.cluster,
        "neighbors": prediction.neighbors,
        "mislabeling": prediction.mislabeling,
        "created_at": iso(prediction.created_at),
        "updated_at": iso(prediction.updated_at),
        "model": None,
        "model_run": None,
    }
