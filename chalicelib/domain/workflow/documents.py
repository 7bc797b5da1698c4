"""Machines as JSON documents: how people write them and how they are kept. Pure.

{"initial": "unlabeled", "separates_duties": false,
 "states": [{"name": "labeled", "title": "", "work": ["enough"], "final": true, "refuses": []}],
 "transitions": [{"name": "accept", "title": "", "from": ["labeled"], "to": "accepted", "on": [],
                  "roles": ["reviewer"], "guards": ["not_own_work"], "effects": ["release"]}]}

What somebody wrote is read in `reading.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.json_values import Json
from chalicelib.domain.workflow.machine import ROLES, Effect, Event, Guard, Machine, State, Transition, Work


def dump_machine(machine: Machine) -> dict[str, Json]:
    """The machine as a document; `load_machine` gives the same machine back."""
    return {
        "initial": str(machine.initial),
        "separates_duties": machine.separates_duties,
        "states": [_dump_state(state) for state in machine.states],
        "transitions": [_dump_transition(transition) for transition in machine.transitions],
    }


def _dump_state(state: State) -> dict[str, Json]:
    return {
        "name": str(state.name),
        "title": state.title,
        "work": _in_order(Work, state.work),
        "final": state.is_final,
        "refuses": _in_order(Event, state.refuses),
    }


def _dump_transition(transition: Transition) -> dict[str, Json]:
    return {
        "name": transition.name,
        "title": transition.title,
        "from": [str(source) for source in transition.sources],
        "to": str(transition.target),
        "on": _in_order(Event, transition.on),
        "roles": _in_order(ROLES, transition.roles),
        "guards": _in_order(Guard, transition.guards),
        "effects": _in_order(Effect, transition.effects),
    }


def _in_order(order: Iterable[str], chosen: Iterable[str]) -> list[Json]:
    chosen = {*chosen}
    return [str(each) for each in order if each in chosen]


def load_machine(document: Mapping[str, Any]) -> Machine:
    """The machine of a document that was dumped or has been checked."""
    return Machine(
        initial=document["initial"],
        separates_duties=document.get("separates_duties", False),
        states=tuple(_load_state(each) for each in document["states"]),
        transitions=tuple(_load_transition(each) for each in document["transitions"]),
    )


def _load_state(value: Mapping[str, Any]) -> State:
    return State(
        name=value["name"],
        title=value.get("title", ""),
        work=frozenset(map(Work, value.get("work", Work))),
        is_final=value.get("final", False),
        refuses=frozenset(map(Event, value.get("refuses", ()))),
    )


def _load_transition(value: Mapping[str, Any]) -> Transition:
    return Transition(
        name=value["name"],
        title=value.get("title", ""),
        sources=tuple(value["from"]),
        target=value["to"],
        on=frozenset(map(Event, value.get("on", ()))),
        roles=frozenset(value.get("roles", ROLES)),
        guards=frozenset(map(Guard, value.get("guards", ()))),
        effects=frozenset(map(Effect, value.get("effects", ()))),
    )
