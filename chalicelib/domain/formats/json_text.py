"""JSON as the formats write it: compact, UTF-8, and valid whatever the tasks hold.

orjson does the bulk. What it cannot do, or would do silently (it writes NaN as null), goes the slower
way through the standard library: both give text that parses to the same values.
"""

from __future__ import annotations

import json
import marshal
import math
import re
from typing import Any

import orjson

from chalicelib.domain.formats.contract import LossReport

_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_WITHOUT_REFERENCES = 2
_LIKE_NAN = re.compile(rb"g.{6}[\xf0-\xff][\x7f\xff]", re.DOTALL)
"""A double whose exponent is all ones, as `marshal` writes it; now and then something else, which is
then looked at closely for nothing."""


def json_text(value: Any, losses: LossReport, task_id: int | None = None) -> str:
    """The value as JSON text; numbers that JSON has no word for become null, and are reported."""
    quick = _quick(value)
    if quick is not None:
        return quick.decode()
    return _compact.encode(_checked(value, losses, task_id))


def json_bytes(value: Any, losses: LossReport, task_id: int | None = None) -> bytes:
    """The value as UTF-8; lone surrogates, which UTF-8 has no bytes for, stay as their escapes."""
    quick = _quick(value)
    if quick is not None:
        return quick
    checked = _checked(value, losses, task_id)
    try:
        return _compact.encode(checked).encode()
    except UnicodeEncodeError:
        return _ascii.encode(checked).encode()


def utf8(text: str, losses: LossReport, task_id: int | None = None) -> bytes:
    """The text as UTF-8; a lone surrogate becomes U+FFFD, and is reported."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        losses.add("lone surrogate", task_id)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _quick(value: Any) -> bytes | None:
    """The value by orjson, or None where that fails or may hide a NaN."""
    try:
        made = orjson.dumps(value)
        if b"null" in made and _LIKE_NAN.search(marshal.dumps(value, _WITHOUT_REFERENCES)):
            return None
    except (TypeError, ValueError):
        return None
    return made


def _checked(value: Any, losses: LossReport, task_id: int | None) -> Any:
    """The value without numbers that are not finite."""
    finite, found = _finite(value)
    if found:
        losses.add("number that is not finite", task_id)
    return finite


def _finite(value: Any) -> tuple[Any, bool]:
    if isinstance(value, float):
        return (value, False) if math.isfinite(value) else (None, True)
    if isinstance(value, dict):
        made = {key: _finite(inner) for key, inner in value.items()}
        return {key: inner for key, (inner, _) in made.items()}, any(found for _, found in made.values())
    if isinstance(value, list | tuple):
        listed = [_finite(inner) for inner in value]
        return [inner for inner, _ in listed], any(found for _, found in listed)
    return value, False
