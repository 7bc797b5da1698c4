"""The audit log: sealing what happened into each organization's chain, reading it, giving it away.

The watchdog seals every minute. Records wait for `SETTLED_S` at least, so that those of one moment come in
their order. Sealing may be asked for at any time, twice at once: the chain's head is moved by one only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock, from_iso, iso
from chalicelib.domain.audit.chain import (
    ChainState,
    Checkpoint,
    Forgetting,
    Head,
    SealedRecord,
    Signer,
    WaitingRecord,
    checkpoint,
    sealed,
)
from chalicelib.domain.audit.exports import export_lines
from chalicelib.errors import ContentionError, InvalidInputError

SETTLED_S = 2
AT_ONCE = 40
"""Sealing one record is two writes of a transaction of at most 99."""
SHARD_WINDOW = 200
SIGNED_EVERY = 1000
SIGNED_AFTER = timedelta(hours=1)
PAGE = 50
MAX_PAGE = 500
LOOKED_AT = 5000
"""So many records a request looks at for a page of those that fit."""
EXPORTED = 10_000
FORGOTTEN_AFTER = timedelta(minutes=5)


class AuditLogStore(Protocol):
    """Where the log is kept."""

    def waiting(self, *, before: str, limit: int) -> Sequence[WaitingRecord]:
        """Records that no chain has yet, made before a moment, the oldest first."""

    def chain(self, organization: int) -> ChainState:
        """How far an organization's chain goes."""

    def append(
        self, before: ChainState, records: Sequence[SealedRecord], waited: Sequence[WaitingRecord]
    ) -> None:
        """Seal records, all or none. ContentionError when somebody else has sealed meanwhile."""

    def sign(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint."""

    def records(self, organization: int, *, after: int, until: int) -> Iterator[SealedRecord]:
        """Sealed records in order."""

    def newest(self, organization: int, *, before: int) -> Iterator[SealedRecord]:
        """Sealed records, the newest first."""

    def checkpoints(self, organization: int, *, after: int, until: int) -> Sequence[Checkpoint]:
        """The checkpoints of these records."""

    def erase_whereabouts(self, organization: int, record: SealedRecord) -> None:
        """Forget from where a record's changes were made."""

    def organizations(self, *, since: int) -> Sequence[int]:
        """The organizations from a number on that have a chain, in order."""

    def forgettings(self) -> Sequence[Forgetting]:
        """Whose whereabouts are to be forgotten."""

    def save_forgetting(self, forgetting: Forgetting) -> None:
        """Note that somebody is to be forgotten, and how far that has got."""

    def end_forgetting(self, forgetting: Forgetting) -> None:
        """It is done."""


class CheckpointVault(Protocol):
    """Where checkpoints are kept so that nobody can write over them."""

    def keep(self, checkpoint: Checkpoint) -> None:
        """Store it; harmless when it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What a reader looks for; what is None does not matter. Moments are ISO 8601, the end left out."""

    before: int | None = None
    limit: int = PAGE
    user: int | None = None
    kind: str | None = None
    thing: str | None = None
    operation: str | None = None
    since: str | None = None
    until: str | None = None

    def fits(self, record: SealedRecord) -> bool:
        """Whether the record is looked for."""
        body = record.body
        if self.user is not None and body["user"] != self.user:
            return False
        if self.operation and self.operation.lower() not in str(body["operation"]).lower():
            return False
        if self.since is not None and body["at"] < self.since:
            return False
        if self.until is not None and body["at"] >= self.until:
            return False
        if not (self.kind or self.thing):
            return True
        return any(
            self.kind in (None, change["kind"]) and self.thing in (None, change["id"])
            for change in body["changes"]
        )


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records, the newest first. `before` goes on, None when the log ends; `head` is the chain's end."""

    records: Sequence[SealedRecord]
    before: int | None
    state: ChainState


@dataclass(kw_only=True)
class AuditService:
    """Everything that is asked of the audit log."""

    log: AuditLogStore
    vault: CheckpointVault
    signer: Signer
    clock: Clock

    def page(self, principal: Principal, query: AuditQuery) -> AuditPage:
        """What was done in the caller's organization."""
        policies.require_role(principal, "audit.read")
        state = self.log.chain(principal.organization_id)
        found: list[SealedRecord] = []
        last = state.head.seq + 1
        before = min(query.before or last, last)
        for looked, record in enumerate(self.log.newest(principal.organization_id, before=before), 1):
            before = record.seq
            if query.since is not None and record.body["at"] < query.since and not found:
                return AuditPage((), None, state)
            if query.fits(record):
                found.append(record)
            if len(found) == min(query.limit, MAX_PAGE) or looked == LOOKED_AT:
                break
        return AuditPage(found, before if before > 1 else None, state)

    def export(self, principal: Principal, *, after: int) -> Iterator[str]:
        """The lines of at most `EXPORTED` records past a number, ending with what is signed now."""
        policies.require_role(principal, "audit.read")
        organization = principal.organization_id
        head = self.log.chain(organization).head
        if not 0 <= after <= head.seq:
            message = f"must be a number from 0 to {head.seq}, where the log ends"
            raise InvalidInputError.at("after", message, code="range")
        until = min(head.seq, after + EXPORTED)
        before = next(self.log.records(organization, after=after - 1, until=after)).head if after else Head()
        return export_lines(
            organization,
            before,
            self.log.records(organization, after=after, until=until),
            self.log.checkpoints(organization, after=after, until=until),
            self.signer,
            iso(self.clock()),
        )

    def public_key(self, principal: Principal) -> str:
        """What checkpoints are verified with, 64 hex digits."""
        policies.require_role(principal, "audit.read")
        return self.signer.public_key

    def seal_now(self, principal: Principal) -> int:
        """`seal`, for a reader who does not want to wait for the next minute."""
        policies.require_role(principal, "audit.read")
        return self.seal()

    def seal(self) -> int:
        """Put records that have waited long enough into their chains; gives how many."""
        before = iso(self.clock() - timedelta(seconds=SETTLED_S))
        count = 0
        while waiting := self.log.waiting(before=before, limit=SHARD_WINDOW):
            by_organization: dict[int, list[WaitingRecord]] = {}
            for record in waiting:
                by_organization.setdefault(int(record.body["organization"]), []).append(record)
            done = sum(self._seal(number, records) for number, records in by_organization.items())
            count += done
            if done < len(waiting) or len(waiting) < SHARD_WINDOW:
                break
        return count

    def _seal(self, organization: int, waiting: Sequence[WaitingRecord]) -> int:
        done = 0
        for start in range(0, len(waiting), AT_ONCE):
            batch = waiting[start : start + AT_ONCE]
            state = self.log.chain(organization)
            records: list[SealedRecord] = []
            head = state.head
            for record in batch:
                records.append(sealed(head, record.body, record.whereabouts))
                head = records[-1].head
            try:
                self.log.append(state, records, batch)
            except ContentionError:
                return done  # whoever was quicker seals them, or the next one does
            done += len(batch)
            self._sign_if_due(ChainState(organization, head, state.signed, state.signed_at))
        return done

    def _sign_if_due(self, state: ChainState) -> None:
        now = self.clock()
        is_old = not state.signed_at or from_iso(state.signed_at) + SIGNED_AFTER <= now
        if state.head.seq - state.signed >= SIGNED_EVERY or is_old:
            made = checkpoint(state.organization, state.head, iso(now), self.signer)
            self.vault.keep(made)
            self.log.sign(made)

    def forget_whereabouts(self, user_id: int) -> None:
        """Have it forgotten from where a person acted: the records stay, and the chains hold.

        It is done by `forget_due`, for a log may be too long for one request.
        """
        self.log.save_forgetting(Forgetting(user_id, iso(self.clock())))

    def forget_due(self) -> int:
        """Go on forgetting, through `LOOKED_AT` records for each person; gives how many it is done for.

        It begins when all that a person did before is sealed.
        """
        settled = iso(self.clock() - FORGOTTEN_AFTER)
        due = [forgetting for forgetting in self.log.forgettings() if forgetting.asked_at < settled]
        return sum(map(self._forget, due))

    def _forget(self, forgetting: Forgetting) -> bool:
        left = LOOKED_AT
        for organization in self.log.organizations(since=forgetting.organization):
            before = forgetting.before if organization == forgetting.organization else None
            if before is None:
                before = self.log.chain(organization).head.seq + 1
            for record in self.log.newest(organization, before=before):
                if left == 0:
                    rest = replace(forgetting, organization=organization, before=record.seq + 1)
                    self.log.save_forgetting(rest)
                    return False
                left -= 1
                if record.body["user"] == forgetting.user and record.whereabouts is not None:
                    self.log.erase_whereabouts(organization, record)
        self.log.end_forgetting(forgetting)
        return True
