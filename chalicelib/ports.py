"""What the services need of the outside, as Protocols; storage/ and integrations/ fulfil them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal, Protocol

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.comments.entities import Comment
from chalicelib.domain.exports import Export
from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan, Problem, Spent
from chalicelib.domain.label_config import LabelConfig
from chalicelib.domain.labels import Label, LabelLink
from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.tally import Tally
from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.changes import Change, Reservation
from chalicelib.domain.tasks.counts import Contribution
from chalicelib.domain.tasks.entities import Annotator, QueuePlace, StateChange, Task, TaskBody, TaskWithBody
from chalicelib.domain.uploads import Upload
from chalicelib.ids import (
    AnnotationId,
    CommentId,
    DraftId,
    JobId,
    OrganizationId,
    PredictionId,
    ProjectId,
    TaskId,
    UserId,
)

# ---------------------------------------------------------------- the task engine


class IdSource(Protocol):
    """Gives ids of all kinds but those of tasks and of what hangs on them."""

    def next_id(self, kind: str) -> int:
        """A positive number never given before for this kind (`project`, `user`, `job`, …)."""


class ProjectStore(Protocol):
    """The projects' settings."""

    def get(self, project_id: ProjectId, *, organization: OrganizationId | None = None) -> Project | None:
        """The project as it is now, or None; None too when `organization` is given and another owns it.

        Without `organization` it costs one read more."""

    def of_organization(self, organization: OrganizationId) -> Sequence[Project]:
        """All projects of an organization, by id."""

    def among(self, organization: OrganizationId, ids: Iterable[ProjectId]) -> frozenset[ProjectId]:
        """Those of the projects that exist and are the organization's; a request for each hundred."""

    def insert(self, project: Project) -> None:
        """Store a new project."""

    def update(
        self, before: Project, after: Project, *, config_versions: Sequence[ConfigVersion] = ()
    ) -> None:
        """Store an edit, and in the same step the config versions that it makes. ContentionError when the
        stored version is not `before.version`."""

    def config_versions(self, project_id: ProjectId) -> Sequence[ConfigVersion]:
        """The versions of the configuration that were kept, by number; none where there was only one."""

    def forget_config_versions(self, project_id: ProjectId) -> None:
        """Remove the config versions of a deleted project. Twice is fine."""

    def delete(self, project: Project) -> None:
        """Remove the settings; from then on nothing of the project can be reached. Twice is fine."""


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


@dataclass(frozen=True, slots=True)
class PackedBlock:
    """A block whose tasks' columns are packed, the `edits` it was read at, and how many tasks it had."""

    block: int
    edits: int
    tasks: int


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """Where the columns of some blocks are packed, one block after the other. `layout` says how."""

    project: ProjectId
    blocks: tuple[PackedBlock, ...]
    layout: str
    made_at: datetime
    key: str = ""


class ColumnFileStore(Protocol):
    """The packed columns of projects' tasks. Nothing depends on them: what is not there is read anew."""

    def files(self, project: ProjectId) -> Sequence[ColumnFile]:
        """What there is of a project, by block."""

    def read(self, file: ColumnFile) -> bytes:
        """The packed columns. NotFoundError where they went meanwhile."""

    def save(self, file: ColumnFile, data: bytes) -> ColumnFile:
        """Store packed columns, in place of those with the same first block; gives the file with its key."""

    def forget(self, old: Sequence[ColumnFile], *, kept: Sequence[ColumnFile]) -> None:
        """Remove files in whose place there are those that are kept. Twice is fine."""


PutOffKind = Literal["postponed", "skipped"]
PUT_OFF_KINDS: tuple[PutOffKind, ...] = ("postponed", "skipped")


@dataclass(frozen=True, slots=True)
class PutOff:
    """A task that a user postponed or skipped, and when."""

    kind: PutOffKind
    task_id: TaskId
    at: datetime


