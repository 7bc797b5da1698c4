"""States of tasks, annotations and projects under Label Studio's names: histories and transitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from chalicelib import wiring
from chalicelib.api.bodies import Body
from chalicelib.api.endpoint import Call, route
from chalicelib.api.paging import Page, cut, envelope, page_number, page_size
from chalicelib.api.schemas.workflows import OfferedTransition, StateRead, TransitionMade, render_state
from chalicelib.domain.workflow.machine import Guard, Kind
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.services.states import LONGEST_REASON, PassedState

DEFAULT_SIZE, MOST = 100, 1000


class TransitionWrite(Body):
    """A transition to be made by its name; the reason may also stand in `transition_data`."""

    transition_name: str
    transition_data: dict[str, Any] | None = None
    reason: str = Field(default="", max_length=LONGEST_REASON)

    def told(self) -> str:
        """The reason, wherever it stands. Raises InvalidInputError for one that is no text."""
        within = (self.transition_data or {}).get("reason", "")
        if not isinstance(within, str):
            raise InvalidInputError.at("transition_data.reason", "Not a valid string.")
        return self.reason or within


@route(
    "GET",
    "/api/fsm/entities/{entity}/{entity_id}/history/",
    action="task.read",
    parameters=("page", "page_size", "ordering"),
    answer=Page[StateRead],
    errors=(400,),
    texts=("entity",),
    summary="The states that a task, an annotation or a project has been in",
)
def state_history(call: Call, *, entity: str, entity_id: int) -> Page[StateRead]:
    """Newest first (`ordering=created_at` turns it around). `state`, `previous_state`, `transition_name`,
    `triggered_by`, `created_at_from` and `created_at_to` narrow it."""
    passed = wiring.states().history(call.principal, _kind(entity), entity_id)
    found = list(_narrowed(call, _rendered(entity_id, passed)))
    if call.request.first("ordering") == "created_at":
        found.reverse()
    number = page_number(call.request)
    size = page_size(call.request, default=DEFAULT_SIZE, most=MOST)
    # The SDK asks for one page more than there are, and does not expect to be refused.
    is_next = (number - 2) * size < len(found) <= (number - 1) * size
    shown = [] if is_next else list(cut(found, number=number, size=size))
    return envelope(call.request, shown, count=len(found), number=number, size=size)


@route(
    "GET",
    "/api/fsm/entities/{entity}/{entity_id}/transitions/",
    action="task.read",
    answer=list[OfferedTransition],
    texts=("entity",),
    summary="The transitions that one could ask for just now",
)
def offered_transitions(call: Call, *, entity: str, entity_id: int) -> list[OfferedTransition]:
    """By the state, one's role and what one has done there."""
    offered = wiring.states().offered(call.principal, _kind(entity), entity_id)
    return [
        {
            "name": each.name,
            "title": each.title,
            "to": each.target,
            "needs_reason": Guard.REASON in each.guards,
        }
        for each in offered
    ]


@route(
    "POST",
    "/api/fsm/entities/{entity}/{entity_id}/transition/",
    action="task.transition",
    body=TransitionWrite,
    answer=TransitionMade,
    errors=(409,),
    texts=("entity",),
    summary="Ask for a transition by its name",
)
def make_transition(call: Call, *, entity: str, entity_id: int, body: TransitionWrite) -> TransitionMade:
    """400 for a name that the workflow does not know; 409, with what is allowed, where it cannot be made now
    or by the caller."""
    service, kind = wiring.states(), _kind(entity)
    passed = service.transition(
        call.principal, kind, entity_id, body.transition_name, reason=body.told().strip()
    )
    count = len(service.history(call.principal, kind, entity_id))
    users = wiring.people().by_ids({call.principal.user_id})
    record = render_state(f"{entity_id}-{count}", passed, users)
    return {"success": True, "new_state": passed.state, "state_record": record}


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise NotFoundError("No such entity.") from None


def _rendered(entity_id: int, passed: Sequence[PassedState]) -> list[StateRead]:
    """The states, newest first."""
    users = wiring.people().by_ids({each.user for each in passed if each.user})
    rows = [render_state(f"{entity_id}-{number}", each, users) for number, each in enumerate(passed, 1)]
    return rows[::-1]


def _narrowed(call: Call, states: Sequence[StateRead]) -> Iterator[StateRead]:
    asked = call.request.first
    names = ("state", "previous_state", "transition_name")
    wanted = {name: asked(name).lower() for name in names if asked(name)}
    since, until = _moment(call, "created_at_from"), _moment(call, "created_at_to")
    for state in states:
        shown: Mapping[str, Any] = state
        at = datetime.fromisoformat(state["created_at"].replace("Z", "+00:00"))
        by = state["triggered_by"]
        if any(str(shown[name] or "").lower() != value for name, value in wanted.items()):
            continue
        if (since and at < since) or (until and at > until):
            continue
        if asked("triggered_by") and (by is None or str(by["id"]) != asked("triggered_by").partition(".")[0]):
            continue
        yield state


def _moment(call: Call, name: str) -> datetime | None:
    text = call.request.first(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        message = "Datetime has wrong format. Use an ISO 8601 date and time."
        raise InvalidInputError.at(name, message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
