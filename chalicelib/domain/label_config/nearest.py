"""What was probably meant: the nearest of some known words."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

_MOST_CANDIDATES = 500


def nearest(word: str, among: Collection[str]) -> str:
    """The nearest word, at most two edits away or a third of its length; empty when none is.

    Looks at the first 500 candidates only, so that a hostile configuration stays cheap.
    """
    limit = max(2, len(word) // 3)
    best, least = "", limit + 1
    if len(word) > 100:
        return best
    for candidate in islice(among, _MOST_CANDIDATES):
        distance = _edits(word.lower(), candidate.lower(), least)
        if distance < least:
            best, least = candidate, distance
    return best


def _edits(left: str, right: str, limit: int) -> int:
    """The Levenshtein distance, or `limit` when the lengths alone differ that much."""
    if abs(len(left) - len(right)) >= limit:
        return limit
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        following = [i]
        for j, other in enumerate(right, 1):
            following.append(min(row[j - 1] + (letter != other), row[j] + 1, following[j - 1] + 1))
        row = following
    return row[-1]
