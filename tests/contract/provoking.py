"""How each documented refusal comes about: by status, and by tables where it has reasons of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.settings import settings
from tests.contract.client import Client, Response
from tests.contract.documented import Operation, resolved
from tests.contract.requesting import usual
from tests.contract.special_refusals import LOWERED, SPECIAL
from tests.contract.worlds import NEVER, Asked, World

Provoker = Callable[[Operation, World], Response]
JSON = {"Content-Type": "application/json"}


def refuse(operation: Operation, status: int, world: World) -> Response:
    """An answer that ought to have this status. KeyError for a status that nobody has a way to."""
    pair = (str(operation), status)
    with pytest.MonkeyPatch.context() as patch:
        asked = SPECIAL[pair](world) if pair in SPECIAL else None
        for place, limit in LOWERED.get(pair, {}).items():
            patch.setattr(place, limit)
        if asked is not None or pair in LOWERED:
            return world.ask(operation, asked or usual(operation, world))
        return BY_STATUS[status](operation, world)


def _anonymous(operation: Operation, world: World) -> Response:
    return world.ask(operation, Asked(client=Client(world.app), body={}))


def _too_low(operation: Operation, world: World) -> Response:
    """Somebody with a role that is too low; where none is, a browser without the header that it must have."""
    roles = operation.told["x-roles"]
    low = next((role for role in reversed(Role) if role not in roles), None)
    client = world.known(low).client if low else world.browser()
    return world.ask(operation, Asked(client=client, query=_project(world), body={}))


def _unknown(operation: Operation, world: World) -> Response:
    """Ids that nothing has, asked with a body that would do."""
    asked = usual(operation, world)
    ids = dict.fromkeys(operation.names, NEVER)
    if "entity" in ids:
        ids["entity"] = "task"  # type: ignore[assignment]
    return world.ask(operation, replace(asked, ids=ids))


def _broken(operation: Operation, world: World) -> Response:
    """What cannot be read: fields, else the body, else a header."""
    if fields := broken_fields(operation):
        return world.ask(operation, Asked(body=fields, query=_project(world)))
    if operation.body:
        return world.ask(operation, Asked(body="{", headers=JSON, query=_project(world)))
    if operation.takes("header", "If-Match"):
        return world.ask(operation, Asked(headers={"If-Match": "the newest"}, body={}))
    return world.ask(operation, Asked(headers={"Idempotency-Key": "k" * 256}, body={}, query=_project(world)))


def broken_fields(operation: Operation) -> dict[str, Any]:
    """A value that cannot be for each field of the body that is not open to any."""
    wrong = {name: _impossible(schema) for name, schema in operation.body.get("properties", {}).items()}
    return {name: value for name, value in wrong.items() if value is not None}


def _impossible(schema: Mapping[str, Any]) -> Any:
    told = resolved(schema)
    kinds = {resolved(one).get("type") for one in told.get("anyOf", [told])}
    if None in kinds:
        return None
    return {"no": "such"} if "object" not in kinds else 5


def _again(operation: Operation, world: World) -> Response:
    """Another request under an idempotency key that has been used."""
    asked = usual(operation, world)
    key = {**asked.headers, "Idempotency-Key": uuid4().hex}
    first = world.ask(operation, replace(asked, headers=key))
    assert first.status < 400, first.text
    return world.ask(operation, replace(asked, headers=key, query={**asked.query, "again": 1}))


def _stale(operation: Operation, world: World) -> Response:
    asked = usual(operation, world)
    return world.ask(operation, replace(asked, headers={**asked.headers, "If-Match": '"999999"'}))


def _large(operation: Operation, world: World) -> Response:
    body = " " * (settings().max_body_bytes + 1)
    return world.ask(operation, Asked(body=body, headers=JSON))


def _of_no_known_kind(operation: Operation, world: World) -> Response:
    headers = {"Content-Type": "text/plain"}
    return world.ask(operation, Asked(body="x", headers=headers, query=_project(world)))


def _too_often(operation: Operation, world: World) -> Response:
    """Somebody whose organization has spent its requests of the day."""
    limited = replace(wiring.credentials(), organization_requests_per_day=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "credentials", lambda: limited)
        world.spender.client.get("/api/current-user/whoami/")
        return world.ask(operation, Asked(client=world.spender.client, body={}))


def _project(world: World) -> dict[str, Any]:
    return {"project": world.ids["project_id"], "id": "delete_tasks"}


BY_STATUS: Mapping[int, Provoker] = {
    400: _broken,
    401: _anonymous,
    403: _too_low,
    404: _unknown,
    409: _again,
    412: _stale,
    413: _large,
    415: _of_no_known_kind,
    429: _too_often,
}
"""What does for most operations."""
