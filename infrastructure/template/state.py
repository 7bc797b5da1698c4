"""Everything that holds data: tables, buckets, the encryption key, the signing keys' parameter."""

from __future__ import annotations

from typing import Any

from chalicelib.storage.tables import TABLES, Table, creation

Resource = dict[str, Any]
KEEP = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def resources(prefix: str, *, keep: bool) -> dict[str, Resource]:
    """The resources by logical id. `keep` false lets a test stack go without a trace."""
    made = {table_id(table.name): _table(table, prefix) for table in TABLES}
    made |= {"MediaBucket": _media_bucket(), "AppBucket": _app_bucket(), "DataKey": _key()}
    if keep:
        made = {name: resource | KEEP for name, resource in made.items()}
    return made


def table_id(name: str) -> str:
    """The logical id of a table."""
    return f"{name.capitalize()}Table"


def _table(table: Table, prefix: str) -> Resource:
    properties = dict(creation(table, prefix))
    if table.has_stream:
        properties["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    properties["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": True}
    properties["SSESpecification"] = {"SSEEnabled": True}
    if table.expiry_attribute:
        properties["TimeToLiveSpecification"] = {"AttributeName": table.expiry_attribute, "Enabled": True}
    return {"Type": "AWS::DynamoDB::Table", "Properties": properties}


def _bucket(**more: Any) -> Resource:
    return {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            **more,
        },
    }


def _media_bucket() -> Resource:
    """Uploads, exports, large bodies. Pages of the application read and upload by signed URL."""
    cors = {
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedOrigins": [{"Ref": "PublicUrl"}],
        "AllowedHeaders": ["*"],
        "ExposedHeaders": ["ETag", "Content-Length", "Content-Range", "Accept-Ranges"],
        "MaxAge": 3600,
    }
    lifecycle = [
        {"Id": "answers", "Prefix": "answers/", "Status": "Enabled", "ExpirationInDays": 1},
        {"Id": "jobs", "Prefix": "jobs/", "Status": "Enabled", "ExpirationInDays": 14},
        {
            "Id": "columns",
            "Prefix": "columns/",
            "Status": "Enabled",
            "ExpirationInDays": 30,
            # what was replaced may hold what somebody has deleted since
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
        {
            "Id": "unfinished-uploads",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
        },
    ]
    return _bucket(
        CorsConfiguration={"CorsRules": [cors]},
        LifecycleConfiguration={"Rules": lifecycle},
        VersioningConfiguration={"Status": "Enabled"},
    )


def _app_bucket() -> Resource:
    """The single-page application's files."""
    return _bucket()


def _key() -> Resource:
    """Encrypts the credentials of storages and model backends, each under its own context."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Account",
                "Effect": "Allow",
                "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    return {
        "Type": "AWS::KMS::Key",
        "Properties": {"EnableKeyRotation": True, "KeyPolicy": policy, "Description": "Skylabel secrets"},
    }
