"""What speaks for a task to come early: each signal a small class that gives 0 (nothing) to 1, or None. Pure.

Signals look at a task's state alone, so that a task can be placed whenever it is written.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.doubt import Doubt, doubt_of_score, vote_entropy
from chalicelib.domain.tasks.entities import ModelStats, Task


class Signal(Protocol):
    """Something that speaks for a task."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """Between 0 and 1; None where nothing is known."""


class LeastConfidence:
    """How far the project's model version is from being sure of its likeliest answer."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """One less the confidence."""
        known = confidence(task, project)
        return None if known is None or math.isnan(known) else min(1.0, max(0.0, 1 - known))


class Margin:
    """How close the two likeliest answers of the project's model version are."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """One less the margin."""
        doubt = _doubt(_stats(task, project))
        return None if doubt is None else 1 - doubt.margin


class Entropy:
    """How evenly the project's model version spreads over its answers."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """The share of the highest entropy that is possible."""
        doubt = _doubt(_stats(task, project))
        return None if doubt is None else doubt.entropy


@dataclass(frozen=True, slots=True)
class Committee:
    """How far model versions disagree; all that have predictions where none are named."""

    model_versions: tuple[str, ...] = ()

    def urgency(self, task: Task, project: Project) -> float | None:
        """The entropy of their votes."""
        names = self.model_versions or tuple(task.models)
        found = (task.models.get(name) for name in names)
        return vote_entropy([stats.vote for stats in found if stats is not None and stats.vote])


class Overlap:
    """How many answers the task wants."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """Nothing for one answer, a half for two, more for more."""
        return 1 - 1 / max(1, task.overlap)


class Chance:
    """Nothing but the task's number in a lottery."""

    def urgency(self, task: Task, project: Project) -> float | None:
        """The same number whenever a task is asked."""
        return int(chance(task.id), 16) / 16**8


SIGNALS: Mapping[str, Signal] = MappingProxyType(
    {
        "least_confidence": LeastConfidence(),
        "margin": Margin(),
        "entropy": Entropy(),
        "committee": Committee(),
        "overlap": Overlap(),
        "chance": Chance(),
    }
)
"""By the names that a project's settings use."""
MEASURES = ("least_confidence", "margin", "entropy")
"""The signals that tell how sure one model version is."""


def confidence(task: Task, project: Project) -> float | None:
    """The lowest score of the project's model version; its likeliest label's probability without scores."""
    stats = _stats(task, project)
    if stats is None:
        return None
    if stats.score_min is not None:
        return stats.score_min
    return stats.doubt.confidence if stats.doubt else None


def chance(task_id: int) -> str:
    """Eight hexadecimal digits that look random and are always the same for a task."""
    return hashlib.blake2b(str(task_id).encode(), digest_size=4).hexdigest()


def _stats(task: Task, project: Project) -> ModelStats | None:
    return task.models.get(project.model_version)


def _doubt(stats: ModelStats | None) -> Doubt | None:
    if stats is None:
        return None
    return stats.doubt or doubt_of_score(stats.score_min)
