"""Flags as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, cast

from pydantic import AwareDatetime, Field, StrictBool
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.clock import iso
from chalicelib.flags.declared import Value
from chalicelib.flags.records import FlagChange, dump
from chalicelib.flags.rollout import Condition, Rollout, Rule, State
from chalicelib.services.flags import FlagState


class ConditionWrite(Body):
    """A comparison by the name that AWS Lambda Powertools has for it."""

    key: str = Field(max_length=100)
    action: str = Field(max_length=100)
    value: str | int | float | bool | list[str | int | float | bool]


class RuleWrite(Body):
    """Who gets which value: all that is set must hold."""

    value: StrictBool | str = True
    percentage: float = 100.0
    organizations: list[int] = Field(default_factory=list)
    users: list[int] = Field(default_factory=list)
    conditions: list[ConditionWrite] = Field(default_factory=list, max_length=20)
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    split: dict[str, float] = Field(default_factory=dict)


class RolloutWrite(Body):
    """How a flag is rolled out from now on."""

    state: State
    rules: list[RuleWrite] = Field(default_factory=list)


class ConditionRead(TypedDict):
    """A comparison."""

    key: str
    action: str
    value: str | int | float | bool | list[str | int | float | bool]


class RuleRead(TypedDict):
    """Who gets which value; what is not set is absent."""

    value: Value
    percentage: float
    organizations: NotRequired[list[int]]
    users: NotRequired[list[int]]
    conditions: NotRequired[list[ConditionRead]]
    begins: NotRequired[str]
    ends: NotRequired[str]
    split: NotRequired[dict[str, float]]


class RolloutRead(TypedDict):
    """How a flag was rolled out."""

    state: State
    rules: list[RuleRead]


class FlagRead(TypedDict):
    """A flag, for those who run the installation. `version` is for `If-Match`."""

    name: str
    about: str
    owner: str
    expires: str | None
    stays: str
    values: list[Value]
    default: Value
    in_browser: bool
    state: Literal["default"] | State
    rules: list[RuleRead]
    version: int
    seen: dict[str, int]


class FlagChangeRead(TypedDict):
    """Who changed a flag, when, and from what to what."""

    at: str
    user: int
    email: str
    before: RolloutRead | None
    after: RolloutRead


class FlagValues(TypedDict):
    """What the flags for the browser say to the caller."""

    flags: dict[str, Value]
    decides: bool


def to_rollout(body: RolloutWrite) -> Rollout:
    """The rollout that a body describes."""
    return Rollout(body.state, tuple(_rule(each) for each in body.rules))


def _rule(body: RuleWrite) -> Rule:
    return Rule(
        value=body.value,
        percentage=body.percentage,
        organizations=tuple(body.organizations),
        users=tuple(body.users),
        conditions=tuple(Condition(key=c.key, action=c.action, value=c.value) for c in body.conditions),
        begins=body.begins,
        ends=body.ends,
        split=body.split,
    )


def render_flag(state: FlagState) -> FlagRead:
    """A flag and what was decided about it; `default` where nothing was."""
    flag = state.flag
    told: dict[str, Any] = dump(state.rollout) if state.rollout else {"state": "default", "rules": []}
    return {
        "name": flag.name,
        "about": flag.about,
        "owner": flag.owner,
        "expires": flag.expires.isoformat() if flag.expires else None,
        "stays": flag.stays,
        "values": [*flag.values],
        "default": flag.default,
        "in_browser": flag.in_browser,
        "state": told["state"],
        "rules": told["rules"],
        "version": state.version,
        "seen": dict(state.seen),
    }


def render_change(change: FlagChange, email: str) -> FlagChangeRead:
    """One change, and the address of who made it: empty once they are gone."""
    return {
        "at": iso(change.moment),
        "user": change.user,
        "email": email,
        "before": _rollout(change.before) if change.before is not None else None,
        "after": _rollout(change.after),
    }


def _rollout(stored: Mapping[str, Any]) -> RolloutRead:
    return cast("RolloutRead", stored)