class QueueStore(Protocol):
    """The index of open tasks, leases, and each annotator's row."""

    def annotator(self, project: ProjectId, user: UserId) -> Annotator:
        """The user's row in the project; an empty one for a newcomer."""

    def annotators(self, project: ProjectId) -> Sequence[Annotator]:
        """The rows of all users who ever had one in the project, by user."""

    def rows_of(self, user: UserId, projects: Callable[[], Iterable[ProjectId]]) -> Sequence[Annotator]:
        """The rows of the projects, of whichever organization, in which the user has done a task, by project;
        a row may be a moment late. There may be others among them, in which they have done nothing.

        `projects` gives those to look through in an installation whose rows are not all indexed yet.
        """

    def save_annotator(self, annotator: Annotator) -> None:
        """Store lease, cursor and recent tasks; the counters are left alone."""

    def entries(self, partition: str, *, after: str, until: str, limit: int) -> Sequence[OpenTask]:
        """Open tasks with `after < key <= until`, by key, at most `limit`. Eventually consistent."""

    def assignments(
        self, project: ProjectId, user: UserId, *, after: TaskId | None, limit: int
    ) -> Sequence[TaskId]:
        """The tasks assigned to the user that wait for their answer, by id, beyond `after`; never out of
        date."""

    def lease(
        self, entry: OpenTask | Task, *, leases: Mapping[UserId, datetime], place: QueuePlace | None
    ) -> TaskWithBody | None:
        """Set a task's leases and place, if it still is as the entry shows it; None when it is not."""

    def put_offs(self, project: ProjectId, user: UserId, kind: PutOffKind, limit: int) -> Sequence[PutOff]:
        """What the user postponed or skipped, oldest first; entries may be out of date."""

    def forget_put_off(self, project: ProjectId, user: UserId, entry: PutOff) -> None:
        """Remove an entry that is out of date. Twice is fine."""


# ---------------------------------------------------------------- what other rooms bring


ConfigParser = Callable[[str], LabelConfig]
"""Reads a labeling configuration. Raises InvalidInputError with every fault in it."""


AccessChanged = Callable[[OrganizationId, UserId | None, ProjectId | None, UserId], None]
"""Tells that a user may do something else than before in a project or in all of the organization's (None), or
that everybody may in a project (no user); and who made it so."""


def nobody_minds(
    _organization: OrganizationId, _user: UserId | None, _project: ProjectId | None, _by: UserId
) -> None:
    """An `AccessChanged` where nothing hangs on what people may do."""


class TaskJobs(Protocol):
    """Starts the long walks over a project's tasks that a request cannot wait for."""

    def retune(self, project: Project, *, resets_overlap: bool, by: UserId) -> None:
        """Call `TaskService.retune_block` for each block of the project, for who changed its settings."""

    def erase(self, project: Project) -> None:
        """Remove everything that hangs on a deleted project."""

    def release(self, project: Project, *, user: UserId, by: UserId) -> None:
        """Give back all tasks that wait for a user who may not work on them any more."""


# ---------------------------------------------------------------- jobs, uploads, exports, blobs

Alive = Callable[[], None]
"""A sign of life to give during long work; raises when the work is no longer wanted."""


