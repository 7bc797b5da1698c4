"""What the services need of the store of tasks, and the rows it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.comments.entities import Comment
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.tally import Tally
from chalicelib.domain.tasks.changes import Change, Reservation
from chalicelib.domain.tasks.counts import Contribution
from chalicelib.domain.tasks.entities import StateChange, Task, TaskBody, TaskWithBody
from chalicelib.ids import AnnotationId, CommentId, DraftId, PredictionId, ProjectId, TaskId


@dataclass(frozen=True, slots=True)
class BlockSummary:
    """What is counted of one block of a project's tasks. `edits` grows with every change in the block."""

    block: int
    counts: Contribution
    edits: int = 0


@dataclass(frozen=True, slots=True)
class NewTaskRecord:
    """A task with all that comes along with it, ready to be stored."""

    task: Task
    body: TaskBody
    annotations: Sequence[Annotation] = ()
    predictions: Sequence[Prediction] = ()
    drafts: Sequence[Draft] = ()


@dataclass(frozen=True, slots=True)
class TaskFamily:
    """What hangs on a task, each by ascending id; all users' drafts."""

    annotations: Sequence[Annotation] = ()
    drafts: Sequence[Draft] = ()
    predictions: Sequence[Prediction] = ()


class TaskStore(Protocol):
    """Tasks, what hangs on them, their counts. Reads are consistent unless a method says otherwise."""

    def reserve(self, project: ProjectId, count: int) -> Reservation:
        """Set `count` task ids and inner ids aside; what is never used is lost, which is fine."""

    def insert(self, project: Project, records: Sequence[NewTaskRecord]) -> None:
        """Store new tasks with exact counts. A task that is there already stays as it is, so that the
        same call can be made twice; other callers see a task only once all that hangs on it is there."""

    def commit(self, change: Change) -> None:
        """Store a change whole, with its counts. ContentionError when the task or what hangs on it is no
        longer as before; AlreadyExistsError when a claimed unique id is taken."""

    def commit_all(self, changes: Sequence[Change]) -> None:
        """Store changes of different tasks, many in one transaction but each whole. On an error some may
        be stored and some not; ask again what is there."""

    def get(self, task_id: TaskId) -> Task | None:
        """The task without its body, or None."""

    def get_whole(self, task_id: TaskId) -> TaskWithBody | None:
        """The task with its body, or None."""

    def glimpse(self, task_id: TaskId) -> TaskWithBody | None:
        """The task with its body as it was a moment ago, for half the units; or None."""

    def get_many(self, task_ids: Sequence[TaskId]) -> Sequence[Task]:
        """Those of the tasks that exist, in the order asked for."""

    def get_many_whole(self, task_ids: Sequence[TaskId]) -> Sequence[TaskWithBody]:
        """Those of the tasks that exist, with their bodies, in the order asked for."""

    def block(self, block: int) -> Sequence[Task]:
        """The tasks of a block, without their bodies, by id."""

    def block_whole(self, block: int) -> Sequence[TaskWithBody]:
        """The tasks of a block, with their bodies, by id."""

    def page(self, summaries: Sequence[BlockSummary], offset: int, limit: int) -> Sequence[TaskWithBody]:
        """The tasks from `offset` on, by id, of a project whose summaries (all of them) are given."""

    def page_after(
        self, summaries: Sequence[BlockSummary], after: TaskId, limit: int
    ) -> Sequence[TaskWithBody]:
        """The tasks with larger ids than `after`, by id, of a project whose summaries are given."""

    def summaries(self, project: ProjectId) -> Sequence[BlockSummary]:
        """The counts of each of the project's blocks, by block."""

    def family(self, task_id: TaskId) -> TaskFamily:
        """The annotations, drafts and predictions of a task."""

    def families(self, tasks: Sequence[Task]) -> Mapping[TaskId, TaskFamily]:
        """The families of many tasks by their ids; costs the units of `family`, but far fewer requests."""

    def hints(self, task_id: TaskId) -> TaskFamily:
        """The drafts and predictions of a task, without its annotations."""

    def annotation(self, annotation_id: AnnotationId) -> Annotation | None:
        """One annotation, or None."""

    def annotation_by_unique_id(self, unique_id: str) -> Annotation | None:
        """The annotation that claimed a client's unique id, or None."""

    def annotation_versions(self, annotation_id: AnnotationId) -> Sequence[Annotation]:
        """The earlier versions of an annotation, oldest first; also of one that was deleted."""

    def earlier_annotations(self, task_id: TaskId) -> Sequence[Annotation]:
        """The earlier versions of all the task's annotations, by annotation, oldest first."""

    def draft(self, draft_id: DraftId) -> Draft | None:
        """One draft, or None."""

    def save_draft(self, before: Draft, after: Draft) -> None:
        """Store a draft's edit where its task need not change. ContentionError."""

    def prediction(self, prediction_id: PredictionId) -> Prediction | None:
        """One prediction, or None."""

    def comment(self, comment_id: CommentId) -> Comment | None:
        """One comment, or None."""

    def comments(self, task_id: TaskId) -> Sequence[Comment]:
        """The comments of a task, by id."""

    def transitions(self, task: Task) -> Sequence[StateChange]:
        """The states that the task has been in, oldest first."""

    def tallies(self, project: ProjectId) -> Mapping[int, tuple[int, Tally]]:
        """What the blocks contain, as last tallied: by block, with the `edits` it was tallied at."""

    def save_tally(self, project: ProjectId, summary: BlockSummary, tally: Tally) -> None:
        """Store what a block contained at the summary's `edits`."""

    def forget_tallies(self, project: ProjectId) -> None:
        """Remove all tallies of the project."""

    def forget_project(self, project: ProjectId) -> None:
        """Remove the counts, tallies, annotators' rows and allocation of a project without tasks. Twice is
        fine."""

    def forget_family(self, task_id: TaskId) -> None:
        """Remove what is left of a task that has been removed, save claims that have moved elsewhere."""

    def reclaim(self, before: Annotation, after: Annotation) -> None:
        """Have the claim on a unique id, if there is one, lead to where the annotation has moved. Twice is
        fine."""
