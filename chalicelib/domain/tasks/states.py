"""The states of a task and the transitions between them, declared as data and checked on every change.

`DEFAULT_MACHINE` is every project's machine for now; whoever moves a task asks a `Machine` for it, so
that a project can bring its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.errors import ConflictError


class TaskState(StrEnum):
    """Where a task is on its way."""

    UNLABELED = "unlabeled"
    IN_PROGRESS = "in_progress"
    SKIPPED = "skipped"
    LABELED = "labeled"


@dataclass(frozen=True, slots=True)
class Step:
    """A permitted transition and what people call it."""

    source: TaskState
    target: TaskState
    name: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Which transitions there are. Staying in a state is always permitted and no transition."""

    initial: TaskState
    steps: frozenset[Step]

    def targets(self, source: TaskState) -> tuple[TaskState, ...]:
        """Where one may go from a state, in the order of the states."""
        reachable = {step.target for step in self.steps if step.source == source}
        return tuple(state for state in TaskState if state in reachable)

    def check(self, source: TaskState, target: TaskState) -> None:
        """Raise ConflictError, with what is allowed instead, unless the transition is declared."""
        if source == target or target in self.targets(source):
            return
        allowed = [str(state) for state in self.targets(source)]
        raise ConflictError(
            f"A task that is {source} cannot become {target}, only: {', '.join(allowed) or 'nothing'}.",
            details={"state": str(source), "refused": str(target), "allowed": allowed},
        )


def _steps(rows: Iterable[tuple[TaskState, TaskState, str]]) -> frozenset[Step]:
    return frozenset(Step(*row) for row in rows)


DEFAULT_MACHINE = Machine(
    initial=TaskState.UNLABELED,
    steps=_steps(
        [
            (TaskState.UNLABELED, TaskState.IN_PROGRESS, "begin"),
            (TaskState.UNLABELED, TaskState.SKIPPED, "skip"),
            (TaskState.UNLABELED, TaskState.LABELED, "finish"),
            (TaskState.IN_PROGRESS, TaskState.LABELED, "finish"),
            (TaskState.IN_PROGRESS, TaskState.SKIPPED, "skip"),
            (TaskState.IN_PROGRESS, TaskState.UNLABELED, "clear"),
            (TaskState.SKIPPED, TaskState.IN_PROGRESS, "begin"),
            (TaskState.SKIPPED, TaskState.LABELED, "finish"),
            (TaskState.SKIPPED, TaskState.UNLABELED, "clear"),
            (TaskState.LABELED, TaskState.IN_PROGRESS, "reopen"),
            (TaskState.LABELED, TaskState.SKIPPED, "skip"),
            (TaskState.LABELED, TaskState.UNLABELED, "clear"),
        ]
    ),
)
