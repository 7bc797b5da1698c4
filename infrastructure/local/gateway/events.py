"""HTTP requests as API Gateway's proxy events, and results as HTTP answers."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from infrastructure.local.aws.sigv4 import query_pairs
from infrastructure.local.http_server import Answer, Request

STAGE = "local"
_DROPPED = {"connection", "content-length", "transfer-encoding", "keep-alive"}


class MalformedResultError(Exception):
    """The function's result is none that API Gateway takes."""


def proxy_event(
    request: Request,
    body: bytes,
    *,
    resource: str,
    parameters: Mapping[str, str],
    binary_types: Iterable[str],
) -> dict[str, Any]:
    """The request as a function behind a REST API gets it (payload version 1.0)."""
    headers = _grouped(_forwarded(request))
    query = _grouped(query_pairs(request.query))
    is_binary = bool(body) and _is_binary(request.header("Content-Type"), binary_types)
    text = base64.b64encode(body).decode() if is_binary else body.decode("utf-8", "replace")
    path = unquote(request.path)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()} or None,
        "multiValueHeaders": headers or None,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {name: unquote(value) for name, value in parameters.items()} or None,
        "stageVariables": None,
        "requestContext": _context(request, resource, path),
        "body": text or None,
        "isBase64Encoded": is_binary,
    }


def http_answer(result: Any) -> Answer:
    """The function's result as an answer. Raises `MalformedResultError`."""
    if not isinstance(result, dict) or not isinstance(result.get("statusCode"), int | str):
        raise MalformedResultError("the result has no statusCode")
    headers: list[tuple[str, str]] = []
    repeated = result.get("multiValueHeaders") or {}
    names = {name.lower() for name in repeated}
    for name, value in (result.get("headers") or {}).items():
        if name.lower() not in names:
            headers.append((name, str(value)))
    for name, values in repeated.items():
        headers += [(name, str(value)) for value in values]
    body = result.get("body") or ""
    try:
        status = int(result["statusCode"])
        content = base64.b64decode(body, validate=True) if result.get("isBase64Encoded") else body.encode()
    except (ValueError, AttributeError, binascii.Error) as error:
        raise MalformedResultError(f"the result is malformed: {error}") from error
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return Answer(status, kept, content)


def _is_binary(content_type: str, binary_types: Iterable[str]) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    family = kind.partition("/")[0] + "/*"
    return any(binary.lower() in (kind, family, "*/*") for binary in binary_types)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _forwarded(request: Request) -> list[tuple[str, str]]:
    host = request.header("Host")
    own = {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", *_DROPPED}
    headers = [(name, str(value)) for name, value in request.headers.items() if name.lower() not in own]
    headers += [
        ("X-Forwarded-For", request.client),
        ("X-Forwarded-Port", host.rpartition(":")[2] if ":" in host else "80"),
        ("X-Forwarded-Proto", "http"),
    ]
    return headers


def _context(request: Request, resource: str, path: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": request.header("Host").partition(":")[0],
        "httpMethod": request.method,
        "identity": {"sourceIp": request.client, "userAgent": request.header("User-Agent")},
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(time.time() * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": STAGE,
    }
