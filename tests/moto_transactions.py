"""Lets moto's transactions cost what they write: `thrifty()`, while entered.

Before a transaction moto copies the whole table, once for each of its writes, to put the copy back should
one of them fail: ninety-nine writes to a table of a thousand items copied a hundred thousand. Here what is
written to is copied alone, and put back alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

Undo = Callable[[], None]


@contextmanager
def thrifty() -> Iterator[None]:
    """While entered, a failed transaction takes back what it wrote, item by item."""
    transact = DynamoDBBackend.transact_write_items

    def transact_or_undo(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        undos = _undos(backend.tables, transact_items)
        try:
            transact(backend, transact_items)
        except Exception:
            for undo in undos:
                undo()
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoDBBackend, "transact_write_items", transact_or_undo)
        # the copy of the table that moto makes and puts back: the table itself
        patch.setattr(Table, "__deepcopy__", lambda table, _memo: table, raising=False)
        yield


def _undos(tables: Mapping[str, Table], writes: Sequence[Mapping[str, Any]]) -> list[Undo]:
    """What makes everything that the writes may change as it is now."""
    undos: list[Undo] = []
    for write in writes:
        arguments = next(iter(write.values()))
        table = tables.get(arguments.get("TableName", ""))
        key = arguments.get("Key") or arguments.get("Item") or {}
        if table is None or not set(table.table_key_attrs) <= set(key):
            continue  # refused before anything is written
        undos += [_undo_of_item(table, key), _undo_of_stream(table)]
    return undos


def _undo_of_item(table: Table, key: Mapping[str, Any]) -> Undo:
    # every table of ours has both
    hash_value, range_value = (DynamoType(key[name]) for name in table.table_key_attrs)
    items: dict[DynamoType, Any] = table.items[hash_value]
    before = deepcopy(items.get(range_value))

    def undo() -> None:
        if before is None:
            items.pop(range_value, None)
        else:
            items[range_value] = before

    return undo


def _undo_of_stream(table: Table) -> Undo:
    shard, length = table.stream_shard, len(table.stream_shard.items) if table.stream_shard else 0

    def undo() -> None:
        if shard:
            del shard.items[length:]

    return undo
