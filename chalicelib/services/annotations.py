"""Annotations: submitting, skipping, changing, removing them. One transaction each, counters included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Annotation, Draft
from chalicelib.domain.tasks.changes import NewAnnotation
from chalicelib.ids import AnnotationId, ProjectId, TaskId
from chalicelib.ports import ProjectStore, QueueStore, TaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationService:
    """Everything that is done to annotations."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    rng: Random

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Annotation]:
        """The task's annotations by id, cancelled ones left out."""
        raise NotImplementedError

    def get(self, principal: Principal, annotation_id: AnnotationId) -> Annotation:
        """One annotation."""
        raise NotImplementedError

    def create(
        self, principal: Principal, task_id: TaskId, new: NewAnnotation, *, replay: bool = False
    ) -> Annotation:
        """Submit an annotation, or a skip.

        Releases the caller's lease, deletes the draft it came from, moves the task on. A `unique_id` that
        exists is a ConflictError (code `unique_id_exists`), or with `replay` gives the annotation that has it
        (for `Idempotency-Key`: make the unique id from the key). Raises InvalidInputError when the task
        does not allow skips, ForbiddenError for a draft that is not the caller's on this task,
        LimitExceededError when the task has used up its numbers.
        """
        raise NotImplementedError

    def update(
        self,
        principal: Principal,
        annotation_id: AnnotationId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> Annotation:
        """Change `result`, `was_cancelled`, `ground_truth`, `lead_time`, `completed_by`, `parent_*`.

        The earlier version is kept. StaleVersionError when `if_version` is old.
        """
        raise NotImplementedError

    def delete(
        self, principal: Principal, annotation_id: AnnotationId, *, if_version: int | None = None
    ) -> None:
        """Remove an annotation; it stays readable in its versions."""
        raise NotImplementedError

    def convert_to_draft(self, principal: Principal, annotation_id: AnnotationId) -> Draft:
        """Put a draft of the annotation's author in the annotation's place."""
        raise NotImplementedError

    def versions(self, principal: Principal, annotation_id: AnnotationId) -> Sequence[Annotation]:
        """Every version of the annotation, oldest first, the present one last."""
        raise NotImplementedError

    def delete_of_tasks(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        *,
        annotator: int | None = None,
    ) -> int:
        """Remove annotations and drafts (of one annotator, or all) of tasks; gives how many annotations."""
        raise NotImplementedError

    def from_predictions(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        *,
        model_versions: Sequence[str] = (),
    ) -> Sequence[Annotation]:
        """Make the caller's annotations of predictions that have none yet (of some versions, or all)."""
        raise NotImplementedError
