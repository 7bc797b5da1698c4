"""Runs S3 and SQS over a data folder until it is told to stop or its parent is gone.

`python -m infrastructure.local.aws --data-dir DIR --s3-port P --sqs-port Q [--resources FILE]`, where FILE
is JSON: {"bucket", "origins": […], "expire": {prefix: days}, "queues": [{"name", "visibility_s",
"max_receives"}]}.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.local.aws.credentials import load_or_create
from infrastructure.local.aws.resources import QueueResource, ensure_bucket, ensure_queue, expire
from infrastructure.local.aws.s3.routes import S3
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.aws.sqs.operations import Operations
from infrastructure.local.aws.sqs.protocol import Sqs
from infrastructure.local.aws.sqs.store import QueueStore
from infrastructure.local.http_server import Server
from infrastructure.local.parent import stop_when_parent_is_gone
from infrastructure.local.ports import HOST, free_port


@dataclass
class Engine:
    """Both services, listening in threads of this process."""

    objects: ObjectStore
    queues: QueueStore
    s3: Server
    sqs: Server

    def serve(self, *, poll_s: float = 0.5) -> None:
        """Answer from now on; `poll_s` is how long `close` may have to wait."""
        for server in (self.s3, self.sqs):
            threading.Thread(
                target=server.serve_forever, args=(poll_s,), daemon=True, name=server.name
            ).start()

    def close(self) -> None:
        """Stop listening and let go of the files."""
        for server in (self.s3, self.sqs):
            server.shutdown()
            server.server_close()
        self.objects.index.close()
        self.queues.close()

    @property
    def s3_endpoint(self) -> str:
        """Where S3 answers."""
        return f"http://{HOST}:{self.s3.port}"

    @property
    def sqs_endpoint(self) -> str:
        """Where SQS answers."""
        return f"http://{HOST}:{self.sqs.port}"


def open_engine(data_dir: Path, *, s3_port: int = 0, sqs_port: int = 0) -> Engine:
    """Both services over the folder, not yet answering; the folder also keeps their access key."""
    data_dir.mkdir(parents=True, exist_ok=True)
    credentials = load_or_create(data_dir / "aws-credentials.json")
    objects, queues = ObjectStore(data_dir / "s3"), QueueStore(data_dir / "sqs.sqlite")
    s3 = Server(s3_port, S3(objects, credentials), name="skylabel-s3")
    port = sqs_port or free_port()
    sqs = Server(port, Sqs(Operations(queues, f"http://{HOST}:{port}"), credentials), name="skylabel-sqs")
    return Engine(objects, queues, s3, sqs)


def ensure(engine: Engine, wanted: dict[str, Any]) -> None:
    """Have the bucket and the queues; what was in flight when the last run ended comes back."""
    ensure_bucket(engine.objects, wanted["bucket"], wanted["origins"])
    expire(engine.objects, wanted["bucket"], wanted["expire"], now=time.time())
    for queue in wanted["queues"]:
        resource = QueueResource(**queue)
        ensure_queue(engine.queues, resource)
        engine.queues.release(resource.name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="infrastructure.local.aws")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--s3-port", type=int, required=True)
    parser.add_argument("--sqs-port", type=int, required=True)
    parser.add_argument("--resources", type=Path)
    options = parser.parse_args(arguments)
    stop_when_parent_is_gone()
    engine = open_engine(options.data_dir, s3_port=options.s3_port, sqs_port=options.sqs_port)
    if options.resources:
        ensure(engine, json.loads(options.resources.read_text()))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    engine.serve()
    stopped.wait()
    engine.close()


if __name__ == "__main__":
    main()
