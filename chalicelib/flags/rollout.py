"""How a flag is rolled out: off, on, or on for those whom its rules name, made into Powertools' schema.

A share of the people is those whose place, made of a hash of the flag's name and their id, lies below it: who
is among 10 % is among 50 % as well, today and tomorrow, and another flag draws others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from chalicelib.errors import FaultList
from chalicelib.flags.declared import Flag, Value
from chalicelib.flags.rules import COMPARISONS, utc

State = Literal["off", "on", "rules"]
PLACES = 10_000
"""Places that people are spread over: a share has two decimals of a percent."""
MAX_RULES = 20
MAX_LISTED = 1000
_FIRST, _LAST = "1970-01-01T00:00:00", "9999-12-31T23:59:59"
ATTRIBUTES = ("organization", "user", "role", "email_domain", "stage")
"""What conditions can ask of the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison of an attribute, by the name that Powertools has for it."""

    key: str
    action: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who gets which value: all that is set must hold. `percentage` is of those for whom the rest holds.

    `split` shares them out among variants, by weights.
    """

    value: Value = True
    organizations: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()
    percentage: float = 100.0
    begins: datetime | None = None
    ends: datetime | None = None
    split: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rollout:
    """What was decided about a flag. The first rule that holds decides."""

    state: State = "rules"
    rules: tuple[Rule, ...] = ()


def place(flag: str, user: int, *, purpose: str = "") -> int:
    """Where somebody stands, 0 to 9,999, evenly spread; flags and purposes do not know of each other."""
    digest = sha256(f"{flag}\0{purpose}\0{user}".encode()).digest()
    return int.from_bytes(digest[:8]) % PLACES


def check(flag: Flag, rollout: Rollout) -> None:
    """Raise InvalidInputError with every fault of a rollout and its place."""
    faults = FaultList()
    if len(rollout.rules) > MAX_RULES:
        faults.add("rules", f"A flag has at most {MAX_RULES} rules.")
    for number, rule in enumerate(rollout.rules):
        _check_rule(flag, rule, f"rules[{number}]", faults)
    faults.raise_if_any()


def _check_rule(flag: Flag, rule: Rule, at: str, faults: FaultList) -> None:
    _check_values(flag, rule, at, faults)
    if not 0 <= rule.percentage <= 100:
        faults.add(f"{at}.percentage", "It lies between 0 and 100.")
    if max(len(rule.organizations), len(rule.users)) > MAX_LISTED:
        faults.add(at, f"A rule lists at most {MAX_LISTED} organizations and people.")
    if rule.begins and rule.ends and rule.begins >= rule.ends:
        faults.add(f"{at}.ends", "It ends before it begins.")
    for number, condition in enumerate(rule.conditions):
        if condition.key not in ATTRIBUTES:
            faults.add(f"{at}.conditions[{number}].key", f"It can ask for {', '.join(ATTRIBUTES)}.")
        if condition.action not in COMPARISONS:
            faults.add(f"{at}.conditions[{number}].action", f"It is one of {', '.join(COMPARISONS)}.")


def _check_values(flag: Flag, rule: Rule, at: str, faults: FaultList) -> None:
    known = ", ".join(str(value).lower() for value in flag.values)
    if not rule.split and rule.value not in flag.values:
        faults.add(f"{at}.value", f"It can say {known}.")
    for variant, weight in rule.split.items():
        if variant not in flag.variants:
            faults.add(f"{at}.split.{variant}", f"It can say {known}.")
        if not 0 <= weight <= 1_000_000:
            faults.add(f"{at}.split.{variant}", "A weight is 0 or more.")
    if rule.split and not sum(rule.split.values()) > 0:
        faults.add(f"{at}.split", "One weight at least is more than 0.")


def feature(flag: Flag, rollout: Rollout | None) -> dict[str, Any]:
    """The flag in Powertools' schema; without a rollout it says its default."""
    whole = {"default": flag.default, "boolean_type": not flag.variants}
    if rollout is None:
        return whole
    if rollout.state == "off":
        return {**whole, "default": flag.off}
    if rollout.state == "on":
        return {**whole, "default": flag.variants[-1] if flag.variants else True}
    rules = {name: made for number, rule in enumerate(rollout.rules) for name, made in _rules(rule, number)}
    return {**whole, "rules": rules} if rules else whole


def _rules(rule: Rule, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """One rule of Powertools', or one a variant; none for a share of nobody."""
    shared = [*_conditions(rule)]
    if rule.percentage <= 0:
        return
    if not rule.split:
        yield f"{number}", {"when_match": rule.value, "conditions": shared}
        return
    total, before = sum(rule.split.values()), 0.0
    for variant, weight in rule.split.items():
        start, before = round(before / total * PLACES), before + weight
        end = round(before / total * PLACES)
        if end > start:
            drawn = _in_places("variant_place", start, end)
            yield f"{number} {variant}", {"when_match": variant, "conditions": [*shared, drawn]}


def _conditions(rule: Rule) -> Iterator[dict[str, Any]]:
    """Never none at all, as Powertools takes a rule without conditions for one that never matches."""
    if rule.organizations:
        yield _asks("organization", "KEY_IN_VALUE", [*rule.organizations])
    if rule.users:
        yield _asks("user", "KEY_IN_VALUE", [*rule.users])
    for condition in rule.conditions:
        yield _asks(condition.key, condition.action, condition.value)
    if rule.begins or rule.ends:
        start = utc(rule.begins) if rule.begins else _FIRST
        end = utc(rule.ends) if rule.ends else _LAST
        yield _asks(
            "CURRENT_DATETIME",
            "SCHEDULE_BETWEEN_DATETIME_RANGE",
            {"START": start, "END": end, "TIMEZONE": "UTC"},
        )
    yield _in_places("place", 0, round(rule.percentage / 100 * PLACES))


def _in_places(key: str, start: int, end: int) -> dict[str, Any]:
    """From the first of these places up to the last one before `end`."""
    return _asks(key, "MODULO_RANGE", {"BASE": PLACES, "START": start, "END": end - 1})


def _asks(key: str, action: str, value: Any) -> dict[str, Any]:
    return {"action": action, "key": key, "value": value}
