"""Requests of many items: read one by one, done one by one, and answered one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypeVar

from typing_extensions import TypedDict

from chalicelib.api.bodies import Body, validate
from chalicelib.api.endpoint import Call
from chalicelib.api.errors import FaultRead, render_fault, status_of
from chalicelib.api.receipts import HEADER
from chalicelib.clock import system_clock
from chalicelib.errors import Fault, InvalidInputError, LimitExceededError
from chalicelib.services.bulk import MAX_ITEMS, Done, one_by_one

M = TypeVar("M", bound=Body)


class ItemOutcome(TypedDict):
    """What came of one item: the status that a request of its own would have had, its id or the reason."""

    index: int
    status: int
    id: int | None
    detail: NotRequired[str]
    code: NotRequired[str]
    faults: NotRequired[list[FaultRead]]


class BulkOutcome(TypedDict):
    """What came of each item, in order."""

    results: list[ItemOutcome]
    succeeded: int
    failed: int


class BulkBody(Body):
    """Up to 200 items, each as the route for a single one takes it, with its `id` where it exists."""

    items: list[Any]


def each(call: Call, body: BulkBody, act: Callable[[Any, str], int], *, status: int = 200) -> BulkOutcome:
    """Do `act` with every item, and with its own name where the request has an idempotency key.

    Nothing is done, and InvalidInputError or LimitExceededError raised, for a list that is empty or too long.
    """
    if not body.items:
        raise InvalidInputError.at("items", "This list may not be empty.", code="empty")
    if len(body.items) > MAX_ITEMS:
        raise LimitExceededError(f"A request may have {MAX_ITEMS} items.")
    actions = [_action(act, item, _name(call, index)) for index, item in enumerate(body.items)]
    outcomes = [_render(index, done, status) for index, done in enumerate(one_by_one(actions, system_clock))]
    succeeded = sum(outcome["status"] < 400 for outcome in outcomes)
    return {"results": outcomes, "succeeded": succeeded, "failed": len(outcomes) - succeeded}


def item_as(model: type[M], item: Any) -> M:
    """The item as a model. Raises InvalidInputError with every fault."""
    if not isinstance(item, Mapping):
        kind = type(item).__name__
        raise InvalidInputError.at("", f"Invalid data. Expected a dictionary, but got {kind}.")
    return validate(model, item)


def _action(act: Callable[[Any, str], int], item: Any, name: str) -> Callable[[], int]:
    return lambda: act(item, name)


def _name(call: Call, index: int) -> str:
    key = call.request.headers.get(HEADER, "")
    # the route's path, not the request's: it is the same with and without its last slash
    return f"{call.route.method} {call.route.path} {key}#{index}" if key else ""


def _render(index: int, done: Done, status: int) -> ItemOutcome:
    error = done.error
    if error is None:
        return {"index": index, "status": status, "id": done.id}
    outcome: ItemOutcome = {
        "index": index,
        "status": int(status_of(error)),
        "id": None,
        "detail": error.message,
        "code": error.code,
    }
    if isinstance(error, InvalidInputError):
        outcome["faults"] = [render_fault(_placed(index, fault)) for fault in error.faults]
    return outcome


def _placed(index: int, fault: Fault) -> Fault:
    place = f"items[{index}].{fault.place}" if fault.place else f"items[{index}]"
    return Fault(place, fault.message, fault.code, fault.suggestion)
