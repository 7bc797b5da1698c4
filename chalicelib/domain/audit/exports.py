"""An export of the audit log as lines of JSON, and its verification, which needs nothing but the file.

    {"audit": {"organization", "first", "before", "key", "version"}}     the head
    {"hash", "record", "seq"[, "whereabouts"]}                           a record, in order
    {"checkpoint": {...}, "signature"}                                   after the record it names
    {"end": {"organization", "first", "before", "last", "hash", "checkpoints", "placed", "at", "key"},
     "signature"}                                                        the end

The end names the checkpoints in the file, and how many records have their whereabouts.
Every line is the one canonical text of what it says, and ends with a line feed: there is no byte that
could be another without a hash or a signature failing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.audit.chain import Checkpoint, Head, SealedRecord, Signer, link
from chalicelib.domain.audit.records import Whereabouts, canonical

VERSION = 1
MAX_FAULTS = 100
Verify = Callable[[str, bytes, str], bool]
"""Whether a signature (hex) is that of a public key (hex) over some bytes."""


@dataclass(slots=True)
class Verdict:
    """What a verification found. `faults` are sentences with the number of the line, in order."""

    organization: int = 0
    first: int = 0
    last: int = 0
    before: str = ""
    hash: str = ""
    key: str = ""
    records: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed, dropped, inserted or reordered."""
        return not self.faults

    def follows(self, previous: Verdict) -> bool:
        """Whether this export goes on where another ended."""
        return (self.organization, self.first, self.before) == (
            previous.organization,
            previous.last + 1,
            previous.hash,
        )


def export_lines(
    organization: int,
    before: Head,
    records: Iterable[SealedRecord],
    checkpoints: Sequence[Checkpoint],
    signer: Signer,
    at: str,
) -> Iterator[str]:
    """The lines of an export of the records that follow `before`."""
    first = before.seq + 1
    head = {
        "organization": organization,
        "first": first,
        "before": before.hash,
        "key": signer.public_key,
        "version": VERSION,
    }
    yield _line({"audit": head})
    signed = {checkpoint.seq: checkpoint for checkpoint in checkpoints}
    last, placed, marks = before, 0, []
    for record in records:
        yield _line(record.told())
        last = record.head
        placed += record.whereabouts is not None
        if record.seq in signed:
            marks.append(record.seq)
            yield _line(signed[record.seq].told())
    end = {
        "organization": organization,
        "first": first,
        "before": before.hash,
        "last": last.seq,
        "hash": last.hash,
        "checkpoints": marks,
        "placed": placed,
        "at": at,
        "key": signer.public_key,
    }
    yield _line({"end": end, "signature": signer.sign(end)})


def verify(lines: Iterable[bytes], is_signed: Verify, *, keys: Sequence[str] = ()) -> Verdict:
    """Look at every line of an export. `keys` are the public keys to trust; without, the file's own is."""
    reading = _Reading(is_signed, tuple(keys))
    for number, line in enumerate(lines, 1):
        reading.take(number, line)
        if len(reading.verdict.faults) >= MAX_FAULTS:
            break
    return reading.ended()


