"""Which states wait for a verdict, and which transition begins a review."""

from __future__ import annotations

import pytest

from chalicelib.domain.workflow.machine import Effect, Guard, Machine, State, Transition, Work
from chalicelib.domain.workflow.presets import PLAIN, REVIEW
from chalicelib.domain.workflow.reviewing import awaiting_verdict, beginning, is_begun


@pytest.mark.parametrize(
    ("machine", "role", "states"),
    [
        (REVIEW, "reviewer", {"labeled", "in_review"}),
        (REVIEW, "owner", {"labeled", "in_review"}),
        (REVIEW, "annotator", set()),
        (REVIEW, None, set()),
        (PLAIN, "owner", set()),
    ],
)
def test_verdicts_are_waited_for_where_the_role_can_bring_work_to_an_end(
    machine: Machine, role: str | None, states: set[str]
) -> None:
    assert awaiting_verdict(machine, role) == states


def test_a_review_begins_by_what_is_neither_a_verdict_nor_needs_a_word() -> None:
    begin = beginning(REVIEW, REVIEW.leaving("labeled"), "reviewer")

    assert begin is not None
    assert begin.name == "start_review"
    assert beginning(REVIEW, REVIEW.leaving("in_review"), "reviewer") is None
    assert is_begun(REVIEW, "in_review", "start_review")
    assert not is_begun(REVIEW, "labeled", "start_review")


def test_transitions_with_effects_or_reasons_begin_nothing() -> None:
    states = (State("a"), State("b"), State("done", work=frozenset({Work.ENOUGH}), is_final=True))
    ways = (
        Transition("again", ("a",), "b", effects=frozenset({Effect.ASK_ANOTHER})),
        Transition("doubt", ("a",), "b", guards=frozenset({Guard.REASON})),
        Transition("accept", ("a", "b"), "done"),
    )
    machine = Machine("a", states, ways)

    assert beginning(machine, machine.leaving("a"), "reviewer") is None
    assert not is_begun(machine, "b", "again")
