"""Records in a chain, and signed checkpoints of it.

The hash of a record is SHA-256 over the hash before it, its number and what it says, so nobody can change,
drop, insert or reorder records without changing all hashes after them; a checkpoint signs a hash, and lies
where nobody can write over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.audit.records import digest_of

BEGINNING = "0" * 64
"""The hash before the first record."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes: the number of its last record (0: none yet) and that record's hash."""

    seq: int = 0
    hash: str = BEGINNING


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record in its place. `whereabouts` is None once it was erased."""

    seq: int
    hash: str
    body: Mapping[str, Any]
    whereabouts: Mapping[str, str] | None

    @property
    def head(self) -> Head:
        """The chain's end, were this its last record."""
        return Head(self.seq, self.hash)

    def told(self) -> dict[str, Any]:
        """The record as a line of an export."""
        told: dict[str, Any] = {"seq": self.seq, "hash": self.hash, "record": dict(self.body)}
        return told if self.whereabouts is None else {**told, "whereabouts": dict(self.whereabouts)}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of a chain at some moment, signed. `key` is the public key in hex, `signature` too."""

    organization: int
    seq: int
    hash: str
    at: str
    key: str
    signature: str

    def claim(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "organization": self.organization,
            "seq": self.seq,
            "hash": self.hash,
            "at": self.at,
            "key": self.key,
        }

    def told(self) -> dict[str, Any]:
        """The checkpoint as a line of an export."""
        return {"checkpoint": self.claim(), "signature": self.signature}


class Signer(Protocol):
    """Signs claims. Ed25519."""

    @property
    def public_key(self) -> str:
        """64 hex digits."""

    def sign(self, claim: Mapping[str, Any]) -> str:
        """128 hex digits over the claim's canonical text."""


def sealed(head: Head, body: Mapping[str, Any], whereabouts: Mapping[str, str] | None = None) -> SealedRecord:
    """The record as the next of the chain."""
    seq = head.seq + 1
    return SealedRecord(seq, link(head.hash, seq, body), body, whereabouts)


def link(before: str, seq: int, body: Mapping[str, Any]) -> str:
    """The hash of a record after the hash `before`."""
    return digest_of([before, seq, dict(body)])


def checkpoint(organization: int, head: Head, at: str, signer: Signer) -> Checkpoint:
    """The chain's end, signed."""
    unsigned = Checkpoint(organization, head.seq, head.hash, at, signer.public_key, "")
    return Checkpoint(organization, head.seq, head.hash, at, signer.public_key, signer.sign(unsigned.claim()))


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record that has no place in a chain yet. `place` says where it waits."""

    place: tuple[str, str]
    body: Mapping[str, Any]
    whereabouts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """That a person's whereabouts are to be forgotten, and how far that has got.

    Chains are gone through by organization, each from its end; `before` is None at one's beginning.
    """

    user: int
    asked_at: str
    organization: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far an organization's chain goes, and up to where it was signed last, and when (ISO 8601)."""

    organization: int
    head: Head = Head()
    signed: int = 0
    signed_at: str = ""
