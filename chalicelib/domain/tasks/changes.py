"""One action on one task, as data: what it was before, what it is after, and what hangs on it.

A `Change` is stored whole or not at all, and everything counted follows from it (`counts.py`), so that
no service adds or subtracts anything by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.comments.entities import CommentEdit
from chalicelib.domain.json_values import Json, JsonList, JsonObject
from chalicelib.domain.tasks.entities import Annotator, Task, TaskBody
from chalicelib.ids import AnnotationId, DraftId, PredictionId, TaskId, UserId

T = TypeVar("T", Annotation, Draft, Prediction)


@dataclass(frozen=True, slots=True)
class Edit(Generic[T]):
    """One thing made (`before` is None), changed, or removed (`after` is None)."""

    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One action's effect on one task. `after` None removes the task."""

    before: Task
    after: Task | None
    body: TaskBody | None = None
    """The new body, when it changed."""
    annotations: tuple[Edit[Annotation], ...] = ()
    drafts: tuple[Edit[Draft], ...] = ()
    predictions: tuple[Edit[Prediction], ...] = ()
    annotator: Annotator | None = None
    """The acting user's row as it is to be: its lease and recent tasks; counters follow from the task."""
    comment: CommentEdit | None = None
    claims_unique_ids: bool = False
    """Whether new annotations carry a client's own unique id, which must not exist anywhere yet."""

    @property
    def touches_contents(self) -> bool:
        """Whether more changes than where the task stands and who holds it."""
        is_reassigned = self.after is not None and self.after.assigned != self.before.assigned
        parts = (self.body, self.annotations, self.drafts, self.predictions, self.comment)
        return any(parts) or is_reassigned


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnnotation:
    """An annotation as a client gives it. `completed_by` None is the caller; `lead_time` in seconds."""

    result: JsonList = field(default_factory=list)
    was_cancelled: bool = False
    ground_truth: bool = False
    lead_time: float | None = None
    completed_by: UserId | None = None
    draft_id: DraftId | None = None
    parent_prediction: PredictionId | None = None
    parent_annotation: AnnotationId | None = None
    unique_id: str | None = None
    import_id: int | None = None
    created_at: datetime | None = None
    last_action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrediction:
    """A prediction as a client gives it; `result` may be a plain value for a config with one control."""

    result: Json
    score: float | None = None
    model_version: str = "undefined"
    mislabeling: float = 0.0
    cluster: int | None = None
    neighbors: Json = None
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A draft as a client gives it. `lead_time` in seconds."""

    result: JsonList = field(default_factory=list)
    lead_time: float | None = None
    was_postponed: bool = False
    user_id: UserId | None = None
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task as a client or an import gives it, with what comes along. `overlap` None is the project's."""

    data: JsonObject
    meta: JsonObject | None = None
    overlap: int | None = None
    allow_skip: bool = True
    annotations: Sequence[NewAnnotation] = ()
    predictions: Sequence[NewPrediction] = ()
    drafts: Sequence[NewDraft] = ()
    file_upload_id: int | None = None
    storage_filename: str | None = None
    extra: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class PlacedTask:
    """A new task with the ids that were reserved for it."""

    id: TaskId
    inner_id: int
    new: NewTask


@dataclass(frozen=True, slots=True)
class IdRange:
    """`count` consecutive task ids from `first`."""

    first: TaskId
    count: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Ids set aside for tasks to come: ranges in ascending order, and consecutive inner ids."""

    ranges: tuple[IdRange, ...]
    first_inner_id: int

    def places(self) -> Sequence[tuple[TaskId, int]]:
        """Every reserved id with its inner id, in order."""
        ids = [TaskId(part.first + offset) for part in self.ranges for offset in range(part.count)]
        return [(task_id, self.first_inner_id + index) for index, task_id in enumerate(ids)]


@dataclass(frozen=True, slots=True)
class AddedTasks:
    """What `add_tasks` stored, or found stored already."""

    task_ids: tuple[TaskId, ...]
    annotation_count: int
    prediction_count: int
