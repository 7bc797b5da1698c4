"""The layout of an installation's data, as an item, so that tools and support can tell without guessing."""

from __future__ import annotations

from botocore.exceptions import ClientError

from chalicelib.clock import iso, system_clock
from schema_migrations.context import Context

SUMMARY = "record which layout the stored data has, and since when"
KEY = {"pk": {"S": "INSTALLATION"}, "sk": {"S": "-"}}


def up(context: Context) -> None:
    """Write the item unless it is there."""
    item = {**KEY, "layout": {"N": "1"}, "since": {"S": iso(system_clock())}, "sv": {"N": "1"}}
    try:
        context.dynamodb.put_item(
            TableName=context.table("meta"), Item=item, ConditionExpression="attribute_not_exists(pk)"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


def down(context: Context) -> None:
    """Remove the item."""
    context.dynamodb.delete_item(TableName=context.table("meta"), Key=KEY)
