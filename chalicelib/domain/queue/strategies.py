"""In which order fresh tasks are handed out: one small class per strategy, in a registry.

A strategy gives each task a text; fresh tasks stand in the order of these texts, so that handing out the
first is all there is to do. What is random is made of the task's id, so that the same task gets the same
text whenever it is asked for. Everything else is made of the task's state: whoever changes a task, say by
a new prediction, places it anew in the same write.

A project's `strategy` names one with its parameters (`strategy_settings.py` says which are valid); without
one its `sampling` does, in Label Studio's words.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from chalicelib.domain.projects.entities import Project, Sampling
from chalicelib.domain.queue.signals import SIGNALS, Committee, Signal, chance, confidence
from chalicelib.domain.tasks.entities import Task

OVERLAP_FIRST = "Show overlap first & "
ACTIVE_LEARNING = "Active learning or random queue"


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

    queue_name = ACTIVE_LEARNING

    def key(self, task: Task, project: Project) -> str:
        """The lowest score, however scaled, among the predictions of the project's model version."""
        return _key(confidence(task, project), task)


@dataclass(frozen=True, slots=True)
class BySignal:
    """What a signal speaks for most first; tasks of which it knows nothing after them, by chance."""

    signal: Signal
    queue_name: str = ACTIVE_LEARNING

    def key(self, task: Task, project: Project) -> str:
        """The signal's urgency."""
        found = self.signal.urgency(task, project)
        return _key(None if found is None else -found, task)


@dataclass(frozen=True, slots=True)
class Mix:
    """What several signals speak for most together first. A signal that knows nothing adds nothing."""

    weights: tuple[tuple[Signal, float], ...]
    queue_name: str = ACTIVE_LEARNING

    def key(self, task: Task, project: Project) -> str:
        """The weighted sum of the urgencies."""
        return _key(-sum(weight * (s.urgency(task, project) or 0) for s, weight in self.weights), task)


@dataclass(frozen=True, slots=True)
class OverlapFirst:
    """Tasks that want many answers before those that want few, each kind in another strategy's order."""

    then: Strategy

    @property
    def queue_name(self) -> str:
        """What Label Studio calls the queue."""
        return f"{OVERLAP_FIRST}{self.then.queue_name}"

    def key(self, task: Task, project: Project) -> str:
        """The overlap, highest first."""
        return f"{_HIGHEST_OVERLAP - task.overlap:010d}{self.then.key(task, project)}"


_HIGHEST_OVERLAP = 10**10 - 1


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Begun tasks whose annotators agree least first; those without two answers in another's order."""

    then: Strategy
    queue_name: str = "Lowest agreement first queue"

    def key(self, task: Task, project: Project) -> str:
        """The agreement, as the task's last change left it."""
        if task.agreement is None:
            return f"1{self.then.key(task, project)}"
        return f"0{sortable(task.agreement)}#{_id_text(task)}"


STRATEGIES: Mapping[Sampling, Strategy] = MappingProxyType(
    {
        Sampling.SEQUENTIAL: Sequential(),
        Sampling.UNIFORM: Uniform(),
        Sampling.UNCERTAINTY: Uncertainty(),
    }
)


_SAMPLING_OF: Mapping[str, Sampling] = MappingProxyType(
    {
        "sequential": Sampling.SEQUENTIAL,
        "uniform": Sampling.UNIFORM,
        "uncertainty": Sampling.UNCERTAINTY,
    }
)
SIMPLE = tuple(_SAMPLING_OF)
"""The names of the strategies that Label Studio has as well."""


def _uncertainty(parameters: Mapping[str, Any]) -> Strategy:
    measure = parameters.get("measure", "least_confidence")
    return Uncertainty() if measure == "least_confidence" else BySignal(SIGNALS[measure])


def _committee(parameters: Mapping[str, Any]) -> Strategy:
    return BySignal(Committee(tuple(parameters.get("model_versions", ()))))


def _overlap(parameters: Mapping[str, Any]) -> Strategy:
    return OverlapFirst(STRATEGIES[_SAMPLING_OF[parameters.get("then", "sequential")]])


def _disagreement(parameters: Mapping[str, Any]) -> Strategy:
    return Disagreement(STRATEGIES[_SAMPLING_OF[parameters.get("then", "sequential")]])


def _mix(parameters: Mapping[str, Any]) -> Strategy:
    return Mix(tuple((SIGNALS[name], float(weight)) for name, weight in parameters["signals"].items()))


NAMED: Mapping[str, Callable[[Mapping[str, Any]], Strategy]] = MappingProxyType(
    {
        "sequential": lambda _: STRATEGIES[Sampling.SEQUENTIAL],
        "uniform": lambda _: STRATEGIES[Sampling.UNIFORM],
        "uncertainty": _uncertainty,
        "committee": _committee,
        "overlap": _overlap,
        "disagreement": _disagreement,
        "mix": _mix,
    }
)
"""Every strategy by the name that a project's settings use; makes it of its parameters, which are valid."""


def strategy_of(project: Project) -> Strategy:
    """The project's strategy, or what its sampling says without one."""
    if project.strategy is None:
        return STRATEGIES[project.sampling]
    return NAMED[str(project.strategy["name"])](project.strategy)


def order_key(task: Task, project: Project) -> str:
    """The task's place among the fresh tasks of its project; wanted overlaps first where that is set."""
    key = strategy_of(project).key(task, project)
    if not project.show_overlap_first:
        return key
    return f"{0 if task.overlap > 1 else 1}{key}"


def queue_name(project: Project) -> str:
    """What Label Studio calls the project's queue."""
    name = strategy_of(project).queue_name
    return f"{OVERLAP_FIRST}{name}" if project.show_overlap_first else name


def sortable(number: float) -> str:
    """A text that sorts as the number does; NaN last. (The bits of IEEE 754, negative ones inverted.)"""
    if math.isnan(number):
        return "f" * 16
    bits: int = struct.unpack(">Q", struct.pack(">d", number + 0.0))[0]
    flipped = bits ^ (1 << 63) if bits < 1 << 63 else bits ^ ((1 << 64) - 1)
    return f"{flipped:016x}"


def _key(value: float | None, task: Task) -> str:
    """Low values first, then those that are unknown, by chance."""
    if value is None:
        return f"1{chance(task.id)}#{_id_text(task)}"
    return f"0{sortable(value)}#{_id_text(task)}"


def _id_text(task: Task) -> str:
    return f"{task.id:016d}"
