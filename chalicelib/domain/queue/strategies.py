"""In which order fresh tasks are handed out: one small class per sampling, in a registry.

A strategy gives each task a text; fresh tasks stand in the order of these texts, so that handing out the
first is all there is to do. What is random is made of the task's id, so that the same task gets the same
text whenever it is asked for.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from chalicelib.domain.projects.entities import Project, Sampling
from chalicelib.domain.tasks.entities import Task

OVERLAP_FIRST = "Show overlap first & "


class Strategy(Protocol):
    """An order of fresh tasks."""

    @property
    def queue_name(self) -> str:
        """What Label Studio calls the queue."""

    def key(self, task: Task, project: Project) -> str:
        """The task's place: earlier texts come first, no two tasks have the same."""


class Sequential:
    """By id, as they came."""

    queue_name = "Sequence queue"

    def key(self, task: Task, project: Project) -> str:
        """The id."""
        return _id_text(task)


class Uniform:
    """In an order that has nothing to do with the tasks."""

    queue_name = "Uniform random queue"

    def key(self, task: Task, project: Project) -> str:
        """A text by chance."""
        return f"{chance(task.id)}#{_id_text(task)}"


class Uncertainty:
    """What the project's model is least sure of first; tasks without a score after them, by chance."""

    queue_name = "Active learning or random queue"

    def key(self, task: Task, project: Project) -> str:
        """The lowest score among the predictions of the project's model version."""
        stats = task.models.get(project.model_version)
        if stats is None or stats.score_min is None:
            return f"1{chance(task.id)}#{_id_text(task)}"
        return f"0{sortable(stats.score_min)}#{_id_text(task)}"


STRATEGIES: Mapping[Sampling, Strategy] = MappingProxyType(
    {
        Sampling.SEQUENTIAL: Sequential(),
        Sampling.UNIFORM: Uniform(),
        Sampling.UNCERTAINTY: Uncertainty(),
    }
)


def order_key(task: Task, project: Project) -> str:
    """The task's place among the fresh tasks of its project; wanted overlaps first where that is set."""
    key = STRATEGIES[project.sampling].key(task, project)
    if not project.show_overlap_first:
        return key
    return f"{0 if task.overlap > 1 else 1}{key}"


def queue_name(project: Project) -> str:
    """What Label Studio calls the project's queue."""
    name = STRATEGIES[project.sampling].queue_name
    return f"{OVERLAP_FIRST}{name}" if project.show_overlap_first else name


def chance(task_id: int) -> str:
    """Eight hexadecimal digits that look random and are always the same for a task."""
    return hashlib.blake2b(str(task_id).encode(), digest_size=4).hexdigest()


def sortable(number: float) -> str:
    """A text that sorts as the number does; NaN last. (The bits of IEEE 754, negative ones inverted.)"""
    if math.isnan(number):
        return "f" * 16
    bits: int = struct.unpack(">Q", struct.pack(">d", number + 0.0))[0]
    flipped = bits ^ (1 << 63) if bits < 1 << 63 else bits ^ ((1 << 64) - 1)
    return f"{flipped:016x}"


def _id_text(task: Task) -> str:
    return f"{task.id:016d}"
