"""Every strategy puts tasks in its order, and every fault of a strategy's settings is told."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.annotations.entities import Prediction
from chalicelib.domain.projects.entities import Project, Sampling
from chalicelib.domain.projects.rules import read_project_fields
from chalicelib.domain.queue.signals import SIGNALS
from chalicelib.domain.queue.strategies import NAMED, order_key, queue_name
from chalicelib.domain.queue.strategy_settings import read_strategy
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import predicted, repredicted
from chalicelib.errors import FaultList, InvalidInputError
from chalicelib.ids import PredictionId, ProjectId, TaskId, join_id
from tests.unit.domain.engine.builders import NOW, make_project, make_task

EVERY: Mapping[str, dict[str, Any]] = {
    "sequential": {"name": "sequential"},
    "uniform": {"name": "uniform"},
    "least confidence": {"name": "uncertainty"},
    "margin": {"name": "uncertainty", "measure": "margin"},
    "entropy": {"name": "uncertainty", "measure": "entropy"},
    "committee": {"name": "committee"},
    "committee of two": {"name": "committee", "model_versions": ["m", "n"]},
    "overlap": {"name": "overlap", "then": "uniform"},
    "disagreement": {"name": "disagreement", "then": "uniform"},
    "mix": {"name": "mix", "signals": {name: index + 0.5 for index, name in enumerate(SIGNALS)}},
}


def prediction(
    number: int, task: Task, version: str, label: str, score: float | None, **item: object
) -> Prediction:
    said = {"from_name": "s", "to_name": "t", "type": "choices", "value": {"choices": [label]}, **item}
    return Prediction(
        id=PredictionId(join_id(task.id, number)),
        task_id=task.id,
        project_id=task.project_id,
        created_at=NOW,
        updated_at=NOW,
        result=[said],  # type: ignore[list-item]
        score=score,
        model_version=version,
    )


def task_of(
    number: int, *votes: str, score: float | None = None, likely: list[float] | None = None, overlap: int = 1
) -> Task:
    """A task with a prediction of versions m, n, … for each vote."""
    task = make_task(id=TaskId(number), overlap=overlap)
    weights = {f"l{i}": weight for i, weight in enumerate(likely or [])}
    for index, label in enumerate(votes):
        found = prediction(index + 1, task, "mnop"[index], label, score, probabilities=weights)
        task = predicted(task, found)
    return task


def order(strategy: dict[str, Any], tasks: list[Task]) -> list[int]:
    project = make_project(strategy=strategy, model_version="m")
    shuffled = list(tasks)
    Random(4).shuffle(shuffled)
    return [task.id for task in sorted(shuffled, key=lambda task: order_key(task, project))]


def test_every_strategy_is_tried_here() -> None:
    assert {strategy["name"] for strategy in EVERY.values()} == set(NAMED)


@pytest.mark.parametrize("strategy", EVERY.values(), ids=EVERY)
def test_no_two_tasks_have_the_same_place_and_none_has_two(strategy: dict[str, Any]) -> None:
    project = make_project(strategy=strategy, model_version="m")
    rng = Random(1)
    tasks = [
        task_of(number, *rng.choice(["", "a", "ab", "aab"]), score=rng.choice([None, 0.2, 0.8]))
        for number in range(1, 300)
    ]

    keys = [order_key(task, project) for task in tasks]

    assert len(set(keys)) == len(keys)
    assert keys == [order_key(task, project) for task in tasks]
    assert max(map(len, keys)) < 100
    assert queue_name(project)


def test_least_confidence_margin_and_entropy_differ_where_they_should() -> None:
    tasks = [
        task_of(1, "a", likely=[0.40, 0.20, 0.20, 0.20]),
        task_of(2, "a", likely=[0.45, 0.45, 0.05, 0.05]),
        task_of(3, "a", likely=[0.90, 0.10, 0.00, 0.00]),
        task_of(4),
    ]

    assert order({"name": "uncertainty"}, tasks) == [1, 2, 3, 4]
    assert order({"name": "uncertainty", "measure": "margin"}, tasks) == [2, 1, 3, 4]
    assert order({"name": "uncertainty", "measure": "entropy"}, tasks) == [1, 2, 3, 4]


def test_a_score_alone_is_enough_for_every_measure() -> None:
    tasks = [task_of(1, "a", score=0.1), task_of(2, "a", score=0.45), task_of(3, "a", score=0.95), task_of(4)]

    assert order({"name": "uncertainty"}, tasks) == [1, 2, 3, 4]
    assert order({"name": "uncertainty", "measure": "margin"}, tasks) == [2, 1, 3, 4]
    assert order({"name": "uncertainty", "measure": "entropy"}, tasks) == [2, 1, 3, 4]


def test_uncertainty_reads_the_projects_model_version_alone() -> None:
    sure = task_of(1, "a", score=0.9)
    other = predicted(sure, prediction(2, sure, "another", "a", 0.0))
    project = make_project(strategy=EVERY["margin"], model_version="m")

    assert order_key(other, project) == order_key(sure, project)


def test_a_committee_that_disagrees_comes_first_and_single_voters_last() -> None:
    tasks = [task_of(1, "a", "b", "c"), task_of(2, "a", "a", "b"), task_of(3, "a", "a", "a"), task_of(4, "a")]

    assert order({"name": "committee"}, tasks) == [1, 2, 3, 4]
    assert order({"name": "committee", "model_versions": ["m", "n"]}, tasks)[0] == 1
    assert order({"name": "committee", "model_versions": ["x", "y"]}, tasks) == order(
        {"name": "uniform"}, tasks
    )


def test_who_wants_more_answers_comes_first() -> None:
    tasks = [task_of(1), task_of(2, overlap=3), task_of(3, overlap=2), task_of(4, overlap=3)]

    assert order({"name": "overlap"}, tasks) == [2, 4, 3, 1]
    project = make_project(strategy={"name": "overlap", "then": "uniform"})
    assert queue_name(project) == "Show overlap first & Uniform random queue"


def test_a_mix_weighs_its_signals() -> None:
    doubtful, disputed = task_of(1, "a", "a", score=0.5), task_of(2, "a", "b", score=1.0)

    def mixed(**weights: float) -> list[int]:
        return order({"name": "mix", "signals": weights}, [doubtful, disputed])

    assert mixed(entropy=2, committee=1) == [1, 2]
    assert mixed(entropy=1, committee=2) == [2, 1]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abc"), max_size=4),
    st.none() | st.floats(allow_nan=True, allow_infinity=True),
    st.lists(st.floats(0, 1), max_size=5),
    st.integers(1, 1000),
)
def test_urgencies_are_between_0_and_1(
    votes: list[str], score: float | None, likely: list[float], overlap: int
) -> None:
    task = task_of(7, *votes, score=score, likely=likely, overlap=overlap)

    for signal in SIGNALS.values():
        found = signal.urgency(task, make_project(model_version="m"))
        assert found is None or 0 <= found <= 1


def test_predictions_counted_anew_are_as_they_were_counted_one_by_one() -> None:
    task = make_task()
    made = [
        prediction(1, task, "m", "a", 0.4, probabilities={"a": 0.6, "b": 0.4}),
        prediction(2, task, "m", "b", None, probabilities={"a": 0.1, "b": 0.9}),
        prediction(3, task, "n", "b", None),
    ]
    one_by_one = task
    for each in made:
        one_by_one = predicted(one_by_one, each)

    assert dict(repredicted(task, made).models) == dict(one_by_one.models)


def test_without_a_strategy_the_sampling_says() -> None:
    task = task_of(9, "a", score=0.3)
    for sampling, name in zip(Sampling, ("sequential", "uniform", "uncertainty"), strict=True):
        plain = make_project(sampling=sampling, model_version="m")
        named = make_project(strategy={"name": name}, model_version="m")
        assert order_key(task, plain) == order_key(task, named)
        assert queue_name(plain) == queue_name(named)


# ---- settings


@pytest.mark.parametrize("strategy", [None, *EVERY.values()], ids=["none", *EVERY])
def test_valid_settings_are_kept_as_they_came(strategy: dict[str, Any] | None) -> None:
    assert read_project_fields({"strategy": strategy}) == {"strategy": strategy}


@pytest.mark.parametrize(
    ("strategy", "places"),
    [
        pytest.param("uniform", ["strategy"], id="a text"),
        pytest.param({}, ["strategy.name"], id="no name"),
        pytest.param({"name": "by mood"}, ["strategy.name"], id="unknown"),
        pytest.param({"name": ["uniform"]}, ["strategy.name"], id="a list for a name"),
        pytest.param({"name": "uniform", "seed": 3}, ["strategy.seed"], id="unknown parameter"),
        pytest.param({"name": "uncertainty", "measure": None}, ["strategy.measure"], id="null measure"),
        pytest.param({"name": "overlap", "then": "mix"}, ["strategy.then"], id="what has parameters itself"),
        pytest.param({"name": "committee", "model_versions": ["a"]}, ["strategy.model_versions"], id="one"),
        pytest.param(
            {"name": "committee", "model_versions": ["a", 3, "a", "", "\ud800"]},
            [f"strategy.model_versions[{index}]" for index in (1, 2, 3, 4)],
            id="wrong members",
        ),
        pytest.param({"name": "mix"}, ["strategy.signals"], id="a mix of nothing"),
        pytest.param({"name": "mix", "signals": {}}, ["strategy.signals"], id="an empty mix"),
        pytest.param(
            {"name": "mix", "signals": {"entropy": 0, "chance": True, "mood": 1, "margin": 1e300}, "x": 1},
            ["strategy.x", *(f"strategy.signals.{name}" for name in ("entropy", "chance", "mood", "margin"))],
            id="every fault at once",
        ),
    ],
)
def test_every_fault_of_a_strategy_is_told(strategy: object, places: list[str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_project_fields({"strategy": strategy, "title": "Reviews"})

    assert [fault.place for fault in refused.value.faults] == places


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=2)
PARAMETER = JSON | st.dictionaries(st.sampled_from(list(SIGNALS)), JSON, max_size=3)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"name": st.sampled_from(list(NAMED))},
        optional=dict.fromkeys(("measure", "then", "model_versions", "signals"), PARAMETER),
    )
)
def test_what_is_accepted_can_place_a_task(strategy: dict[str, Any]) -> None:
    faults = FaultList()
    read = read_strategy(faults, strategy)

    if not faults.faults:
        project: Project = make_project(strategy=read, id=ProjectId(5))
        assert order_key(task_of(3, "a", "b", score=0.4), project)
