"""Every role × transition and every event × work, as the tables of docs/workflow.md say them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from chalicelib.domain.workflow.machine import (
    POSSIBLE,
    ROLES,
    Effect,
    Event,
    Guard,
    Kind,
    Machine,
    State,
    Transition,
    Work,
)
from chalicelib.domain.workflow.moves import (
    SYSTEM,
    Actor,
    Move,
    Refusal,
    allowed,
    landing,
    mapped,
    name_between,
    next_move,
)
from chalicelib.domain.workflow.presets import ANNOTATION, PLAIN, PROJECT, REVIEW

DOCUMENT = Path(__file__).parents[4] / "docs" / "workflow.md"


def rows_under(heading: str, first_column: str) -> list[dict[str, str]]:
    """The rows of the first table under a heading whose first column has the name."""
    part = DOCUMENT.read_text().split(f"\n### {heading}\n", 1)[1].split("\n##", 1)[0]
    lines = part.split(f"\n| {first_column} |", 1)[1].split("\n\n", 1)[0].splitlines()
    header = [first_column, *(cell.strip(" `") for cell in lines[0].strip(" |").split("|"))]
    cells = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines[2:])
    return [dict(zip(header, row, strict=True)) for row in cells]


def bare(cell: str) -> list[str]:
    return [part.strip(" `") for part in cell.split(",")]


TABLES = [
    (machine, row)
    for machine, heading in ((REVIEW, "`review`"), (PROJECT, "Projects"))
    for row in rows_under(heading, "Transition")
]


def ids(value: object) -> str:
    return value["Transition"].strip("`") if isinstance(value, dict) else ""


@pytest.mark.parametrize(("machine", "row"), TABLES, ids=ids)
def test_every_role_may_ask_for_what_the_table_says(machine: Machine, row: dict[str, str]) -> None:
    name = bare(row["Transition"])[0]
    every = [state.name for state in machine.states]

    for role, state, owns, reason in product(ROLES, every, (False, True), ("", "because")):
        move = next_move(machine, state, name, Work.ENOUGH, Actor(role, owns, reason))

        is_open = row[role] == "yes" or (row[role] == "others'" and not owns)
        is_there = state in bare(row["From"])
        may = is_open and is_there and (bool(reason) or not row["Reason"])
        assert isinstance(move, Move) == may, (role, state, owns, reason)
        if isinstance(move, Move):
            assert move.target == bare(row["To"])[0]
        else:
            offered = {each.name for each in move.allowed}
            assert (name in offered) == (is_open and is_there), "the reason can still be given"


@pytest.mark.parametrize("machine", [REVIEW, PROJECT])
def test_the_tables_are_whole(machine: Machine) -> None:
    said = [bare(row["Transition"])[0] for of, row in TABLES if of is machine]

    assert said == [each.name for each in machine.transitions if each.is_manual]
    assert not [each for each in PLAIN.transitions if each.is_manual]


@pytest.mark.parametrize(("machine", "heading"), [(PLAIN, "`plain`"), (REVIEW, "`review`")])
def test_every_event_leads_where_the_table_says(machine: Machine, heading: str) -> None:
    rows = rows_under(heading, "State")
    assert [bare(row["State"])[0] for row in rows] == [state.name for state in machine.states]

    for row, (event, works), role in product(rows, POSSIBLE[Kind.TASK].items(), (*ROLES, None)):
        state = bare(row["State"])[0]
        for work in works:
            cell = row[work.value]
            move = next_move(machine, state, event, work, Actor(role))
            if cell == "refused":
                stays = event is Event.ADJUST and machine.fits(state, work)
                assert isinstance(move, Refusal) != stays
                continue
            assert isinstance(move, Move)
            usual, _, special = cell.partition(", on ")
            names, _, target = special.partition(" `")
            there = target.strip("`") if event.value in names.split(" and ") else usual.strip("`")
            assert move.target == there, (state, event, work)
            assert (move.transition is None) == (there == state)


def test_a_refusal_says_why_and_what_is_allowed() -> None:
    def why(state: str, name: str, actor: Actor, work: Work = Work.ENOUGH) -> str:
        refusal = next_move(REVIEW, state, name, work, actor)
        assert isinstance(refusal, Refusal)
        return refusal.error("Task 7").message

    reviewer = Actor("reviewer")
    assert why("accepted", "accept", reviewer) == (
        "Task 7 is accepted: accept is not possible there. Allowed: nothing."
    )
    assert why("labeled", "accept", Actor("annotator")) == (
        "Task 7 is labeled: accept is not open to the role annotator. Allowed: nothing."
    )
    assert why("labeled", "accept", Actor("reviewer", owns_work=True)) == (
        "Task 7 is labeled: accept is for somebody who has no annotation there. "
        "Allowed: ask_another (to in_progress)."
    )
    assert "return needs a reason" in why("in_review", "return", Actor("reviewer", reason="  "))
    assert "with the annotations that are there it cannot become accepted" in why(
        "labeled", "accept", reviewer, Work.SOME
    )
    refused = next_move(REVIEW, "accepted", Event.DELETE, Work.NONE, Actor("owner"))
    assert isinstance(refused, Refusal)
    assert refused.error("Task 7").details == {
        "state": "accepted",
        "refused": "delete",
        "allowed": [{"name": "withdraw", "to": "in_review"}],
    }


def test_of_several_ways_of_one_name_the_first_that_fits_is_taken() -> None:
    machine = Machine(
        "new",
        (
            State("new", frozenset({Work.NONE})),
            State("done", frozenset({Work.ENOUGH}), is_final=True),
            State("on_hold"),
        ),
        (
            Transition("hold", ("new", "done"), "on_hold"),
            Transition("resume", ("on_hold",), "new"),
            Transition("resume", ("on_hold",), "done", roles=frozenset({"owner"})),
        ),
    )

    def resumed(work: Work, role: str = "owner") -> str | None:
        move = next_move(machine, "on_hold", "resume", work, Actor(role))
        return move.target if isinstance(move, Move) else None

    assert (resumed(Work.NONE), resumed(Work.ENOUGH), resumed(Work.SOME)) == ("new", "done", None)
    assert resumed(Work.ENOUGH, "annotator") is None
    offered = allowed(machine, "on_hold", {Work.NONE}, Actor("annotator"))
    assert [(each.name, each.target) for each in offered] == [("resume", "new")]


def test_a_transition_by_event_can_be_open_to_some() -> None:
    corrected = Transition(
        "correct", ("accepted",), "accepted", frozenset({Event.UPDATE}), roles=frozenset({"manager"})
    )
    machine = Machine("unlabeled", REVIEW.states, (*REVIEW.transitions, corrected), separates_duties=True)

    moves = [next_move(machine, "accepted", Event.UPDATE, Work.ENOUGH, Actor(role)) for role in ROLES]

    assert [isinstance(move, Move) for move in moves] == [role == "manager" for role in ROLES]


def test_asking_another_leaves_work_that_is_not_enough() -> None:
    ask = next(each for each in REVIEW.transitions if Effect.ASK_ANOTHER in each.effects)

    assert (ask.target, Guard.NOT_OWN_WORK in ask.guards) == ("in_progress", False)
    assert isinstance(next_move(REVIEW, "labeled", ask.name, Work.ENOUGH, SYSTEM), Move)


def test_tasks_of_a_lost_state_go_where_they_are_mapped_or_where_they_fit() -> None:
    mapping = {"in_review": "labeled", "returned": "unlabeled", "gone": "nowhere"}

    assert mapped(PLAIN, "skipped", Work.SKIPS, mapping) == "skipped"
    assert mapped(PLAIN, "in_review", Work.ENOUGH, mapping) == "labeled"
    assert mapped(PLAIN, "in_review", Work.SOME, mapping) == "in_progress"
    assert mapped(PLAIN, "returned", Work.ENOUGH, mapping) == "labeled"
    assert mapped(PLAIN, "gone", Work.NONE, mapping) == "unlabeled"
    assert [landing(REVIEW, work) for work in Work] == ["unlabeled", "in_progress", "skipped", "labeled"]


def test_annotations_are_submitted_or_skipped_and_updates_turn_them() -> None:
    def target(state: str, event: Event, work: Work) -> str | None:
        move = next_move(ANNOTATION, state, event, work, SYSTEM)
        return move.target if isinstance(move, Move) else None

    assert target("created", Event.SUBMIT, Work.ENOUGH) == "submitted"
    assert target("created", Event.SKIP, Work.SKIPS) == "skipped"
    assert target("submitted", Event.UPDATE, Work.SKIPS) == "skipped"
    assert target("submitted", Event.UPDATE, Work.ENOUGH) == "submitted"
    assert target("skipped", Event.UPDATE, Work.ENOUGH) == "submitted"
    assert target("submitted", Event.SUBMIT, Work.ENOUGH) is None
    assert [
        name_between(ANNOTATION, *pair) for pair in (("skipped", "submitted"), ("skipped", "created"))
    ] == [
        "resubmit",
        "",
    ]
