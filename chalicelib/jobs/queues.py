"""Which queues and schedules exist, which function of `app.py` serves each, and with what limits.

The template, the local worker and the tests read this one table. A queue's visibility is six times its
function's time limit, as AWS asks of event source mappings; after `max_receives` a message goes to the
dead-letter queue `<name>-dead`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and the function behind it; times in seconds, memory in MB."""

    name: str
    handler: str
    batch_size: int = 1
    timeout_s: int = 300
    memory_mb: int = 1024
    max_receives: int = 5
    concurrency: int = 10

    @property
    def visibility_s(self) -> int:
        """How long a received message stays hidden."""
        return 6 * self.timeout_s

    @property
    def dead_letter_name(self) -> str:
        """The queue for messages that failed `max_receives` times."""
        return f"{self.name}-dead"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A function that is called every so often."""

    name: str
    handler: str
    every_s: int
    timeout_s: int = 300
    memory_mb: int = 512


QUEUES: tuple[Queue, ...] = (
    Queue("imports", "on_import_message", timeout_s=900, memory_mb=1024),
    Queue("exports", "on_export_message", timeout_s=900, memory_mb=1024),
    Queue("predictions", "on_prediction_message", batch_size=10, timeout_s=60, memory_mb=512),
    Queue("maintenance", "on_maintenance_message", timeout_s=900, memory_mb=1024),
)

SCHEDULES: tuple[Schedule, ...] = (Schedule("watchdog", "on_watchdog", every_s=60, timeout_s=60),)
