"""Every fault of a machine is told with its place, and machines without one never lose a task."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.auth.policies import ROLES_FOR
from chalicelib.auth.principals import Role
from chalicelib.domain.workflow.check import check
from chalicelib.domain.workflow.documents import dump_machine, load_machine
from chalicelib.domain.workflow.machine import POSSIBLE, ROLES, Event, Kind, Machine, Work
from chalicelib.domain.workflow.moves import SYSTEM, Move, Refusal, landing, next_move
from chalicelib.domain.workflow.presets import ANNOTATION, PLAIN, PRESETS, PROJECT, REVIEW
from chalicelib.domain.workflow.reading import read_machine
from chalicelib.errors import FaultList


def faults_of(document: Any) -> list[tuple[str, str]]:
    faults = FaultList()
    machine = read_machine(faults, document)
    assert (machine is None) == bool(faults.faults)
    return [(fault.place.removeprefix("workflow").lstrip("."), fault.code) for fault in faults.faults]


def changed(change: Callable[[Any], object], machine: Machine = REVIEW) -> Any:
    document = deepcopy(dump_machine(machine))
    change(document)
    return document


def transition(document: Any, name: str) -> Any:
    return next(each for each in document["transitions"] if each["name"] == name)


def state(document: Any, name: str) -> Any:
    return next(each for each in document["states"] if each["name"] == name)


def without(name: str) -> Callable[[Any], object]:
    def change(document: Any) -> None:
        document["transitions"] = [each for each in document["transitions"] if each["name"] != name]

    return change


def new_state(**fields: Any) -> Callable[[Any], object]:
    return lambda document: document["states"].append({"name": "on_hold", **fields})


@pytest.mark.parametrize(
    ("machine", "kind"),
    [(PLAIN, Kind.TASK), (REVIEW, Kind.TASK), (ANNOTATION, Kind.ANNOTATION), (PROJECT, Kind.PROJECT)],
)
def test_what_comes_with_the_product_has_no_fault(machine: Machine, kind: Kind) -> None:
    assert check(machine, kind) == []
    document = dump_machine(machine)
    assert load_machine(json.loads(json.dumps(document))) == machine
    assert kind is not Kind.TASK or faults_of(document) == []


def test_transitions_know_the_roles_that_may_ask_for_any() -> None:
    assert list(ROLES) == [role.value for role in Role if role in ROLES_FOR["task.transition"]]


FAULTY: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("nothing", None, [("", "invalid")]),
    ("a list", [], [("", "invalid")]),
    (
        "an empty object",
        {},
        [("initial", "invalid"), ("states", "invalid"), ("transitions", "invalid")],
    ),
    ("no states", {"initial": "a", "states": [], "transitions": []}, [("initial", "unknown_state")]),
    ("an unknown field", changed(lambda d: d.update(color=1)), [("color", "invalid")]),
    ("a state that is text", changed(lambda d: d["states"].append("x")), [("states[7]", "invalid")]),
    (
        "bad values everywhere",
        changed(lambda d: d["states"][1].update(name="In Progress", title=3, work=["much"], final="yes")),
        [
            ("states[1].name", "invalid"),
            ("states[1].title", "invalid"),
            ("states[1].work[0]", "invalid"),
            ("states[1].final", "invalid"),
        ],
    ),
    ("work of none", changed(lambda d: d["states"][1].update(work=[])), [("states[1].work", "invalid")]),
    ("too many states", changed(lambda d: d["states"].extend([{}] * 30)), [("states", "invalid")]),
    (
        "a transition of bad values",
        changed(lambda d: d["transitions"][6].update({"from": [], "on": ["now"], "roles": ["viewer"]})),
        [
            ("transitions[6].from", "invalid"),
            ("transitions[6].on[0]", "invalid"),
            ("transitions[6].roles[0]", "invalid"),
        ],
    ),
    (
        "a reserved name",
        changed(lambda d: d["transitions"][6].update(name="map")),
        [("transitions[6].name", "invalid")],
    ),
    (
        "a doubled state",
        changed(lambda d: d["states"].append(d["states"][0])),
        [("states[7].name", "duplicate")],
    ),
    (
        "unknown states",
        changed(lambda d: (d.update(initial="new"), transition(d, "accept").update(to="done"))),
        [("initial", "unknown_state"), ("transitions[7].to", "unknown_state")],
    ),
    (
        "an initial state for labeled tasks",
        changed(lambda d: d.update(initial="labeled")),
        [("initial", "initial")],
    ),
    (
        "an initial state that takes no imports",
        changed(lambda d: d["states"][0].update(refuses=["adjust"])),
        [("initial", "initial")],
    ),
    ("no end", changed(lambda d: state(d, "accepted").update(final=False)), [("states", "no_final_state")]),
    (
        "an unreachable state",
        changed(
            lambda d: (
                new_state(work=["enough"], refuses=list(Event))(d),
                d["transitions"].append({"name": "go_on", "from": ["on_hold"], "to": "labeled"}),
            )
        ),
        [("states[7]", "unreachable")],
    ),
    (
        "a dead end",
        changed(
            lambda d: (
                new_state(work=["enough"], refuses=list(Event))(d),
                d["transitions"].append({"name": "hold", "from": ["labeled"], "to": "on_hold"}),
            )
        ),
        [("states[7]", "dead_end")],
    ),
    (
        "two states without a way to the end",
        changed(
            lambda d: (
                new_state(work=["enough"], refuses=list(Event))(d),
                d["states"].append({"name": "on_hold_2", "work": ["enough"], "refuses": list(Event)}),
                d["transitions"].append({"name": "hold", "from": ["labeled", "on_hold_2"], "to": "on_hold"}),
                d["transitions"].append({"name": "hold_on", "from": ["on_hold"], "to": "on_hold_2"}),
            )
        ),
        [("states[7]", "dead_end"), ("states[8]", "dead_end")],
    ),
    (
        "nothing said of a removed annotation",
        changed(lambda d: transition(d, "clear")["from"].remove("returned")),
        [("states[5]", "missing_transition")] * 2,
    ),
    (
        "nothing said of submitting at all",
        changed(
            lambda d: [
                each.update(on=[e for e in each["on"] if e != "submit"]) for each in d["transitions"][:6]
            ]
        ),
        [(f"states[{index}]", "missing_transition") for index in (0, 1, 2, 3, 4, 5)],
    ),
    (
        "a way between what cannot be one",
        changed(lambda d: transition(d, "accept")["from"].append("unlabeled")),
        [("transitions[7].from", "never_possible")],
    ),
    (
        "a way that another hides",
        changed(lambda d: d["transitions"].append({**transition(d, "accept"), "to": "returned"})),
        [("transitions[11]", "never_reached")] * 2,
    ),
    (
        "a guard that no event can meet",
        changed(lambda d: transition(d, "resubmit").update(guards=["reason"])),
        [("transitions[5].guards", "guard")],
    ),
    (
        "an event that asks for another",
        changed(lambda d: transition(d, "clear").update(effects=["ask_another"])),
        [("transitions[4].effects", "effect")],
    ),
    (
        "accepting one's own",
        changed(lambda d: transition(d, "accept").update(guards=[])),
        [("transitions[7]", "separation_of_duties")],
    ),
    (
        "labeling that ends the work",
        changed(lambda d: state(d, "labeled").update(final=True)),
        [("transitions[0]", "separation_of_duties"), ("transitions[5]", "separation_of_duties")],
    ),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY]
)
def test_every_fault_is_told_with_its_place(document: Any, expected: list[tuple[str, str]]) -> None:
    assert faults_of(document) == expected


def test_faults_say_what_is_wrong_in_words() -> None:
    faults = FaultList()
    read_machine(faults, changed(lambda d: transition(d, "clear")["from"].remove("returned")))

    assert faults.faults[0].message == (
        "Nothing says what follows in returned when delete leaves work none: "
        "add a transition on delete, or let the state refuse it."
    )


# ---- whatever machine it is

NAMES = ["a", "b", "c", "d"]
FIRST_WORK: list[list[str]] = [["none"], [*Work]]
STATES = st.lists(
    st.builds(
        lambda work, final, refuses: {"work": sorted(work), "final": final, "refuses": sorted(refuses)},
        st.sets(st.sampled_from(list(Work)), min_size=1),
        st.booleans(),
        st.sets(st.sampled_from(list(Event))),
    ),
    min_size=1,
    max_size=4,
)
TRANSITIONS = st.lists(
    st.builds(
        lambda sources, target, on, roles: {"from": sources, "to": target, "on": sorted(on), "roles": roles},
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True),
        st.sampled_from(NAMES),
        st.sets(st.sampled_from(list(Event))),
        st.lists(st.sampled_from(ROLES), min_size=1, unique=True),
    ),
    max_size=8,
)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A machine put together at random, which mostly has faults, or a preset with a few things left out."""
    if draw(st.booleans()):
        document: Any = deepcopy(dump_machine(draw(st.sampled_from(list(PRESETS.values())))))
        for each in draw(st.lists(st.integers(0, 10), max_size=2)):
            document["transitions"][each % len(document["transitions"])]["from"][:1] = []
        document["transitions"] = [each for each in document["transitions"] if each["from"]]
        return load_machine(document)
    states = [{"name": name, **fields} for name, fields in zip(NAMES, draw(STATES), strict=False)]
    first: list[str] = states[0]["work"]
    states[0]["work"] = sorted({*first, *draw(st.sampled_from(FIRST_WORK))})
    ways = [{"name": f"t{index}", **fields} for index, fields in enumerate(draw(TRANSITIONS))]
    known = {each["name"] for each in states}
    ways = [
        {**each, "from": [source for source in each["from"] if source in known]}
        for each in ways
        if each["to"] in known
    ]
    ways = [each for each in ways if each["from"]]
    return load_machine({"initial": "a", "states": states, "transitions": ways})


@settings(max_examples=400, deadline=None)
@given(
    machine=machines(), steps=st.lists(st.tuples(st.sampled_from(list(Event)), st.sampled_from(list(Work))))
)
def test_a_machine_without_faults_answers_everything_that_can_happen(
    machine: Machine, steps: list[tuple[Event, Work]]
) -> None:
    if check(machine):
        return
    current = machine.initial
    for event, work in steps:
        if work not in POSSIBLE[Kind.TASK][event]:
            continue
        move = next_move(machine, current, event, work, SYSTEM)
        if isinstance(move, Refusal):
            assert machine.refuses(current, event)
            continue
        assert isinstance(move, Move)
        assert machine.fits(move.target, work)
        current = move.target
    for work in Work:
        assert machine.fits(landing(machine, work), work)


def test_the_machines_at_random_are_not_all_faulty() -> None:
    found: set[bool] = set()

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(machine=machines())
    def look(machine: Machine) -> None:
        found.add(bool(check(machine)))

    look()
    assert found == {True, False}
