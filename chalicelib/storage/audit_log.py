"""The audit log in the `events` table: records that wait, and each organization's chain of sealed ones.

OPEN#<shard>            <moment>#<id>   a record that waits; `audit_trail.py` writes it
LOG#<org>#<segment>     <number>        a sealed record; a segment has 10,000
HEADS                   <org>           how far the chain goes, and up to where it is signed
CHECKPOINTS#<org>       <number>        a checkpoint
FORGETTING              <user>          whose whereabouts are to be forgotten, and how far that has got
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.audit.chain import (
    ChainState,
    Checkpoint,
    Forgetting,
    Head,
    SealedRecord,
    WaitingRecord,
)
from chalicelib.domain.audit.records import canonical
from chalicelib.errors import ContentionError
from chalicelib.storage.audit_trail import EVENTS, SCHEMA_VERSION, SHARDS, open_partition
from chalicelib.storage.dynamo import ConditionError, Dynamo, Write, delete, put, update

SEGMENT = 10_000
HEADS = "HEADS"
FORGETTING = "FORGETTING"


class DynamoAuditLog:
    """`AuditLogStore` in DynamoDB."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._table = dynamo.table(EVENTS)

    def waiting(self, *, before: str, limit: int) -> list[WaitingRecord]:
        """The oldest records of each shard that were made before a moment (ISO 8601), by moment."""
        found = [
            WaitingRecord((row["pk"], row["sk"]), json.loads(row["body"]), json.loads(row["whereabouts"]))
            for shard in range(SHARDS)
            for row in self._dynamo.query(EVENTS, open_partition(shard), sk=("<", [before]), limit=limit)
        ]
        return sorted(found, key=lambda record: record.place[1])

    def chain(self, organization: int) -> ChainState:
        """How far the organization's chain goes."""
        row = self._dynamo.get(EVENTS, _head_key(organization))
        return ChainState(organization) if row is None else _chain(row)

    def append(
        self, before: ChainState, records: Sequence[SealedRecord], waited: Sequence[WaitingRecord]
    ) -> None:
        """Seal records that waited, all or none. ContentionError when somebody else has sealed meanwhile."""
        organization, last = before.organization, records[-1]
        writes = [put(self._table, _record_item(organization, record), only_new=True) for record in records]
        writes += [_leaving(self._table, record) for record in waited]
        try:
            self._dynamo.transact([self._moving(before, last), *writes])
        except ConditionError as error:
            raise ContentionError("The audit log was sealed by somebody else meanwhile.") from error

    def _moving(self, before: ChainState, last: SealedRecord) -> Write:
        key = _head_key(before.organization)
        values = {"sv": SCHEMA_VERSION, "seq": last.seq, "hash": last.hash}
        if before.head.seq == 0:
            return put(self._table, {**key, **values, "signed": 0, "signed_at": ""}, only_new=True)
        return update(self._table, key, setting=values, only_if={"seq": before.head.seq})

    def sign(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint; keeping it again changes nothing."""
        key = {"pk": _checkpoints(checkpoint.organization), "sk": f"{checkpoint.seq:012d}"}
        row = {**key, "sv": SCHEMA_VERSION, **checkpoint.claim(), "signature": checkpoint.signature}
        head = _head_key(checkpoint.organization)
        note = {"signed": checkpoint.seq, "signed_at": checkpoint.at}
        self._dynamo.transact([put(self._table, row), update(self._table, head, setting=note)])

    def records(self, organization: int, *, after: int, until: int) -> Iterator[SealedRecord]:
        """The sealed records with numbers past `after`, up to `until`, in order."""
        if until <= after:
            return
        for segment in range((after + 1) // SEGMENT, until // SEGMENT + 1):
            bounds = (f"{after + 1:012d}", f"{until:012d}")
            for row in self._dynamo.query(
                EVENTS, _log(organization, segment), sk=("BETWEEN", bounds), consistent=False
            ):
                yield _record(row)

    def newest(self, organization: int, *, before: int) -> Iterator[SealedRecord]:
        """The sealed records with numbers below `before`, the newest first."""
        for segment in range((before - 1) // SEGMENT, -1, -1):
            rows = self._dynamo.query(
                EVENTS,
                _log(organization, segment),
                sk=("<", [f"{before:012d}"]),
                forward=False,
                consistent=False,
            )
            yield from map(_record, rows)

    def checkpoints(self, organization: int, *, after: int, until: int) -> list[Checkpoint]:
        """The checkpoints of records past `after`, up to `until`."""
        if until <= after:
            return []
        bounds = (f"{after + 1:012d}", f"{until:012d}")
        rows = self._dynamo.query(EVENTS, _checkpoints(organization), sk=("BETWEEN", bounds))
        names = ("organization", "seq", "hash", "at", "key", "signature")
        return [Checkpoint(**{name: row[name] for name in names}) for row in rows]

    def organizations(self, *, since: int) -> list[int]:
        """The organizations from a number on that have a chain, in order."""
        return sorted(n for row in self._dynamo.query(EVENTS, HEADS) if (n := int(row["sk"])) >= since)

    def forgettings(self) -> list[Forgetting]:
        """Whose whereabouts are to be forgotten."""
        rows = self._dynamo.query(EVENTS, FORGETTING)
        return [
            Forgetting(int(row["sk"]), row["asked_at"], row["organization"], row.get("before"))
            for row in rows
        ]

    def save_forgetting(self, forgetting: Forgetting) -> None:
        """Note that somebody is to be forgotten, and how far that has got."""
        row = {
            "pk": FORGETTING,
            "sk": str(forgetting.user),
            "sv": SCHEMA_VERSION,
            "asked_at": forgetting.asked_at,
            "organization": forgetting.organization,
            "before": forgetting.before,
        }
        self._dynamo.write(put(self._table, row))

    def end_forgetting(self, forgetting: Forgetting) -> None:
        """It is done."""
        self._dynamo.write(delete(self._table, {"pk": FORGETTING, "sk": str(forgetting.user)}))

    def erase_whereabouts(self, organization: int, record: SealedRecord) -> None:
        """Forget from where a record's changes were made; its place in the chain stays as it is."""
        key = _log_key(organization, record.seq)
        self._dynamo.write(
            update(self._table, key, setting={"whereabouts": None}, only_if={"hash": record.hash})
        )


class S3CheckpointVault:
    """Checkpoints as objects that are never written over: `audit/<organization>/<number>.json`."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is a botocore S3 client."""
        self._s3 = client
        self._bucket = bucket

    def keep(self, checkpoint: Checkpoint) -> None:
        """Store it; harmless when it is there."""
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"audit/{checkpoint.organization}/{checkpoint.seq:012d}.json",
                Body=canonical(checkpoint.told()).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise


def _head_key(organization: int) -> dict[str, Any]:
    return {"pk": HEADS, "sk": str(organization)}


def _checkpoints(organization: int) -> str:
    return f"CHECKPOINTS#{organization}"


def _log(organization: int, segment: int) -> str:
    return f"LOG#{organization}#{segment}"


def _log_key(organization: int, seq: int) -> dict[str, Any]:
    return {"pk": _log(organization, seq // SEGMENT), "sk": f"{seq:012d}"}


def _leaving(table: str, record: WaitingRecord) -> Write:
    pk, sk = record.place
    return delete(table, {"pk": pk, "sk": sk}, only_if={"sk": sk})


def _record_item(organization: int, record: SealedRecord) -> dict[str, Any]:
    return {
        **_log_key(organization, record.seq),
        "sv": SCHEMA_VERSION,
        "hash": record.hash,
        "body": canonical(dict(record.body)),
        "whereabouts": None if record.whereabouts is None else canonical(dict(record.whereabouts)),
    }


def _record(row: dict[str, Any]) -> SealedRecord:
    whereabouts = json.loads(row["whereabouts"]) if row.get("whereabouts") else None
    return SealedRecord(int(row["sk"]), row["hash"], json.loads(row["body"]), whereabouts)


def _chain(row: dict[str, Any]) -> ChainState:
    return ChainState(int(row["sk"]), Head(row["seq"], row["hash"]), row["signed"], row["signed_at"])
