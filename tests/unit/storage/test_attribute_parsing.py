"""DynamoDB's answers are read as botocore reads them, only faster."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from botocore.parsers import ResponseParserFactory
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.storage.attribute_parsing import AttributeParsers

MODEL = get_session().get_service_model("dynamodb")
SQS = get_session().get_service_model("sqs")

binary = st.binary(max_size=20).map(lambda raw: b64encode(raw).decode())
leaves = st.one_of(
    st.text(max_size=8).map(lambda text: {"S": text}),
    st.integers().map(lambda number: {"N": str(number)}),
    binary.map(lambda text: {"B": text}),
    st.booleans().map(lambda yes: {"BOOL": yes}),
    st.just({"NULL": True}),
    st.lists(st.text(max_size=3), min_size=1, max_size=3).map(lambda texts: {"SS": texts}),
    st.lists(binary, min_size=1, max_size=3).map(lambda raws: {"BS": raws}),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: {"L": each}),
        st.dictionaries(st.text(max_size=4), inner, max_size=3).map(lambda each: {"M": each}),
    ),
    max_leaves=6,
)
items = st.dictionaries(st.text(min_size=1, max_size=4), values, max_size=5)


def parsed(factory: ResponseParserFactory, model: Any, operation: str, body: Any, status: int = 200) -> Any:
    response = {"body": json.dumps(body).encode(), "headers": {}, "status_code": status}
    shape = model.operation_model(operation).output_shape
    return factory.create_parser("json").parse(response, shape)


@given(found=st.lists(items, max_size=3), last=items)
def test_pages_of_items(found: list[Any], last: Any) -> None:
    body = {
        "Items": found,
        "Count": len(found),
        "LastEvaluatedKey": last,
        "ConsumedCapacity": {"CapacityUnits": 1.5, "TableName": "t"},
    }

    ours = parsed(AttributeParsers(), MODEL, "Query", body)

    assert ours == parsed(ResponseParserFactory(), MODEL, "Query", body)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("GetItem", {"Item": {"b": {"B": "AAE="}}}),
        ("GetItem", {}),
        ("BatchGetItem", {"Responses": {"t": [{"a": {"N": "1"}}]}, "UnprocessedKeys": {}}),
        (
            "BatchGetItem",
            {"UnprocessedKeys": {"t": {"Keys": [{"pk": {"B": "AA=="}}], "ConsistentRead": True}}},
        ),
        ("UpdateItem", {"Attributes": {"m": {"M": {"x": {"L": [{"B": "AA=="}]}}}}}),
        ("DescribeTable", {"Table": {"TableName": "t", "CreationDateTime": 1.5}}),
    ],
)
def test_other_answers(operation: str, body: Any) -> None:
    assert parsed(AttributeParsers(), MODEL, operation, body) == parsed(
        ResponseParserFactory(), MODEL, operation, body
    )


def test_errors_with_the_item_that_was_met() -> None:
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": {"b": {"B": "AAE="}}}],
    }

    ours = parsed(AttributeParsers(), MODEL, "TransactWriteItems", body, 400)

    assert ours == parsed(ResponseParserFactory(), MODEL, "TransactWriteItems", body, 400)


def test_maps_of_other_services() -> None:
    body = {"Attributes": {"VisibilityTimeout": "30"}}

    assert parsed(AttributeParsers(), SQS, "GetQueueAttributes", body) == parsed(
        ResponseParserFactory(), SQS, "GetQueueAttributes", body
    )


def test_what_is_not_json_is_left_to_botocore() -> None:
    ours = AttributeParsers().create_parser("rest-xml")

    assert type(ours) is type(ResponseParserFactory().create_parser("rest-xml"))
