"""JSON as the formats write it: compact, UTF-8, and valid whatever the tasks hold."""

from __future__ import annotations

import json
import math
from typing import Any

from chalicelib.domain.formats.contract import LossReport

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def json_text(value: Any, losses: LossReport, task_id: int | None = None) -> str:
    """The value as JSON text; numbers that JSON has no word for become null, and are reported."""
    try:
        return _compact.encode(value)
    except ValueError:
        losses.add("number that is not finite", task_id)
        return _compact.encode(_finite(value))


def json_bytes(value: Any, losses: LossReport, task_id: int | None = None) -> bytes:
    """The value as UTF-8; lone surrogates, which UTF-8 has no bytes for, stay as their escapes."""
    try:
        return json_text(value, losses, task_id).encode()
    except UnicodeEncodeError:
        return _ascii.encode(_finite(value)).encode()


def utf8(text: str, losses: LossReport, task_id: int | None = None) -> bytes:
    """The text as UTF-8; a lone surrogate becomes U+FFFD, and is reported."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        losses.add("lone surrogate", task_id)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
