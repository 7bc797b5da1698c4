"""How long ago something was, in the words that clients of Label Studio read."""

from __future__ import annotations

from datetime import datetime

_UNITS = (
    ("year", 365 * 24 * 60),
    ("month", 30 * 24 * 60),
    ("week", 7 * 24 * 60),
    ("day", 24 * 60),
    ("hour", 60),
    ("minute", 1),
)


def ago(then: datetime, now: datetime) -> str:
    """The time passed in its largest unit and the next one, if that is not nought: `3 days, 2 hours`."""
    left = max(0, int((now - then).total_seconds()) // 60)
    for index, (name, minutes) in enumerate(_UNITS):
        count, rest = divmod(left, minutes)
        if count:
            words = [_words(count, name)]
            if index + 1 < len(_UNITS):
                smaller, size = _UNITS[index + 1]
                if rest // size:
                    words.append(_words(rest // size, smaller))
            return ", ".join(words)
    return _words(0, "minute")


def _words(count: int, unit: str) -> str:
    return f"{count}\u00a0{unit}{'' if count == 1 else 's'}"
