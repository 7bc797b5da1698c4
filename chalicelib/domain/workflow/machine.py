"""What a state machine is: states, and transitions with who may take them, when, and what follows. Pure data.

A state says which *work* may lie in it, that is, how much there is of the annotations that a task wants. A
transition fits where the work that is there may lie in its target; so no task can ever stand in a state
that its annotations contradict. System events happen by what people do (they submit, skip, change, remove)
or by settings that change; all other transitions are asked for by name.

What a machine must keep to is in `check.py`, how it moves in `moves.py`, how it is written in `documents.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Work(StrEnum):
    """How much there is of what is wanted. For an annotation: a skip is `skips`, any other `enough`."""

    NONE = "none"
    SOME = "some"
    SKIPS = "skips"
    """Skips alone, and they do not count as answers."""
    ENOUGH = "enough"


class Event(StrEnum):
    """What happens to a task without a transition being asked for by name."""

    SUBMIT = "submit"
    SKIP = "skip"
    UPDATE = "update"
    """An annotation was changed."""
    DELETE = "delete"
    """An annotation was removed."""
    ADJUST = "adjust"
    """Settings changed what is wanted, or an import brought annotations along."""


class Guard(StrEnum):
    """What must be so for a transition that is asked for by name, beside the state and the role."""

    NOT_OWN_WORK = "not_own_work"
    """Whoever asks has no annotation on the task."""
    REASON = "reason"
    """A reason is given."""


class Effect(StrEnum):
    """What follows from a transition beside the new state."""

    RELEASE = "release"
    """Everybody's lease on the task ends."""
    ASK_ANOTHER = "ask_another"
    """The task wants one annotation more than it has."""


ROLES = ("owner", "administrator", "manager", "reviewer", "annotator")
"""The roles that a transition can be open to, from most to least power. Viewers change nothing."""


@dataclass(frozen=True, slots=True)
class State:
    """A state. `refuses` are the events that may not happen to what stands in it."""

    name: str
    work: frozenset[Work] = frozenset(Work)
    title: str = ""
    is_final: bool = False
    """Whether the work has come to a good end here: such a state needs no way out."""
    refuses: frozenset[Event] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from some states to one. Without events (`on`) it is asked for by its name."""

    name: str
    sources: tuple[str, ...]
    target: str
    on: frozenset[Event] = frozenset()
    roles: frozenset[str] = frozenset(ROLES)
    title: str = ""
    guards: frozenset[Guard] = frozenset()
    effects: frozenset[Effect] = frozenset()

    @property
    def is_manual(self) -> bool:
        """Whether it is asked for by its name."""
        return not self.on

    def answers_to(self, trigger: Event | str) -> bool:
        """Whether an event, or a name that somebody asks for, means this transition."""
        return trigger in self.on if isinstance(trigger, Event) else self.is_manual and trigger == self.name


@dataclass(frozen=True, slots=True)
class Machine:
    """States and transitions; of several transitions that fit, the first counts.

    `separates_duties` asks that nobody brings their own work to a good end (`check.py` holds to it).
    """

    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    separates_duties: bool = False

    def state(self, name: str) -> State | None:
        """The state of the name, or None."""
        return next((state for state in self.states if state.name == name), None)

    def leaving(self, source: str) -> tuple[Transition, ...]:
        """The transitions that can be taken from a state, in their order."""
        return tuple(each for each in self.transitions if source in each.sources)

    def refuses(self, state: str, event: Event) -> bool:
        """Whether the event may not happen in the state."""
        found = self.state(state)
        return found is not None and event in found.refuses

    def fits(self, state: str, work: Work) -> bool:
        """Whether the machine has the state, and the work may lie in it."""
        found = self.state(state)
        return found is not None and work in found.work


class Kind(StrEnum):
    """What has states."""

    TASK = "task"
    ANNOTATION = "annotation"
    PROJECT = "project"


POSSIBLE: Mapping[Kind, Mapping[Event, frozenset[Work]]] = MappingProxyType(
    {
        Kind.TASK: {
            Event.SUBMIT: frozenset({Work.SOME, Work.ENOUGH}),
            Event.SKIP: frozenset({Work.SOME, Work.SKIPS, Work.ENOUGH}),
            Event.UPDATE: frozenset({Work.SOME, Work.SKIPS, Work.ENOUGH}),
            Event.DELETE: frozenset(Work),
            Event.ADJUST: frozenset(Work),
        },
        Kind.ANNOTATION: {
            Event.SUBMIT: frozenset({Work.ENOUGH}),
            Event.SKIP: frozenset({Work.SKIPS}),
            Event.UPDATE: frozenset({Work.ENOUGH, Work.SKIPS}),
        },
        Kind.PROJECT: {Event.SUBMIT: frozenset(Work), Event.SKIP: frozenset(Work)},
    }
)
"""Which events happen to what, and the work that may be there after each."""


def after_effects(transition: Transition, work: Work) -> Work:
    """The work that is there once a transition's effects have happened."""
    asks = Effect.ASK_ANOTHER in transition.effects and work is Work.ENOUGH
    return Work.SOME if asks else work
