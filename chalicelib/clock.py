"""The time, as a thing that can be handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from chalicelib.dates import from_iso, iso

Clock = Callable[[], datetime]
"""Gives the present moment, in UTC."""


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


__all__ = ["Clock", "from_iso", "iso", "system_clock"]
