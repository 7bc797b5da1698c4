"""Uploads by an HTML form: the multipart body as a stream, and the policy that must allow it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.http_server import COPY_BYTES, BodyStream

_MAX_FIELDS_BYTES = 64 * 1024
_UNCHECKED = {"file", "policy", "x-amz-signature"}


class PostForm:
    """A form's fields, read up to its file; `read` then gives the file's bytes."""

    def __init__(self, body: BodyStream, content_type: str) -> None:
        match = re.search(r'boundary="?([^";]+)"?', content_type)
        if not content_type.lower().startswith("multipart/form-data") or match is None:
            raise S3Error("MalformedPOSTRequest", "The body of your POST request is not multipart/form-data.")
        self._body = body
        self._mark = b"\r\n--" + match.group(1).encode("latin-1")
        self._buffer = b"\r\n"
        self._ended = False
        self.fields: dict[str, str] = {}
        self.file_name = ""
        self.size_range: tuple[int, int] | None = None
        self._size = 0
        self._read_fields()

    def read(self, size: int, /) -> bytes:
        """The file's next bytes; raises when the file is outside the size range that the policy set."""
        chunk = self._part_bytes(size)
        self._size += len(chunk)
        if self.size_range and (
            self._size > self.size_range[1] or (not chunk and self._size < self.size_range[0])
        ):
            small = self._size < self.size_range[0]
            raise S3Error(
                "EntityTooSmall" if small else "EntityTooLarge",
                f"Your proposed upload {'is smaller than the minimum' if small else 'exceeds the maximum'}"
                " allowed size",
            )
        return chunk

    def _read_fields(self) -> None:
        total = 0
        while self._part_bytes(COPY_BYTES):
            pass  # the preamble
        while True:
            name, file_name = self._next_part()
            if name == "file":
                self.file_name = file_name
                return
            value = b""
            while chunk := self._part_bytes(COPY_BYTES):
                value += chunk
                total += len(chunk)
                if total > _MAX_FIELDS_BYTES:
                    raise S3Error("MalformedPOSTRequest", "The form fields are too long.")
            self.fields[name.lower()] = value.decode("utf-8", "replace")

    def _next_part(self) -> tuple[str, str]:
        """Step over the boundary and the part's headers; gives the field's name and its file's name."""
        while b"\r\n\r\n" not in self._buffer:
            if self._buffer.startswith(self._mark + b"--") or not self._fill() or len(self._buffer) > 2**20:
                raise S3Error("MalformedPOSTRequest", "The form has no file.")
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self._buffer = b"" + self._buffer
        self._ended = False
        text = head.decode("utf-8", "replace")
        name = re.search(r'[; ]name="([^"]*)"', text)
        file_name = re.search(r'filename="([^"]*)"', text)
        if name is None:
            raise S3Error("MalformedPOSTRequest", "A part of the form has no name.")
        return name.group(1), file_name.group(1) if file_name else ""

    def _part_bytes(self, size: int) -> bytes:
        """Bytes of the current part, empty when the next boundary is reached."""
        if self._ended:
            return b""
        while True:
            at = self._buffer.find(self._mark)
            safe = at if at >= 0 else len(self._buffer) - len(self._mark)
            if safe > 0:
                chunk, self._buffer = self._buffer[: min(safe, size)], self._buffer[min(safe, size) :]
                return chunk
            if at == 0:
                self._ended = True
                return b""
            if not self._fill():
                raise S3Error("IncompleteBody", "The form ends inside a part.")

    def _fill(self) -> bool:
        more = self._body.read(COPY_BYTES)
        self._buffer += more
        return bool(more)


def check_policy(fields: Mapping[str, str], *, bucket: str, now: datetime) -> tuple[int, int] | None:
    """Check the form against its policy; gives the content-length-range that it sets.

    Every field must be covered by a condition, else the one who signed never agreed to it.
    """
    document = _decode(fields.get("policy", ""))
    _check_expiration(str(document.get("expiration", "")), now)
    values = {**fields, "bucket": bucket}
    covered, size_range = set(), None
    for condition in document.get("conditions", []):
        operator, name, *rest = _normalized(condition)
        if operator == "content-length-range":
            size_range = (int(name), int(rest[0]))
            continue
        covered.add(name)
        value, actual = str(rest[0]), values.get(name, "")
        if not (actual.startswith(value) if operator == "starts-with" else actual == value):
            raise _refused(f"Policy Condition failed: {json.dumps(condition)}")
    for name in fields:
        if name not in covered | _UNCHECKED and not name.startswith("x-ignore-"):
            raise _refused(f"Extra input fields: {name}")
    return size_range


def _decode(policy: str) -> dict[str, Any]:
    try:
        document = json.loads(base64.b64decode(policy))
    except ValueError as error:
        raise S3Error("InvalidPolicyDocument", "Invalid Policy: not JSON in base64") from error
    if not isinstance(document, dict) or not isinstance(document.get("conditions"), list):
        raise S3Error("InvalidPolicyDocument", "Invalid Policy: it needs an expiration and conditions")
    return document


def _check_expiration(text: str, now: datetime) -> None:
    try:
        expires = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise S3Error("InvalidPolicyDocument", "Invalid Policy: bad expiration") from error
    if expires.tzinfo is None or expires < now:
        raise _refused("Policy expired.")


def _normalized(condition: object) -> tuple[Any, ...]:
    """A condition as (operator, name, value)."""
    if isinstance(condition, dict) and len(condition) == 1:
        [(name, value)] = condition.items()
        return ("eq", str(name).lower(), value)
    if isinstance(condition, list) and len(condition) == 3:
        operator = str(condition[0]).lower()
        if operator == "content-length-range" and all(isinstance(n, int) for n in condition[1:]):
            return (operator, *condition[1:])
        if operator in ("eq", "starts-with"):
            return (operator, str(condition[1]).removeprefix("$").lower(), condition[2])
    raise S3Error("InvalidPolicyDocument", f"Invalid Policy: condition {json.dumps(condition)}")


def _refused(reason: str) -> S3Error:
    return S3Error("AccessDenied", f"Invalid according to Policy: {reason}")
