"""Moments as text and back; what time it is, `clock` knows."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    """The moment as clients read it: ISO 8601 in UTC with microseconds and `Z`.

    At the ends of the calendar, where UTC has no such moment, it keeps its own offset.
    """
    try:
        return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except OverflowError:
        return moment.isoformat(timespec="microseconds")


def from_iso(text: str) -> datetime:
    """The moment that an ISO 8601 text names; without an offset it is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
