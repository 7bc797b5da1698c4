"""Which strategies a project may have, with which parameters. Pure.

null                                                         what `sampling` says
{"name": "sequential"}                                       by id
{"name": "uniform"}                                          by chance
{"name": "uncertainty", "measure": "entropy"}                or `margin`, or `least_confidence`
{"name": "committee", "model_versions": ["a", "b"]}          those that disagree; all without the list
{"name": "overlap", "then": "uniform"}                       most wanted answers first
{"name": "disagreement", "then": "uniform"}                  begun tasks that agree least first
{"name": "mix", "signals": {"entropy": 2, "chance": 0.5}}    a weighted sum of signals, 0 to 1 each
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.annotations.rules import is_storable
from chalicelib.domain.json_values import Json
from chalicelib.domain.queue.signals import MEASURES, SIGNALS
from chalicelib.domain.queue.strategies import NAMED, SIMPLE
from chalicelib.errors import FaultList

MAX_VERSIONS = 20
"""So many model versions may be named as a committee."""
MAX_WEIGHT = 1e6
_LONGEST_VERSION = 256

_Check = Callable[[FaultList, str, object], object]


def read_strategy(faults: FaultList, value: object, place: str = "strategy") -> Mapping[str, Json] | None:
    """The strategy that the settings say, None for none; every fault is added with its place."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        faults.add(place, "Expected an object with the name of a strategy, or null.")
        return None
    name = value.get("name")
    if not isinstance(name, str) or name not in NAMED:
        faults.add(f"{place}.name", _one_of(name, tuple(NAMED)))
        return None
    checks = _PARAMETERS[name]
    for unknown in sorted(str(key) for key in value if key != "name" and key not in checks):
        known = ", ".join(checks) or "none"
        faults.add(f"{place}.{unknown}", f"The strategy {name} has no such parameter; it has: {known}.")
    read: dict[str, Any] = {"name": name}
    for parameter, check in checks.items():
        if parameter in value or (name, parameter) in _REQUIRED:
            read[parameter] = check(faults, f"{place}.{parameter}", value.get(parameter))
    return read


def _choice(known: tuple[str, ...]) -> _Check:
    def check(faults: FaultList, place: str, value: object) -> object:
        if not isinstance(value, str) or value not in known:
            faults.add(place, _one_of(value, known))
        return value

    return check


def _versions(faults: FaultList, place: str, value: object) -> object:
    if not isinstance(value, list) or not 2 <= len(value) <= MAX_VERSIONS:
        faults.add(place, f"Expected a list of 2 to {MAX_VERSIONS} model versions.")
        return []
    for index, version in enumerate(value):
        if not _is_version(version):
            faults.add(f"{place}[{index}]", f"A model version is text of 1 to {_LONGEST_VERSION} characters.")
        elif version in value[:index]:
            faults.add(f"{place}[{index}]", "This model version is named twice.")
    return list(value)


def _is_version(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_VERSION and is_storable(value)


def _weights(faults: FaultList, place: str, value: object) -> object:
    if not isinstance(value, Mapping) or not value:
        faults.add(place, f"Expected an object of weights by signal; signals are {', '.join(SIGNALS)}.")
        return {}
    for signal, weight in value.items():
        if signal not in SIGNALS:
            faults.add(f"{place}.{signal}", _one_of(signal, tuple(SIGNALS)))
        elif not _is_weight(weight):
            faults.add(f"{place}.{signal}", f"A weight is a number above 0, up to {MAX_WEIGHT:.0f}.")
    return dict(value)


def _is_weight(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= MAX_WEIGHT and math.isfinite(value)


def _one_of(value: object, known: tuple[str, ...]) -> str:
    return f'"{value}" is not a valid choice; there are {", ".join(known)}.'


_PARAMETERS: Mapping[str, Mapping[str, _Check]] = {
    "sequential": {},
    "uniform": {},
    "uncertainty": {"measure": _choice(MEASURES)},
    "committee": {"model_versions": _versions},
    "overlap": {"then": _choice(SIMPLE)},
    "disagreement": {"then": _choice(SIMPLE)},
    "mix": {"signals": _weights},
}
_REQUIRED = frozenset({("mix", "signals")})
