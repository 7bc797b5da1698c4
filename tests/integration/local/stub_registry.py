"""The stub app's queues and schedules, as `chalicelib.jobs.queues` declares the real ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Queue:
    name: str
    handler: str
    batch_size: int = 5
    timeout_s: int = 20
    visibility_s: int = 2
    max_receives: int = 2
    concurrency: int = 10


@dataclass(frozen=True)
class Schedule:
    handler: str
    every_s: int
    timeout_s: int = 20


QUEUES = (Queue("jobs", "take_jobs"),)
SCHEDULES = (Schedule("tick", 1),)
