"""What goes back: an answer's status, body and headers, and how it becomes the gateway's event.

Large texts are compressed; what still is past a function's limit is put in the store and answered with a
redirect to a short-lived address, which clients follow.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.clock import iso

JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=utf-8"
BINARY_TYPES = (
    "application/gzip",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "audio/mpeg",
    "image/jpeg",
    "image/png",
    "image/webp",
    "multipart/form-data",
    "video/mp4",
)
"""What the gateway treats as bytes. Never `*/*`: then JSON would be base64, and clients that send no
`Accept` would be refused."""

Store = Callable[[bytes, str], str]
"""Keeps bytes of a content type for a while and gives the address to fetch them under."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `body` is data to be written as JSON unless it is text or bytes."""

    status: int = 200
    body: Any = None
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def with_headers(self, headers: Mapping[str, str]) -> Answer:
        """The same answer with headers added; those that it has stay."""
        return replace(self, headers={**headers, **self.headers})


def redirect(location: str, *, status: int = 302, cookies: tuple[str, ...] = ()) -> Answer:
    """An answer that sends the client elsewhere."""
    return Answer(status, "", HTML_TYPE, {"Location": location}, cookies)


def page(html: str, *, status: int = 200, cookies: tuple[str, ...] = ()) -> Answer:
    """An answer that a person reads."""
    return Answer(status, html, HTML_TYPE, {}, cookies)


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def to_json(value: object) -> str:
    """The value as compact JSON; moments as clients read them. Raises for what JSON has no word for."""
    return json.dumps(value, default=_encode, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Sizes:
    """From how many bytes an answer is compressed (0: never) and from how many it goes to the store.

    `carries_bytes` false: whatever is no text goes there, and nothing is compressed, as that gives bytes.
    """

    compress_from: int
    store_from: int
    carries_bytes: bool = True


def to_event(answer: Answer, *, accepts_gzip: bool, sizes: Sizes, store: Store) -> dict[str, Any]:
    """The gateway's form of an answer."""
    content = _content(answer)
    is_binary = isinstance(answer.body, bytes) and not _is_text(content)
    headers = {**answer.headers}
    sent = content
    must_be_stored = is_binary and not sizes.carries_bytes
    if accepts_gzip and not is_binary and 0 < sizes.compress_from < len(content) and sizes.carries_bytes:
        sent, is_binary = gzip.compress(content, compresslevel=5, mtime=0), True
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    carried = len(sent) * 4 // 3 if is_binary else len(sent)
    if carried > sizes.store_from or must_be_stored:
        sent, is_binary = b"", False
        headers = {**answer.headers, "Location": store(content, answer.content_type)}
        answer = replace(answer, status=303)
    if answer.status not in (204, 304):
        headers["Content-Type"] = answer.content_type
    return {
        "statusCode": answer.status,
        "headers": headers,
        "multiValueHeaders": {"Set-Cookie": list(answer.cookies)} if answer.cookies else {},
        "body": base64.b64encode(sent).decode() if is_binary else sent.decode("utf-8", "replace"),
        "isBase64Encoded": is_binary,
    }


def _is_text(content: bytes) -> bool:
    """Whether the bytes survive as text, as files of JSON, CSV and the like do."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _content(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    if answer.status in (204, 304) or (answer.body is None and answer.content_type != JSON_TYPE):
        return b""
    is_text = isinstance(answer.body, str) and answer.content_type != JSON_TYPE
    text: str = answer.body if is_text else to_json(answer.body)
    return text.encode("utf-8", "replace")
