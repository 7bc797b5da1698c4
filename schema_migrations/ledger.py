"""What has been applied, by whom, and who may work now: rows of the `migrations` table.

pk = "LOCK"      the one runner that may work, with the end of its lease
pk = "M#<id>"    a migration: state, checksum, checkpoint, times
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.clock import from_iso, iso
from chalicelib.errors import ConflictError

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """One migration's row. `checkpoint` is whatever the migration needs to go on after a kill."""

    name: str
    state: str
    checksum: str
    changed_at: datetime
    checkpoint: dict[str, Any]


class Ledger:
    """The rows, and the lock that keeps two runners from meeting."""

    def __init__(self, dynamodb: Any, table: str, owner: str, now: Callable[[], datetime]) -> None:
        """`owner` names this runner; `dynamodb` is a botocore client."""
        self._db = dynamodb
        self._table = table
        self._owner = owner
        self._now = now

    def entries(self) -> dict[str, Entry]:
        """Every row, by the migration's name."""
        found: dict[str, Entry] = {}
        for page in self._db.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            for item in page["Items"]:
                if item["pk"]["S"].startswith("M#"):
                    entry = _entry(item)
                    found[entry.name] = entry
        return found

    def lock(self) -> None:
        """Become the runner, or renew the lease. `ConflictError` while another one holds it."""
        now = self._now()
        item = {**_key("LOCK"), "owner": {"S": self._owner}, "until": {"S": iso(now + LEASE)}}
        try:
            self._db.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR #o = :me OR #u < :now",
                ExpressionAttributeNames={"#o": "owner", "#u": "until"},
                ExpressionAttributeValues={":me": {"S": self._owner}, ":now": {"S": iso(now)}},
            )
        except ClientError as error:
            raise _busy(error) from error

    def unlock(self) -> None:
        """Give up the lock, if it is still ours."""
        try:
            self._db.delete_item(
                TableName=self._table,
                Key=_key("LOCK"),
                ConditionExpression="#o = :me",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":me": {"S": self._owner}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def write(self, name: str, state: str, checksum: str, checkpoint: dict[str, Any]) -> None:
        """Put a migration's row."""
        self._db.put_item(
            TableName=self._table,
            Item={
                **_key(f"M#{name}"),
                "state": {"S": state},
                "checksum": {"S": checksum},
                "checkpoint": {"S": json.dumps(checkpoint)},
                "changed_at": {"S": iso(self._now())},
            },
        )

    def forget(self, name: str) -> None:
        """Remove a migration's row, after its `down`."""
        self._db.delete_item(TableName=self._table, Key=_key(f"M#{name}"))


def _key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(
        name=item["pk"]["S"].removeprefix("M#"),
        state=item["state"]["S"],
        checksum=item["checksum"]["S"],
        changed_at=from_iso(item["changed_at"]["S"]),
        checkpoint=json.loads(item["checkpoint"]["S"]),
    )


def _busy(error: Exception) -> Exception:
    if (
        isinstance(error, ClientError)
        and error.response["Error"]["Code"] == "ConditionalCheckFailedException"
    ):
        return ConflictError("Another runner is applying migrations; try again when it is done.")
    return error
