"""Rules in the schema of AWS Lambda Powertools' feature flags, evaluated as Powertools does.

Powertools' own evaluator costs a second of a cold start, as it brings boto3 and AppConfig along; this one is
held to it by a test. Times are UTC unless a condition names a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Comparison = Callable[[Any, Any], bool]
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def evaluate(feature: Mapping[str, Any], context: Mapping[str, Any], now: datetime) -> Any:
    """What the feature says: the value of the first rule that matches, else its default."""
    for rule in (feature.get("rules") or {}).values():
        conditions = rule.get("conditions") or ()
        if conditions and all(holds(each, context, now) for each in conditions):
            return rule["when_match"]
    return feature["default"]


def holds(condition: Mapping[str, Any], context: Mapping[str, Any], now: datetime) -> bool:
    """Whether a condition holds; one that cannot be asked, as of a key that is missing, does not."""
    action, key, value = condition["action"], condition["key"], condition["value"]
    if action in _SCHEDULES:
        try:
            return _SCHEDULES[action](value, now.astimezone(ZoneInfo(value.get("TIMEZONE", "UTC"))))
        except (KeyError, ValueError, TypeError, AttributeError):
            return False
    if key not in context or action not in COMPARISONS:
        return False
    try:
        return bool(COMPARISONS[action](context[key], value))
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        return False


def _listed(told: Any) -> Any:
    if not isinstance(told, list):
        raise TypeError("not a list")
    return told


def _in_range(told: Any, value: Any) -> bool:
    return bool(value.get("START", 1) <= told % value.get("BASE", 1) <= value.get("END", 1))


COMPARISONS: Mapping[str, Comparison] = {
    "EQUALS": lambda told, value: told == value,
    "NOT_EQUALS": lambda told, value: told != value,
    "KEY_GREATER_THAN_VALUE": lambda told, value: told > value,
    "KEY_GREATER_THAN_OR_EQUAL_VALUE": lambda told, value: told >= value,
    "KEY_LESS_THAN_VALUE": lambda told, value: told < value,
    "KEY_LESS_THAN_OR_EQUAL_VALUE": lambda told, value: told <= value,
    "STARTSWITH": lambda told, value: told.startswith(value),
    "ENDSWITH": lambda told, value: told.endswith(value),
    "IN": lambda told, value: told in value,
    "NOT_IN": lambda told, value: told not in value,
    "KEY_IN_VALUE": lambda told, value: told in value,
    "KEY_NOT_IN_VALUE": lambda told, value: told not in value,
    "VALUE_IN_KEY": lambda told, value: value in told,
    "VALUE_NOT_IN_KEY": lambda told, value: value not in told,
    "ALL_IN_VALUE": lambda told, value: all(each in value for each in _listed(told)),
    "ANY_IN_VALUE": lambda told, value: any(each in value for each in _listed(told)),
    "NONE_IN_VALUE": lambda told, value: all(each not in value for each in _listed(told)),
    "MODULO_RANGE": _in_range,
}
"""What is told of the caller, against the condition's value."""


def _between_moments(value: Mapping[str, Any], now: datetime) -> bool:
    start, end = (datetime.fromisoformat(value[name]).replace(tzinfo=now.tzinfo) for name in ("START", "END"))
    return start <= now <= end


def _between_times(value: Mapping[str, Any], now: datetime) -> bool:
    """Of every day; over midnight where the end comes before the start."""
    (from_hour, from_minute), (to_hour, to_minute) = (
        map(int, value[name].split(":")) for name in ("START", "END")
    )
    start = now.replace(hour=from_hour, minute=from_minute)
    end = now.replace(hour=to_hour, minute=to_minute)
    if (to_hour, to_minute) < (from_hour, from_minute):
        return start <= now or now <= end
    return start <= now <= end


def _on_days(value: Mapping[str, Any], now: datetime) -> bool:
    return _DAYS[now.weekday()] in value.get("DAYS", ())


_SCHEDULES: Mapping[str, Callable[[Mapping[str, Any], datetime], bool]] = {
    "SCHEDULE_BETWEEN_DATETIME_RANGE": _between_moments,
    "SCHEDULE_BETWEEN_TIME_RANGE": _between_times,
    "SCHEDULE_BETWEEN_DAYS_OF_WEEK": _on_days,
}


def utc(moment: datetime) -> str:
    """A moment as the schedules write it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()
