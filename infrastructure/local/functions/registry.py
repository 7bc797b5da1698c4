"""Which functions the app's queues and schedules call: read from `chalicelib.jobs.queues`.

That module declares `QUEUES` and `SCHEDULES`; what is needed of their entries stands here. Without
the module there are none.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from dataclasses import dataclass
from typing import Protocol

MODULE = "chalicelib.jobs.queues"
PREFIX_VARIABLE = "SKYLABEL_QUEUE_PREFIX"


class QueueLike(Protocol):
    """A queue and the function in app.py that takes its messages."""

    @property
    def name(self) -> str:
        """Its name without the stage's prefix."""

    @property
    def handler(self) -> str:
        """The function's name in app.py."""

    @property
    def batch_size(self) -> int:
        """How many messages one event has at most."""

    @property
    def timeout_s(self) -> int:
        """How long the function may run."""

    @property
    def visibility_s(self) -> int:
        """How long a message is hidden while it is worked on."""

    @property
    def max_receives(self) -> int:
        """After how many receives a message goes to the dead letters."""

    @property
    def concurrency(self) -> int:
        """How many of its events may run at once."""


class ScheduleLike(Protocol):
    """A function in app.py that is called again and again."""

    @property
    def timeout_s(self) -> int:
        """How long the function may run."""

    @property
    def handler(self) -> str:
        """The function's name in app.py."""

    @property
    def every_s(self) -> int:
        """The time between two calls."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The queues and schedules of an app."""

    queues: tuple[QueueLike, ...] = ()
    schedules: tuple[ScheduleLike, ...] = ()


def load_registry(module: str = MODULE) -> Registry:
    """The app's registry, empty when the app has none yet."""
    try:
        if importlib.util.find_spec(module) is None:
            return Registry()
    except ModuleNotFoundError:
        return Registry()
    loaded = importlib.import_module(module)
    return Registry(tuple(getattr(loaded, "QUEUES", ())), tuple(getattr(loaded, "SCHEDULES", ())))


def full_name(queue: QueueLike) -> str:
    """The queue's name with the stage's prefix; a FIFO queue keeps its suffix."""
    return os.environ.get(PREFIX_VARIABLE, "skylabel-") + queue.name