class JobRepository(Protocol):
    """The rows of jobs and their parts. Every write is conditional on the state and run it was decided in;
    where somebody else was quicker, the method says so or changes nothing."""

    def next_id(self) -> JobId:
        """A new id, never given before."""

    def create(self, job: Job) -> None:
        """Store a new job, listed under its project and organization, and known as unfinished."""

    def get(self, job_id: JobId) -> Job | None:
        """The job as it is now, or None."""

    def newest(self, organization: OrganizationId, project: ProjectId | None, limit: int) -> Sequence[Job]:
        """The newest jobs first."""

    def unfinished(self) -> Iterator[Job]:
        """Every job that has not ended, of all organizations."""

    def start(self, job: Job, now: datetime) -> Job:
        """Queued becomes running; a running job stays so. `ConflictError` when it is neither."""

    def begin_step(self, job: Job, now: datetime) -> Job | None:
        """The job with one more attempt at the step that is due; None when its state or run has changed."""

    def note_step(self, job: Job, spent: Spent, error: str = "") -> None:
        """Add what a step has cost, and why it failed if it did, whatever state the job is in."""

    def beat(self, job: Job, now: datetime) -> bool:
        """Note a sign of life; False when this run of the job is over or being undone."""

    def mark_planned(self, job: Job, plan: Plan, now: datetime) -> Job:
        """Store the parts, then the plan, once; of two plans made at once one wins whole, and both callers
        get what is stored."""

    def begin_part(self, job: Job, number: int, now: datetime) -> JobPart | None:
        """The part with one attempt more; a done one as it is; None when there is no such part."""

    def finish_part(self, job: Job, part: JobPart, result: PartResult, now: datetime) -> bool:
        """Mark the part done and count it on the job, once; False when it was done or the job has stopped."""

    def parts(self, job: Job) -> Sequence[JobPart]:
        """All parts in order."""

    def begin_undo(self, job: Job, end: JobState, now: datetime, problems: Sequence[Problem]) -> Job:
        """Running becomes undoing, to end as `end`; gives the job as it then is."""

    def end(
        self,
        job: Job,
        state: JobState,
        now: datetime,
        *,
        problems: Sequence[Problem] = (),
        result: Mapping[str, object] | None = None,
    ) -> Job:
        """Put the job in an ended state, once; gives the job as it then is."""

    def restart(self, fresh: Job, *, was: Job) -> None:
        """Replace an ended job by its next run. `ConflictError` when it has changed meanwhile."""


class Meter(Protocol):
    """Measures what a stretch of work costs at the database."""

    def __call__(self) -> AbstractContextManager[Callable[[], Spent]]:
        """While entered, what it gives tells what was spent since."""


class JobReports(Protocol):
    """Keeps all problems of a job, however many, for download."""

    def write(self, job: Job, problems: Sequence[Problem]) -> None:
        """Keep the problems of this run; writing them again replaces them."""

    def url(self, job: Job) -> str:
        """Where they can be read for a while."""


class ExportTargets(Protocol):
    """Stores of the operator's that finished exports may be put in."""

    def check(self, address: str) -> None:
        """`InvalidInputError` for a place that may not be named."""

    def put(self, address: str, name: str, blobs: BlobStore, key: str, *, content_type: str) -> str:
        """Copy a blob there; gives where it is. Doing it again replaces it."""


class UploadStore(Protocol):
    """The rows of uploaded files."""

    def save(self, upload: Upload) -> None:
        """Store a version of the upload. StaleVersionError when another one was quicker."""

    def get(self, upload_id: int) -> Upload | None:
        """The upload, whichever project it is of."""

    def of_project(self, project: ProjectId) -> Sequence[Upload]:
        """The project's uploads, by id."""

    def delete(self, upload: Upload) -> None:
        """Forget the upload."""


class OutsideFiles(Protocol):
    """Files at web addresses of others, read under guard (`integrations/outside.py`)."""

    def check(self, url: str) -> object:
        """`InvalidInputError` for an address that may not be asked."""

    def copy(
        self,
        url: str,
        write: Callable[[bytes], object],
        *,
        max_bytes: int | None = None,
        total_s: float | None = None,
    ) -> tuple[Mapping[str, str], str]:
        """Hand the bytes to `write`; gives headers and last address. `SkylabelError` when it fails."""


