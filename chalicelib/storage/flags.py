"""Rollouts of flags, their changes and who met them, in the `flags` table.

ROLLOUTS         <flag>            the rollout; `body` is it as JSON, `version` counts its changes
CHANGES#<flag>   <moment>#<version>   one change: who, and both bodies
SEEN#<flag>      <user>            that the person met the flag, and which value
SEEN             <flag>            how many met each value: `n_<value>`
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.clock import iso
from chalicelib.errors import StaleVersionError
from chalicelib.flags.records import FlagChange, StoredRollout
from chalicelib.storage.dynamo import ConditionError, Dynamo, put, update

FLAGS = "flags"
ROLLOUTS = "ROLLOUTS"
COUNTS = "SEEN"
SCHEMA_VERSION = 1


class DynamoFlagStore:
    """`FlagStore` in DynamoDB."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._table = dynamo.table(FLAGS)

    def rollouts(self) -> dict[str, StoredRollout]:
        """All that was decided, by flag: one query of a few items."""
        rows = self._dynamo.query(FLAGS, ROLLOUTS)
        return {row["sk"]: StoredRollout(json.loads(row["body"]), int(row["version"])) for row in rows}

    def save(self, flag: str, rollout: StoredRollout, change: FlagChange) -> None:
        """Store a version and the change that made it, or StaleVersionError and nothing."""
        key = {"pk": ROLLOUTS, "sk": flag}
        row = {**key, "sv": SCHEMA_VERSION, "body": _json(rollout.body), "version": rollout.version}
        note = {
            "pk": f"CHANGES#{flag}",
            "sk": f"{iso(change.moment)}#{rollout.version:09d}",
            "sv": SCHEMA_VERSION,
            "user": change.user,
            "before": _json(change.before),
            "after": _json(change.after),
        }
        if rollout.version == 1:
            first = put(self._table, row, only_new=True)
        else:
            changed = {"body": row["body"], "version": rollout.version}
            first = update(self._table, key, setting=changed, only_if={"version": rollout.version - 1})
        try:
            self._dynamo.transact([first, put(self._table, note)])
        except ConditionError as error:
            raise StaleVersionError("Somebody else has changed the flag meanwhile.") from error

    def changes(self, flag: str, limit: int) -> list[FlagChange]:
        """The newest first."""
        rows = self._dynamo.query(FLAGS, f"CHANGES#{flag}", forward=False, limit=limit)
        return [
            FlagChange(
                moment=datetime.fromisoformat(row["sk"].partition("#")[0]),
                user=int(row["user"]),
                before=json.loads(row["before"]),
                after=json.loads(row["after"]),
            )
            for row in rows
        ]

    def note_seen(self, flag: str, user: int, value: str) -> bool:
        """Count the person once a flag, with the value they met first. Whether they were counted now."""
        seen = {"pk": f"SEEN#{flag}", "sk": str(user), "sv": SCHEMA_VERSION, "value": value}
        count = update(self._table, {"pk": COUNTS, "sk": flag}, adding={f"n_{value}": 1})
        try:
            self._dynamo.transact([put(self._table, seen, only_new=True), count])
        except ConditionError:
            return False
        return True

    def seen(self) -> dict[str, dict[str, int]]:
        """How many people met which value, by flag."""
        rows = self._dynamo.query(FLAGS, COUNTS)
        return {row["sk"]: _counts(row) for row in rows}


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {name[2:]: int(number) for name, number in row.items() if name.startswith("n_")}


def _json(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), sort_keys=True)
