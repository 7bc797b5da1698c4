"""Drafts: unfinished work, saved as it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Draft
from chalicelib.domain.tasks.changes import NewDraft
from chalicelib.ids import AnnotationId, DraftId, TaskId
from chalicelib.ports import ProjectStore, QueueStore, TaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftService:
    """Everything that is done to drafts."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Draft]:
        """Everybody's drafts of a task, by id."""
        raise NotImplementedError

    def of_annotation(
        self, principal: Principal, task_id: TaskId, annotation_id: AnnotationId
    ) -> Sequence[Draft]:
        """The drafts bound to an annotation, by id."""
        raise NotImplementedError

    def create(
        self,
        principal: Principal,
        task_id: TaskId,
        new: NewDraft,
        *,
        annotation_id: AnnotationId | None = None,
    ) -> Draft:
        """Start a draft; with `was_postponed` the task comes back to the caller at the end of their queue."""
        raise NotImplementedError

    def get(self, principal: Principal, draft_id: DraftId) -> Draft:
        """One draft."""
        raise NotImplementedError

    def update(
        self,
        principal: Principal,
        draft_id: DraftId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> Draft:
        """Change `result`, `lead_time` or `was_postponed` of one's own draft."""
        raise NotImplementedError

    def delete(self, principal: Principal, draft_id: DraftId) -> None:
        """Remove one's own draft."""
        raise NotImplementedError
