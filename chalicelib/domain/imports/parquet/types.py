"""What a leaf's stored value means: text, a date, a decimal …, as Python has it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from chalicelib.domain.imports.parquet.encodings import BOOLEAN, INT96
from chalicelib.domain.imports.parquet.layout import Column

Meaning = Callable[[Any], Any]
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock's face: whether it is in UTC, the file says
_JULIAN_EPOCH = 2_440_588
_TEXT = frozenset((0, 4, 19))  # UTF8, ENUM, JSON
_TEXT_LOGICAL = frozenset((1, 4, 12))
_DECIMAL, _DATE, _TIME_MS, _TIME_US, _STAMP_MS, _STAMP_US = 5, 6, 7, 8, 9, 10
_UNSIGNED = {11: 8, 12: 16, 13: 32, 14: 64}
_NANOS = {1: 1_000_000, 2: 1_000, 3: 1}
"""Nanoseconds of a unit of time: milliseconds, microseconds, nanoseconds."""


def meaning(column: Column) -> Meaning | None:
    """What makes the value of what is stored; None where that is the value."""
    logical, converted = column.logical, column.about.get(6)
    if converted in _TEXT or _TEXT_LOGICAL & logical.keys():
        return _text
    if column.physical == BOOLEAN:
        return bool
    if converted == _DECIMAL or 5 in logical:
        return _decimal(int(column.about.get(7) or logical.get(5, {}).get(1) or 0))
    if converted == _DATE or 6 in logical:
        return _date
    unit, in_utc = _clock(logical, converted)
    if 7 in logical or converted in (_TIME_MS, _TIME_US):
        return lambda stored: _time(stored * unit)
    if 8 in logical or converted in (_STAMP_MS, _STAMP_US):
        return lambda stored: _stamp(stored * unit, in_utc=in_utc)
    if column.physical == INT96:
        return _old_stamp
    return _number(logical, converted)


def _number(logical: dict[int, Any], converted: Any) -> Meaning | None:
    bits = _UNSIGNED.get(converted)
    if 10 in logical and not logical[10].get(2):
        bits = logical[10].get(1)
    if bits:
        return lambda stored: stored % (1 << bits)
    if 14 in logical:
        return lambda stored: str(UUID(bytes=stored))
    if 15 in logical:
        return lambda stored: struct.unpack("<e", stored)[0]
    return None


def _clock(logical: dict[int, Any], converted: Any) -> tuple[int, bool]:
    """Nanoseconds a unit; whether it is a moment, or a clock's face that says no zone."""
    about = logical.get(7) or logical.get(8)
    if about:
        (unit,) = about[2]
        return _NANOS[unit], bool(about.get(1))
    return _NANOS[1 if converted in (_TIME_MS, _STAMP_MS) else 2], True


def _text(stored: bytes) -> str:
    return stored.decode("utf-8")


def _decimal(scale: int) -> Meaning:
    def made(stored: Any) -> str:
        number = stored if isinstance(stored, int) else int.from_bytes(stored, "big", signed=True)
        # from its digits: arithmetic would round to the context's precision
        return str(Decimal((number < 0, tuple(map(int, str(abs(number)))), -scale)))

    return made


def _date(stored: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=stored)).isoformat()


def _time(nanos: int) -> str:
    face = _EPOCH + timedelta(microseconds=nanos // 1000)
    return time(face.hour, face.minute, face.second, face.microsecond).isoformat() + _rest(nanos)


def _stamp(nanos: int, *, in_utc: bool) -> str:
    moment = _EPOCH + timedelta(microseconds=nanos // 1000)
    if not nanos % 1000:
        return (moment.replace(tzinfo=UTC) if in_utc else moment).isoformat()
    return moment.isoformat(timespec="microseconds") + _rest(nanos) + ("+00:00" if in_utc else "")


def _rest(nanos: int) -> str:
    """The digits that Python's moments have no room for."""
    return f"{nanos % 1000:03}" if nanos % 1000 else ""


def _old_stamp(stored: bytes) -> str:
    """Twelve bytes: nanoseconds of the day, then the day by Julius Scaliger's count."""
    nanos, day = struct.unpack("<qi", stored)
    return _stamp((day - _JULIAN_EPOCH) * 86_400_000_000_000 + nanos, in_utc=False)
