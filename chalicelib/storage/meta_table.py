"""The few operations that repositories need of a table whose keys are the texts `pk` and `sk`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.storage.items import Item, decode_item, encode, encode_item, is_condition_failure

SCHEMA_VERSION = 1
BATCH = 100


@dataclass(frozen=True)
class MetaTable:
    """The table by its name, and the client to reach it."""

    client: Any
    name: str

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """A row, read consistently, or None."""
        key = {"pk": encode(pk), "sk": encode(sk)}
        found = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True).get("Item")
        return decode_item(found) if found else None

    def query(self, pk: str, sk_prefix: str = "") -> list[dict[str, Any]]:
        """All rows of a partition whose sort key begins so, in order, read consistently."""
        condition = "pk = :pk"
        values = {":pk": encode(pk)}
        if sk_prefix:
            condition += " AND begins_with(sk, :sk)"
            values[":sk"] = encode(sk_prefix)
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        return [decode_item(item) for page in pages for item in page["Items"]]

    def batch_get(self, keys: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """Those of the rows that exist, in any order."""
        wanted: list[Item] = [{"pk": encode(pk), "sk": encode(sk)} for pk, sk in keys]
        rows: list[dict[str, Any]] = []
        while wanted:
            now, wanted = wanted[:BATCH], wanted[BATCH:]
            answer = self.client.batch_get_item(RequestItems={self.name: {"Keys": now}})
            rows += [decode_item(item) for item in answer["Responses"].get(self.name, [])]
            wanted += answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return rows

    def put(self, row: Mapping[str, object], *, condition: str = "", **values: object) -> bool:
        """Write a row if the condition holds (`:name` in it is the value of that name); whether it did."""
        try:
            self.client.put_item(**self.putting(row, condition=condition, **values)["Put"])
        except ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def delete(self, pk: str, sk: str, *, condition: str = "", **values: object) -> bool:
        """Remove a row if the condition holds; whether it did."""
        try:
            self.client.delete_item(**self.deleting(pk, sk, condition=condition, **values)["Delete"])
        except ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def transact(self, *writes: dict[str, Any]) -> bool:
        """Do all writes or none; whether their conditions held."""
        try:
            self.client.transact_write_items(TransactItems=list(writes))
        except ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def add(self, pk: str, sk: str, *, expires_at: datetime | None = None) -> int:
        """Raise the row's `n` by one and give it; the row goes away after `expires_at`."""
        expression, values = "ADD n :one", {":one": encode(1)}
        if expires_at is not None:
            expression += " SET expires_at = :end"
            values[":end"] = encode(int(expires_at.timestamp()))
        answer = self.client.update_item(
            TableName=self.name,
            Key={"pk": encode(pk), "sk": encode(sk)},
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["n"]["N"])

    def putting(self, row: Mapping[str, object], *, condition: str = "", **values: object) -> dict[str, Any]:
        """A put as a part of a transaction."""
        item = encode_item({**row, "sv": SCHEMA_VERSION})
        return {"Put": {"TableName": self.name, "Item": item, **_condition(condition, values)}}

    def deleting(self, pk: str, sk: str, *, condition: str = "", **values: object) -> dict[str, Any]:
        """A deletion as a part of a transaction."""
        key = {"pk": encode(pk), "sk": encode(sk)}
        return {"Delete": {"TableName": self.name, "Key": key, **_condition(condition, values)}}


NEW = "attribute_not_exists(pk)"


def _condition(expression: str, values: Mapping[str, object]) -> dict[str, Any]:
    if not expression:
        return {}
    condition: dict[str, Any] = {"ConditionExpression": expression}
    if values:
        condition["ExpressionAttributeValues"] = {f":{name}": encode(value) for name, value in values.items()}
    return condition
