"""The next task to review: taken by the transition that begins its review, so that nobody else is given it.

Cost: one Query of the counts by block, one Query of a block in which the counts say that there is something,
and the transition. Blocks in which all that waits is the caller's own work, or with others, cost one Query
each; after `MOST_BLOCKS` of them the caller is told where to go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.states import By, offered
from chalicelib.domain.workflow.machine import Kind
from chalicelib.domain.workflow.reviewing import awaiting_verdict, beginning, is_begun
from chalicelib.errors import RefusedTransitionError
from chalicelib.ids import TASKS_PER_BLOCK, ProjectId, TaskId, block_of
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import BlockSummary, TaskStore
from chalicelib.services.access import open_project, role_in
from chalicelib.services.states import StateService

HELD = timedelta(minutes=30)
"""For so long a task whose review somebody has begun is theirs alone; then others are given it again."""
MOST_BLOCKS = 20


@dataclass(frozen=True, slots=True)
class Review:
    """A task to review, None when nothing was found; `goes_on_after` says behind which id to look further.

    `waiting` counts all tasks of the project that wait for a verdict, whoever may give it.
    """

    task_id: TaskId | None
    waiting: int
    goes_on_after: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewService:
    """Gives tasks to those who review."""

    projects: ProjectStore
    tasks: TaskStore
    states: StateService
    clock: Clock

    def next(self, principal: Principal, project_id: ProjectId, *, after: TaskId) -> Review:
        """The next task that waits for the caller's verdict: of the block of `after` and those behind, then
        of the first ones.

        Begins its review, where the workflow has a transition for that. Two who ask at once are given two
        tasks. A task that is given and left without a verdict is given again, to others after `HELD`.
        """
        project = open_project(self.projects, principal, "task.transition", project_id)
        waiting = awaiting_verdict(project.task_machine, role_in(principal, project))
        summaries = self.tasks.summaries(project.id) if waiting else ()
        total = sum(_waiting(summary, waiting) for summary in summaries)
        holding = [summary.block for summary in summaries if _waiting(summary, waiting)]
        round_trip = _from(holding, block_of(after))
        last = after
        for block in round_trip[:MOST_BLOCKS]:
            for task in self._candidates(project, block, after, waiting):
                if self._taken(principal, project, task):
                    return Review(task.id, total)
            last = TaskId((block + 1) * TASKS_PER_BLOCK - 1)
        return Review(None, total, last if len(round_trip) > MOST_BLOCKS else None)

    def _candidates(
        self, project: Project, block: int, after: TaskId, waiting: frozenset[str]
    ) -> Iterator[Task]:
        tasks = [task for task in self.tasks.block(block) if task.state in waiting]
        is_first = block == block_of(after)
        behind = [task for task in tasks if task.id > after or not is_first]
        before = [task for task in tasks if is_first and task.id <= after]
        return (task for task in (*behind, *before) if task.project_id == project.id)

    def _taken(self, principal: Principal, project: Project, task: Task) -> bool:
        """Whether the task is the caller's to review now."""
        role, machine = role_in(principal, project), project.task_machine
        now = self.clock()
        ways = offered(task, project, By(now, principal.user_id, role))
        if not any((state := machine.state(way.target)) and state.is_final for way in ways):
            return False
        newest = task.history[-1] if task.history else None
        begun = newest is not None and is_begun(machine, task.state, newest.name)
        if begun and newest is not None and newest.user != principal.user_id and _is_held(newest.at, now):
            return False
        begin = beginning(machine, ways, role)
        if begin is None:
            return True
        try:
            self.states.transition(principal, Kind.TASK, task.id, begin.name)
        except RefusedTransitionError:
            # Somebody was quicker: it is theirs.
            return False
        return True


def _waiting(summary: BlockSummary, states: frozenset[str]) -> int:
    return sum(summary.counts.states.get(state, 0) for state in states)


def _from(blocks: Sequence[int], first: int) -> list[int]:
    """The blocks from `first` on, then the others."""
    behind = [block for block in blocks if block >= first]
    return [*behind, *(block for block in blocks if block < first)]


def _is_held(at: datetime, now: datetime) -> bool:
    return now - at < HELD
