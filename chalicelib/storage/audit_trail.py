"""Which writes the audit log is told of, and the record that lies in their transaction.

A record is stored in the transaction whose changes it names: there is no change without its record and no
record without its change. It waits under `OPEN#<shard>` of the `events` table until it is sealed into its
organization's chain (`audit_log.py`).

Left out is what no person changes: leases, places in queues, counts, receipts, attempts, and drafts, whose
annotation is told of when it is submitted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.actors import Actor, current_actor
from chalicelib.clock import Clock, iso
from chalicelib.domain.audit.records import (
    AuditRecord,
    ItemChange,
    Whereabouts,
    canonical,
    digest_of_item,
)
from chalicelib.ids import join_id
from chalicelib.storage.dynamo import Write, put
from chalicelib.storage.values import Plain, from_wire, to_wire

EVENTS = "events"
SHARDS = 8
SCHEMA_VERSION = 1
MAX_AGENT = 200
_VERBS = {"Put": "created", "Update": "updated", "Delete": "deleted"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Items that the log tells of: by the beginnings of their keys. `named` gives a thing's id."""

    name: str
    table: str
    pk: str
    sk: str
    named: Callable[[str, str], str]
    technical: frozenset[str] = frozenset()
    """An update of nothing but these is no change that anybody made."""


def _after(text: str) -> str:
    return text.rpartition("#")[2].lstrip("0") or "0"


def _number_after_pk(pk: str, _sk: str) -> str:
    return _after(pk)


def _number_after_sk(_pk: str, sk: str) -> str:
    return _after(sk)


def _member(pk: str, sk: str) -> str:
    return str(join_id(int(pk[2:]), int(sk[2:])))


def _membership(pk: str, sk: str) -> str:
    return f"{_after(pk)} in {_after(sk)}"


def _opaque(_pk: str, _sk: str) -> str:
    """Where the key is a secret's hash, which nobody is to read in a log."""
    return "-"


_LEASE = frozenset({"r", "l", "q", "qk", "k"})
_KINDS = (
    _Kind("task", "tasks", "TB#", "", _number_after_sk, _LEASE),
    _Kind("task body", "tasks", "TD#", "", _number_after_sk),
    _Kind("annotation", "annotations", "T#", "A#", _member),
    _Kind("prediction", "annotations", "T#", "P#", _member),
    _Kind("comment", "annotations", "T#", "R#", _member),
    _Kind("project", "meta", "OP#", "P#", _number_after_sk, frozenset({"unsettled", "version"})),
    _Kind("user", "meta", "USER#", "PROFILE", _number_after_pk, frozenset({"last_activity"})),
    _Kind("membership", "meta", "USER#", "MEMBER#", _membership),
    _Kind("identity", "meta", "USER#", "IDENTITY#", _number_after_pk),
    _Kind("personal token", "meta", "USER#", "TOKEN", _number_after_pk),
    _Kind("organization", "meta", "ORG#", "PROFILE", _number_after_pk),
    _Kind("group", "meta", "ORG#", "GROUP#", _number_after_sk),
    _Kind("invitation", "meta", "ORG#", "INVITATION#", _number_after_sk),
    _Kind("session", "meta", "SESSION#", "SESSION", _opaque, frozenset({"expires_at", "used_at"})),
    _Kind("password reset", "meta", "RESET#", "RESET", _opaque),
    _Kind("view", "meta", "VIEWS#", "", _number_after_sk),
    _Kind("upload", "meta", "UP#", "", _number_after_sk),
    _Kind("export", "meta", "EX#", "", _number_after_sk),
    _Kind("label", "meta", "LABELS#", "L#", _number_after_sk),
    _Kind("label link", "meta", "LABELS#", "K#", _number_after_sk),
    _Kind("flag", "flags", "ROLLOUTS", "", lambda _pk, sk: sk),
)


