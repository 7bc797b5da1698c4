"""A request that each documented operation answers well, in each of the ways that are documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.contract.client import Response
from tests.contract.documented import Operation
from tests.contract.test_isolation import body_for
from tests.contract.test_labeling import CONFIG
from tests.contract.usual_requests import BODIES, REQUESTS, deletion
from tests.contract.worlds import Asked, World


def usual(operation: Operation, world: World) -> Asked:
    """The request that does what the operation is for."""
    special = REQUESTS.get(str(operation))
    if special is not None:
        return special(world)
    asked = Asked(query={"project": world.ids["project_id"]} if "/dm/" in operation.path else {})
    return asked if operation.method == "GET" else replace(asked, body=_body(operation, world))


def _body(operation: Operation, world: World) -> Any:
    special = BODIES.get(str(operation))
    return special(world) if special else body_for(operation, world.ids)  # type: ignore[arg-type]


def _cached(operation: str) -> Callable[[World], Asked]:
    """What a client has already, by its tag."""

    def asked(world: World) -> Asked:
        path = operation.removeprefix("GET ").format(**world.ids)
        tag = world.owner.client.get(path).headers["etag"]
        return Asked(headers={"If-None-Match": tag})

    return asked


def _many(world: World) -> Asked:
    asked = deletion(world)
    return replace(asked, body={"selectedItems": {"all": False, "included": [world.ids["task_id"]]}})


ASSIGN = "POST /api/projects/{project_id}/tasks/assignees/"
ACTION, RENAME = "POST /api/dm/actions/", "POST /api/labels/bulk/"
TEMPLATES, SCHEMA = "GET /api/templates/", "GET /api/projects/{project_id}/results-schema/"
VALIDATE, REIMPORT = "POST /api/projects/validate/", "POST /api/projects/{project_id}/reimport/"
FILE = "GET /api/projects/{project_id}/export/"
DOWNLOAD = "GET /api/projects/{project_id}/exports/{export_id}/download/"
FURTHER: Mapping[tuple[str, int], Callable[[World], Asked]] = {
    (ACTION, 202): _many,
    (TEMPLATES, 304): _cached(TEMPLATES),
    (SCHEMA, 304): _cached(SCHEMA),
    (VALIDATE, 200): lambda _: Asked(query={"warnings": "true"}, body={"label_config": CONFIG}),
    (REIMPORT, 200): lambda _: Asked(body={"file_upload_ids": []}),
}
"""Requests that are answered well in another way than usual."""
BY_A_JOB = {
    "chalicelib.services.task_action_jobs.MAX_AT_ONCE": 0,
    "chalicelib.services.task_action_jobs.PATIENCE_S": -1,
}
IMPATIENT: Mapping[tuple[str, int], Mapping[str, Any]] = {
    (ACTION, 202): BY_A_JOB,
    (ASSIGN, 202): BY_A_JOB,
    (RENAME, 202): {"chalicelib.services.label_renames.PATIENCE_S": -1},
    (FILE, 303): {"chalicelib.api.routes.exports.INLINE_BYTES": 0},
    (DOWNLOAD, 303): {"chalicelib.api.routes.exports.INLINE_BYTES": 0},
}
"""Limits that are lowered for these answers, so that little is much."""


def succeed(operation: Operation, status: int, world: World) -> Response:
    """An answer that ought to have this status, below 400."""
    pair = (str(operation), status)
    asked = FURTHER[pair](world) if pair in FURTHER else usual(operation, world)
    with pytest.MonkeyPatch.context() as patch:
        for place, limit in IMPATIENT.get(pair, {}).items():
            patch.setattr(place, limit)
        return world.ask(operation, asked)
