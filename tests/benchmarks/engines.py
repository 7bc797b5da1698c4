"""A fresh installation over engines of its own, reached by the environment it gives; for benchmarks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.jobs.queues import QUEUES
from chalicelib.storage.tables import TABLES, creation
from infrastructure.local import dynoxide
from infrastructure.local.aws.__main__ import open_engine
from infrastructure.local.aws.credentials import load_or_create

PREFIX = "bench-"


@contextmanager
def engines(folder: Path) -> Iterator[dict[str, str]]:
    """Tables in dynoxide, bucket and queues in threads of this process; gives the environment of workers."""
    (folder / "key").write_bytes(os.urandom(32))
    engine = open_engine(folder / "aws")
    engine.serve(poll_s=0.02)
    credentials = load_or_create(folder / "aws" / "aws-credentials.json")
    with dynoxide.running() as endpoint:
        environment = {
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_REGION": "us-east-1",
            "DYNAMODB_ENDPOINT": endpoint,
            "S3_ENDPOINT": engine.s3_endpoint,
            "SQS_ENDPOINT": engine.sqs_endpoint,
            "SKYLABEL_TABLE_PREFIX": PREFIX,
            "SKYLABEL_KEY_FILE": str(folder / "key"),
            "SKYLABEL_LOG_LEVEL": "ERROR",
        }
        os.environ.update(environment)
        _create()
        yield environment
    engine.close()


def _create() -> None:
    from chalicelib import wiring

    wiring.reset()
    for table in TABLES:
        wiring.dynamodb().create_table(**creation(table, PREFIX))
    wiring.s3().create_bucket(Bucket="skylabel")
    for queue in QUEUES:
        wiring.sqs().create_queue(QueueName=f"skylabel-{queue.name}")
