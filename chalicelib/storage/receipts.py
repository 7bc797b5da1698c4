"""Receipts of requests that were made under an idempotency key, in the `meta` table.

RECEIPT#<user>#<hash of the key>   RECEIPT   what was asked, and what was answered once it was
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.auth.passwords import fingerprint
from chalicelib.clock import Clock
from chalicelib.storage.meta_table import MetaTable

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
"""After this long an unanswered request is taken to have died; no function runs longer behind a gateway."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a key was used for; `answer` is None while the request is still being served."""

    asked: str
    answer: bytes | None


class DynamoReceiptRepository:
    """Receipts in DynamoDB."""

    def __init__(self, table: MetaTable, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def begin(self, user_id: int, key: str, *, asked: str) -> Receipt | None:
        """Claim the key for a request; None when it is claimed, else what it was used for before."""
        now = self._clock()
        row = {**_key(user_id, key), "asked": asked, "begun_at": _s(now), "expires_at": _s(now + KEPT)}
        claimed = self._table.put(
            row,
            condition="attribute_not_exists(pk) OR expires_at < :now "
            "OR (attribute_not_exists(answer) AND begun_at < :abandoned)",
            now=_s(now),
            abandoned=_s(now - ABANDONED),
        )
        if claimed:
            return None
        known = self._table.get(row["pk"], row["sk"])  # type: ignore[arg-type]
        return (
            Receipt(known["asked"], known.get("answer")) if known else self.begin(user_id, key, asked=asked)
        )

    def finish(self, user_id: int, key: str, *, asked: str, answer: bytes) -> None:
        """Keep the answer for the key."""
        now = self._clock()
        row = {**_key(user_id, key), "asked": asked, "answer": answer}
        self._table.put({**row, "begun_at": _s(now), "expires_at": _s(now + KEPT)})

    def forget(self, user_id: int, key: str) -> None:
        """Free the key: its request had no effect."""
        self._table.delete(**_key(user_id, key))


def _key(user_id: int, key: str) -> dict[str, str]:
    return {"pk": f"RECEIPT#{user_id}#{fingerprint(key)}", "sk": "RECEIPT"}


def _s(moment: datetime) -> int:
    return int(moment.timestamp())
