"""From what a client or an import gives to entities, with ids, authors and moments filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.annotations.rules import as_result
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewPrediction, PlacedTask
from chalicelib.domain.tasks.entities import Task, TaskBody
from chalicelib.domain.tasks.rules import answered, drafted, is_enough_on_import, predicted, settle
from chalicelib.errors import LimitExceededError
from chalicelib.ids import MAX_PER_TASK, AnnotationId, DraftId, PredictionId, TaskId, UserId, join_id

Controls = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class BuiltTask:
    """A task with all that came along."""

    task: Task
    body: TaskBody
    annotations: tuple[Annotation, ...]
    predictions: tuple[Prediction, ...]
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Builds tasks of one project, at one moment, for one caller.

    `unique_id` gives a new name for the annotation with an id.
    """

    project: Project
    caller: UserId
    now: datetime
    unique_id: Callable[[AnnotationId], str]
    controls: Controls = field(default_factory=dict)
    """The configuration's controls, where predictions may be plain values."""

    def task(self, placed: PlacedTask) -> BuiltTask:
        """The task, settled, with its annotations, predictions and drafts numbered from 1."""
        new = placed.new
        annotations = tuple(
            replace(self.annotation(placed.id, number, given), is_imported=True)
            for number, given in enumerate(new.annotations, 1)
        )
        predictions = tuple(
            self.prediction(placed.id, number, given) for number, given in enumerate(new.predictions, 1)
        )
        drafts = tuple(self.draft(placed.id, number, given) for number, given in enumerate(new.drafts, 1))
        body = TaskBody(
            data=new.data,
            meta=new.meta,
            file_upload_id=new.file_upload_id,
            storage_filename=new.storage_filename,
            extra=new.extra,
        )
        task = self._bare(placed)
        for annotation in annotations:
            task = answered(task, annotation)
        for prediction in predictions:
            task = predicted(task, prediction)
        for draft in drafts:
            task = drafted(task, draft)
        labeled = is_enough_on_import(task) if annotations else None
        task = compared(task, self.project, lambda: annotations)
        task = settle(task, self.project, self.now, by=self.caller, is_labeled=labeled)
        return BuiltTask(task, body, annotations, predictions, drafts)

    def _bare(self, placed: PlacedTask) -> Task:
        return Task(
            id=placed.id,
            project_id=self.project.id,
            inner_id=placed.inner_id,
            created_at=self.now,
            updated_at=self.now,
            updated_by=self.caller,
            state=str(self.project.task_machine.initial),
            overlap=placed.new.overlap or overlap_for(self.project, placed.inner_id),
            allow_skip=placed.new.allow_skip,
        )

    def annotation(self, task_id: TaskId, number: int, new: NewAnnotation) -> Annotation:
        """The annotation with the number. LimitExceededError past a task's last number."""
        annotation_id = AnnotationId(checked_id(task_id, number))
        return Annotation(
            id=annotation_id,
            task_id=task_id,
            project_id=self.project.id,
            completed_by=new.completed_by or self.caller,
            created_at=new.created_at or self.now,
            updated_at=self.now,
            config_version=self.project.config_version,
            unique_id=new.unique_id or self.unique_id(annotation_id),
            result=new.result,
            was_cancelled=new.was_cancelled,
            ground_truth=new.ground_truth,
            lead_time=new.lead_time,
            updated_by=self.caller,
            import_id=new.import_id,
            last_action=new.last_action,
            last_created_by=self.caller,
            parent_prediction=new.parent_prediction,
            parent_annotation=new.parent_annotation,
        )

    def prediction(self, task_id: TaskId, number: int, new: NewPrediction) -> Prediction:
        """The prediction with the number; a plain value is made a result by the configuration's controls."""
        return Prediction(
            id=PredictionId(checked_id(task_id, number)),
            task_id=task_id,
            project_id=self.project.id,
            created_at=self.now,
            updated_at=self.now,
            config_version=self.project.config_version,
            result=as_result(new.result, self.controls),
            score=new.score,
            model_version=new.model_version or "undefined",
            mislabeling=new.mislabeling,
            cluster=new.cluster,
            neighbors=new.neighbors,
            import_id=new.import_id,
        )

    def draft(
        self, task_id: TaskId, number: int, new: NewDraft, *, annotation_id: AnnotationId | None = None
    ) -> Draft:
        """The draft with the number."""
        return Draft(
            id=DraftId(checked_id(task_id, number)),
            task_id=task_id,
            project_id=self.project.id,
            user_id=new.user_id or self.caller,
            created_at=self.now,
            updated_at=self.now,
            config_version=self.project.config_version,
            result=new.result,
            lead_time=new.lead_time,
            annotation_id=annotation_id,
            was_postponed=new.was_postponed,
            import_id=new.import_id,
        )


def checked_id(task_id: TaskId, number: int) -> int:
    """The id of what has a number on a task. LimitExceededError past the last number."""
    if number > MAX_PER_TASK:
        raise LimitExceededError(f"A task can have {MAX_PER_TASK} of these, and this one has had them.")
    return join_id(task_id, number)


def overlap_for(project: Project, inner_id: int) -> int:
    """The overlap that a task gets: the project's for as many of 100 as its cohort says, else 1.

    Spread evenly: of the first n tasks, n·percentage/100 (halves up) are in the cohort.
    """
    percentage = project.overlap_cohort_percentage
    if project.maximum_annotations <= 1 or percentage >= 100:
        return max(1, project.maximum_annotations)
    is_in = _share(inner_id, percentage) > _share(inner_id - 1, percentage)
    return project.maximum_annotations if is_in else 1


def _share(count: int, percentage: int) -> int:
    return (2 * count * percentage + 100) // 200


def next_draft_number(task: Task) -> int:
    """A number for a new draft: above the others, or the lowest free one at the limit."""
    return _next_number([mark.number for mark in task.drafts])


def _next_number(taken: list[int]) -> int:
    highest = max(taken, default=0)
    if highest < MAX_PER_TASK:
        return highest + 1
    used = set(taken)
    return next((number for number in range(1, MAX_PER_TASK + 1) if number not in used), MAX_PER_TASK + 1)


def free_numbers(task: Task, taken: list[int], count: int) -> list[int]:
    """`count` numbers for new predictions: above all that were given, or free ones at the limit."""
    start = task.last_prediction_number + 1
    if start + count - 1 <= MAX_PER_TASK:
        return list(range(start, start + count))
    used = set(taken)
    free = [number for number in range(1, MAX_PER_TASK + 1) if number not in used][:count]
    if len(free) < count:
        raise LimitExceededError(f"A task can have {MAX_PER_TASK} predictions.")
    return free
