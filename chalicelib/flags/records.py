"""Rollouts and their changes as they are stored and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.flags.rollout import Condition, Rollout, Rule


@dataclass(frozen=True, slots=True)
class StoredRollout:
    """A rollout as it is stored, and how often it was changed."""

    body: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagChange:
    """Who changed a flag, when, and from what to what."""

    moment: datetime
    user: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def dump(rollout: Rollout) -> dict[str, Any]:
    """A rollout as it is stored and told; what is not set is left out."""
    return {"state": rollout.state, "rules": [_dump_rule(rule) for rule in rollout.rules]}


def _dump_rule(rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = {"value": rule.value, "percentage": rule.percentage}
    told |= {name: [*getattr(rule, name)] for name in ("organizations", "users") if getattr(rule, name)}
    told |= {name: at.isoformat() for name in ("begins", "ends") if (at := getattr(rule, name))}
    if rule.conditions:
        told["conditions"] = [{"key": c.key, "action": c.action, "value": c.value} for c in rule.conditions]
    if rule.split:
        told["split"] = dict(rule.split)
    return told


def load(body: Mapping[str, Any]) -> Rollout:
    """What `dump` made."""
    return Rollout(body["state"], tuple(_load_rule(rule) for rule in body.get("rules", ())))


def _load_rule(told: Mapping[str, Any]) -> Rule:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("begins", "ends") if told.get(name)}
    return Rule(
        value=told.get("value", True),
        percentage=told.get("percentage", 100.0),
        organizations=tuple(told.get("organizations", ())),
        users=tuple(told.get("users", ())),
        conditions=tuple(Condition(**each) for each in told.get("conditions", ())),
        split=told.get("split", {}),
        **moments,
    )
