"""A comment, and what a task knows of those on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.json_values import JsonObject
from chalicelib.ids import AnnotationId, CommentId, ProjectId, TaskId, UserId

LONGEST_TEXT = 5000
LONGEST_REGION_REF = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said about a task, or about one of its annotations.

    `region_ref` names what of the annotation is meant, in Label Studio's form (`{"regionId": "…"}`).
    """

    id: CommentId
    task_id: TaskId
    project_id: ProjectId
    annotation_id: AnnotationId | None
    region_ref: JsonObject | None
    text: str
    created_by: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 1
    resolved_at: datetime | None = None
    resolved_by: UserId | None = None

    @property
    def is_resolved(self) -> bool:
        """Whether what was said is settled."""
        return self.resolved_at is not None


@dataclass(frozen=True, slots=True)
class CommentEdit:
    """A comment made (`before` is None), changed, or removed (`after` is None)."""

    before: Comment | None
    after: Comment | None
