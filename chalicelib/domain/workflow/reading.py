"""Reading a machine that somebody wrote (`documents.py` shows one), with every fault and its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.workflow.check import check
from chalicelib.domain.workflow.documents import load_machine
from chalicelib.domain.workflow.machine import ROLES, Effect, Event, Guard, Machine, Work
from chalicelib.errors import Fault, FaultList

MAX_STATES, MAX_TRANSITIONS = 30, 100
LONGEST_NAME, LONGEST_TITLE = 24, 60
RESERVED = frozenset({"map"})
"""Names that the history uses itself."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MACHINE_KEYS = ("initial", "separates_duties", "states", "transitions")
_STATE_KEYS = ("name", "title", "work", "final", "refuses")
_TRANSITION_KEYS = ("name", "title", "from", "to", "on", "roles", "guards", "effects")


def read_machine(faults: FaultList, value: object, place: str = "workflow") -> Machine | None:
    """The machine that somebody wrote, or None with every fault added: first those of the form, and only
    where there are none those of the machine (`check.py`)."""
    found = FaultList()
    _read_machine(found, value)
    machine = None
    if not found.faults and isinstance(value, Mapping):
        machine = load_machine(value)
        found.faults.extend(check(machine))
    for fault in found.faults:
        at = f"{place}.{fault.place}" if fault.place else place
        faults.faults.append(Fault(at, fault.message, fault.code, fault.suggestion))
    return None if found.faults else machine


def _read_machine(faults: FaultList, value: object) -> None:
    if not isinstance(value, Mapping):
        faults.add("", "Expected an object with initial, states and transitions.")
        return
    _known_keys(faults, "", value, _MACHINE_KEYS)
    _name(faults, "initial", value.get("initial"))
    _boolean(faults, "separates_duties", value)
    for index, state in enumerate(_list(faults, "states", value.get("states"), MAX_STATES)):
        place = f"states[{index}]"
        if _known_keys(faults, place, state, _STATE_KEYS):
            _name(faults, f"{place}.name", state.get("name"))
            _title(faults, f"{place}.title", state)
            _choices(faults, f"{place}.work", state, tuple(Work), least=1)
            _boolean(faults, f"{place}.final", state)
            _choices(faults, f"{place}.refuses", state, tuple(Event))
    for index, each in enumerate(_list(faults, "transitions", value.get("transitions"), MAX_TRANSITIONS)):
        if _known_keys(faults, f"transitions[{index}]", each, _TRANSITION_KEYS):
            _read_transition(faults, f"transitions[{index}]", each)


def _read_transition(faults: FaultList, place: str, value: Mapping[str, Any]) -> None:
    _name(faults, f"{place}.name", value.get("name"))
    if value.get("name") in RESERVED:
        faults.add(f"{place}.name", f'"{value["name"]}" is a name that the history needs itself.')
    _title(faults, f"{place}.title", value)
    sources = _list(faults, f"{place}.from", value.get("from"), MAX_STATES)
    for index, source in enumerate(sources):
        _name(faults, f"{place}.from[{index}]", source)
    if isinstance(value.get("from"), list) and not sources:
        faults.add(f"{place}.from", "Expected at least one state.")
    _name(faults, f"{place}.to", value.get("to"))
    _choices(faults, f"{place}.on", value, tuple(Event))
    _choices(faults, f"{place}.roles", value, ROLES, least=1)
    _choices(faults, f"{place}.guards", value, tuple(Guard))
    _choices(faults, f"{place}.effects", value, tuple(Effect))


def _known_keys(faults: FaultList, place: str, value: object, known: Sequence[str]) -> bool:
    if not isinstance(value, Mapping):
        faults.add(place, f"Expected an object with {', '.join(known)}.")
        return False
    for key in sorted(str(key) for key in value if key not in known):
        at = f"{place}.{key}" if place else key
        faults.add(at, f"There is no such field here; there are: {', '.join(known)}.")
    return True


def _list(faults: FaultList, place: str, value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        faults.add(place, "Expected a list.")
        return []
    if len(value) > most:
        faults.add(place, f"At most {most} are possible.")
        return []
    return value


def _name(faults: FaultList, place: str, value: object) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not _NAME.fullmatch(value):
        form = f"1 to {LONGEST_NAME} small letters, digits and underscores, a letter first"
        faults.add(place, f"Expected a name: {form}.")


def _title(faults: FaultList, place: str, value: Mapping[str, Any]) -> None:
    title = value.get("title", "")
    is_text = isinstance(title, str) and title.isprintable() and len(title) <= LONGEST_TITLE
    if not is_text:
        faults.add(place, f"Expected a text of one line, up to {LONGEST_TITLE} characters.")


def _boolean(faults: FaultList, place: str, value: Mapping[str, Any]) -> None:
    if not isinstance(value.get(place.rpartition(".")[2], False), bool):
        faults.add(place, "Must be a valid boolean.")


def _choices(
    faults: FaultList, place: str, value: Mapping[str, Any], known: Sequence[str], *, least: int = 0
) -> None:
    key = place.rpartition(".")[2]
    if key not in value:
        return
    chosen = value[key]
    if not isinstance(chosen, list) or not least <= len(chosen) <= len(known):
        faults.add(place, f"Expected a list of some of: {', '.join(known)}.")
        return
    for index, each in enumerate(chosen):
        if not isinstance(each, str) or each not in known:
            faults.add(f"{place}[{index}]", f'"{each}" is not a valid choice; there are {", ".join(known)}.')
