"""JSON documents over a pipe, each with its length before it."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

_LENGTH = struct.Struct(">Q")


class ClosedError(Exception):
    """The other side is gone."""


def encode(document: Any) -> bytes:
    """The document as a frame."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return _LENGTH.pack(len(body)) + body


def write(descriptor: int, frame: bytes) -> None:
    """Send a frame. Raises `ClosedError`."""
    view = memoryview(frame)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError as error:
        raise ClosedError(str(error)) from error


def read(descriptor: int, *, deadline: float | None = None) -> Any:
    """The next document. Raises `ClosedError`, and TimeoutError at the deadline (monotonic seconds)."""
    (length,) = _LENGTH.unpack(_exactly(descriptor, _LENGTH.size, deadline))
    return json.loads(_exactly(descriptor, length, deadline))


def _exactly(descriptor: int, length: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise TimeoutError
        chunk = os.read(descriptor, min(length - len(parts), 1 << 20))
        if not chunk:
            raise ClosedError("the pipe is closed")
        parts += chunk
    return bytes(parts)
