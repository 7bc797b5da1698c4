"""What a project remembers of states that its workflow has lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.projects.workflows import refuse_lost_states, with_workflow
from chalicelib.domain.workflow.machine import Machine
from chalicelib.domain.workflow.presets import PLAIN, REVIEW
from chalicelib.errors import ConflictError
from tests.unit.domain.engine.builders import make_project

OTHER: Machine = replace(
    REVIEW, states=tuple(state for state in REVIEW.states if state.name not in ("labeled", "in_review"))
)


def test_earlier_mappings_lead_on_to_where_later_ones_do() -> None:
    reviewed = replace(make_project(), workflow=REVIEW)

    first = with_workflow(reviewed, PLAIN, {"in_review": "labeled", "accepted": "labeled"}, ["in_review"])
    assert (first.workflow, dict(first.state_mapping)) == (
        None,
        {"in_review": "labeled", "accepted": "labeled"},
    )
    second = with_workflow(first, OTHER, {"labeled": "returned"}, ["in_review", "labeled"])
    assert dict(second.state_mapping) == {"in_review": "returned", "labeled": "returned"}
    back = with_workflow(second, REVIEW, {}, [])
    assert dict(back.state_mapping) == {}, "the states are there again"


def test_states_that_no_task_can_be_in_are_not_remembered() -> None:
    reviewed = replace(make_project(), workflow=REVIEW, state_mapping={"gone": "labeled"})

    kept = with_workflow(reviewed, PLAIN, {"accepted": "labeled", "never_was": "labeled"}, ["accepted"])

    assert dict(kept.state_mapping) == {"accepted": "labeled"}


def test_states_with_tasks_must_be_mapped() -> None:
    refuse_lost_states(PLAIN, {"accepted": "labeled"}, {"accepted": 2, "labeled": 1, "returned": 0})

    with pytest.raises(ConflictError, match=r"in_review \(3\), returned \(1\)"):
        refuse_lost_states(PLAIN, {"accepted": "labeled"}, {"accepted": 2, "returned": 1, "in_review": 3})
