"""From a gateway's event to the answer: finds the route, learns who asks, renders what goes wrong.

`resolve` keeps no state between calls and may run in many threads at once. It serves REST API proxy
events, and HTTP API and function URL events alike.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from chalicelib import observability, wiring
from chalicelib.actors import Actor, acting
from chalicelib.api.answers import Answer, Sizes, to_event
from chalicelib.api.credentials import identify
from chalicelib.api.dispatch import find
from chalicelib.api.endpoint import Call, run
from chalicelib.api.errors import internal_error, method_not_allowed, render_error, unknown_path
from chalicelib.api.request import Request, read_request
from chalicelib.errors import InvalidInputError, LimitExceededError, SkylabelError
from chalicelib.settings import settings

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def resolve(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """The gateway's answer to its event."""
    request_id = _request_id(event, context)
    with observability.correlated(request_id):
        try:
            request = read_request(event, max_body=settings().max_body_bytes)
        except (InvalidInputError, LimitExceededError) as error:
            return _render(render_error(error), None, request_id)
        started = time.perf_counter()
        answer, name = _answer(request)
        observability.info(
            "request_served",
            route=name,
            method=request.method,
            status=answer.status,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return _render(answer, request, request_id)


def _request_id(event: Mapping[str, Any], context: object) -> str:
    given = (event.get("requestContext") or {}).get("requestId")
    return str(given or getattr(context, "aws_request_id", "") or uuid.uuid4())


def _answer(request: Request) -> tuple[Answer, str]:
    """The answer, and the path of the route that gave it (never the request's own, which may be private)."""
    found, values = find(request.path)
    if not found:
        return unknown_path(), ""
    method = "GET" if request.method == "HEAD" else request.method
    name = next(iter(found.values())).path
    if method == "OPTIONS":
        return Answer(204, None, headers={"Allow": ", ".join([*sorted(found), "OPTIONS"])}), name
    try:
        if method not in found:
            if not any(declared.is_public for declared in found.values()):
                identify(request)
            return method_not_allowed(request.method, found), name
        declared = found[method]
        call = Call(request, declared, declared.values(values))
        with acting(_actor(request, f"{method} {name}")) as actor:
            if not declared.is_public:
                call.verified = identify(request)
                actor.organization_id = call.verified.organization_id
                actor.user_id = call.verified.user_id
                wiring.credentials().spend(call.verified)
            return _run(call), name
    except SkylabelError as error:
        return render_error(error), name
    except Exception:  # noqa: BLE001  the door: nothing of the inside may leave
        observability.exception("request_failed", route=name, method=request.method)
        return internal_error(), name


def _actor(request: Request, operation: str) -> Actor:
    agent = request.headers.get("user-agent", "")
    return Actor(operation, observability.correlation_id(), address=request.address, agent=agent)


def _run(call: Call) -> Answer:
    if call.route.keeps_receipts and call.request.headers.get("idempotency-key"):
        from chalicelib.api.receipts import remembered

        return remembered(call, run)
    return run(call)


def _render(answer: Answer, request: Request | None, request_id: str) -> dict[str, Any]:
    limits = settings()
    accepts = request.headers.get("accept-encoding", "") if request else ""
    security = {**SECURITY_HEADERS, **(HTTPS_HEADERS if limits.is_secure else {})}
    event = to_event(
        answer.with_headers({"X-Request-Id": request_id, **security}),
        accepts_gzip="gzip" in accepts,
        sizes=Sizes(limits.compress_from_bytes, limits.max_answer_bytes, limits.binary_answers),
        store=wiring.keep_answer,
    )
    if request and request.method == "HEAD":
        event |= {"body": "", "isBase64Encoded": False}
    return event
