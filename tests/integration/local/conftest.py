"""S3 and SQS for tests: our engine over a folder, and moto, behind the same clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from infrastructure.local.aws.__main__ import Engine, open_engine
from infrastructure.local.aws.credentials import load_or_create

# one session, as it keeps the parsed service models: moto drops boto3's own with every mock
SESSION = boto3.Session()


class LocalAws:
    """Our engine, and clients that hold its key."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.engine: Engine = open_engine(data_dir)
        self.engine.serve(poll_s=0.02)
        self.credentials = load_or_create(data_dir / "aws-credentials.json")

    def client(self, service: str, **changes: Any) -> Any:
        endpoint = self.engine.s3_endpoint if service == "s3" else self.engine.sqs_endpoint
        return client(
            service,
            endpoint_url=endpoint,
            aws_access_key_id=changes.get("access_key", self.credentials.access_key),
            aws_secret_access_key=changes.get("secret_key", self.credentials.secret_key),
        )


def client(service: str, **arguments: Any) -> Any:
    config = Config(
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path"},
        retries={"max_attempts": 1},
        max_pool_connections=32,
    )
    return SESSION.client(service, region_name="us-east-1", config=config, **arguments)


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    """Our engine over an empty folder."""
    aws = LocalAws(tmp_path / "aws")
    yield aws
    aws.engine.close()


@pytest.fixture(params=["local", "moto"])
def s3(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An S3 client with a bucket `media`, of our engine and of moto."""
    yield from _either(request, "s3", lambda made: made.create_bucket(Bucket="media"))


@pytest.fixture(params=["local", "moto"])
def sqs(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An SQS client, of our engine and of moto."""
    yield from _either(request, "sqs", lambda _: None)


def _either(request: pytest.FixtureRequest, service: str, prepare: Any) -> Iterator[Any]:
    if request.param == "local":
        made = request.getfixturevalue("local_aws").client(service)
        prepare(made)
        yield made
        made.close()
        return
    with mock_aws():
        made = client(service, aws_access_key_id="test", aws_secret_access_key="test")
        prepare(made)
        yield made
