"""A project's own way through its states: open to labeling, paused, finished."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.projects.entities import Project, ProjectStateChange
from chalicelib.domain.workflow.machine import Event, Transition, Work
from chalicelib.domain.workflow.moves import Actor, Refusal, allowed, next_move
from chalicelib.domain.workflow.presets import PROJECT
from chalicelib.ids import UserId

KEPT_CHANGES = 50
"""So many changes of its state a project remembers."""


def takes_annotations(project: Project) -> bool:
    """Whether the project hands out tasks and takes annotations in."""
    return not PROJECT.refuses(project.state, Event.SUBMIT)


def require_open(project: Project, event: Event, role: str | None) -> None:
    """Raise RefusedTransitionError unless the event may happen in the state that the project is in."""
    move = next_move(PROJECT, project.state, event, Work.NONE, Actor(role))
    if isinstance(move, Refusal):
        raise move.error(f"Project {project.id}")


def project_transitioned(
    project: Project, name: str, *, at: datetime, by: UserId, role: str | None, reason: str
) -> Project:
    """The project after a transition. Raises RefusedTransitionError, which says what is allowed."""
    move = next_move(PROJECT, project.state, name, Work.NONE, Actor(role, reason=reason))
    if isinstance(move, Refusal):
        raise move.error(f"Project {project.id}")
    change = ProjectStateChange(move.target, name, at, by, reason)
    history = (*project.state_history, change)[-KEPT_CHANGES:]
    return replace(
        project, state=move.target, state_history=history, version=project.version + 1, updated_at=at
    )


def project_offered(project: Project, role: str | None) -> tuple[Transition, ...]:
    """The transitions that somebody could ask for."""
    return allowed(PROJECT, project.state, {Work.NONE}, Actor(role))
