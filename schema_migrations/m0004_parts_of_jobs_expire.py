"""Parts of jobs go by themselves, also those that were planned before parts had an end.

A part's row is read only while its job runs; rows of older releases stayed for ever, some hundreds for each
import or export of a million tasks. The code of this release gives an end to each part when it plans; this
gives the same time, from now on, to those without one. Deletions by expiry cost nothing.
"""

from __future__ import annotations

import time
from typing import Any

from schema_migrations.context import Context

SUMMARY = "let parts of jobs that were planned long ago expire"
STAGE = "backfill"
WALKS = ("jobs",)
KEPT_S = 90 * 24 * 3600
SCANNED_AT_ONCE = 1000
PARTS: dict[str, Any] = {
    "FilterExpression": "begins_with(pk, :job) AND begins_with(sk, :part)",
    "ExpressionAttributeValues": {":job": {"S": "J#"}, ":part": {"S": "P#"}},
    "ProjectionExpression": "pk, sk, expires_at",
}


def up(context: Context) -> None:
    """Give an end to every part that has none."""
    end = {"N": str(int(time.time()) + KEPT_S)}

    def work(parts: list[Any]) -> None:
        for part in parts:
            if "expires_at" not in part:
                _change(
                    context, part, "SET expires_at = :end", "attribute_not_exists(expires_at)", {":end": end}
                )

    context.each("jobs", work, Limit=SCANNED_AT_ONCE, **PARTS)


def down(context: Context) -> None:
    """Take the end from all parts; code of this release gives it to those that it plans meanwhile."""

    def work(parts: list[Any]) -> None:
        for part in parts:
            if "expires_at" in part:
                _change(context, part, "REMOVE expires_at", "attribute_exists(expires_at)", {})

    context.each("jobs", work, Limit=SCANNED_AT_ONCE, **PARTS)


def _change(context: Context, part: dict[str, Any], update: str, still: str, values: dict[str, Any]) -> None:
    context.update(
        TableName=context.table("jobs"),
        Key={"pk": part["pk"], "sk": part["sk"]},
        UpdateExpression=update,
        ConditionExpression=f"attribute_exists(pk) AND {still}",
        **({"ExpressionAttributeValues": values} if values else {}),
    )
