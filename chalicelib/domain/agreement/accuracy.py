"""How far somebody's answers can be relied on, by those that were compared with a truth."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959964
"""Of 95 %."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`judged` answers, how far they were like the truth on average, the share of those that were wholly, and
    between what that share lies for certain (95 %); None before there is one."""

    judged: int
    right: int
    accuracy: float | None
    share: float | None
    interval: tuple[float, float] | None


def accuracy(judged: int, score: int, right: int) -> Accuracy:
    """Of counts: `score` is the sum in thousandths."""
    if judged <= 0:
        return Accuracy(0, 0, None, None, None)
    return Accuracy(judged, right, score / (1000 * judged), right / judged, wilson(right, judged))


def wilson(right: int, of: int) -> tuple[float, float]:
    """Between what a share lies of which so many are right, with a certainty of 95 % (Wilson, 1927)."""
    share, spread = right / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
