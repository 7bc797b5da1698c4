"""The function that migrates stored data: the API's code with `schema_migrations`, in a zip of its own.

It is no Chalice function, because nothing but a deployment calls it, and because it may do what no function
of the product may: walk through whole tables.
"""

from __future__ import annotations

import sys
from typing import Any

from chalicelib.storage.tables import TABLES
from infrastructure.template.state import table_id

Resource = dict[str, Any]
CODE_BUCKET = "replaced-at-deploy"
CODE_KEY = "migrations.zip"
FUNCTION_ID = "Migrations"
HANDLER = "schema_migrations.function.handle"
TIMEOUT_S = 900
MEMORY_MB = 1024
"""More than the segments need: AWS gives processor time by memory."""
ACTIONS = (
    *("DescribeTable", "Scan", "Query", "GetItem", "BatchGetItem", "ConditionCheckItem"),
    *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
)
OUTPUTS = {"MigrationsFunction": {"Value": {"Ref": FUNCTION_ID}}}


def function() -> Resource:
    """The function, without its environment and logs."""
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": CODE_BUCKET, "S3Key": CODE_KEY},
            "Handler": HANDLER,
            "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
            "Architectures": ["x86_64"],
            "Role": {"Fn::GetAtt": [f"{FUNCTION_ID}Role", "Arn"]},
            "Timeout": TIMEOUT_S,
            "MemorySize": MEMORY_MB,
        },
    }


def statements() -> list[Resource]:
    """All tables whole, and reading large bodies. No queues, no keys, no mail."""
    arns: list[Any] = []
    for table in TABLES:
        arn = f"${{{table_id(table.name)}.Arn}}"
        arns += [{"Fn::Sub": arn}, {"Fn::Sub": f"{arn}/index/*"}]
    actions = [f"dynamodb:{action}" for action in ACTIONS]
    bodies = {"Fn::Sub": "${MediaBucket.Arn}/bodies/*"}
    return [
        {"Effect": "Allow", "Action": actions, "Resource": arns},
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [bodies]},
    ]
