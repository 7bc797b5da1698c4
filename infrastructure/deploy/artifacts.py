"""The bucket that CloudFormation reads code and templates from; names carry hashes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infrastructure.template.migrations import CODE_BUCKET, CODE_KEY

DEFAULT_REGION = "us-east-1"
CLOSED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
KEPT_DAYS = 90


def bucket_name(stage: str, account: str, region: str) -> str:
    """The bucket of a stage's artifacts; no two accounts or regions share one."""
    return f"skylabel-{stage}-artifacts-{account}-{region}"


def ensure_bucket(s3: Any, name: str) -> None:
    """Have the bucket, closed to the public, with old artifacts going by themselves."""
    if not _has_bucket(s3, name):
        region = s3.meta.region_name
        place = {} if region == DEFAULT_REGION else {"LocationConstraint": region}
        s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=CLOSED)
    rule = {"ID": "old", "Filter": {"Prefix": ""}, "Status": "Enabled", "Expiration": {"Days": KEPT_DAYS}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})


def upload_code(s3: Any, bucket: str, code: Path) -> str:
    """Upload the zip unless it is there; gives its key."""
    content = code.read_bytes()
    return _upload(s3, bucket, f"code/{hashlib.sha256(content).hexdigest()}.zip", content)


def upload_template(s3: Any, bucket: str, template: str) -> str:
    """Upload a template; gives the address that CloudFormation reads it from."""
    content = template.encode()
    key = _upload(s3, bucket, f"templates/{hashlib.sha256(content).hexdigest()}.json", content)
    return f"{s3.meta.endpoint_url}/{bucket}/{key}"


def with_code(template: str, bucket: str, key: str, *, migrations_key: str) -> str:
    """The template with every function's code at its place in the bucket."""
    content = json.loads(template)
    for resource in content["Resources"].values():
        code = resource.get("Properties", {}).get("Code")
        if resource["Type"] == "AWS::Lambda::Function" and code["S3Bucket"] == CODE_BUCKET:
            its_key = migrations_key if code["S3Key"] == CODE_KEY else key
            resource["Properties"]["Code"] = {"S3Bucket": bucket, "S3Key": its_key}
    return json.dumps(content, separators=(",", ":"))


def _upload(s3: Any, bucket: str, key: str, content: bytes) -> str:
    if not _has_object(s3, bucket, key, len(content)):
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _has_bucket(s3: Any, name: str) -> bool:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if _is_missing(error):
            return False
        raise
    return True


def _has_object(s3: Any, bucket: str, key: str, size: int) -> bool:
    try:
        return bool(s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == size)
    except ClientError as error:
        if _is_missing(error):
            return False
        raise


def _is_missing(error: ClientError) -> bool:
    return str(error.response["Error"]["Code"]) in {"404", "NoSuchBucket", "NoSuchKey", "NotFound"}
