"""Annotations, drafts and predictions. Each hangs on a task and carries a result: a list of JSON items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.json_values import Json, JsonList
from chalicelib.ids import AnnotationId, DraftId, PredictionId, ProjectId, TaskId, UserId, split_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What somebody says about a task; a skip when `was_cancelled`. `lead_time` in seconds.

    `version` counts the edits; earlier versions are kept. `unique_id` is the client's name for it,
    or one made for it, and belongs to no other annotation.
    """

    id: AnnotationId
    task_id: TaskId
    project_id: ProjectId
    completed_by: UserId
    created_at: datetime
    updated_at: datetime
    unique_id: str
    result: JsonList = field(default_factory=list)
    version: int = 1
    config_version: int = 1
    """Which version of the project's configuration the result was made under."""
    was_cancelled: bool = False
    ground_truth: bool = False
    lead_time: float | None = None
    updated_by: UserId | None = None
    draft_created_at: datetime | None = None
    import_id: int | None = None
    last_action: str | None = None
    last_created_by: UserId | None = None
    bulk_created: bool = False
    parent_prediction: PredictionId | None = None
    parent_annotation: AnnotationId | None = None
    is_imported: bool = False
    """Whether it came with its task; such annotations are left out of the project's summary."""

    @property
    def number(self) -> int:
        """Its number within the task."""
        return split_id(self.id)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Unfinished work of one user on a task, or on one of its annotations. `lead_time` in seconds."""

    id: DraftId
    task_id: TaskId
    project_id: ProjectId
    user_id: UserId
    created_at: datetime
    updated_at: datetime
    result: JsonList = field(default_factory=list)
    version: int = 1
    config_version: int = 1
    lead_time: float | None = None
    annotation_id: AnnotationId | None = None
    was_postponed: bool = False
    import_id: int | None = None

    @property
    def number(self) -> int:
        """Its number within the task."""
        return split_id(self.id)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a model says about a task."""

    id: PredictionId
    task_id: TaskId
    project_id: ProjectId
    created_at: datetime
    updated_at: datetime
    result: JsonList = field(default_factory=list)
    version: int = 1
    config_version: int = 1
    score: float | None = None
    model_version: str = "undefined"
    mislabeling: float = 0.0
    cluster: int | None = None
    neighbors: Json = None
    import_id: int | None = None

    @property
    def number(self) -> int:
        """Its number within the task."""
        return split_id(self.id)[1]
