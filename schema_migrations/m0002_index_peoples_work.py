"""Rows of people who have done a task stand in the index `work`: their projects are found without a walk.

How much somebody has done, and where, took a read for each project of the organization; with the index
it takes one query and a batch. The code of this release writes `au` and `ap` with each task that is done,
and looks through the projects until this migration has given them to all older rows and noted layout 2.

The rows are found by the projects' pointers in `meta`, which are few, and not by a scan of `tasks`, most of
which are tasks.
"""

from __future__ import annotations

from typing import Any

from chalicelib.errors import ConflictError
from schema_migrations.context import Context

SUMMARY = "index the work of people: annotators' rows by user"
STAGE = "backfill"
WALKS = ("meta",)
INDEX = "work"
LAYOUT = 2
INSTALLATION = {"pk": {"S": "INSTALLATION"}, "sk": {"S": "-"}}
PROJECTS: dict[str, Any] = {
    "FilterExpression": "sk = :pointer AND begins_with(pk, :project)",
    "ExpressionAttributeValues": {":pointer": {"S": "O"}, ":project": {"S": "P#"}},
    "ProjectionExpression": "pk",
}
SCANNED_AT_ONCE = 50
"""So that a page between two checkpoints holds some thousand rows."""
READERS_KNOW_S = 35.0
"""For so long a process may still go by the layout that it has read."""


def up(context: Context) -> None:
    """Give every row its place in the index, then let readers trust the index."""
    _need_index(context)
    context.each(
        "meta", lambda pages: _for_each_row(context, pages, _place), Limit=SCANNED_AT_ONCE, **PROJECTS
    )
    _note(context, LAYOUT)


def down(context: Context) -> None:
    """Let readers walk again, wait until all of them do, and take the rows out of the index.

    Code of this release puts rows back in that it writes meanwhile; nobody reads them there.
    """
    _note(context, LAYOUT - 1)
    if not context.is_dry_run:
        context.sleep(READERS_KNOW_S)
    context.each(
        "meta", lambda pages: _for_each_row(context, pages, _displace), Limit=SCANNED_AT_ONCE, **PROJECTS
    )


def _need_index(context: Context) -> None:
    table = context.dynamodb.describe_table(TableName=context.table("tasks"))["Table"]
    found = {
        index["IndexName"]: index.get("IndexStatus", "ACTIVE")
        for index in table.get("GlobalSecondaryIndexes", ())
    }
    if found.get(INDEX) != "ACTIVE":
        raise ConflictError(
            f"The table {table['TableName']} has no index {INDEX} yet: deploy the tables first."
        )


def _for_each_row(context: Context, projects: list[Any], change: Any) -> None:
    for project in projects:
        number = project["pk"]["S"].partition("#")[2]
        query = {
            "TableName": context.table("tasks"),
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"PU#{number}"}},
            "ProjectionExpression": "pk, sk, au, dn",
            "ConsistentRead": True,
        }
        while True:
            page = context.dynamodb.query(**query)
            for row in page["Items"]:
                change(context, number, row)
            if "LastEvaluatedKey" not in page:
                break
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _place(context: Context, project: str, row: dict[str, Any]) -> None:
    if "au" in row or row.get("dn", {"N": "0"})["N"] == "0":
        return  # whoever has done nothing is indexed with their first task
    context.update(
        TableName=context.table("tasks"),
        Key={"pk": row["pk"], "sk": row["sk"]},
        UpdateExpression="SET au = :user, ap = :project, sv = :two",
        # a row that went with its project must not come back
        ConditionExpression="attribute_exists(pk) AND attribute_not_exists(au)",
        ExpressionAttributeValues={":user": row["sk"], ":project": {"N": project}, ":two": {"N": "2"}},
    )


def _displace(context: Context, _project: str, row: dict[str, Any]) -> None:
    if "au" not in row:
        return
    context.update(
        TableName=context.table("tasks"),
        Key={"pk": row["pk"], "sk": row["sk"]},
        UpdateExpression="REMOVE au, ap SET sv = :one",
        ConditionExpression="attribute_exists(au)",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def _note(context: Context, layout: int) -> None:
    context.dynamodb.update_item(
        TableName=context.table("meta"),
        Key=INSTALLATION,
        UpdateExpression="SET layout = :layout",
        ExpressionAttributeValues={":layout": {"N": str(layout)}},
    )
