"""The tables as data: the local stack, the deployed template and the tests are all made from this.

Nothing here talks to DynamoDB; `creation` gives what its `CreateTable` call wants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

AttributeType = Literal["S", "N"]


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index; `projected` are the attributes it holds beside the keys, often none."""

    name: str
    hash_key: str
    range_key: str
    projected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table, by its name without the deployment's prefix. The keys are always `pk` (text) and `sk`."""

    name: str
    sk_type: AttributeType = "S"
    indexes: tuple[Index, ...] = ()
    index_types: dict[str, AttributeType] = field(default_factory=dict)
    has_stream: bool = False
    expiry_attribute: str | None = None


QUEUE_INDEX = Index("queue", "q", "qk", ("p", "o", "a", "d", "l", "k"))
WORK_INDEX = Index("work", "au", "ap")

TASKS = Table(
    "tasks",
    sk_type="N",
    indexes=(QUEUE_INDEX, WORK_INDEX),
    index_types={"q": "S", "qk": "S", "au": "N", "ap": "N"},
    has_stream=True,
)
ANNOTATIONS = Table("annotations", has_stream=True)
META = Table("meta", has_stream=True, expiry_attribute="expires_at")
FLAGS = Table("flags")
JOBS = Table("jobs", expiry_attribute="expires_at")
MIGRATIONS = Table("migrations")
EVENTS = Table("events", expiry_attribute="expires_at")

TABLES = (TASKS, ANNOTATIONS, META, FLAGS, JOBS, MIGRATIONS, EVENTS)

STREAM_VIEW = "NEW_AND_OLD_IMAGES"


def creation(table: Table, prefix: str) -> dict[str, object]:
    """The arguments of `CreateTable` for a table under a prefix."""
    types: dict[str, AttributeType] = {"pk": "S", "sk": table.sk_type, **table.index_types}
    arguments: dict[str, object] = {
        "TableName": f"{prefix}{table.name}",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()
        ],
        "KeySchema": _key_schema("pk", "sk"),
    }
    if table.indexes:
        arguments["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _key_schema(index.hash_key, index.range_key),
                "Projection": _projection(index),
            }
            for index in table.indexes
        ]
    if table.has_stream:
        arguments["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": STREAM_VIEW}
    return arguments


def _projection(index: Index) -> dict[str, object]:
    if not index.projected:
        return {"ProjectionType": "KEYS_ONLY"}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.projected)}


def _key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]
