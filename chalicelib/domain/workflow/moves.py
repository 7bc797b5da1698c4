"""How a machine moves: what follows from an event, or from a transition that is asked for by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chalicelib.domain.workflow.machine import Event, Guard, Machine, Transition, Work, after_effects
from chalicelib.errors import RefusedTransitionError


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: their role in the project (None: the system, which no role or guard holds back), whether an
    annotation there is theirs, and the reason that they give."""

    role: str | None = None
    owns_work: bool = False
    reason: str = ""


SYSTEM = Actor()


@dataclass(frozen=True, slots=True)
class Move:
    """What follows: the state, and the transition that leads there; None for staying where one is."""

    target: str
    transition: Transition | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing may follow, and which transitions could be asked for instead."""

    state: str
    trigger: str
    why: str
    allowed: tuple[Transition, ...] = ()

    def error(self, what: str) -> RefusedTransitionError:
        """The refusal as an error; `what` names the thing (`Task 7`)."""
        names = ", ".join(f"{each.name} (to {each.target})" for each in self.allowed)
        return RefusedTransitionError(
            f"{what} is {self.state}: {self.why} Allowed: {names or 'nothing'}.",
            details={
                "state": self.state,
                "refused": self.trigger,
                "allowed": [{"name": each.name, "to": each.target} for each in self.allowed],
            },
        )


def next_move(machine: Machine, state: str, trigger: Event | str, work: Work, actor: Actor) -> Move | Refusal:
    """What follows when an event has left `work`, or when somebody asks for a transition by its name.

    Of the transitions that answer, the first counts that is open to the actor, whose guards hold and whose
    target may hold the work. Without one an event leaves things where they are, unless the state refuses
    it or the work may not lie there. An adjustment never moves what may stay.
    """
    if trigger is Event.ADJUST and machine.fits(state, work):
        return Move(state)
    answering = [each for each in machine.leaving(state) if each.answers_to(trigger)]
    why = ""
    for transition in answering:
        hindrance = _hindrance(machine, transition, work, actor)
        if not hindrance:
            return Move(transition.target, transition)
        why = why or hindrance
    if isinstance(trigger, Event) and machine.fits(state, work) and not machine.refuses(state, trigger):
        return Move(state)
    why = why or f"{trigger} is not possible there."
    # What a refused event would have left is not there: any work may be that lies in the state.
    there = machine.state(state) if isinstance(trigger, Event) else None
    works = there.work if there else frozenset({work})
    return Refusal(state, str(trigger), why, allowed(machine, state, works, actor))


def _hindrance(machine: Machine, transition: Transition, work: Work, actor: Actor) -> str:
    """Why the transition cannot be taken now; nothing where it can."""
    held_back = _personal(transition, actor)
    if held_back:
        return held_back
    if not machine.fits(transition.target, after_effects(transition, work)):
        return f"with the annotations that are there it cannot become {transition.target}."
    if Guard.REASON in transition.guards and not actor.reason.strip() and actor.role is not None:
        return f"{transition.name} needs a reason."
    return ""


def _personal(transition: Transition, actor: Actor) -> str:
    if actor.role is None:
        return ""
    if actor.role not in transition.roles:
        return f"{transition.name} is not open to the role {actor.role}."
    if Guard.NOT_OWN_WORK in transition.guards and actor.owns_work:
        return f"{transition.name} is for somebody who has no annotation there."
    return ""


def allowed(machine: Machine, state: str, works: Collection[Work], actor: Actor) -> tuple[Transition, ...]:
    """The transitions that the actor could ask for by name where some of `works` is, each name once; a reason
    may still be needed."""
    found: dict[str, Transition] = {}
    for transition in machine.leaving(state):
        fits = any(machine.fits(transition.target, after_effects(transition, work)) for work in works)
        if transition.is_manual and fits and not _personal(transition, actor):
            found.setdefault(transition.name, transition)
    return tuple(found.values())


def landing(machine: Machine, work: Work) -> str:
    """The state in which something new with this work would come to stand."""
    move = next_move(machine, machine.initial, Event.ADJUST, work, SYSTEM)
    return move.target if isinstance(move, Move) else machine.initial


def mapped(machine: Machine, state: str, work: Work, mapping: Mapping[str, str]) -> str:
    """The state of this machine in which something stands that stood in `state` of an earlier one."""
    if machine.state(state) is not None:
        return state
    named = mapping.get(state, "")
    return named if machine.fits(named, work) else landing(machine, work)


def name_between(machine: Machine, source: str, target: str) -> str:
    """The name of the transition between two states, or nothing where there is none."""
    return next((each.name for each in machine.leaving(source) if each.target == target), "")
