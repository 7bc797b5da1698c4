"""How sure a prediction is of itself, and what it votes for: what a task remembers of its predictions. Pure.

A model may give an item of its result `probabilities`, an object of every label's probability:
`{"type": "choices", "value": {"choices": ["pos"]}, "probabilities": {"pos": 0.6, "neg": 0.3, "mixed": 0.1}}`.
They need not add up to 1. What is no such object is passed over.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MAX_LABELS = 10_000
"""Distributions of more labels are passed over."""
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Doubt:
    """How sure a distribution is, each number between 0 and 1, rounded to 6 digits.

    `confidence` is the highest probability, `margin` its distance from the second (1 where there is none),
    `entropy` Shannon's, as a share of the highest that so many labels could have. (Settles, Active Learning
    Literature Survey, 2009, section 3.1.)
    """

    confidence: float
    margin: float
    entropy: float


def doubt_of(weights: Sequence[float]) -> Doubt | None:
    """The doubt of a distribution that need not add up to 1; None where it is none."""
    if not 0 < len(weights) <= MAX_LABELS or not all(0 <= weight < math.inf for weight in weights):
        return None
    highest = max(weights)
    if highest <= 0:
        return None
    scaled = [weight / highest for weight in weights]  # sums of the largest floats would be infinite
    shares = sorted((weight / sum(scaled) for weight in scaled), reverse=True)
    margin = shares[0] - shares[1] if len(shares) > 1 else 1.0
    return Doubt(round(shares[0], _DIGITS), round(margin, _DIGITS), round(entropy(shares), _DIGITS))


def doubt_of_score(score: float | None) -> Doubt | None:
    """The doubt of a score alone, read as the probability of one of two answers; None outside of 0 to 1."""
    if score is None or not 0 <= score <= 1:
        return None
    two = doubt_of([score, 1 - score])
    return Doubt(score, two.margin, two.entropy) if two else None


def entropy(shares: Sequence[float]) -> float:
    """Shannon's entropy of shares that add up to 1, divided by its highest: 0 certain, 1 all alike."""
    if len(shares) < 2:
        return 0.0
    found = -sum(share * math.log(share) for share in shares if share > 0) / math.log(len(shares))
    return min(1.0, max(0.0, found))


def worst_doubt(result: Iterable[object]) -> Doubt | None:
    """The least sure of each among the distributions in a result; None without any."""
    return worse(*(_item_doubt(item) for item in result))


def worse(*doubts: Doubt | None) -> Doubt | None:
    """The lowest confidence, the lowest margin and the highest entropy of them."""
    known = [doubt for doubt in doubts if doubt is not None]
    if not known:
        return None
    return Doubt(
        min(doubt.confidence for doubt in known),
        min(doubt.margin for doubt in known),
        max(doubt.entropy for doubt in known),
    )


def _item_doubt(item: object) -> Doubt | None:
    given = item.get("probabilities") if isinstance(item, Mapping) else None
    if not isinstance(given, Mapping):
        return None
    numbers = [value for value in given.values() if isinstance(value, int | float)]
    if len(numbers) != len(given) or any(isinstance(value, bool) for value in numbers):
        return None
    try:
        return doubt_of([float(value) for value in numbers])
    except OverflowError:  # a whole number too large to be a float
        return None


def vote(result: Iterable[object]) -> str:
    """Six digits that two results share when they say the same of a task, wherever they saw it.

    That is what each control was answered with (choices, labels of regions, numbers, texts) and how often,
    not ids, scores and places of regions.
    """
    said = sorted(json.dumps(_said(item), sort_keys=True, default=str) for item in result)
    return hashlib.blake2b("\n".join(said).encode(), digest_size=3).hexdigest()


def _said(item: object) -> object:
    if not isinstance(item, Mapping):
        return item
    kind, value = item.get("type"), item.get("value")
    if not isinstance(value, Mapping):
        return [item.get("from_name"), kind, value]
    answer = value.get(str(kind), value.get("text") if kind == "textarea" else None)
    return [item.get("from_name"), kind, _unordered(answer)]


def _unordered(answer: object) -> object:
    if not isinstance(answer, list):
        return answer
    return sorted(json.dumps(each, sort_keys=True, default=str) for each in answer)


def vote_entropy(votes: Sequence[str]) -> float | None:
    """How far a committee is apart: 0 when all vote alike, 1 when no two do; None with less than two votes.

    (Dagan and Engelson, 1995: the entropy of the votes, divided by that of as many different ones.)
    """
    if len(votes) < 2:
        return None
    counts = Counter(votes).values()
    found = -sum(count / len(votes) * math.log(count / len(votes)) for count in counts)
    return round(min(1.0, found / math.log(len(votes))), _DIGITS)
