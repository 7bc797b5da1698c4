"""Errors as clients read them: one table from our classes to statuses, and Label Studio's error body.

Beside that body's own fields there are more: `code`, stable and listed in the documentation, `faults`, every
fault of a bad input with its place, and `transition`, what a workflow allows instead of what it refused.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from typing_extensions import TypedDict

from chalicelib import errors
from chalicelib.api.answers import HTML_TYPE, Answer
from chalicelib.api.request import UnreadableBodyError, UnsupportedMediaTypeError


class FaultRead(TypedDict):
    """One thing that is wrong or doubtful: where (`line:column`, a field), what, and what to do about it."""

    place: str
    message: str
    code: str
    suggestion: str


COMPATIBLE_VERSION = "1.23.2"
"""The release of Label Studio whose answers ours are like."""

STATUSES: tuple[tuple[type[errors.SkylabelError], HTTPStatus], ...] = (
    (UnreadableBodyError, HTTPStatus.BAD_REQUEST),
    (UnsupportedMediaTypeError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (errors.InvalidInputError, HTTPStatus.BAD_REQUEST),
    (errors.UnauthenticatedError, HTTPStatus.UNAUTHORIZED),
    (errors.ForbiddenError, HTTPStatus.FORBIDDEN),
    (errors.NotFoundError, HTTPStatus.NOT_FOUND),
    (errors.StaleVersionError, HTTPStatus.PRECONDITION_FAILED),
    (errors.ConflictError, HTTPStatus.CONFLICT),
    (errors.LimitExceededError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.ThrottledError, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.UpstreamError, HTTPStatus.BAD_GATEWAY),
)
"""The status of each class; the first that fits counts."""


class Detail(TypedDict):
    """The bare error that Label Studio gives in some places."""

    detail: str


GENERAL = "non_field_errors"
_FIELD_PATH = re.compile(r"([A-Za-z_$][\w$-]*(?:\[\d+\]|\.[\w$-]+)*)(?::\d+)*\Z")
"""A field's path, perhaps with the line and column within its text: `label_config:3:14`."""


def status_of(error: errors.SkylabelError) -> HTTPStatus:
    """The HTTP status of an error."""
    for kind, status in STATUSES:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def render_error(error: errors.SkylabelError, *, status: int | None = None) -> Answer:
    """The answer to a request that failed in a way we have a word for."""
    found = status or status_of(error)
    body = error_body(int(found), error.message, code=error.code)
    headers: dict[str, str] = {}
    if isinstance(error, errors.InvalidInputError):
        body["validation_errors"] = by_field(error.faults) or {GENERAL: [error.message]}
        body["faults"] = [render_fault(fault) for fault in error.faults]
    if isinstance(error, errors.RefusedTransitionError):
        body["transition"] = error.details
    if isinstance(error, errors.UnauthenticatedError):
        headers["WWW-Authenticate"] = "Token"
    if isinstance(error, errors.ThrottledError):
        headers["Retry-After"] = str(error.retry_after_s)
    return Answer(int(found), body, headers=headers)


def error_body(status: int, detail: str, *, code: str) -> dict[str, Any]:
    """Label Studio's error body."""
    return {
        "id": str(uuid.uuid4()),
        "status_code": status,
        "version": COMPATIBLE_VERSION,
        "detail": detail,
        "exc_info": None,
        "code": code,
    }


def internal_error() -> Answer:
    """The answer when something broke that we have no word for: nothing of the inside is told."""
    return Answer(500, error_body(500, "A server error occurred.", code="internal"))


def method_not_allowed(method: str, allowed: Iterable[str]) -> Answer:
    """The answer to a method that the path does not serve."""
    body = error_body(405, f'Method "{method}" not allowed.', code="method_not_allowed")
    return Answer(405, body, headers={"Allow": ", ".join(sorted(allowed))})


def unknown_path() -> Answer:
    """The answer to a path that nobody serves: a page, as Label Studio gives."""
    html = (
        "<!doctype html><html lang=en><title>Not found</title>"
        "<h1>Not found</h1><p>The requested resource was not found on this server.</p></html>"
    )
    return Answer(404, html, HTML_TYPE)


def render_fault(fault: errors.Fault) -> FaultRead:
    """One fault of an input."""
    return {
        "place": fault.place,
        "message": fault.message,
        "code": fault.code,
        "suggestion": fault.suggestion,
    }


def by_field(faults: Iterable[errors.Fault]) -> dict[str, Any]:
    """Faults by the field they belong to, nested as the fields are; the rest as `non_field_errors`."""
    tree: dict[str, Any] = {}
    for fault in faults:
        steps = _steps(fault.place)
        level = tree
        for step in steps[:-1]:
            deeper = level.setdefault(step, {})
            if isinstance(deeper, list):
                deeper = level[step] = {GENERAL: deeper}
            level = deeper
        there = level.setdefault(steps[-1], [])
        (there.setdefault(GENERAL, []) if isinstance(there, dict) else there).append(fault.message)
    return tree


def _steps(place: str) -> list[str]:
    path = _FIELD_PATH.match(place)
    return re.findall(r"[\w$-]+", path[1]) if path else [GENERAL]
