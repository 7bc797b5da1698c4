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

from infrastructure.local.functions.pool import InstancePool
from infrastructure.local.functions.queues import QueuePoller
from infrastructure.local.functions.registry import MODULE, load_registry
from infrastructure.local.functions.schedules import Schedule
from infrastructure.local.functions.sources import generation_of
from infrastructure.local.parent import stop_when_parent_is_gone

_FINISH_S = 8


def main() -> None:
    """Serve until SIGTERM, then let running events finish for some seconds."""
    parser = argparse.ArgumentParser(prog="infrastructure.local.functions")
    parser.add_argument("--app", default="app:app")
    parser.add_argument("--registry", default=MODULE)
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--instances", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop_when_parent_is_gone()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    pool = InstancePool(options.app, options.instances, generation_of(options.root))
    registry = load_registry(options.registry)
    sqs = boto3.client("sqs", endpoint_url=os.environ["SQS_ENDPOINT"])
    loops: list[Callable[[threading.Event], None]] = [
        *(QueuePoller(sqs, pool, queue).run for queue in registry.queues),
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
