"""Results that a browser sent back as it had read them: its numbers are told apart from changed ones. Pure.

JavaScript has one kind of number. It reads 10.0 and writes 10, loses the sign of -0.0, and rounds whole
numbers beyond 2**53. A person who changed one region of an annotation has not touched the others, so those
keep their numbers as they were stored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from chalicelib.domain.json_values import Json, JsonList

_EXACT = 2**53
"""Whole numbers up to here are read and written by browsers as they are."""
_PLAIN = 1e21
"""From here on browsers write whole numbers with an exponent."""


def keep_untouched(stored: JsonList, sent: JsonList) -> JsonList:
    """What was sent, where each item that is a stored one as a browser tells it is the stored one.

    Items are known again by all that is in them, so that a change of anything is a change. Of several
    alike the first is the first.
    """
    lossy = [item for item in stored if _is_lossy(item)]
    if not lossy:
        return sent
    known = defaultdict[str, list[Json]](list)
    for item in lossy:
        known[_text(_as_browser(item))].append(item)
    return [known[text].pop(0) if known.get(text := _text(item)) else item for item in sent]


def _text(value: Json) -> str:
    """Equal for equal JSON: the order of keys is none of a browser's business, the kind of a number is."""
    return json.dumps(value, sort_keys=True)


def _is_lossy(value: Json) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_lossy, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(map(_is_lossy, value))
    return _number_as_browser(value) is not value


def _as_browser(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _as_browser(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_browser(one) for one in value]
    return _number_as_browser(value)


def _number_as_browser(value: Json) -> Json:
    """The number that comes back for this one; the very value where that is the same or no number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _PLAIN:
        return int(Decimal(repr(value)))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        try:
            double = float(value)
        except OverflowError:
            return None
        return int(Decimal(repr(double))) if abs(double) < _PLAIN else double
    return value
