"""Receipts of requests that were made under an idempotency key, in the `meta` table.

RECEIPT#<user>#<hash of the key>   RECEIPT   what was asked, and what was answered once it was
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.auth.passwords import fingerprint
from chalicelib.clock import Clock
from chalicelib.storage.dynamo import ConditionError, Dynamo, Write, delete, put
from chalicelib.storage.values import to_wire

META = "meta"
SCHEMA_VERSION = 1
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

    def __init__(self, dynamo: Dynamo, clock: Clock) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)
        self._clock = clock

    def begin(self, user_id: int, key: str, *, asked: str) -> Receipt | None:
        """Claim the key for a request; None when it is claimed, else what it was used for before."""
        now = self._clock()
        row = {
            **_key(user_id, key),
            "sv": SCHEMA_VERSION,
            "asked": asked,
            "begun_at": _s(now),
            "expires_at": _s(now + KEPT),
        }
        values = to_wire({":now": _s(now), ":abandoned": _s(now - ABANDONED)})
        claim = {
            "TableName": self._meta,
            "Item": to_wire(row),
            "ConditionExpression": "attribute_not_exists(pk) OR expires_at < :now "
            "OR (attribute_not_exists(answer) AND begun_at < :abandoned)",
            "ExpressionAttributeValues": values,
        }
        try:
            self._dynamo.write(Write("Put", claim))
        except ConditionError:
            known = self._dynamo.get(META, _key(user_id, key))
            if known is None:
                return self.begin(user_id, key, asked=asked)
            return Receipt(known["asked"], known.get("answer"))
        return None

    def finish(self, user_id: int, key: str, *, asked: str, answer: bytes) -> None:
        """Keep the answer for the key."""
        now = self._clock()
        row = {**_key(user_id, key), "sv": SCHEMA_VERSION, "asked": asked, "answer": answer}
        self._dynamo.write(put(self._meta, {**row, "begun_at": _s(now), "expires_at": _s(now + KEPT)}))

    def forget(self, user_id: int, key: str) -> None:
        """Free the key: its request had no effect."""
        self._dynamo.write(delete(self._meta, _key(user_id, key)))


def _key(user_id: int, key: str) -> dict[str, str]:
    return {"pk": f"RECEIPT#{user_id}#{fingerprint(key)}", "sk": "RECEIPT"}


def _s(moment: datetime) -> int:
    return int(moment.timestamp())
