"""What flags say to the caller, and deciding about them.

All evaluations of a process read one snapshot, at most `SNAPSHOT_S` old: a flag that is switched off is off
everywhere within that time, and in browsers, which ask again every 20 seconds, within half a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from chalicelib.auth.principals import Principal, Role
from chalicelib.clock import Clock
from chalicelib.errors import ForbiddenError, NotFoundError, StaleVersionError
from chalicelib.flags.declared import Flag, Value
from chalicelib.flags.records import FlagChange, StoredRollout, dump, load
from chalicelib.flags.rollout import Rollout, check
from chalicelib.flags.snapshot import Caller, Snapshot

SNAPSHOT_S = 8.0
CHANGES_SHOWN = 100
_OPERATORS = (Role.OWNER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagState:
    """A flag as operators see it."""

    flag: Flag
    rollout: Rollout | None
    version: int
    seen: Mapping[str, int]


class FlagStore(Protocol):
    """Where rollouts are kept."""

    def rollouts(self) -> Mapping[str, StoredRollout]:
        """All that was decided, by flag."""

    def save(self, flag: str, rollout: StoredRollout, change: FlagChange) -> None:
        """Store the version and the change together. StaleVersionError when another one was quicker."""

    def changes(self, flag: str, limit: int) -> Sequence[FlagChange]:
        """The newest first."""

    def note_seen(self, flag: str, user: int, value: str) -> bool:
        """Count somebody once a flag."""

    def seen(self) -> Mapping[str, Mapping[str, int]]:
        """How many people met which value, by flag."""


@dataclass(kw_only=True)
class FlagService:
    """Everything that is asked of flags."""

    declared: Mapping[str, Flag]
    store: FlagStore
    clock: Clock
    monotonic: Callable[[], float]
    stage: str
    operators: int
    """The organization whose owners and administrators run the installation."""
    _snapshot: Snapshot | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def value(self, principal: Principal, name: str) -> Value:
        """What the flag says to the caller. KeyError for one that is not declared."""
        return self._now().value(name, self._caller(principal), self.clock())

    def is_on(self, principal: Principal, name: str) -> bool:
        """Whether a flag of yes and no says yes."""
        return self.value(principal, name) is True

    def for_browser(self, principal: Principal) -> dict[str, Value]:
        """What the flags for the browser say to the caller."""
        return self._now().browser_values(self._caller(principal), self.clock())

    def listed(self, principal: Principal) -> list[FlagState]:
        """Every flag, by name, for operators."""
        self._require_operator(principal)
        stored, seen = self.store.rollouts(), self.store.seen()
        return [self._state(flag, stored.get(flag.name), seen) for _, flag in sorted(self.declared.items())]

    def changes(self, principal: Principal, name: str) -> Sequence[FlagChange]:
        """What was changed about a flag, the newest first, for operators."""
        self._require_operator(principal)
        return self.store.changes(self._flag(name).name, CHANGES_SHOWN)

    def decide(self, principal: Principal, name: str, rollout: Rollout, *, version: int | None) -> FlagState:
        """Roll a flag out in another way. InvalidInputError with every fault, StaleVersionError."""
        self._require_operator(principal)
        flag = self._flag(name)
        check(flag, rollout)
        before = self.store.rollouts().get(name)
        known = before.version if before else 0
        if version is not None and version != known:
            raise StaleVersionError("Somebody else has changed the flag meanwhile.")
        after = StoredRollout(dump(rollout), known + 1)
        change = FlagChange(
            moment=self.clock(),
            user=principal.user_id,
            before=before.body if before else None,
            after=after.body,
        )
        self.store.save(name, after, change)
        with self._lock:
            self._snapshot = None
        return self._state(flag, after, self.store.seen())

    def note_seen(self, principal: Principal, name: str) -> Value:
        """Count that the caller met what the flag says to them; once, however often they come."""
        self._flag(name)
        value = self.value(principal, name)
        self.store.note_seen(name, principal.user_id, str(value).lower())
        return value

    def is_operator(self, principal: Principal) -> bool:
        """Whether the caller runs the installation."""
        return principal.organization_id == self.operators and principal.role in _OPERATORS

    def _require_operator(self, principal: Principal) -> None:
        if not self.is_operator(principal):
            raise ForbiddenError("Flags are decided about by those who run the installation.")

    def _flag(self, name: str) -> Flag:
        if name not in self.declared:
            raise NotFoundError("No Flag matches the given query.")
        return self.declared[name]

    def _state(
        self, flag: Flag, stored: StoredRollout | None, seen: Mapping[str, Mapping[str, int]]
    ) -> FlagState:
        rollout = load(stored.body) if stored else None
        version = stored.version if stored else 0
        return FlagState(flag=flag, rollout=rollout, version=version, seen=seen.get(flag.name, {}))

    def _now(self) -> Snapshot:
        with self._lock:
            now = self.monotonic()
            if self._snapshot is None or now - self._read_at > SNAPSHOT_S:
                stored = self.store.rollouts()
                rollouts = {name: load(each.body) for name, each in stored.items()}
                self._snapshot, self._read_at = Snapshot.of(self.declared, rollouts), now
            return self._snapshot

    def _caller(self, principal: Principal) -> Caller:
        return Caller(
            user=principal.user_id,
            organization=principal.organization_id,
            role=principal.role.value,
            email=principal.email,
            stage=self.stage,
        )
