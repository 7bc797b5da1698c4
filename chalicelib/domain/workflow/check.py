"""What is wrong with a machine, every fault with its place: asked before one is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from chalicelib.domain.workflow.machine import (
    POSSIBLE,
    Effect,
    Event,
    Guard,
    Kind,
    Machine,
    State,
    Transition,
    Work,
    after_effects,
)
from chalicelib.errors import Fault

_Ways = Mapping[str, frozenset[str]]


def check(machine: Machine, kind: Kind = Kind.TASK) -> list[Fault]:
    """Every fault of the machine, in the order of its parts; empty when it may be used.

    Places are those of its document: `initial`, `states[2]`, `transitions[0].from`.
    """
    unknown = [*_unknown_names(machine)]
    if unknown or not machine.states:
        return unknown or [Fault("states", "A workflow needs at least one state.", "missing")]
    return [fault for rule in _RULES for fault in rule(machine, kind)]


def _unknown_names(machine: Machine) -> Iterator[Fault]:
    names = [state.name for state in machine.states]
    known = ", ".join(names)
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault(f"states[{index}].name", f"There is a state {name} already.", "duplicate")
    if machine.initial not in names:
        yield Fault("initial", _no_state(machine.initial, known), "unknown_state")
    for index, transition in enumerate(machine.transitions):
        for source in transition.sources:
            if source not in names:
                yield Fault(f"transitions[{index}].from", _no_state(source, known), "unknown_state")
        if transition.target not in names:
            yield Fault(f"transitions[{index}].to", _no_state(transition.target, known), "unknown_state")


def _no_state(name: str, known: str) -> str:
    return f'There is no state "{name}"; there are: {known or "none"}.'


def _initial(machine: Machine, kind: Kind) -> Iterator[Fault]:
    if not machine.fits(machine.initial, Work.NONE):
        yield Fault("initial", f"{machine.initial} must take work none: everything begins there.", "initial")
    if kind is Kind.TASK and machine.refuses(machine.initial, Event.ADJUST):
        message = f"{machine.initial} must not refuse adjust: tasks are imported there with annotations."
        yield Fault("initial", message, "initial")


def _finals(machine: Machine, _: Kind) -> Iterator[Fault]:
    if not any(state.is_final for state in machine.states):
        yield Fault("states", "No state is final, so that work could never come to an end.", "no_final_state")


def _possible(machine: Machine, kind: Kind, transition: Transition, source: str) -> frozenset[Work]:
    """The work with which the transition can be taken from a source: never, where it is empty."""
    state = machine.state(source)
    lying = state.work if state else frozenset[Work]()
    after = [POSSIBLE[kind].get(event, frozenset()) for event in transition.on]
    works = lying if transition.is_manual else frozenset[Work]().union(*after)
    return frozenset(w for w in works if machine.fits(transition.target, after_effects(transition, w)))


def _transitions(machine: Machine, kind: Kind) -> Iterator[Fault]:
    for index, transition in enumerate(machine.transitions):
        place = f"transitions[{index}]"
        if not transition.is_manual and transition.guards:
            yield Fault(f"{place}.guards", "Guards are for transitions that are asked for by name.", "guard")
        if not transition.is_manual and Effect.ASK_ANOTHER in transition.effects:
            yield Fault(f"{place}.effects", "An event cannot ask for another annotation.", "effect")
        for source in transition.sources:
            if not _possible(machine, kind, transition, source):
                message = (
                    f"{transition.name} can never lead from {source} to {transition.target}: "
                    "what lies in the one cannot lie in the other."
                )
                yield Fault(f"{place}.from", message, "never_possible")
            elif other := _shadow(machine, kind, index, source):
                message = f"From {source} it never comes to {transition.name}: {other} is always taken first."
                yield Fault(place, message, "never_reached")


def _shadow(machine: Machine, kind: Kind, index: int, source: str) -> str:
    """The name of an earlier transition that is taken wherever this one could be, or nothing."""
    this = machine.transitions[index]
    triggers: Iterable[Event | str] = this.on or [this.name]
    names = [_earlier(machine, kind, index, source, trigger) for trigger in triggers]
    return names[0] if all(names) else ""


def _earlier(machine: Machine, kind: Kind, index: int, source: str, trigger: Event | str) -> str:
    this = machine.transitions[index]
    for other in machine.transitions[:index]:
        if source not in other.sources or not other.answers_to(trigger):
            continue
        is_as_open = other.roles >= this.roles and other.guards <= this.guards
        if is_as_open and _possible(machine, kind, other, source) >= _possible(machine, kind, this, source):
            return other.name
    return ""


def _ways(machine: Machine, kind: Kind) -> _Ways:
    """Where one can go from each state."""
    return {
        state.name: frozenset(
            transition.target
            for transition in machine.leaving(state.name)
            if transition.target != state.name and _possible(machine, kind, transition, state.name)
        )
        for state in machine.states
    }


def _reached(ways: _Ways, start: Iterable[str]) -> set[str]:
    found, waiting = set(start), [*start]
    while waiting:
        new = ways[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def _unreachable(machine: Machine, kind: Kind) -> Iterator[Fault]:
    reached = _reached(_ways(machine, kind), [machine.initial])
    for index, state in enumerate(machine.states):
        if state.name not in reached:
            message = f"No way leads from {machine.initial} to {state.name}."
            yield Fault(f"states[{index}]", message, "unreachable")


def _dead_ends(machine: Machine, kind: Kind) -> Iterator[Fault]:
    ways = _ways(machine, kind)
    finals = {state.name for state in machine.states if state.is_final}
    for index, state in enumerate(machine.states):
        if state.is_final:
            continue
        if not ways[state.name]:
            yield Fault(f"states[{index}]", f"{state.name} is not final, and nothing leads out.", "dead_end")
        elif finals and not finals & _reached(ways, [state.name]):
            message = f"From {state.name} no final state can be reached."
            yield Fault(f"states[{index}]", message, "dead_end")


def _missing(machine: Machine, kind: Kind) -> Iterator[Fault]:
    for index, state in enumerate(machine.states):
        for event, works in POSSIBLE[kind].items():
            lost = [w for w in Work if w in works and not _is_answered(machine, state, event, w)]
            if lost:
                message = (
                    f"Nothing says what follows in {state.name} when {event} leaves work {', '.join(lost)}: "
                    f"add a transition on {event}, or let the state refuse it."
                )
                yield Fault(f"states[{index}]", message, "missing_transition")


def _is_answered(machine: Machine, state: State, event: Event, work: Work) -> bool:
    if event in state.refuses or work in state.work:
        return True
    leaving = machine.leaving(state.name)
    return any(event in t.on and machine.fits(t.target, work) for t in leaving)


def _separation(machine: Machine, _: Kind) -> Iterator[Fault]:
    if not machine.separates_duties:
        return
    finals = {state.name for state in machine.states if state.is_final}
    for index, transition in enumerate(machine.transitions):
        if transition.target not in finals or finals.issuperset(transition.sources):
            continue
        if transition.is_manual and Guard.NOT_OWN_WORK in transition.guards:
            continue
        message = (
            f"{transition.name} leads to {transition.target}, which is final, by whoever labeled: "
            "ask for it by name, with the guard not_own_work."
        )
        yield Fault(f"transitions[{index}]", message, "separation_of_duties")


_RULES: Sequence[Callable[[Machine, Kind], Iterator[Fault]]] = (
    _initial,
    _finals,
    _unreachable,
    _dead_ends,
    _missing,
    _transitions,
    _separation,
)
