"""What one task contributes to the counts of its project and of its annotators.

The counts of a project are the sum of its tasks' contributions, kept per block; a change adds the
difference of two contributions, so a count is right by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from chalicelib.domain.tasks.entities import Task
from chalicelib.ids import UserId

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Counts that can be added and subtracted. The maps leave zeros out."""

    tasks: int = 0
    finished: int = 0
    annotations: int = 0
    cancelled: int = 0
    useful: int = 0
    ground_truth: int = 0
    with_annotations: int = 0
    predictions: int = 0
    drafts: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)
    open_of: Mapping[UserId, int] = field(default_factory=dict)
    """Tasks that are not labeled and have an annotation of the user."""
    open_skipped_of: Mapping[UserId, int] = field(default_factory=dict)
    """Those among them where the user has nothing but skips."""

    def __add__(self, other: Contribution) -> Contribution:
        return _combine(self, other, 1)

    def __sub__(self, other: Contribution) -> Contribution:
        return _combine(self, other, -1)


NUMBERS = (
    "tasks",
    "finished",
    "annotations",
    "cancelled",
    "useful",
    "ground_truth",
    "with_annotations",
    "predictions",
    "drafts",
)
MAPS = ("states", "models", "open_of", "open_skipped_of")


def _combine(left: Contribution, right: Contribution, sign: int) -> Contribution:
    fields: dict[str, Any] = {name: getattr(left, name) + sign * getattr(right, name) for name in NUMBERS}
    fields |= {name: _combine_maps(getattr(left, name), getattr(right, name), sign) for name in MAPS}
    return Contribution(**fields)


def _combine_maps(left: Mapping[K, int], right: Mapping[K, int], sign: int) -> dict[K, int]:
    keys = dict.fromkeys([*left, *right])
    sums = {key: left.get(key, 0) + sign * right.get(key, 0) for key in keys}
    return {key: value for key, value in sums.items() if value}


def total(contributions: Iterable[Contribution]) -> Contribution:
    """The sum."""
    result = Contribution()
    for contribution in contributions:
        result = result + contribution
    return result


NOTHING = Contribution()


def contribution(task: Task | None) -> Contribution:
    """What the task adds to its project's counts; nothing for no task."""
    if task is None:
        return NOTHING
    useful = sum(answer.is_useful for answer in task.answers)
    open_users = () if task.is_labeled else task.annotators
    return Contribution(
        tasks=1,
        finished=int(task.is_labeled),
        annotations=task.total_annotations,
        cancelled=task.cancelled_annotations,
        useful=useful,
        ground_truth=sum(answer.ground_truth for answer in task.answers),
        with_annotations=int(useful > 0),
        predictions=task.total_predictions,
        drafts=len(task.drafts),
        states={str(task.state): 1},
        models={version: stats.count for version, stats in task.models.items() if stats.count},
        open_of=dict.fromkeys(open_users, 1),
        open_skipped_of={user: 1 for user in open_users if only_skipped(task, user)},
    )


def only_skipped(task: Task, user: UserId) -> bool:
    """Whether the user has annotations here and all of them are skips."""
    own = [answer.cancelled for answer in task.answers if answer.user == user]
    return bool(own) and all(own)


@dataclass(frozen=True, slots=True)
class AnnotatorDelta:
    """By how much a user's own counters change (`Annotator` says what they are)."""

    done: int = 0
    kept: int = 0
    assigned: int = 0
    judged: int = 0
    score: int = 0
    right: int = 0

    def __add__(self, other: AnnotatorDelta) -> AnnotatorDelta:
        return _combine_deltas(self, other, 1)

    def __sub__(self, other: AnnotatorDelta) -> AnnotatorDelta:
        return _combine_deltas(self, other, -1)


PERSONAL = tuple(each.name for each in fields(AnnotatorDelta))
"""The names of the counters in a user's row."""
UNCHANGED = AnnotatorDelta()
RIGHT = 1000
"""The score of an answer that is wholly like the truth."""


def _combine_deltas(left: AnnotatorDelta, right: AnnotatorDelta, sign: int) -> AnnotatorDelta:
    return AnnotatorDelta(*(getattr(left, name) + sign * getattr(right, name) for name in PERSONAL))


def annotator_deltas(before: Task | None, after: Task | None) -> dict[UserId, AnnotatorDelta]:
    """How the counters of each user change from one form of a task to another; unchanged users left out."""
    was, now = _marks(before), _marks(after)
    users = dict.fromkeys([*was, *now])
    changes = {user: now.get(user, UNCHANGED) - was.get(user, UNCHANGED) for user in users}
    return {user: change for user, change in changes.items() if change != UNCHANGED}


def _marks(task: Task | None) -> dict[UserId, AnnotatorDelta]:
    marks: dict[UserId, AnnotatorDelta] = {}
    for answer in task.answers if task else ():
        kept = marks.get(answer.user, UNCHANGED).kept or int(not answer.cancelled)
        marks[answer.user] = AnnotatorDelta(1, kept)
    for answer in task.answers if task else ():
        score = task.scores.get(answer.number) if task else None
        if score is not None:
            judgement = AnnotatorDelta(judged=1, score=score, right=int(score >= RIGHT))
            marks[answer.user] = marks[answer.user] + judgement
    for user in task.seats if task else ():
        marks[user] = marks.get(user, UNCHANGED) + AnnotatorDelta(assigned=1)
    return marks
