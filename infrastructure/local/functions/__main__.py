"""Runs the app's queues and schedules until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import boto3
from botocore.config import Config

from infrastructure.local.functions.pool import InstancePool
from infrastructure.local.functions.queues import QueuePoller
from infrastructure.local.functions.registry import MODULE, QueueLike, load_registry
from infrastructure.local.functions.schedules import Schedule
from infrastructure.local.functions.sources import generation_of
from infrastructure.local.parent import stop_when_parent_is_gone

_FINISH_S = 8
_MOST_POLLERS = 4
_MOST_INSTANCES = 8


def pollers_for(queue: QueueLike) -> int:
    """How many batches of a queue to work on at once: half the cores, within what the queue allows."""
    return max(1, min(queue.concurrency, (os.cpu_count() or 1) // 2, _MOST_POLLERS))


def main() -> None:
    """Serve until SIGTERM, then let running events finish for some seconds."""
    parser = argparse.ArgumentParser(prog="infrastructure.local.functions")
    parser.add_argument("--app", default="app:app")
    parser.add_argument("--registry", default=MODULE)
    parser.add_argument("--root", type=Path, default=Path.cwd())
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop_when_parent_is_gone()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    registry = load_registry(options.registry)
    config = Config(max_pool_connections=_MOST_POLLERS * max(1, len(registry.queues)))
    sqs = boto3.client("sqs", endpoint_url=os.environ["SQS_ENDPOINT"], config=config)
    pollers = [queue for queue in registry.queues for _ in range(pollers_for(queue))]
    # as many instances as can be busy, up to a number that a laptop bears: they start when they are needed
    pool = InstancePool(
        options.app,
        max(1, min(_MOST_INSTANCES, len(pollers) + len(registry.schedules))),
        generation_of(options.root),
    )
    loops: list[Callable[[threading.Event], None]] = [
        *(QueuePoller(sqs, pool, queue).run for queue in pollers),
        *(Schedule(pool, schedule).run for schedule in registry.schedules),
    ]
    logging.info("%d queues, %d schedules", len(registry.queues), len(registry.schedules))
    threads = [threading.Thread(target=loop, args=(stopped,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    stopped.wait()
    _let_finish(pool, _FINISH_S)
    pool.close()
    os._exit(0)


def _let_finish(pool: InstancePool, seconds: float) -> None:
    for _ in range(int(seconds * 20)):
        if pool.is_idle:
            return
        threading.Event().wait(0.05)


if __name__ == "__main__":
    main()
