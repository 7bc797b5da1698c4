"""API Gateway's part: a request becomes an event, within the platform's limits."""

from __future__ import annotations

import json
import logging
from typing import Any

from infrastructure.local.functions.pool import (
    AppDescription,
    AppUnavailableError,
    FunctionError,
    FunctionTimeoutError,
    InstancePool,
)
from infrastructure.local.gateway.events import MalformedResultError, http_answer, proxy_event
from infrastructure.local.gateway.paths import match_resource
from infrastructure.local.http_server import Answer, Request

logger = logging.getLogger(__name__)
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
"""What a Lambda invocation may carry, in either direction, as JSON."""
MAX_BODY_BYTES = 10 * 1024 * 1024
"""What API Gateway reads of a body at all."""
TIMEOUT_S = 29.0
UNAVAILABLE = "X-Skylabel-Unavailable"
"""On answers that the gateway gives because there is no app to ask."""


class Api:
    """Answers the app's paths by running the app in an instance."""

    def __init__(self, pool: InstancePool, *, timeout_s: float = TIMEOUT_S) -> None:
        self._pool = pool
        self._timeout_s = timeout_s

    def __call__(self, request: Request) -> Answer:
        """The app's answer, or what API Gateway says in its place."""
        try:
            return self._answer(request, self._pool.description())
        except AppUnavailableError as error:
            logger.error("%s", error)
            answer = _gateway_error(502, "Internal server error")
            answer.headers.append((UNAVAILABLE, "the app cannot be imported"))
            return answer

    def _answer(self, request: Request, app: AppDescription) -> Answer:
        found = match_resource(request.path, app.routes)
        if found is None or request.method not in app.routes[found[0]]:
            return _gateway_error(403, "Missing Authentication Token")
        resource, parameters = found
        body = request.read_all(MAX_BODY_BYTES)
        if body is None:
            return _gateway_error(413, "Request Too Long")
        event = proxy_event(
            request, body, resource=resource, parameters=parameters, binary_types=app.binary_types
        )
        # the event around a body is small; its JSON is measured only when the body comes near the limit
        if len(body) > MAX_PAYLOAD_BYTES // 2 and _json_bytes(event) > MAX_PAYLOAD_BYTES:
            return _gateway_error(413, "Request Too Long")
        try:
            result = self._pool.invoke(None, event, timeout_s=self._timeout_s)
            if _is_too_long(result):
                logger.warning("%s %s: the answer is past 6 MB", request.method, request.path)
                return _gateway_error(502, "Internal server error")
            answer = http_answer(result)
        except FunctionTimeoutError:
            return _gateway_error(504, "Endpoint request timed out")
        except (FunctionError, MalformedResultError) as error:
            logger.warning("%s %s: %s", request.method, request.path, error)
            return _gateway_error(502, "Internal server error")
        answer.headers.append(("x-amzn-RequestId", event["requestContext"]["requestId"]))
        return answer


def _is_too_long(result: Any) -> bool:
    body = result.get("body") if isinstance(result, dict) else None
    near = isinstance(body, str) and len(body) > MAX_PAYLOAD_BYTES // 6  # JSON writes a character in up to 6
    return near and _json_bytes(result) > MAX_PAYLOAD_BYTES


def _json_bytes(document: Any) -> int:
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _gateway_error(status: int, message: str) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps({"message": message}).encode())
