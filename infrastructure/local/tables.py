"""Makes the tables that the template makes on AWS: `python -m infrastructure.local.tables`.

Their definitions are the product's (`chalicelib.storage.tables`). What a release adds later, a table or an
index, is added to a data folder that is there already; nothing is ever taken away.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

DEFINITIONS = "chalicelib.storage.tables"


def ensure_tables(dynamodb: Any, definitions: Any, prefix: str) -> list[str]:
    """Make what is missing; gives the names of the tables and indexes that were made."""
    made = []
    for table in definitions.TABLES:
        wanted = definitions.creation(table, prefix)
        try:
            dynamodb.create_table(**wanted)
            made.append(wanted["TableName"])
        except dynamodb.exceptions.ResourceInUseException:
            made += _add_indexes(dynamodb, wanted)
    return made


def _add_indexes(dynamodb: Any, wanted: dict[str, Any]) -> list[str]:
    name = wanted["TableName"]
    present = dynamodb.describe_table(TableName=name)["Table"].get("GlobalSecondaryIndexes", [])
    known = {index["IndexName"] for index in present}
    missing = [i for i in wanted.get("GlobalSecondaryIndexes", []) if i["IndexName"] not in known]
    for index in missing:  # DynamoDB takes one new index at a time
        dynamodb.update_table(
            TableName=name,
            AttributeDefinitions=wanted["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )
    return [f"{name}.{index['IndexName']}" for index in missing]


def main() -> None:
    """Make the tables of the environment's stage."""
    from botocore.session import get_session  # the supervisor imports this module and needs no client

    dynamodb = get_session().create_client("dynamodb", endpoint_url=os.environ["DYNAMODB_ENDPOINT"])
    definitions = importlib.import_module(DEFINITIONS)
    for name in ensure_tables(dynamodb, definitions, os.environ["SKYLABEL_TABLE_PREFIX"]):
        print(name)


if __name__ == "__main__":
    main()
