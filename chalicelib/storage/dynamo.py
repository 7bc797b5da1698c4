"""One small door to DynamoDB: Python values in and out, typed errors, bounded retries.

botocore retries what is throttled or lost on the way; here is what it leaves to us: conflicting
transactions, unprocessed parts of batches, pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, Protocol
from uuid import uuid4

from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from chalicelib.errors import UpstreamError
from chalicelib.storage.values import Plain, from_wire, to_wire, value_to_wire

MAX_TRANSACTION_ITEMS = 99
"""DynamoDB's limit is 100; one is left for the audit log's record."""
MAX_TRANSACTION_BYTES = 3_500_000
"""DynamoDB's limit is 4 MB; the rest is for names and numbers, and for the record."""
MAX_BATCH_GET = 100
ATTEMPTS = 8
_LOST = (ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError)
_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_BUSY_ERRORS = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
    }
)


class ConditionError(Exception):
    """A condition did not hold and nothing was written; `failed` are the indexes of those writes.

    `found` is the item that a single write with `give_new` met, if there is one.
    """

    def __init__(self, failed: Sequence[int], found: Plain | None = None) -> None:
        super().__init__(f"conditions {list(failed)} did not hold")
        self.failed = tuple(failed)
        self.found = found


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a transaction: the operation (`Put`, `Update`, `Delete`) and its arguments.

    `size` is an estimate of its bytes, for packing transactions. `key`, and what is set and added, are there
    again in Python's values, for the audit log; it is told of no write without a key.
    """

    operation: str
    arguments: Mapping[str, Any]
    size: int = 1024
    key: Mapping[str, Any] | None = None
    setting: Mapping[str, Any] = field(default_factory=dict)
    adding: Mapping[str, int | float] = field(default_factory=dict)


class Trail(Protocol):
    """What the audit log wants of every read and write."""

    def remember(self, table: str, item: Plain) -> None:
        """An item of a table (by its full name) was read."""

    def record(self, writes: Sequence[Write]) -> Write | None:
        """What is to be written together with these, if anything."""


class Expressions:
    """Collects names and values for expressions, so that no name can be a reserved word."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        """A placeholder for an attribute."""
        return self._names.setdefault(attribute, f"#{len(self._names)}")

    def value(self, value: Any) -> str:
        """A placeholder for a value."""
        placeholder = f":{len(self._values)}"
        self._values[placeholder] = value_to_wire(value)
        return placeholder

    def arguments(self) -> dict[str, Any]:
        """The arguments that say what the placeholders stand for."""
        named = {placeholder: attribute for attribute, placeholder in self._names.items()}
        return {
            **({"ExpressionAttributeNames": named} if named else {}),
            **({"ExpressionAttributeValues": self._values} if self._values else {}),
        }


class Dynamo:
    """A botocore client and the prefix of our tables."""

    def __init__(
        self,
        client: Any,
        prefix: str,
        *,
        rng: Random | None = None,
        sleep: Callable[[float], None] = time.sleep,
        trail: Trail | None = None,
    ) -> None:
        """`trail` is told of reads and writes, and adds its record to transactions."""
        self._client = client
        self._trail = trail
        self._prefix = prefix
        self._rng = rng or Random()  # noqa: S311  (spreads retries, guards nothing)
        self._sleep = sleep

    def table(self, name: str) -> str:
        """The full name of a table."""
        return f"{self._prefix}{name}"

    def get(self, table: str, key: Mapping[str, Any], *, consistent: bool = True) -> Plain | None:
        """One item, or None."""
        answer = self._call(
            "get_item", TableName=self.table(table), Key=to_wire(key), ConsistentRead=consistent
        )
        item = answer.get("Item")
        return self._read(self.table(table), item) if item is not None else None

    def get_many(self, table: str, keys: Sequence[Mapping[str, Any]]) -> list[Plain]:
        """Those of the items that exist, in no particular order; keys must differ."""
        found: list[Plain] = []
        for start in range(0, len(keys), MAX_BATCH_GET):
            found.extend(self._get_batch(table, keys[start : start + MAX_BATCH_GET]))
        return found

    def _get_batch(self, table: str, keys: Sequence[Mapping[str, Any]]) -> Iterator[Plain]:
        name = self.table(table)
        asked: Any = {name: {"Keys": [to_wire(key) for key in keys], "ConsistentRead": True}}
        barren = 0
        while asked:
            answer = self._call("batch_get_item", RequestItems=asked)
            items = answer["Responses"].get(name, ())
            yield from (self._read(name, item) for item in items)
            asked = answer.get("UnprocessedKeys")
            barren = 0 if items else barren + 1
            if asked:
                self._pause_or_give_up(barren)

    def query(
        self,
        table: str,
        pk: str,
        *,
        sk: tuple[str, Sequence[Any]] | None = None,
        limit: int | None = None,
        consistent: bool = True,
        forward: bool = True,
    ) -> Iterator[Plain]:
        """The items of a partition in order; `sk` is an operator with its values, such as `("<", ["Q"])`."""
        expressions = Expressions()
        condition = f"{expressions.name('pk')} = {expressions.value(pk)}"
        if sk is not None:
            condition += f" AND {_range(expressions, 'sk', *sk)}"
        yield from self._pages(
            limit,
            TableName=self.table(table),
            KeyConditionExpression=condition,
            ConsistentRead=consistent,
            ScanIndexForward=forward,
            **expressions.arguments(),
        )

    def query_index(
        self, table: str, index: Any, hash_value: str, *, between: tuple[str, str], limit: int
    ) -> Iterator[Plain]:
        """The entries of an index's partition within a closed range, in order; eventually consistent."""
        expressions = Expressions()
        condition = f"{expressions.name(index.hash_key)} = {expressions.value(hash_value)} AND "
        condition += _range(expressions, index.range_key, "BETWEEN", between)
        yield from self._pages(
            limit,
            TableName=self.table(table),
            IndexName=index.name,
            KeyConditionExpression=condition,
            **expressions.arguments(),
        )

    def query_index_whole(self, table: str, index: Any, hash_value: str | int) -> Iterator[Plain]:
        """All entries of an index's partition, in order; eventually consistent."""
        expressions = Expressions()
        yield from self._pages(
            None,
            TableName=self.table(table),
            IndexName=index.name,
            KeyConditionExpression=f"{expressions.name(index.hash_key)} = {expressions.value(hash_value)}",
            **expressions.arguments(),
        )

    def _pages(self, limit: int | None, **arguments: Any) -> Iterator[Plain]:
        left = limit
        while left is None or left > 0:
            answer = self._call("query", **arguments, **({} if left is None else {"Limit": left}))
            found = map(from_wire, answer["Items"])
            yield from (
                found
                if "IndexName" in arguments
                else map(partial(self._noted, arguments["TableName"]), found)
            )
            if "LastEvaluatedKey" not in answer:
                return
            left = None if left is None else left - len(answer["Items"])
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, write: Write, *, give_new: bool = False) -> Plain:
        """Do one write by itself. ConditionError when its condition does not hold.

        With `give_new` an update gives the item as it is afterwards; the audit log is not told of it.
        """
        record = self._trail.record([write]) if self._trail and not give_new else None
        if record is not None:
            self._transact([write, record])
            return {}
        method = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}[write.operation]
        extra: dict[str, Any] = {"ReturnValues": "ALL_NEW"} if give_new else {}
        if give_new and "ConditionExpression" in write.arguments:
            extra["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            answer = self._call(method, **write.arguments, **extra)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                found = error.response.get("Item")
                raise ConditionError([0], from_wire(found) if found else None) from error
            raise
        return from_wire(answer.get("Attributes", {}))

    def transact(self, writes: Sequence[Write]) -> None:
        """Do all writes or none. ConditionError names those whose conditions do not hold.

        An attempt whose answer was lost is repeated under the same token, so that it counts once.
        """
        if len(writes) == 1:
            self.write(writes[0])
            return
        record = self._trail.record(writes) if self._trail else None
        self._transact([*writes, record] if record is not None else writes)

    def _transact(self, writes: Sequence[Write]) -> None:
        arguments = {
            "TransactItems": [{write.operation: dict(write.arguments)} for write in writes],
            "ClientRequestToken": str(uuid4()),
        }
        for attempt in range(ATTEMPTS):
            try:
                self._call("transact_write_items", **arguments)
                return
            except ClientError as error:
                reasons = [
                    str(reason.get("Code")) for reason in error.response.get("CancellationReasons", ())
                ]
                failed = [i for i, code in enumerate(reasons) if code == "ConditionalCheckFailed"]
                if failed:
                    raise ConditionError(failed) from error
                if not _BUSY.intersection(reasons):
                    raise
                arguments["ClientRequestToken"] = str(uuid4())
            self._pause_or_give_up(attempt)

    def _read(self, table: str, item: Mapping[str, Any]) -> Plain:
        return self._noted(table, from_wire(item))

    def _noted(self, table: str, item: Plain) -> Plain:
        if self._trail is not None:
            self._trail.remember(table, item)
        return item

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        attempt = 0
        while True:
            try:
                answer: dict[str, Any] = getattr(self._client, method)(**arguments)
                return answer
            except ClientError as error:
                if error.response["Error"]["Code"] not in _BUSY_ERRORS:
                    raise
            except _LOST as error:
                if attempt + 1 >= ATTEMPTS:
                    raise UpstreamError("The database did not answer.") from error
            self._pause_or_give_up(attempt)
            attempt += 1

    def _pause_or_give_up(self, attempt: int) -> None:
        if attempt + 1 >= ATTEMPTS:
            raise UpstreamError("The database is too busy.")
        self._sleep(self._rng.uniform(0, min(1.0, 0.02 * 2**attempt)))


def _range(expressions: Expressions, attribute: str, operator: str, values: Sequence[Any]) -> str:
    name = expressions.name(attribute)
    placeholders = [expressions.value(value) for value in values]
    if operator == "BETWEEN":
        return f"{name} BETWEEN {placeholders[0]} AND {placeholders[1]}"
    if operator == "begins_with":
        return f"begins_with({name}, {placeholders[0]})"
    return f"{name} {operator} {placeholders[0]}"


def put(table: str, item: Mapping[str, Any], *, only_new: bool = False, size: int = 1024) -> Write:
    """Store an item whole; with `only_new` only where there is none."""
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if only_new else {}
    key = {name: item[name] for name in ("pk", "sk")}
    return Write("Put", {"TableName": table, "Item": to_wire(item), **condition}, size, key, item)


def delete(table: str, key: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> Write:
    """Remove an item; with `only_if` only where it has these values."""
    expressions = Expressions()
    condition = _equal(expressions, only_if)
    arguments = {"TableName": table, "Key": to_wire(key), **condition, **expressions.arguments()}
    return Write("Delete", arguments, key=key)


def update(
    table: str,
    key: Mapping[str, Any],
    *,
    setting: Mapping[str, Any] | None = None,
    adding: Mapping[str, int | float] | None = None,
    first: Mapping[str, Any] | None = None,
    only_if: Mapping[str, Any] | None = None,
    size: int = 1024,
) -> Write:
    """Change attributes of an item: set (None removes), add to numbers, set those that it lacks (`first`)."""
    expressions = Expressions()
    setting = setting or {}
    sets = [f"{expressions.name(k)} = {expressions.value(v)}" for k, v in setting.items() if v is not None]
    for name, value in (first or {}).items():
        placeholder = expressions.name(name)
        sets.append(f"{placeholder} = if_not_exists({placeholder}, {expressions.value(value)})")
    removes = [expressions.name(k) for k, v in setting.items() if v is None]
    adds = [f"{expressions.name(k)} {expressions.value(v)}" for k, v in (adding or {}).items()]
    clauses = [("SET", sets), ("REMOVE", removes), ("ADD", adds)]
    expression = " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)
    condition = _equal(expressions, only_if)
    arguments = {"TableName": table, "Key": to_wire(key), "UpdateExpression": expression, **condition}
    return Write("Update", {**arguments, **expressions.arguments()}, size, key, setting, adding or {})


def _equal(expressions: Expressions, only_if: Mapping[str, Any] | None) -> dict[str, str]:
    if not only_if:
        return {}
    parts = [f"{expressions.name(k)} = {expressions.value(v)}" for k, v in only_if.items()]
    return {"ConditionExpression": " AND ".join(parts)}
