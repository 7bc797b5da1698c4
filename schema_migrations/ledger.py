"""What has been applied, by whom, and who may work now: rows of the `migrations` table.

pk = "LOCK"      the one runner that may work, with the end of its lease
pk = "M#<id>"    a migration: state, checksum, checkpoint, counts, error, times

A migration's row is written in one transaction with the lease, on the condition that it is still the
writer's: a runner that slept while another one took over can change nothing any more.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.clock import from_iso, iso
from chalicelib.errors import ConflictError

LEASE = timedelta(seconds=60)
BUSY = "Another runner is applying migrations; try again when it is done."
TRIES = 8
TRY_AGAIN_S = 0.1


class BusyError(ConflictError):
    """Another runner holds the lease."""

    code = "busy"
    retryable = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One migration's row. `checkpoint` is whatever the migration needs to go on after a kill."""

    name: str
    state: str
    checksum: str
    changed_at: datetime
    checkpoint: dict[str, Any]
    started_at: datetime
    seen: int = 0
    written: int = 0
    error: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may work, and until when if it gives no sign of life any more."""

    owner: str
    until: datetime


class Ledger:
    """The rows, and the lock that keeps two runners from meeting. May be used by several threads."""

    def __init__(self, dynamodb: Any, table: str, owner: str, now: Callable[[], datetime]) -> None:
        """`owner` names this runner and no other; `dynamodb` is a botocore client."""
        self._db = dynamodb
        self._table = table
        self._owner = owner
        self._now = now
        self._turn = Lock()

    def entries(self) -> dict[str, Entry]:
        """Every row, by the migration's name."""
        found: dict[str, Entry] = {}
        for page in self._db.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            for item in page["Items"]:
                if item["pk"]["S"].startswith("M#"):
                    entry = _entry(item)
                    found[entry.name] = entry
        return found

    def holder(self) -> Holder | None:
        """Who holds the lease, also one that has run out; None when it was given back."""
        item = self._db.get_item(TableName=self._table, Key=_key("LOCK"), ConsistentRead=True).get("Item")
        return Holder(item["owner"]["S"], from_iso(item["until"]["S"])) if item else None

    def lock(self) -> None:
        """Become the runner, or renew the lease. `BusyError` while another one holds it."""
        now = self._now()
        self._do(
            "put_item",
            TableName=self._table,
            Item={**_key("LOCK"), "owner": {"S": self._owner}, "until": {"S": iso(now + LEASE)}},
            ConditionExpression="attribute_not_exists(pk) OR #o = :me OR #u < :now",
            ExpressionAttributeNames={"#o": "owner", "#u": "until"},
            ExpressionAttributeValues={":me": {"S": self._owner}, ":now": {"S": iso(now)}},
        )

    def unlock(self) -> None:
        """Give up the lock, if it is still ours."""
        try:
            self._do(
                "delete_item",
                TableName=self._table,
                Key=_key("LOCK"),
                ConditionExpression="#o = :me",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":me": {"S": self._owner}},
            )
        except BusyError:
            return

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the runner while entered, and renew the lease however long a page takes. `BusyError`."""
        self.lock()
        is_over = Event()
        pulse = Thread(target=self._renew, args=(is_over,), name="migrations-lease", daemon=True)
        pulse.start()
        try:
            yield
        finally:
            is_over.set()
            pulse.join()
            self.unlock()

    def _renew(self, is_over: Event) -> None:
        while not is_over.wait(LEASE.total_seconds() / 4):
            try:
                self.lock()
            except BusyError:
                return  # lost for good: the next page that is saved says so
            except (ClientError, BotoCoreError):
                continue

    def write(self, entry: Entry) -> None:
        """Put a migration's row and renew the lease. `BusyError` when that is another runner's by now."""
        item = {
            **_key(f"M#{entry.name}"),
            "sv": {"N": "1"},
            "state": {"S": entry.state},
            "checksum": {"S": entry.checksum},
            "checkpoint": {"S": json.dumps(entry.checkpoint)},
            "seen": {"N": str(entry.seen)},
            "written": {"N": str(entry.written)},
            "error": {"S": entry.error},
            "owner": {"S": self._owner},
            "started_at": {"S": iso(entry.started_at)},
            "changed_at": {"S": iso(self._now())},
        }
        self._with_lease({"Put": {"TableName": self._table, "Item": item}})

    def forget(self, name: str) -> None:
        """Remove a migration's row, after its `down`. `BusyError` as for writing."""
        self._with_lease({"Delete": {"TableName": self._table, "Key": _key(f"M#{name}")}})

    def _with_lease(self, write: dict[str, Any]) -> None:
        renewal = {
            "TableName": self._table,
            "Key": _key("LOCK"),
            "UpdateExpression": "SET #u = :until",
            "ConditionExpression": "#o = :me",
            "ExpressionAttributeNames": {"#o": "owner", "#u": "until"},
            "ExpressionAttributeValues": {
                ":me": {"S": self._owner},
                ":until": {"S": iso(self._now() + LEASE)},
            },
        }
        self._do("transact_write_items", TransactItems=[{"Update": renewal}, write])

    def _do(self, method: str, **request: Any) -> None:
        """One write at a time; again where another runner's met it. `BusyError` when its condition fails."""
        for attempt in range(TRIES):
            try:
                with self._turn:
                    getattr(self._db, method)(**request)
                return
            except ClientError as error:
                codes = {error.response["Error"]["Code"]}
                codes |= {str(reason.get("Code")) for reason in error.response.get("CancellationReasons", ())}
                if codes & {"ConditionalCheckFailedException", "ConditionalCheckFailed"}:
                    raise BusyError(BUSY) from error
                conflicts = {"TransactionConflictException", "TransactionConflict"}
                if not codes & conflicts or attempt == TRIES - 1:
                    raise
            time.sleep(TRY_AGAIN_S)


def _key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}


def _entry(item: dict[str, Any]) -> Entry:
    """The entry of a row; rows of older runners have no counts and times of their own."""
    return Entry(
        name=item["pk"]["S"].removeprefix("M#"),
        state=item["state"]["S"],
        checksum=item["checksum"]["S"],
        changed_at=from_iso(item["changed_at"]["S"]),
        checkpoint=json.loads(item["checkpoint"]["S"]),
        started_at=from_iso(item.get("started_at", item["changed_at"])["S"]),
        seen=int(item.get("seen", {"N": "0"})["N"]),
        written=int(item.get("written", {"N": "0"})["N"]),
        error=item.get("error", {"S": ""})["S"],
        owner=item.get("owner", {"S": ""})["S"],
    )
