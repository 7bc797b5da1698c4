"""The states of tasks, annotations and projects: their histories, and transitions asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.rules import is_storable
from chalicelib.domain.annotations.states import annotation_changes
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.states import project_offered, project_transitioned
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import edited, transitioned
from chalicelib.domain.tasks.states import By, offered
from chalicelib.domain.workflow.machine import Kind, Machine, Transition
from chalicelib.domain.workflow.moves import name_between
from chalicelib.domain.workflow.presets import ANNOTATION, PLAIN, PROJECT
from chalicelib.errors import InvalidInputError, RefusedTransitionError
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project, open_task, role_in
from chalicelib.services.annotation_history import AnnotationHistoryService
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning
from chalicelib.services.settling import catch_up
from chalicelib.services.sight import sight_of

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class PassedState:
    """One state that something came into: from which, by which transition, when, by whom, and why."""

    state: str
    previous: str
    name: str
    at: datetime
    user: UserId | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateService:
    """Shows states and makes transitions; what is done to a thing may be seen by all who may see it."""

    projects: ProjectStore
    tasks: TaskStore
    annotations: AnnotationService
    versions: AnnotationHistoryService
    clock: Clock

    # -- histories

    def history(self, principal: Principal, kind: Kind, entity_id: int) -> Sequence[PassedState]:
        """The states that the thing has come into, oldest first. NotFoundError for what may not be seen."""
        readers: Mapping[Kind, Callable[[Principal, int], Sequence[PassedState]]] = {
            Kind.TASK: self._of_task,
            Kind.ANNOTATION: self._of_annotation,
            Kind.PROJECT: self._of_project,
        }
        return readers[kind](principal, entity_id)

    def _of_task(self, principal: Principal, task_id: int) -> Sequence[PassedState]:
        project, task = open_task(self.projects, self.tasks, principal, "task.read", TaskId(task_id))
        sight = sight_of(principal, project)
        changes = self.tasks.transitions(task)
        if sight.hides_truths is not None:
            changes = [change for change in changes if change.user == principal.user_id]
        steps = (
            (c.state, c.name, c.at, c.user if sight.shows_user(c.user) else None, c.reason) for c in changes
        )
        return _passed(project.task_machine.initial, steps)

    def _of_annotation(self, principal: Principal, annotation_id: int) -> Sequence[PassedState]:
        versions = self.versions.history(principal, AnnotationId(annotation_id)).versions
        steps = ((c.state, c.name, c.at, c.user, c.reason) for c in annotation_changes(versions))
        return _passed(ANNOTATION.initial, steps)

    def _of_project(self, principal: Principal, project_id: int) -> Sequence[PassedState]:
        project = open_project(self.projects, principal, "project.read", ProjectId(project_id))
        steps = ((c.state, c.name, c.at, c.user, c.reason) for c in project.state_history)
        return _passed(PROJECT.initial, steps)

    # -- transitions asked for by name

    def offered(self, principal: Principal, kind: Kind, entity_id: int) -> Sequence[Transition]:
        """The transitions that the caller could ask for just now."""
        if kind is Kind.TASK:
            project, task = open_task(self.projects, self.tasks, principal, "task.read", TaskId(entity_id))
            role = role_in(principal, project)
            return offered(task, project, By(self.clock(), principal.user_id, role))
        if kind is Kind.PROJECT:
            project = open_project(self.projects, principal, "project.read", ProjectId(entity_id))
            return project_offered(project, role_in(principal, project))
        self.annotations.get(principal, AnnotationId(entity_id))
        return ()

    def transition(
        self, principal: Principal, kind: Kind, entity_id: int, name: str, *, reason: str = ""
    ) -> PassedState:
        """Make the transition; gives the state that it led to.

        InvalidInputError for a name that no transition of the thing has, RefusedTransitionError, which
        says what is allowed, for one that cannot be made now or by the caller.
        """
        _check_reason(reason)
        if kind is Kind.TASK:
            return again(lambda: self._move_task(principal, TaskId(entity_id), name, reason))
        if kind is Kind.PROJECT:
            return again(lambda: self._move_project(principal, ProjectId(entity_id), name, reason))
        self.annotations.get(principal, AnnotationId(entity_id))
        raise _unknown(ANNOTATION, name)

    def transition_many(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        name: str,
        *,
        reason: str = "",
    ) -> tuple[int, Sequence[RefusedTransitionError]]:
        """Make the transition with those of a project's tasks that may make it: how many, and the refusals.

        InvalidInputError for a name that no transition has. Can be repeated.
        """
        _check_reason(reason)
        project = open_project(self.projects, principal, "task.transition", project_id)
        _require_known(project.task_machine, name)
        moved, refusals = 0, list[RefusedTransitionError]()
        for task_id in task_ids:
            try:
                moved += self._move_one(principal, project, task_id, name, reason)
            except RefusedTransitionError as refusal:
                refusals.append(refusal)
        catch_up(self.projects, self.tasks, project, task_ids, Retuning(self.clock(), principal.user_id))
        return moved, refusals

    def _move_one(
        self, principal: Principal, project: Project, task_id: TaskId, name: str, reason: str
    ) -> bool:
        def attempt() -> bool:
            task = self.tasks.get(task_id)
            if task is None or task.project_id != project.id:
                return False
            self._move(principal, project, task, name, reason)
            return True

        return again(attempt)

    def _move_task(self, principal: Principal, task_id: TaskId, name: str, reason: str) -> PassedState:
        project, task = open_task(self.projects, self.tasks, principal, "task.transition", task_id)
        _require_known(project.task_machine, name)
        return self._move(principal, project, task, name, reason)

    def _move(
        self, principal: Principal, project: Project, task: Task, name: str, reason: str
    ) -> PassedState:
        by = By(self.clock(), principal.user_id, role_in(principal, project), reason)
        after = edited(transitioned(task, project, name, by), by.at, principal.user_id)
        self.tasks.commit(Change(before=task, after=after))
        made = after.history[len(task.history) :]
        previous = made[-2].state if len(made) > 1 else task.state
        return PassedState(after.state, previous, name, by.at, by.user, reason)

    def _move_project(
        self, principal: Principal, project_id: ProjectId, name: str, reason: str
    ) -> PassedState:
        project = open_project(self.projects, principal, "project.update", project_id)
        _require_known(PROJECT, name)
        at, by = self.clock(), principal.user_id
        role = role_in(principal, project)
        after = project_transitioned(project, name, at=at, by=by, role=role, reason=reason)
        self.projects.update(project, after)
        return PassedState(after.state, project.state, name, at, by, reason)


_Step = tuple[str, str, datetime, UserId | None, str]


def _passed(initial: str, steps: Iterable[_Step]) -> list[PassedState]:
    found: list[PassedState] = []
    previous = initial
    for state, name, at, user, reason in steps:
        # Changes of before transitions had names were all made by the plain machine.
        shown = name or name_between(PLAIN, previous, state)
        found.append(PassedState(state, previous, shown, at, user, reason))
        previous = state
    return found


def _check_reason(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        message = f"Ensure this field has no more than {LONGEST_REASON} characters."
        raise InvalidInputError.at("reason", message)
    if not is_storable(reason):
        raise InvalidInputError.at("reason", "Half of a surrogate pair is not valid text.")


def _require_known(machine: Machine, name: str) -> None:
    if not any(each.is_manual and each.name == name for each in machine.transitions):
        raise _unknown(machine, name)


def _unknown(machine: Machine, name: str) -> InvalidInputError:
    names = dict.fromkeys(each.name for each in machine.transitions if each.is_manual)
    said = f"there are {', '.join(names)}" if names else "there are none"
    message = (
        f'"{name}" is no transition that can be asked for; {said}. '
        "Other states follow from what is done: submitting, skipping, changing, deleting."
    )
    return InvalidInputError.at("transition_name", message, code="unknown_transition")