class LabelStore(Protocol):
    """An organization's labels, and which projects use them."""

    def labels(self, organization: OrganizationId) -> Sequence[Label]:
        """All labels of the organization, by id."""

    def links(self, organization: OrganizationId) -> Sequence[LabelLink]:
        """All links of the organization, by id."""

    def label(self, organization: OrganizationId, label_id: int) -> Label | None:
        """The label, or None."""

    def link(self, organization: OrganizationId, link_id: int) -> LabelLink | None:
        """The link, or None."""

    def add(self, label: Label) -> None:
        """Store a new label. ContentionError when another one took its title meanwhile."""

    def replace(self, before: Label, after: Label) -> None:
        """Store an edit. ContentionError when the label was changed meanwhile, or its new title taken."""

    def remove(self, label: Label) -> None:
        """Forget the label. ContentionError when it was changed meanwhile."""

    def tie(self, link: LabelLink) -> None:
        """Store a new link. ContentionError when the label is gone, or the project has it already."""

    def retie(self, link: LabelLink) -> None:
        """Store a link's other control. ContentionError when the link is gone."""

    def untie(self, link: LabelLink) -> None:
        """Forget the link. Twice is fine."""


class ExportStore(Protocol):
    """The rows of exports."""

    def save(self, export: Export) -> None:
        """Store a version of the export. StaleVersionError when another one was quicker."""

    def get(self, project: ProjectId, export_id: int) -> Export | None:
        """The export, or None."""

    def newest(self, project: ProjectId, limit: int) -> Sequence[Export]:
        """The newest first."""

    def delete(self, export: Export) -> None:
        """Forget the export."""


class JobQueue(Protocol):
    """Sends nudges to workers. A message may arrive twice, late, or never."""

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        """Put one message on the named queue."""


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is known of a stored blob; `etag` without quotes."""

    key: str
    size: int
    etag: str
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedPart:
    """Where the bytes `offset … offset + size` of an upload are to be PUT."""

    number: int
    url: str
    offset: int
    size: int


class BlobWriter(Protocol):
    """An open blob: write in order, then `close` makes it visible whole; `abort` leaves nothing."""

    def write(self, data: bytes) -> int:
        """Append; gives the number of bytes."""

    def close(self) -> BlobInfo:
        """Finish; from now on readers see the blob."""

    def abort(self) -> None:
        """Forget all that was written."""


class BlobStore(Protocol):
    """Bytes by key: uploads and media, large bodies, parts of jobs, exports."""

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> BlobInfo:
        """Store a small blob whole."""

    def get(self, key: str) -> bytes:
        """The whole blob; `NotFoundError` when there is none."""

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> BinaryIO:
        """The blob, or its bytes `start … end` (end exclusive), as a stream."""

    def info(self, key: str) -> BlobInfo | None:
        """Size and tag, or None."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove blobs; absent ones are no error."""

    def keys(self, prefix: str) -> Iterator[BlobInfo]:
        """All blobs whose key begins with the prefix, in key order."""

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> BlobWriter:
        """Write a blob of any size in flat memory."""

    def join(
        self, key: str, parts: Sequence[str], *, content_type: str = "application/octet-stream"
    ) -> BlobInfo:
        """Make one blob of others, one after the other, without holding them in memory."""

    def signed_get(
        self,
        key: str,
        *,
        expires_s: int = 300,
        filename: str | None = None,
        content_type: str | None = None,
    ) -> str:
        """A URL by which anybody can read the blob for a while; `filename` makes it a download."""

    def signed_put(self, key: str, size: int, *, content_type: str) -> tuple[str, Sequence[SignedPart]]:
        """A handle and the URLs by which a browser can upload `size` bytes, in parts if there are many."""

    def resumed_put(
        self, key: str, handle: str, size: int, *, content_type: str
    ) -> tuple[Sequence[SignedPart], Mapping[int, str]]:
        """Fresh URLs for the parts of an upload that have not arrived, and the tags of those that have."""

    def complete_put(self, key: str, handle: str, etags: Mapping[int, str]) -> BlobInfo:
        """Put the uploaded parts together, as often as asked. `InvalidInputError` if parts lack."""
