"""The whole of it: parameters, state, queues, what the functions need, the distribution in front."""

from __future__ import annotations

from typing import Any

from infrastructure.template import alarms, distribution, functions, migrations, operators, queues, state

PARAMETERS: dict[str, Any] = {
    "PublicUrl": {"Type": "String", "Description": "Where people reach this installation; no closing slash."},
    "MailFrom": {
        "Type": "String",
        "Default": "",
        "Description": "The address that mails come from, verified with SES. Without it none are sent.",
    },
    "SigningKeyParameter": {
        "Type": "String",
        "Default": "/skylabel/signing-keys",
        "Description": "The SSM SecureString that holds the signing keys.",
    },
    "ExportTargets": {
        "Type": "String",
        "Default": "",
        "Description": "Where exports may be put as well: s3://bucket/folder, gs://..., azure-blob://...",
    },
    "ExportTargetObjects": {
        "Type": "CommaDelimitedList",
        "Default": "",
        "Description": "The S3 objects that exports may write: arn:aws:s3:::bucket/folder/*, ...",
    },
    "StoreKeysParameter": {
        "Type": "String",
        "Default": "",
        "Description": "The SSM SecureString with the keys to Google's and Microsoft's stores.",
    },
    **operators.parameters(),
    **alarms.PARAMETERS,
    "DynamodbEndpoint": {"Type": "String", "Default": "", "Description": "Empty means AWS."},
    "S3Endpoint": {"Type": "String", "Default": "", "Description": "Empty means AWS."},
    "SqsEndpoint": {"Type": "String", "Default": "", "Description": "Empty means AWS."},
}


def defaults() -> dict[str, str]:
    """What each parameter is where nothing is chosen; those that must be chosen are left out."""
    return {name: str(one["Default"]) for name, one in PARAMETERS.items() if "Default" in one}


def build(stage: str, *, keep: bool = True, with_distribution: bool = True) -> dict[str, Any]:
    """The template that Chalice's is merged with. A test stack is neither kept nor put behind CloudFront."""
    prefix = f"skylabel-{stage}-"
    resources = state.resources(prefix, keep=keep)
    resources |= queues.resources(prefix)
    resources |= functions.resources(stage, prefix)
    resources |= alarms.resources(stage)
    outputs = {"MediaBucketName": {"Value": {"Ref": "MediaBucket"}}, **migrations.OUTPUTS}
    parameters, conditions = PARAMETERS, alarms.CONDITIONS | functions.CONDITIONS | operators.CONDITIONS
    if with_distribution:
        resources |= distribution.resources()
        outputs |= distribution.OUTPUTS
        parameters, conditions = parameters | distribution.PARAMETERS, conditions | distribution.CONDITIONS
    return {
        "Parameters": parameters,
        "Conditions": conditions,
        "Resources": resources,
        "Outputs": outputs,
    }
