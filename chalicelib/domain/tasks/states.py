"""A task's way through its project's workflow: what its annotations amount to, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import StateChange, Task
from chalicelib.domain.workflow.machine import Effect, Event, Machine, Transition, Work
from chalicelib.domain.workflow.moves import SYSTEM, Actor, Refusal, allowed, landing, mapped, next_move
from chalicelib.ids import UserId

MAPPED = "map"
"""The name in the history for a change of the workflow that took the task along."""


@dataclass(frozen=True, slots=True)
class By:
    """When something is done to a task, by whom, in which role (None: by the system), and why."""

    at: datetime
    user: UserId | None = None
    role: str | None = None
    reason: str = ""


def work_of(task: Task) -> Work:
    """How much there is of the annotations that the task wants."""
    if task.is_labeled:
        return Work.ENOUGH
    if not task.answers:
        return Work.NONE
    return Work.SKIPS if all(answer.cancelled for answer in task.answers) else Work.SOME


def follow(task: Task, project: Project, event: Event, by: By) -> Task:
    """The task in the state that follows from an event.

    Raises RefusedTransitionError where the workflow does not let it happen; an adjustment always may.
    """
    machine, work = project.task_machine, work_of(task)
    task = _mapped(task, machine, project.state_mapping, by)
    move = next_move(machine, task.state, event, work, SYSTEM if event is Event.ADJUST else Actor(by.role))
    if isinstance(move, Refusal):
        if event is not Event.ADJUST:
            raise move.error(f"Task {task.id}")
        return _entered(task, landing(machine, work), MAPPED, by)
    return _entered(task, move.target, move.transition.name if move.transition else "", by)


def take(task: Task, project: Project, name: str, by: By) -> tuple[Task, frozenset[Effect]]:
    """The task in the state to which a transition leads that is asked for by name, and what else follows.

    Raises RefusedTransitionError, which says what is allowed instead.
    """
    machine = project.task_machine
    task = _mapped(task, machine, project.state_mapping, by)
    move = next_move(machine, task.state, name, work_of(task), _actor(task, by))
    if isinstance(move, Refusal) or move.transition is None:
        refusal = move if isinstance(move, Refusal) else Refusal(task.state, name, "it stays there.")
        raise refusal.error(f"Task {task.id}")
    return _with_change(task, move.target, name, by), move.transition.effects


def offered(task: Task, project: Project, by: By) -> tuple[Transition, ...]:
    """The transitions that somebody could ask for, each name once; a reason may still be needed."""
    machine, work = project.task_machine, work_of(task)
    state = mapped(machine, task.state, work, project.state_mapping)
    return allowed(machine, state, {work}, _actor(task, by))


def _actor(task: Task, by: By) -> Actor:
    return Actor(by.role, by.user in task.annotators, by.reason)


def _mapped(task: Task, machine: Machine, mapping: Mapping[str, str], by: By) -> Task:
    return _entered(task, mapped(machine, task.state, work_of(task), mapping), MAPPED, replace(by, reason=""))


def _entered(task: Task, state: str, name: str, by: By) -> Task:
    return task if state == task.state else _with_change(task, state, name, by)


def _with_change(task: Task, state: str, name: str, by: By) -> Task:
    change = StateChange(str(state), by.at, by.user, name, by.reason)
    return replace(task, state=change.state, history=(*task.history, change))
