"""A client that builds API Gateway's proxy events in-process and calls the app with them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

Headers = Mapping[str, str]


@dataclass
class Response:
    """What came back. Header names are lower-case; `cookies` are the `Set-Cookie` values."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Client:
    """Somebody who sends requests; `headers` go with each, cookies are kept as a browser would."""

    app: Any
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def request(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        headers: Headers | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        sent = {"Accept": "*/*", **self.headers, **(headers or {})}
        raw: str | bytes | None = None
        if form is not None:
            raw, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        elif isinstance(body, str | bytes):
            raw = body
        elif body is not None:
            raw, sent["Content-Type"] = json.dumps(body), "application/json"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        context = SimpleNamespace(aws_request_id=str(uuid4()), get_remaining_time_in_millis=lambda: 29_000)
        answer = self.app(proxy_event(method, target, sent, raw), context)
        return self._read(answer)

    def get(self, target: str, **more: Any) -> Response:
        return self.request("GET", target, **more)

    def post(self, target: str, body: Any = None, **more: Any) -> Response:
        return self.request("POST", target, body, **more)

    def patch(self, target: str, body: Any = None, **more: Any) -> Response:
        return self.request("PATCH", target, body, **more)

    def put(self, target: str, body: Any = None, **more: Any) -> Response:
        return self.request("PUT", target, body, **more)

    def delete(self, target: str, body: Any = None, **more: Any) -> Response:
        return self.request("DELETE", target, body, **more)

    def _read(self, answer: Mapping[str, Any]) -> Response:
        content = answer["body"].encode()
        if answer["isBase64Encoded"]:
            content = base64.b64decode(content)
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        cookies = answer.get("multiValueHeaders", {}).get("Set-Cookie", [])
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]
        return Response(answer["statusCode"], headers, list(cookies), content)


def proxy_event(method: str, target: str, headers: Headers, body: str | bytes | None) -> dict[str, Any]:
    """What a REST API's proxy integration hands to a function."""
    parts = urlsplit(target)
    query = parse_qs(parts.query, keep_blank_values=True)
    is_binary = isinstance(body, bytes)
    return {
        "resource": "/{proxy+}",
        "path": parts.path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": parts.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "path": f"/api{parts.path}",
            "stage": "api",
            "requestId": str(uuid4()),
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": is_binary,
    }
