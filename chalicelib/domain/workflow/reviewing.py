"""What of a machine is review: the states in which a verdict is waited for, and the way to begin. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.workflow.machine import Guard, Machine, Transition


def awaiting_verdict(machine: Machine, role: str | None) -> frozenset[str]:
    """The states that are not final and from which the role can bring the work to a good end by name."""
    return frozenset(
        source
        for way in machine.transitions
        if way.is_manual and role in way.roles and _is_final(machine, way.target)
        for source in way.sources
        if not _is_final(machine, source)
    )


def beginning(machine: Machine, offered: Sequence[Transition], role: str | None) -> Transition | None:
    """Of the transitions offered the one that says "I am at it": no verdict, and needs no reason."""
    waiting = awaiting_verdict(machine, role)
    return next(
        (
            way
            for way in offered
            if way.target in waiting and not way.effects and Guard.REASON not in way.guards
        ),
        None,
    )


def is_begun(machine: Machine, state: str, name: str) -> bool:
    """Whether a transition of that name led to the state and was one that begins."""
    return any(
        way.is_manual and way.name == name and way.target == state and not way.effects
        for way in machine.transitions
    )


def _is_final(machine: Machine, name: str) -> bool:
    found = machine.state(name)
    return found is not None and found.is_final
