"""What a task is: its state (small, changed often) and its body (as large as it likes, changed seldom).

A task knows every annotation, draft and prediction that hangs on it by a few characters each, so that
all its counters are derived and can never disagree with what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain.comments.tally import NO_COMMENTS, CommentTally
from chalicelib.domain.json_values import Json, JsonObject
from chalicelib.domain.queue.doubt import Doubt
from chalicelib.domain.workflow.presets import PLAIN
from chalicelib.ids import AnnotationId, DraftId, ProjectId, TaskId, UserId, join_id


@dataclass(frozen=True, slots=True)
class Answer:
    """One annotation as its task remembers it; `number` is its number within the task."""

    number: int
    user: UserId
    cancelled: bool = False
    ground_truth: bool = False

    @property
    def is_useful(self) -> bool:
        """Neither cancelled nor ground truth."""
        return not self.cancelled and not self.ground_truth


@dataclass(frozen=True, slots=True)
class DraftMark:
    """One draft as its task remembers it; `postponed_at` is set when its author put the task off."""

    number: int
    user: UserId
    postponed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelStats:
    """What a task remembers of the predictions of one model version.

    `vote` is what the newest says, in short; `doubt` how unsure their distributions are, if they gave any.
    Tasks written before there were these know neither until a migration has computed them.
    """

    count: int
    scored: int = 0
    score_sum: float = 0.0
    score_min: float | None = None
    vote: str = ""
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """One step of a task's way through its states: into which, when, by whom (None: the system), by the
    transition of which name (empty for steps of before there were names), and why."""

    state: str
    at: datetime
    user: UserId | None
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a task stands in the index of open tasks: a partition and a sort key."""

    partition: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task without its body. `version` counts the edits people see; `revision` every write.

    `leases` maps a user to the moment until which the task is theirs; entries may be past.
    `order_key` is the task's place in the order that the project's sampling gives.
    """

    id: TaskId
    project_id: ProjectId
    inner_id: int
    created_at: datetime
    updated_at: datetime
    overlap: int = 1
    allow_skip: bool = True
    version: int = 1
    revision: int = 1
    state: str = PLAIN.initial
    is_labeled: bool = False
    updated_by: UserId | None = None
    answers: tuple[Answer, ...] = ()
    """In the order of their numbers, cancelled ones included."""
    last_number: int = 0
    """The highest annotation number ever given; numbers are never given twice."""
    drafts: tuple[DraftMark, ...] = ()
    models: Mapping[str, ModelStats] = field(default_factory=lambda: MappingProxyType({}))
    last_prediction_number: int = 0
    leases: Mapping[UserId, datetime] = field(default_factory=lambda: MappingProxyType({}))
    assigned: tuple[UserId, ...] = ()
    """Those it is assigned to, in the order in which they were named; also when they are done with it."""
    seats: tuple[UserId, ...] = ()
    """Those among them whose answer is waited for: each has one of the wanted answers kept for them."""
    lead_time_sum: float = 0.0
    lead_time_count: int = 0
    last_annotated_at: datetime | None = None
    agreement: float | None = None
    """How far its annotators agree, 0 to 1, in projects whose strategy looks at it."""
    scores: Mapping[int, int] = field(default_factory=dict)
    """How far answers are like the ground truth, in thousandths, by their numbers; empty without a truth."""
    order_key: str = ""
    queue: QueuePlace | None = None
    comments: CommentTally = NO_COMMENTS
    history: tuple[StateChange, ...] = ()
    """The newest changes of state, oldest first; older ones are rows of their own."""

    @property
    def total_annotations(self) -> int:
        """How many annotations there are that are not cancelled."""
        return sum(not answer.cancelled for answer in self.answers)

    @property
    def cancelled_annotations(self) -> int:
        """How many annotations are skips."""
        return sum(answer.cancelled for answer in self.answers)

    @property
    def total_predictions(self) -> int:
        """How many predictions there are."""
        return sum(stats.count for stats in self.models.values())

    @property
    def annotators(self) -> tuple[UserId, ...]:
        """The authors of annotations (skips included), each once, in the order of their first."""
        return tuple(dict.fromkeys(answer.user for answer in self.answers))

    @property
    def annotation_ids(self) -> tuple[AnnotationId, ...]:
        """The ids of all annotations (skips included), ascending."""
        return tuple(AnnotationId(join_id(self.id, answer.number)) for answer in self.answers)

    @property
    def draft_ids(self) -> tuple[DraftId, ...]:
        """The ids of everybody's drafts, ascending."""
        return tuple(DraftId(join_id(self.id, mark.number)) for mark in self.drafts)

    @property
    def draft_exists(self) -> bool:
        """Whether anybody has a draft here."""
        return bool(self.drafts)

    @property
    def completed_at(self) -> datetime | None:
        """When the newest annotation was made, if the task is labeled."""
        return self.last_annotated_at if self.is_labeled else None

    @property
    def avg_lead_time(self) -> float | None:
        """The mean lead time, in seconds, of the annotations that have one."""
        return self.lead_time_sum / self.lead_time_count if self.lead_time_count else None

    @property
    def predictions_score(self) -> float | None:
        """The mean score of the predictions that have one."""
        scored = sum(stats.scored for stats in self.models.values())
        return sum(stats.score_sum for stats in self.models.values()) / scored if scored else None

    def has_answer_of(self, user: UserId) -> bool:
        """Whether the user has annotated or skipped the task."""
        return any(answer.user == user for answer in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBody:
    """What a task is about: the data that the config shows, and where it came from."""

    data: JsonObject
    meta: JsonObject | None = None
    file_upload_id: int | None = None
    storage_filename: str | None = None
    extra: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    """What an import carried beside the known fields."""


@dataclass(frozen=True, slots=True)
class TaskWithBody:
    """A task as read whole."""

    task: Task
    body: TaskBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator:
    """What is remembered of one user in one project.

    `done` counts the tasks with an annotation of theirs, skips included; `kept` those where at least
    one of them is not a skip; `assigned` those where an answer of theirs is waited for.
    `judged` counts their answers that were compared with a truth, `score` sums up in thousandths how far they
    were like it, `right` counts those that were wholly. `cursor` is how far
    into the touched tasks they have looked, `urgent_cursor` how far into the urgent ones, `honeypot_cursor`
    how far round the honeypots, `looking_back` how far round those that they have passed; `recent` are the
    tasks they worked on last, oldest first.
    """

    project_id: ProjectId
    user_id: UserId
    leased: TaskId | None = None
    cursor: str = ""
    urgent_cursor: str = ""
    honeypot_cursor: str = ""
    looking_back: str = ""
    recent: tuple[TaskId, ...] = ()
    done: int = 0
    kept: int = 0
    assigned: int = 0
    judged: int = 0
    score: int = 0
    right: int = 0
