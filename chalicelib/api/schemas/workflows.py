"""Workflows, states and transitions as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import one_of
from chalicelib.clock import iso
from chalicelib.domain.people import User
from chalicelib.domain.workflow.documents import dump_machine
from chalicelib.domain.workflow.machine import ROLES, Effect, Event, Guard, Work
from chalicelib.domain.workflow.presets import ANNOTATION, PRESETS, PROJECT
from chalicelib.ids import UserId

if TYPE_CHECKING:
    from chalicelib.domain.workflow.machine import Machine
    from chalicelib.services.states import PassedState
    from chalicelib.services.workflows import Workflow


class TriggeredBy(TypedDict):
    """Who moved it."""

    id: int
    email: str


class StateRead(TypedDict):
    """One state that something was in, how it came there, by whom and why."""

    id: str
    state: str
    previous_state: str | None
    transition_name: str | None
    triggered_by: TriggeredBy | None
    reason: str
    context_data: dict[str, Any]
    created_at: str


class TransitionMade(TypedDict):
    """What a transition led to."""

    success: bool
    new_state: str
    state_record: StateRead


class OfferedTransition(TypedDict):
    """A transition that one could ask for."""

    name: str
    title: str
    to: str
    needs_reason: bool


class StateDocument(TypedDict):
    """A state of a workflow. `work` is what may lie in it: `none`, `some`, `skips`, `enough`."""

    name: str
    title: str
    work: list[Annotated[str, one_of(Work)]]
    final: bool
    refuses: list[Annotated[str, one_of(Event)]]


TransitionDocument = TypedDict(
    "TransitionDocument",
    {
        "name": str,
        "title": str,
        "from": list[str],
        "to": str,
        "on": list[Annotated[str, one_of(Event)]],
        "roles": list[Annotated[str, one_of(ROLES)]],
        "guards": list[Annotated[str, one_of(Guard)]],
        "effects": list[Annotated[str, one_of(Effect)]],
    },
)
"""A transition of a workflow; without events (`on`) it is asked for by its name."""


class WorkflowDocument(TypedDict):
    """A workflow: states, and the transitions between them."""

    initial: str
    separates_duties: bool
    states: list[StateDocument]
    transitions: list[TransitionDocument]


class PresetRead(TypedDict):
    """A workflow that comes with the product."""

    name: str
    workflow: WorkflowDocument


class WorkflowRead(TypedDict):
    """The workflow of a project's tasks, and those of annotations and projects, which are everybody's.

    `preset` is null for one of the project's own. `tasks` counts the tasks by state; `is_following` says
    that tasks are still being taken along after a change.
    """

    preset: str | None
    workflow: WorkflowDocument
    annotation: WorkflowDocument
    project: WorkflowDocument
    tasks: dict[str, int]
    is_following: bool
    version: int


class WorkflowWrite(Body):
    """Another workflow: a document or the name of a preset. `states` says, for states that it lacks, in which
    of its own their tasks are to stand."""

    preset: str | None = None
    workflow: dict[str, Any] | None = None
    states: dict[str, str] = {}  # noqa: RUF012  (pydantic copies it)


def render_machine(machine: Machine) -> WorkflowDocument:
    """A machine as its document."""
    document: Any = dump_machine(machine)
    shown: WorkflowDocument = document
    return shown


def render_presets() -> list[PresetRead]:
    """The workflows that come with the product."""
    return [{"name": name, "workflow": render_machine(machine)} for name, machine in PRESETS.items()]


def render_workflow(shown: Workflow) -> WorkflowRead:
    """A project's workflow."""
    machine = shown.project.task_machine
    return {
        "preset": next((name for name, preset in PRESETS.items() if preset == machine), None),
        "workflow": render_machine(machine),
        "annotation": render_machine(ANNOTATION),
        "project": render_machine(PROJECT),
        "tasks": {state: count for state, count in sorted(shown.tasks.items()) if count},
        "is_following": shown.is_following,
        "version": shown.project.version,
    }


def render_state(row_id: str, passed: PassedState, users: Mapping[UserId, User]) -> StateRead:
    """One state of a history."""
    user = users.get(passed.user) if passed.user else None
    return {
        "id": row_id,
        "state": passed.state,
        "previous_state": passed.previous,
        "transition_name": passed.name or None,
        "triggered_by": {"id": user.id, "email": user.email} if user else None,
        "reason": passed.reason,
        "context_data": {},
        "created_at": iso(passed.at),
    }
