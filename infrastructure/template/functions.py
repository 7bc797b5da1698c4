"""What is added to the functions that Chalice declares: limits, environment, roles, failure reporting."""

from __future__ import annotations

from typing import Any

from chalicelib.jobs.queues import QUEUES, SCHEDULES, Queue
from infrastructure.template import migrations, operators
from infrastructure.template.queues import queue_id
from infrastructure.template.state import table_id

Resource = dict[str, Any]
API_ID = "APIHandler"
READ = ("GetItem", "BatchGetItem", "Query", "ConditionCheckItem")
WRITE = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
LOGS_KEPT_DAYS = 30
EXPORTS = "exports"
CONDITIONS: dict[str, Any] = {
    "PushesExports": {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "ExportTargetObjects"}]}, ""]}]},
    "HasStoreKeys": {"Fn::Not": [{"Fn::Equals": [{"Ref": "StoreKeysParameter"}, ""]}]},
}
TABLE_NAMES = ("tasks", "annotations", "meta", "flags", "jobs", "events")


def function_id(handler: str) -> str:
    """The logical id that Chalice gives a function: its name in camel case."""
    return "".join(part.capitalize() for part in handler.split("_"))


def resources(stage: str, prefix: str) -> dict[str, Resource]:
    """Patches by logical id of the functions, and their roles."""
    made: dict[str, Resource] = {
        API_ID: {"Properties": _common("ApiRole", timeout_s=29, memory_mb=1024)},
        "ApiRole": _role(),
    }
    for queue in QUEUES:
        made[function_id(queue.handler)] = {"Properties": _worker(queue)}
        made[_role_id(queue.handler)] = _role(queue)
    for schedule in SCHEDULES:
        role = _role_id(schedule.handler)
        made[function_id(schedule.handler)] = {
            "Properties": _common(role, timeout_s=schedule.timeout_s, memory_mb=schedule.memory_mb)
        }
        made[role] = _role()
    made[migrations.FUNCTION_ID] = migrations.function()
    made[f"{migrations.FUNCTION_ID}Role"] = _role_with(migrations.statements())
    for name, patch in [*made.items()]:
        if patch.get("Type") != "AWS::IAM::Role":
            patch["Properties"]["Environment"] = {"Variables": environment(stage, prefix)}
            patch["Properties"]["LoggingConfig"] = {"LogGroup": {"Ref": f"{name}Logs"}}
            made[f"{name}Logs"] = _logs()
    return made


def _logs() -> Resource:
    """Without a group of our own AWS makes one that keeps everything for ever."""
    return {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": LOGS_KEPT_DAYS}}


def environment(stage: str, prefix: str) -> dict[str, Any]:
    """The settings of every function (`chalicelib/settings.py`)."""
    return {
        "SKYLABEL_STAGE": stage,
        "SKYLABEL_TABLE_PREFIX": prefix,
        "SKYLABEL_QUEUE_PREFIX": prefix,
        "SKYLABEL_BUCKET": {"Ref": "MediaBucket"},
        "SKYLABEL_PUBLIC_URL": {"Ref": "PublicUrl"},
        "SKYLABEL_KEY_PARAMETER": {"Ref": "SigningKeyParameter"},
        "SKYLABEL_MAIL_FROM": {"Ref": "MailFrom"},
        "SKYLABEL_EXPORT_TARGETS": {"Ref": "ExportTargets"},
        "SKYLABEL_STORE_KEYS_PARAMETER": {"Ref": "StoreKeysParameter"},
        **operators.environment(),
        "SKYLABEL_BINARY_ANSWERS": "false",
        "DYNAMODB_ENDPOINT": {"Ref": "DynamodbEndpoint"},
        "S3_ENDPOINT": {"Ref": "S3Endpoint"},
        "SQS_ENDPOINT": {"Ref": "SqsEndpoint"},
    }


def _common(role: str, *, timeout_s: int, memory_mb: int) -> dict[str, Any]:
    return {"Role": {"Fn::GetAtt": [role, "Arn"]}, "Timeout": timeout_s, "MemorySize": memory_mb}


def _worker(queue: Queue) -> dict[str, Any]:
    source = f"{function_id(queue.handler)}SqsEventSource"
    event = {
        "Queue": {"Fn::GetAtt": [queue_id(queue), "Arn"]},
        "BatchSize": queue.batch_size,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": queue.concurrency},
    }
    common = _common(_role_id(queue.handler), timeout_s=queue.timeout_s, memory_mb=queue.memory_mb)
    return common | {"Events": {source: {"Properties": event}}}


def _role_id(handler: str) -> str:
    return f"{function_id(handler)}Role"


def _role(queue: Queue | None = None) -> Resource:
    statements = [_tables(), _bucket(), _send(), _signing_key()]
    statements += [_mail(), _oidc_secret()] if queue is None else [_receive(queue)]
    if queue is not None and queue.name == EXPORTS:
        statements += [_push(), _store_keys()]
    return _role_with(statements)


def _role_with(statements: list[dict[str, Any]]) -> Resource:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            "ManagedPolicyArns": [
                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
            ],
            "Policies": [
                {
                    "PolicyName": "skylabel",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
                }
            ],
        },
    }


