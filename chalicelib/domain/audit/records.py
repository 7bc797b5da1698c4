"""What one record of the audit log says: who did what to which things, when, from where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LISTED = 8
"""So many changes of a record are named one by one; all of them are in its digest."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What happened to one thing. Digests are SHA-256 of what is stored: before, and afterwards.

    None before is something new, or something that was changed without being read; None after is something
    removed.
    """

    kind: str
    id: str
    verb: str
    before: str | None
    after: str | None

    def told(self) -> dict[str, str | None]:
        """The change as the record has it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "verb": self.verb,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """From where something was done. It is personal: a record holds its `commitment` alone.

    So it can be erased without breaking the chain; the salt keeps anybody from guessing it afterwards.
    """

    address: str
    agent: str
    salt: str

    @property
    def commitment(self) -> str:
        """SHA-256 over all three."""
        return digest_of([self.salt, self.address, self.agent])

    def told(self) -> dict[str, str]:
        """As it lies beside a record."""
        return {"address": self.address, "agent": self.agent, "salt": self.salt}


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One transaction's changes. `at` is ISO 8601 in UTC; `user` is None where nobody had signed in."""

    id: str
    at: str
    organization: int
    user: int | None
    operation: str
    request: str
    changes: Sequence[ItemChange]
    whereabouts: Whereabouts

    def body(self) -> dict[str, Any]:
        """What is chained: the first changes one by one, and the digest of all."""
        told = [change.told() for change in self.changes]
        return {
            "id": self.id,
            "at": self.at,
            "organization": self.organization,
            "user": self.user,
            "operation": self.operation,
            "request": self.request,
            "where": self.whereabouts.commitment,
            "changes": told[:LISTED],
            "count": len(told),
            "digest": digest_of(told),
        }


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys in order, no blanks, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def digest_of_item(item: Mapping[str, Any]) -> str:
    """SHA-256 of a stored item; bytes count by their own SHA-256."""
    text = json.dumps(item, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)
