"""Makes the tables and indexes that the template makes on AWS: `python -m infrastructure.local.tables`."""

from __future__ import annotations

import sys
import time
from typing import Any

from botocore.session import get_session

from chalicelib.settings import settings
from chalicelib.storage.tables import TABLES, Table, creation

ACTIVE_WAIT_S = 60.0


def ensure_tables(dynamodb: Any, prefix: str) -> list[str]:
    """Make the tables that are missing, and the indexes that tables from an older version lack.

    Gives the names of what was made.
    """
    made: list[str] = []
    for table in TABLES:
        name = f"{prefix}{table.name}"
        try:
            known = dynamodb.describe_table(TableName=name)["Table"]
        except dynamodb.exceptions.ResourceNotFoundException:
            dynamodb.create_table(**creation(table, prefix))
            made.append(name)
            continue
        made += _ensure_indexes(dynamodb, table, prefix, known)
    return made


def _ensure_indexes(dynamodb: Any, table: Table, prefix: str, known: dict[str, Any]) -> list[str]:
    present = {index["IndexName"] for index in known.get("GlobalSecondaryIndexes", ())}
    wanted = creation(table, prefix)
    made: list[str] = []
    for index in wanted.get("GlobalSecondaryIndexes", ()):  # type: ignore[attr-defined]
        if index["IndexName"] in present:
            continue
        dynamodb.update_table(
            TableName=wanted["TableName"],
            AttributeDefinitions=wanted["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )
        _wait_active(dynamodb, str(wanted["TableName"]))
        made.append(f"{wanted['TableName']}/{index['IndexName']}")
    return made


def _wait_active(dynamodb: Any, name: str) -> None:
    """DynamoDB makes one index of a table at a time."""
    deadline = time.monotonic() + ACTIVE_WAIT_S
    while time.monotonic() < deadline:
        table = dynamodb.describe_table(TableName=name)["Table"]
        if all(index["IndexStatus"] == "ACTIVE" for index in table.get("GlobalSecondaryIndexes", ())):
            return
        time.sleep(0.2)
    raise TimeoutError(f"an index of {name} does not become active")


def main() -> int:
    """Make what is missing where the environment says."""
    chosen = settings()
    client = get_session().create_client(
        "dynamodb", region_name=chosen.region, endpoint_url=chosen.dynamodb_endpoint or None
    )
    for name in ensure_tables(client, chosen.table_prefix):
        print(f"made {name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
