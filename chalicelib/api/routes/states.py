"""States of tasks, annotations and projects under Label Studio's names: history, and asking for transitions.

Tasks have states that follow from what is done to them; annotations and projects have none yet, so their
history is empty. No transition can be asked for by name: each belongs to an action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from typing_extensions import TypedDict

from chalicelib import wiring
from chalicelib.api.bodies import Body
from chalicelib.api.endpoint import Call, route
from chalicelib.api.paging import Page, cut, envelope, page_number, page_size
from chalicelib.clock import iso
from chalicelib.domain.people import User
from chalicelib.domain.tasks.states import DEFAULT_MACHINE
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId

DEFAULT_SIZE, MOST = 100, 1000


class TriggeredBy(TypedDict):
    """Who moved it."""

    id: int
    email: str


class StateRead(TypedDict):
    """One state that something was in, how it came there, and by whom."""

    id: str
    state: str
    previous_state: str | None
    transition_name: str | None
    triggered_by: TriggeredBy | None
    reason: str
    context_data: dict[str, Any]
    created_at: str


class TransitionWrite(Body):
    """A transition to be made by its name."""

    transition_name: str
    transition_data: dict[str, Any] | None = None


@route(
    "GET",
    "/api/fsm/entities/{entity}/{entity_id}/history/",
    action="task.read",
    answer=Page,
    texts=("entity",),
    summary="The states that a task, an annotation or a project has been in",
)
def state_history(call: Call, *, entity: str, entity_id: int) -> Page:
    """Newest first; `state`, `previous_state` and `transition_name` narrow it."""
    found = list(_narrowed(call, _entity(entity)(call, entity_id)))
    number = page_number(call.request)
    size = page_size(call.request, default=DEFAULT_SIZE, most=MOST)
    return envelope(
        call.request, list(cut(found, number=number, size=size)), count=len(found), number=number, size=size
    )


@route(
    "POST",
    "/api/fsm/entities/{entity}/{entity_id}/transition/",
    action="task.read",
    body=TransitionWrite,
    answer=dict[str, Any],
    texts=("entity",),
    summary="Ask for a transition by its name",
)
def make_transition(call: Call, *, entity: str, entity_id: int, body: TransitionWrite) -> dict[str, Any]:
    """400 always: states follow from what is done (submitting, skipping, deleting), and nothing else."""
    _entity(entity)(call, entity_id)
    message = (
        f'"{body.transition_name}" is no transition that can be asked for. '
        "States follow from what is done: submitting, skipping, deleting."
    )
    raise InvalidInputError.at("transition_name", message, code="unknown_transition")


History = Callable[[Call, int], Sequence[StateRead]]


def _entity(name: str) -> History:
    if name not in HISTORIES:
        raise NotFoundError("No such entity.")
    return HISTORIES[name]


def _of_task(call: Call, task_id: int) -> list[StateRead]:
    steps = list(reversed(wiring.tasks().transitions(call.principal, TaskId(task_id))))
    users = wiring.people().by_ids({UserId(int(str(step["user"]))) for step in steps if step["user"]})
    rows = [_state(task_id, number, steps, users) for number in range(len(steps))]
    return rows[::-1]


def _state(
    task_id: int, number: int, steps: Sequence[Mapping[str, Any]], users: Mapping[UserId, User]
) -> StateRead:
    step = steps[number]
    before = str(steps[number - 1]["state"] if number else DEFAULT_MACHINE.initial)
    user = users.get(step["user"]) if step["user"] else None
    return {
        "id": f"{task_id}-{number + 1}",
        "state": str(step["state"]),
        "previous_state": before,
        "transition_name": _name(before, str(step["state"])),
        "triggered_by": {"id": user.id, "email": user.email} if user else None,
        "reason": "",
        "context_data": {},
        "created_at": iso(step["at"]),
    }


def _name(before: str, after: str) -> str | None:
    names = (step.name for step in DEFAULT_MACHINE.steps if (step.source, step.target) == (before, after))
    return next(names, None)


def _of_annotation(call: Call, annotation_id: int) -> list[StateRead]:
    wiring.annotations().get(call.principal, AnnotationId(annotation_id))
    return []


def _of_project(call: Call, project_id: int) -> list[StateRead]:
    wiring.projects().get(call.principal, ProjectId(project_id))
    return []


HISTORIES: Mapping[str, History] = {
    "task": _of_task,
    "annotation": _of_annotation,
    "project": _of_project,
}
"""How the history of each kind is found; each raises NotFoundError for what the caller may not see."""


def _narrowed(call: Call, states: Sequence[StateRead]) -> Iterator[StateRead]:
    wanted = {
        name: call.request.first(name).lower()
        for name in ("state", "previous_state", "transition_name")
        if call.request.first(name)
    }
    for state in states:
        shown: Mapping[str, Any] = state
        if all(str(shown[name] or "").lower() == value for name, value in wanted.items()):
            yield state
