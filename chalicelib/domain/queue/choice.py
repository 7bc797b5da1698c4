"""Which of the open tasks that were read an annotator is to try for, and how far they have now looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.places import OpenTask, counts_for, is_free_for
from chalicelib.domain.queue.strategies import Disagreement, queue_name, strategy_of
from chalicelib.ids import UserId

BREADTH_FIRST = "Breadth first queue"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task to try for, and why."""

    task: OpenTask
    queue: str


def is_behind(task: OpenTask, user: UserId) -> bool:
    """Whether the user will never want the task as it stands: done, or put off.

    Should that change, the task moves to the present.
    """
    if any(answer.user == user for answer in task.answers):
        return True
    return any(mark.user == user and mark.postponed_at for mark in task.drafts)


def advanced(cursor: str, entries: Sequence[OpenTask], user: UserId, *, until: str) -> str:
    """The cursor past the leading entries that are behind the user, but never past `until`."""
    for entry in entries:
        if not is_behind(entry, user) or entry.queue.key >= until:
            return cursor
        cursor = entry.queue.key
    return cursor


def free(entries: Sequence[OpenTask], project: Project, user: UserId, now: datetime) -> list[OpenTask]:
    """Those that the user may have."""
    return [task for task in entries if is_free_for(task, user, now, project.skip_queue)]


def begun(tasks: Sequence[OpenTask], project: Project, rng: Random) -> list[Candidate]:
    """Tasks that others have begun, those with most answers first, ties by chance: breadth first.

    None where one answer is enough. Where the strategy is about begun tasks, they come in its order.
    """
    if project.maximum_annotations <= 1:
        return []
    answers = {task.id: _answers(task, project) for task in tasks}
    some = [task for task in tasks if answers[task.id]]
    if isinstance(strategy_of(project), Disagreement):
        return in_order(some, project)
    rng.shuffle(some)
    some.sort(key=lambda task: -answers[task.id])
    return [Candidate(task, BREADTH_FIRST) for task in some]


def in_order(tasks: Sequence[OpenTask], project: Project) -> list[Candidate]:
    """The tasks in the order of the project's sampling."""
    name = queue_name(project)
    return [Candidate(task, name) for task in sorted(tasks, key=lambda task: task.order_key)]


def _answers(task: OpenTask, project: Project) -> int:
    return sum(counts_for(answer, None, project.skip_queue) for answer in task.answers)
