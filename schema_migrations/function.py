"""The function that runs migrations at a deployment; `infrastructure/deploy` calls it until it is done.

    {"command": "up", "stages": ["expand"], "seconds": 45}
    {"command": "up", "to": "m0002_…", "dry_run": true}
    {"command": "down", "to": "m0001_…"}
    {"command": "plan"}   {"command": "status"}

It stops after a page when its time is over, says `is_done: false`, and goes on from there when it is
called again; also after a call that died. `is_busy` says that another runner was at work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import observability
from chalicelib.errors import InvalidInputError
from schema_migrations.context import PausedError
from schema_migrations.installation import build, told_estimate, told_status
from schema_migrations.ledger import BusyError, Ledger
from schema_migrations.modules import STAGES
from schema_migrations.runner import UNITS_PER_SECOND, Limits, Runner

MARGIN_S = 60.0
"""What is kept of a call's time for ending it."""
PAGE_S = 30.0
"""How long the page that is being worked on when the time is over may still take; it is broken off then."""
Answer = dict[str, Any]


def handle(event: Mapping[str, Any], context: Any) -> Answer:
    """What was done: lines for people, and whether all of it is. Faults of a migration are raised."""
    lines: list[str] = []
    deadline = time.monotonic() + _seconds(event, context.get_remaining_time_in_millis() / 1000)
    limits = Limits(
        units_per_second=float(event.get("units_per_second", UNITS_PER_SECOND)),
        should_pause=lambda: time.monotonic() >= deadline,
        must_stop=lambda: time.monotonic() >= deadline + PAGE_S,
    )
    runner, ledger = build(_teller(lines), limits)
    do = COMMANDS.get(str(event.get("command")))
    if do is None:
        raise InvalidInputError.at("command", f"must be one of {', '.join(COMMANDS)}")
    answer = {"is_done": False, "is_busy": False, "lines": lines}
    try:
        lines.extend(do(event, runner, ledger))
    except BusyError as error:
        return {**answer, "is_busy": True, "lines": [*lines, error.message]}
    except PausedError:
        return {**answer, "lines": [*lines, *told_status(runner, ledger)]}
    return {**answer, "is_done": True}


def _seconds(event: Mapping[str, Any], left_s: float) -> float:
    return min(float(event.get("seconds", left_s)), left_s - MARGIN_S)


def _teller(lines: list[str]) -> Callable[[str], None]:
    def tell(line: str) -> None:
        observability.info("migrations", line=line)
        lines.append(line)

    return tell


def _up(event: Mapping[str, Any], runner: Runner, _ledger: Ledger) -> list[str]:
    stages = event.get("stages", STAGES)
    runner.up(event.get("to"), dry_run=bool(event.get("dry_run")), stages=stages)
    return []


def _down(event: Mapping[str, Any], runner: Runner, _ledger: Ledger) -> list[str]:
    if not event.get("to"):
        raise InvalidInputError.at("to", "must name the last migration that stays")
    runner.down(str(event["to"]))
    return []


def _plan(event: Mapping[str, Any], runner: Runner, _ledger: Ledger) -> list[str]:
    estimates = runner.plan(event.get("to"), stages=event.get("stages", STAGES))
    return [told_estimate(estimate) for estimate in estimates]


def _status(_event: Mapping[str, Any], runner: Runner, ledger: Ledger) -> list[str]:
    return [*told_status(runner, ledger)]


COMMANDS = {"up": _up, "down": _down, "plan": _plan, "status": _status}
