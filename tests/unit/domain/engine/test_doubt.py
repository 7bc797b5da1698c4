"""How sure predictions are, and when they disagree."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.queue.doubt import (
    Doubt,
    doubt_of,
    doubt_of_score,
    vote,
    vote_entropy,
    worst_doubt,
)

WEIGHTS = st.lists(st.floats(0, 1e300), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param([1.0], Doubt(1, 1, 0), id="one label"),
        pytest.param([0.5, 0.5], Doubt(0.5, 0, 1), id="two alike"),
        pytest.param([1, 0, 0], Doubt(1, 1, 0), id="certain"),
        pytest.param([2, 2, 4], Doubt(0.5, 0.25, 0.946395), id="weights need not add up to 1"),
        pytest.param([1e308] * 4, Doubt(0.25, 0, 1), id="sums that no float holds"),
        pytest.param([0, 0], None, id="nothing is likely"),
        pytest.param([-1, 2], None, id="negative"),
        pytest.param([math.nan, 1], None, id="not a number"),
        pytest.param([math.inf, 1], None, id="infinite"),
        pytest.param([], None, id="no labels"),
    ],
)
def test_the_doubt_of_a_distribution(weights: list[float], expected: Doubt | None) -> None:
    assert doubt_of(weights) == expected


@given(WEIGHTS)
def test_every_number_of_a_doubt_is_between_0_and_1(weights: list[float]) -> None:
    found = doubt_of(weights)

    assert (found is None) == (max(weights) == 0)
    if found is not None:
        assert all(0 <= number <= 1 for number in (found.confidence, found.margin, found.entropy))
        assert found.margin <= found.confidence


@given(WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_labels_does_not_matter(weights: list[float], rng: Any) -> None:
    shuffled = list(weights)
    rng.shuffle(shuffled)

    left, right = doubt_of(weights), doubt_of(shuffled)

    assert (left is None) == (right is None)
    if left is not None and right is not None:
        assert left.confidence == pytest.approx(right.confidence, abs=2e-6)
        assert left.entropy == pytest.approx(right.entropy, abs=2e-6)


def test_a_score_alone_is_the_probability_of_one_of_two() -> None:
    assert doubt_of_score(0.75) == Doubt(0.75, 0.5, 0.811278)
    assert [doubt_of_score(score) for score in (None, -0.1, 1.1, math.nan)] == [None] * 4


@pytest.mark.parametrize(
    "probabilities",
    [None, [], {}, "0.5", {"a": "0.5"}, {"a": True, "b": 0.5}, {"a": None}, {"a": -1}, {"a": 10**400}],
)
def test_what_is_no_distribution_is_passed_over(probabilities: object) -> None:
    assert worst_doubt([{"probabilities": probabilities}, "text", None]) is None


def test_the_worst_of_several_distributions_counts() -> None:
    sure = {"probabilities": {"a": 0.9, "b": 0.1}}
    torn = {"probabilities": {"a": 0.5, "b": 0.5}}

    assert worst_doubt([sure, torn]) == worst_doubt([torn, sure]) == Doubt(0.5, 0, 1)


def item(label: str = "pos", **fields: object) -> dict[str, object]:
    return {"from_name": "s", "to_name": "t", "type": "choices", "value": {"choices": [label]}, **fields}


def box(label: str, x: float) -> dict[str, object]:
    value = {"x": x, "y": 1, "width": 2, "height": 3, "rectanglelabels": [label]}
    return {"from_name": "b", "to_name": "i", "type": "rectanglelabels", "value": value}


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        pytest.param([item()], [item(id="x", score=0.3)], True, id="ids and scores say nothing"),
        pytest.param([item()], [item("neg")], False, id="another choice"),
        pytest.param([box("car", 1)], [box("car", 40)], True, id="the same, elsewhere"),
        pytest.param([box("car", 1)], [box("car", 1)] * 2, False, id="one or two of them"),
        pytest.param([box("car", 1), box("bus", 2)], [box("bus", 2), box("car", 1)], True, id="any order"),
        pytest.param([], [item()], False, id="nothing, something"),
        pytest.param(["\ud800", None, 3], [None, 3, "\ud800"], True, id="what is no item at all"),
    ],
)
def test_what_two_results_say(left: list[object], right: list[object], alike: bool) -> None:
    assert (vote(left) == vote(right)) is alike


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([], None),
        (["a"], None),
        (["a", "a", "a"], 0),
        (["a", "b"], 1),
        (["a", "b", "c"], 1),
        (["a", "a", "b", "b"], 0.5),
    ],
)
def test_how_far_a_committee_is_apart(votes: list[str], expected: float | None) -> None:
    assert vote_entropy(votes) == expected