class AuditTrail:
    """Makes the records of writes, for whoever acts now."""

    def __init__(self, table: Callable[[str], str], now: Clock) -> None:
        """`table` gives a table's full name."""
        self._now = now
        self._events = table(EVENTS)
        self._kinds: dict[str, list[_Kind]] = {}
        for kind in _KINDS:
            self._kinds.setdefault(table(kind.table), []).append(kind)

    def remember(self, table: str, item: Plain) -> None:
        """Note how an item stands that was read, should it be changed now."""
        actor = current_actor()
        if actor is not None and table in self._kinds:
            actor.knows(table, item, item)

    def record(self, writes: Sequence[Write]) -> Write | None:
        """The write of the record that belongs to these, or None where they are nothing to tell of."""
        actor = current_actor()
        if actor is None:
            return None
        changes = [change for write in writes if (change := self._change(write, actor)) is not None]
        return self._stored(actor, changes, writes) if changes else None

    def note(self, change: ItemChange) -> Write | None:
        """The write of a record of something that another kind of store keeps."""
        actor = current_actor()
        return self._stored(actor, [change], ()) if actor is not None else None

    def _change(self, write: Write, actor: Actor) -> ItemChange | None:
        kind = self._kind(write)
        if kind is None or write.key is None:
            return None
        if write.operation == "Update" and kind.technical.issuperset({*write.setting, *write.adding}):
            return None
        pk, sk = str(write.key["pk"]), write.key["sk"]
        table = str(write.arguments["TableName"])
        before = actor.seen.get((table, pk, sk))
        after = _after_of(write, before)
        actor.knows(table, write.key, after)
        verb = "updated" if write.operation == "Put" and before is not None else _VERBS[write.operation]
        return ItemChange(
            kind.name,
            kind.named(pk, str(sk)),
            verb,
            None if before is None else digest_of_item(before),
            None if after is None else digest_of_item(after),
        )

    def _kind(self, write: Write) -> _Kind | None:
        kinds = self._kinds.get(str(write.arguments["TableName"]))
        if kinds is None or write.key is None:
            return None
        pk, sk = str(write.key["pk"]), str(write.key["sk"])
        return next((kind for kind in kinds if pk.startswith(kind.pk) and sk.startswith(kind.sk)), None)

    def _stored(self, actor: Actor, changes: Sequence[ItemChange], writes: Sequence[Write]) -> Write:
        name = secrets.token_hex(8)
        whereabouts = Whereabouts(actor.address, actor.agent[:MAX_AGENT], secrets.token_hex(8))
        record = AuditRecord(
            id=name,
            at=iso(self._now()),
            organization=actor.organization_id or _organization_of(writes),
            user=actor.user_id if actor.user_id is not None else _user_of(writes),
            operation=actor.operation,
            request=actor.request_id,
            changes=changes,
            whereabouts=whereabouts,
        )
        item = {
            **open_key(int(name[:2], 16) % SHARDS, record.at, name),
            "sv": SCHEMA_VERSION,
            "body": canonical(record.body()),
            "whereabouts": canonical(whereabouts.told()),
        }
        return put(self._events, item)


def open_key(shard: int, at: str, name: str) -> dict[str, str | int]:
    """Where a record waits to be sealed; those of a shard in the order of their moments."""
    return {"pk": open_partition(shard), "sk": f"{at}#{name}"}


def open_partition(shard: int) -> str:
    """The partition of the records of a shard that wait."""
    return f"OPEN#{shard}"


def _after_of(write: Write, before: Mapping[str, object] | None) -> Plain | None:
    """The item after the write; of one that was not read before, what was written to it."""
    if write.operation == "Delete" or write.key is None:
        return None
    after: Plain = {**(before or {}), **write.key} if write.operation == "Update" else {**write.key}
    after.update(write.setting)
    for name, number in write.adding.items():
        after[name] = after.get(name, 0) + number
    return from_wire(to_wire(after))  # as it will be read: the next change says the same of it


def _organization_of(writes: Sequence[Write]) -> int:
    """The organization that the writes themselves name: for those who sign up or in."""
    for write in writes:
        pk, sk = str((write.key or {}).get("pk", "")), str((write.key or {}).get("sk", ""))
        if pk.startswith(("ORG#", "OP#")):
            return int(_after(pk))
        if sk.startswith("MEMBER#"):
            return int(_after(sk))
        if isinstance(number := write.setting.get("organization_id"), int):
            return number
    return 0


def _user_of(writes: Sequence[Write]) -> int | None:
    for write in writes:
        if isinstance(number := write.setting.get("user_id"), int):
            return number
    return None
