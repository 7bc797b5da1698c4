"""A fresh installation in this process: tables, bucket and queues over engines of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.jobs.queues import QUEUES
from chalicelib.storage.layout import NEWEST
from chalicelib.storage.tables import TABLES, creation
from infrastructure.local.aws.__main__ import open_engine
from infrastructure.local.aws.credentials import load_or_create


@contextmanager
def installed(
    folder: Path, dynamodb_endpoint: str, *, prefix: str, layout: int = NEWEST
) -> Iterator[dict[str, str]]:
    """While entered, the app works on this installation; gives the settings that made it so.

    Its data has the layout that all migrations leave; 0 is that of an installation which knows of none.
    """
    (folder / "key").write_bytes(os.urandom(32))
    engine = open_engine(folder / "aws")
    engine.serve(poll_s=0.02)
    credentials = load_or_create(folder / "aws" / "aws-credentials.json")
    changes = {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_REGION": "us-east-1",
        "DYNAMODB_ENDPOINT": dynamodb_endpoint,
        "S3_ENDPOINT": engine.s3_endpoint,
        "SQS_ENDPOINT": engine.sqs_endpoint,
        "SKYLABEL_TABLE_PREFIX": prefix,
        "SKYLABEL_KEY_FILE": str(folder / "key"),
        "SKYLABEL_LOG_LEVEL": "ERROR",
        "SKYLABEL_PUBLIC_URL": "http://skylabel.test",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changes.items():
            patch.setenv(name, value)
        wiring.reset()
        for table in TABLES:
            wiring.dynamodb().create_table(**creation(table, prefix))
        if layout:
            known = {"pk": {"S": "INSTALLATION"}, "sk": {"S": "-"}, "layout": {"N": str(layout)}}
            wiring.dynamodb().put_item(TableName=f"{prefix}meta", Item=known)
        wiring.s3().create_bucket(Bucket="skylabel")
        for queue in QUEUES:
            wiring.sqs().create_queue(QueueName=f"skylabel-{queue.name}")
        yield changes
        for client in (wiring.dynamodb(), wiring.s3(), wiring.media_s3(), wiring.sqs()):
            client.close()
    wiring.reset()
    engine.close()
