"""One HTTP request, read from a gateway's event: REST API proxy events, HTTP API and function URL events."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from typing import Any, NoReturn
from urllib.parse import parse_qs

from chalicelib.errors import InvalidInputError, LimitExceededError, SkylabelError

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"


class UnreadableBodyError(SkylabelError):
    """The body is not what its content type says; the message is the client's to read."""

    code = "unreadable_body"


class UnsupportedMediaTypeError(SkylabelError):
    """The body's content type is none that we read."""

    code = "unsupported_media_type"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of a multipart body. `name` is the sender's word: never use it as a path."""

    field: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Request:
    """What was asked. Header names are lower-case; `path` has no query and begins with `/`."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: bytes
    request_id: str
    address: str

    @property
    def content_type(self) -> str:
        """The media type of the body, lower-case and without parameters; empty when not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies sent; none when the header makes no sense."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    def first(self, name: str, default: str = "") -> str:
        """The last value of a query parameter, as clients mean it when they repeat one."""
        values = self.query.get(name)
        return values[-1] if values else default

    @cached_property
    def parsed(self) -> Any:
        """The body as data: JSON of any shape, or the fields of a form. Files are in `files`.

        A form field that was sent several times is a list. An empty body is an empty object.
        Raises UnreadableBodyError and UnsupportedMediaTypeError.
        """
        if not self.body:
            return {}
        kind = self.content_type
        if kind == FORM:
            return _flatten(parse_qs(self._text(), keep_blank_values=True))
        if kind == MULTIPART:
            return self._multipart[0]
        if kind in ("", JSON) or kind.endswith("+json"):
            return parse_json(self._text())
        raise UnsupportedMediaTypeError(f'Unsupported media type "{kind}" in request.')

    @property
    def is_form(self) -> bool:
        """Whether the body is a form, whose values are all text."""
        return self.content_type in (FORM, MULTIPART)

    @property
    def files(self) -> list[UploadedFile]:
        """The files of a multipart body, in order; none for other bodies."""
        return self._multipart[1] if self.content_type == MULTIPART else []

    @cached_property
    def _multipart(self) -> tuple[dict[str, Any], list[UploadedFile]]:
        from chalicelib.api.multipart import read_parts

        try:
            parts = read_parts(self.headers["content-type"], self.body)
        except ValueError as error:
            raise UnreadableBodyError(str(error)) from error
        fields: dict[str, list[str]] = {}
        files: list[UploadedFile] = []
        for part in parts:
            if part.name is None:
                fields.setdefault(part.field, []).append(part.content.decode("utf-8", "replace"))
            else:
                files.append(UploadedFile(part.field, part.name, part.content_type, part.content))
        return _flatten(fields), files

    def _text(self) -> str:
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            raise UnreadableBodyError(f"JSON parse error - {error}") from error


def _flatten(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may be half of a character; alone it is no text, and nothing could store it."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")


def parse_json(text: str) -> Any:
    """The data that JSON text says. Raises UnreadableBodyError with a client's message."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError(f"JSON parse error - {error}") from error
    return value


def read_request(event: Mapping[str, Any], *, max_body: int) -> Request:
    """The request that a gateway's event carries, whichever kind of gateway made it.

    LimitExceededError for a body of more than `max_body` bytes, which AWS would not have let through.
    """
    context = event.get("requestContext") or {}
    body = _body(event)
    if len(body) > max_body:
        raise LimitExceededError(f"A request may carry {max_body} bytes; upload files to the store instead.")
    if "http" in context:
        return Request(
            method=context["http"]["method"].upper(),
            path=event.get("rawPath") or "/",
            headers=_headers(event),
            query=parse_qs(event.get("rawQueryString") or "", keep_blank_values=True),
            body=body,
            request_id=context.get("requestId") or "",
            address=context["http"].get("sourceIp") or "",
        )
    return Request(
        method=event["httpMethod"].upper(),
        path=event.get("path") or "/",
        headers=_headers(event),
        query=_query(event),
        body=body,
        request_id=context.get("requestId") or "",
        address=(context.get("identity") or {}).get("sourceIp") or "",
    )


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    for name, values in (event.get("multiValueHeaders") or {}).items():
        headers[name.lower()] = ("; " if name.lower() == "cookie" else ",").join(values)
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
    return headers


def _query(event: Mapping[str, Any]) -> dict[str, list[str]]:
    several = event.get("multiValueQueryStringParameters")
    if several:
        return {name: list(values) for name, values in several.items()}
    return {name: [value] for name, value in (event.get("queryStringParameters") or {}).items()}


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInputError("The body is not base64.") from error