class _Reading:
    def __init__(self, is_signed: Verify, keys: tuple[str, ...]) -> None:
        self.verdict = Verdict()
        self._is_signed = is_signed
        self._keys = keys
        self._begin: dict[str, Any] | None = None
        self._chain = Head()
        self._end: dict[str, Any] | None = None
        self._number = 0
        self._placed = 0
        self._marks: list[Any] = []

    def take(self, number: int, line: bytes) -> None:
        self._number = number
        told = self._parsed(line)
        if told is None:
            return
        if self._end is not None:
            self._fault("comes after the end")
        elif self._begin is None:
            self._head(told)
        elif "record" in told:
            self._record(told)
        elif "checkpoint" in told:
            self._checkpoint(told)
        elif "end" in told:
            self._ending(told)
        else:
            self._fault("is no line of an audit export")

    def ended(self) -> Verdict:
        if self._begin is None:
            self._number = 1
            self._fault("the file has no head")
        elif self._end is None:
            self._fault("is the last one, and the signed end is missing: lines were cut off")
        return self.verdict

    def _parsed(self, line: bytes) -> dict[str, Any] | None:
        try:
            told = json.loads(line)
            if isinstance(told, dict) and _line(told).encode() == line:
                return told
        except (ValueError, RecursionError):
            pass
        self._fault("is not as it was written")
        return None

    def _head(self, told: Mapping[str, Any]) -> None:
        head = told.get("audit")
        wanted = {"organization", "first", "before", "key", "version"}
        if set(told) != {"audit"} or not isinstance(head, dict) or set(head) != wanted:
            self._begin = {}
            return self._fault("is no head of an audit export")
        self._begin = head
        if type(head["first"]) is not int or head["version"] != VERSION:
            return self._fault("is the head of an export that this version cannot read")
        self._chain = Head(head["first"] - 1, str(head["before"]))
        if self._keys and head["key"] not in self._keys:
            self._fault("names a key that is not trusted")
        verdict = self.verdict
        verdict.organization, verdict.first, verdict.key = head["organization"], head["first"], head["key"]
        verdict.before = str(head["before"])
        return None

    def _record(self, told: Mapping[str, Any]) -> None:
        self.verdict.records += 1
        seq = self._chain.seq + 1
        if told.get("seq") != seq:
            self._fault(f"has record {told.get('seq')} where {seq} belongs")
            if type(told.get("seq")) is int:  # go on from there: one fault is not to hide where others are
                seq = told["seq"]
        if not set(told) <= {"seq", "hash", "record", "whereabouts"} or not isinstance(told["record"], dict):
            self._chain = Head(seq, str(told.get("hash")))
            return self._fault("has a record with parts that no record has")
        if told.get("hash") != link(self._chain.hash, seq, told["record"]):
            self._fault(f"has record {seq}, which does not follow from the one before it")
        self._chain = Head(seq, str(told.get("hash")))
        if "whereabouts" in told:
            self._placed += 1
            if not _is_committed(told["whereabouts"], told["record"].get("where")):
                self._fault(f"has record {seq} with another place than it was made with")
        return None

    def _checkpoint(self, told: Mapping[str, Any]) -> None:
        self.verdict.checkpoints += 1
        claim = told["checkpoint"]
        if set(told) != {"checkpoint", "signature"} or not self._holds(claim, told["signature"]):
            return self._fault("has a checkpoint whose signature does not hold")
        if (claim.get("seq"), claim.get("hash")) != (self._chain.seq, self._chain.hash):
            self._fault(f"has a checkpoint of another chain than that of record {self._chain.seq}")
        self._marks.append(claim.get("seq"))
        return None

    def _ending(self, told: Mapping[str, Any]) -> None:
        end, begin = told["end"], self._begin or {}
        self._end = {}
        if set(told) != {"end", "signature"} or not self._holds(end, told["signature"]):
            return self._fault("is an end whose signature does not hold")
        self._end = end
        same = all(end.get(name) == begin.get(name) for name in ("organization", "first", "before", "key"))
        if not same:
            self._fault("is the end of another export than the head begins")
        if (end.get("last"), end.get("hash")) != (self._chain.seq, self._chain.hash):
            self._fault(f"says that the chain ends at {end.get('last')}, and it ends at {self._chain.seq}")
        if (end.get("checkpoints"), end.get("placed")) != (self._marks, self._placed):
            self._fault("signs other checkpoints, or places of other records, than the file has")
        self.verdict.last, self.verdict.hash = self._chain.seq, self._chain.hash
        return None

    def _holds(self, claim: Any, signature: Any) -> bool:
        if not isinstance(claim, dict) or not isinstance(signature, str):
            return False
        key = str(claim.get("key"))
        own = (self._begin or {}).get("key")
        if self._keys and key not in self._keys:
            return False
        if not self._keys and "last" in claim and key != own:
            return False
        return self._is_signed(key, canonical(claim).encode(), signature)

    def _fault(self, what: str) -> None:
        self.verdict.faults.append(f"line {self._number} {what}")


def _is_committed(told: Any, commitment: Any) -> bool:
    if not isinstance(told, dict) or set(told) != {"address", "agent", "salt"}:
        return False
    return bool(Whereabouts(told["address"], told["agent"], told["salt"]).commitment == commitment)


def _line(value: Mapping[str, Any]) -> str:
    return canonical(value) + "\n"
