"""A failed transaction leaves everything as it was, in moto as it comes and with its thrifty transactions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.storage.tables import META, creation
from tests.integration.storage.conftest import make_client
from tests.moto_transactions import thrifty

NAME = "t-meta"


def key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}, "sk": {"S": "-"}}


def records() -> int:
    shard = dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].tables[NAME].stream_shard
    assert shard is not None
    return len(shard.items)


@pytest.mark.parametrize("transactions", [nullcontext, thrifty])
@pytest.mark.parametrize("holds", [True, False])
def test_all_or_nothing_is_written(
    transactions: Callable[[], AbstractContextManager[None]], holds: bool
) -> None:
    count = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    with mock_aws(), transactions():
        client = make_client(None)
        client.create_table(**creation(META, "t-"))
        for name in ("changed", "replaced", "removed"):
            client.put_item(TableName=NAME, Item={**key(name), "n": {"N": "1"}})
        before, told = client.scan(TableName=NAME)["Items"], records()
        condition = f"attribute_{'not_' if holds else ''}exists(pk)"
        writes = [
            {"Update": {"TableName": NAME, "Key": key("changed"), **count}},
            {"Update": {"TableName": NAME, "Key": key("new"), **count}},
            {"Put": {"TableName": NAME, "Item": {**key("replaced"), "n": {"N": "7"}}}},
            {"Delete": {"TableName": NAME, "Key": key("removed")}},
            {"ConditionCheck": {"TableName": NAME, "Key": key("none"), "ConditionExpression": condition}},
        ]

        if holds:
            client.transact_write_items(TransactItems=writes)
        else:
            with pytest.raises(client.exceptions.TransactionCanceledException):
                client.transact_write_items(TransactItems=writes)

        found = {item["pk"]["S"]: item["n"]["N"] for item in client.scan(TableName=NAME)["Items"]}
        if holds:
            assert found == {"changed": "2", "new": "1", "replaced": "7"}
        else:
            assert client.scan(TableName=NAME)["Items"] == before
            assert records() == told