def _allow(actions: list[str], resources: list[Any]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _tables() -> dict[str, Any]:
    """Everything but `Scan`: no request may ever walk a table."""
    arns: list[Any] = []
    for name in TABLE_NAMES:
        arn = f"${{{table_id(name)}.Arn}}"
        arns += [{"Fn::Sub": arn}, {"Fn::Sub": f"{arn}/index/*"}]
    return _allow([f"dynamodb:{action}" for action in (*READ, *WRITE)], arns)


def _bucket() -> dict[str, Any]:
    actions = ["GetObject", "PutObject", "DeleteObject", "ListBucket"]
    actions += ["AbortMultipartUpload", "ListMultipartUploadParts"]
    arns = [{"Fn::GetAtt": ["MediaBucket", "Arn"]}, {"Fn::Sub": "${MediaBucket.Arn}/*"}]
    return _allow([f"s3:{action}" for action in actions], arns)


def _send() -> dict[str, Any]:
    arns = [{"Fn::GetAtt": [queue_id(queue), "Arn"]} for queue in QUEUES]
    return _allow(["sqs:SendMessage", "sqs:GetQueueUrl"], arns)


def _receive(queue: Queue) -> dict[str, Any]:
    actions = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"]
    return _allow([f"sqs:{action}" for action in actions], [{"Fn::GetAtt": [queue_id(queue), "Arn"]}])


def _mail() -> dict[str, Any]:
    """Invitations and links for new passwords, from whichever address the account has verified with SES."""
    arn = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"
    return _allow(["ses:SendEmail"], [{"Fn::Sub": arn}])


def _signing_key() -> dict[str, Any]:
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${SigningKeyParameter}"
    return _allow(["ssm:GetParameter"], [{"Fn::Sub": arn}])


def _push() -> dict[str, Any]:
    """Exports alone write outside our bucket, and only where the operator says."""
    allowed = _allow(["s3:PutObject", "s3:AbortMultipartUpload"], [])
    return _if("PushesExports", allowed | {"Resource": {"Ref": "ExportTargetObjects"}})


def _store_keys() -> dict[str, Any]:
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${StoreKeysParameter}"
    return _if("HasStoreKeys", _allow(["ssm:GetParameter"], [{"Fn::Sub": arn}]))


def _oidc_secret() -> dict[str, Any]:
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${OidcSecretParameter}"
    return _if("HasOidcSecret", _allow(["ssm:GetParameter"], [{"Fn::Sub": arn}]))


def _if(condition: str, statement: dict[str, Any]) -> dict[str, Any]:
    return {"Fn::If": [condition, statement, {"Ref": "AWS::NoValue"}]}
