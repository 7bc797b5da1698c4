"""All flags at one moment, and what they say to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.flags.declared import Flag, Value
from chalicelib.flags.rollout import Rollout, feature, place
from chalicelib.flags.rules import evaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as far as flags may know."""

    user: int
    organization: int
    role: str
    email: str
    stage: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every declared flag in Powertools' schema. What was stored of others is left out."""

    declared: Mapping[str, Flag]
    schema: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, declared: Mapping[str, Flag], rollouts: Mapping[str, Rollout]) -> Snapshot:
        """The snapshot of what is decided now."""
        return cls(declared, {name: feature(flag, rollouts.get(name)) for name, flag in declared.items()})

    def value(self, name: str, caller: Caller, now: datetime) -> Value:
        """What the flag says to the caller. KeyError for one that is not declared."""
        value: Value = evaluate(self.schema[name], _context(name, caller), now)
        return value

    def browser_values(self, caller: Caller, now: datetime) -> dict[str, Value]:
        """What all flags for the browser say."""
        return {
            name: self.value(name, caller, now) for name, flag in self.declared.items() if flag.in_browser
        }


def _context(flag: str, caller: Caller) -> dict[str, Any]:
    return {
        "user": caller.user,
        "organization": caller.organization,
        "role": caller.role,
        "email_domain": caller.email.rpartition("@")[2].lower(),
        "stage": caller.stage,
        "place": place(flag, caller.user),
        "variant_place": place(flag, caller.user, purpose="variant"),
    }
