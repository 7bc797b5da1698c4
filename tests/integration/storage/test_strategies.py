"""Every strategy at work: the order it hands out in, what is stored for it, and what the next task costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.doubt import Doubt
from chalicelib.domain.queue.strategies import NAMED
from chalicelib.domain.tasks.building import Builder
from chalicelib.domain.tasks.changes import NewAnnotation, NewPrediction, NewTask, PlacedTask
from chalicelib.domain.tasks.entities import ModelStats
from chalicelib.domain.tasks.rules import answered, edited, settle
from chalicelib.ids import AnnotationId, TaskId, UserId
from chalicelib.ports.tasks import NewTaskRecord
from chalicelib.storage.task_items import task_item, task_of
from tests.counting import Counting
from tests.engine import Engine, assert_counts_are_right, choice, person
from tests.unit.domain.engine.builders import make_task
from tests.unit.domain.engine.test_strategies import EVERY

SMALL, LARGER = 60, 300
"""Tasks within a block, and in more than one."""
DONE_BY = 90
"""Who has done what is done."""


def likely(*weights: float, version: str = "m", label: str = "pos", score: float | None = None) -> Any:
    item = {**choice(label)[0], "probabilities": {f"l{index}": each for index, each in enumerate(weights)}}
    return NewPrediction(result=[item], score=score, model_version=version)


def with_predictions(*predictions: NewPrediction) -> NewTask:
    return NewTask(data={"text": "x"}, predictions=list(predictions))


def handed_out(engine: Engine, project: Project, user: int = 2) -> list[TaskId]:
    given = []
    while (task_id := engine.next_id(user, project)) is not None:
        given.append(task_id)
        engine.submit(user, task_id)
    return given


# ---- orders


@pytest.mark.parametrize(
    ("measure", "expected"), [("least_confidence", [0, 1, 2]), ("margin", [1, 0, 2]), ("entropy", [0, 1, 2])]
)
def test_the_measure_of_doubt_decides(engine: Engine, measure: str, expected: list[int]) -> None:
    strategy = {"name": "uncertainty", "measure": measure}
    project = engine.project(model_version="m", strategy=strategy)
    new = [
        with_predictions(likely(*weights))
        for weights in ([0.4, 0.2, 0.2, 0.2], [0.45, 0.45, 0.05, 0.05], [0.9, 0.1, 0, 0])
    ]
    ids = engine.add_all(project, new).task_ids

    assert handed_out(engine, project) == [ids[index] for index in expected]


def test_a_vote_that_arrives_moves_a_fresh_task(engine: Engine) -> None:
    project = engine.project(strategy={"name": "committee"})
    new = [with_predictions(likely(1, version="a"), likely(1, version="b")) for _ in range(3)]
    ids = engine.add_all(project, new).task_ids

    engine.predictions.create(person(1), ids[2], likely(1, version="c", label="neg"))

    assert engine.next_id(2, project) == ids[2]
    assert_counts_are_right(engine, project.id)


def test_those_that_want_most_answers_come_first(engine: Engine) -> None:
    project = engine.project(
        maximum_annotations=2, overlap_cohort_percentage=50, strategy={"name": "overlap"}
    )
    ids = engine.add(project, 6).task_ids
    wanted = {task.id: task.overlap for task in engine.store.get_many(ids)}

    assert [wanted[task_id] for task_id in handed_out(engine, project)] == [2, 2, 2, 1, 1, 1]


def disputed(engine: Engine, task_id: TaskId, *labels: str) -> None:
    for user, label in enumerate(labels, 11):
        engine.submit(user, task_id, result=choice(label))


def stands_in(engine: Engine, task_id: TaskId) -> str:
    (task,) = engine.store.get_many([task_id])
    return task.queue.partition.rpartition("#")[2] if task.queue else ""


def test_those_that_are_disputed_most_come_first(engine: Engine) -> None:
    project = engine.project(maximum_annotations=4, strategy={"name": "disagreement"})
    ids = engine.add(project, 5).task_ids
    disputed(engine, ids[4], "pos", "neg", "mixed")
    disputed(engine, ids[3], "pos", "pos", "neg")
    disputed(engine, ids[2], "pos", "pos")
    disputed(engine, ids[1], "pos")

    assert [stands_in(engine, task_id) for task_id in ids] == ["F", "T", "T", "U", "U"]
    first = engine.next_task.next(person(2), project.id)
    assert first is not None
    assert (first.whole.task.id, first.queue) == (ids[4], "Lowest agreement first queue")
    assert handed_out(engine, project) == [ids[4], ids[3], ids[2], ids[1], ids[0]]
    assert handed_out(engine, project) == []
    assert_counts_are_right(engine, project.id)


def test_an_edit_a_removal_and_a_restored_version_settle_what_is_disputed(engine: Engine) -> None:
    project = engine.project(maximum_annotations=4, strategy={"name": "disagreement"})
    (task_id,) = engine.add(project, 1).task_ids
    disputed(engine, task_id, "pos", "neg")
    second = engine.tasks.get(person(1), task_id).whole.task.annotation_ids[1]
    places = [stands_in(engine, task_id)]

    engine.annotations.update(person(1), second, {"result": choice("pos")})
    places.append(stands_in(engine, task_id))
    engine.history.restore(person(1), second, 1)
    places.append(stands_in(engine, task_id))
    engine.annotations.delete(person(1), second)
    places.append(stands_in(engine, task_id))
    engine.history.restore(person(1), second, 1)
    places.append(stands_in(engine, task_id))
    engine.annotations.delete_of_tasks(person(1), project.id, [task_id], annotator=11)
    places.append(stands_in(engine, task_id))

    assert places == ["U", "T", "U", "T", "U", "T"]
    assert engine.next_id(2, project) == task_id
    assert_counts_are_right(engine, project.id)


def test_switching_to_and_from_disagreement_moves_what_is_begun(engine: Engine) -> None:
    project = engine.project(maximum_annotations=4)
    ids = engine.add(project, 3).task_ids
    disputed(engine, ids[2], "pos", "neg")
    disputed(engine, ids[1], "pos", "pos")

    engine.projects.update(person(1), project.id, {"strategy": {"name": "disagreement"}})
    assert [stands_in(engine, task_id) for task_id in ids] == ["F", "T", "U"]
    assert engine.next_id(2, project) == ids[2]
    engine.projects.update(person(1), project.id, {"strategy": None})

    assert [stands_in(engine, task_id) for task_id in ids] == ["F", "T", "T"]
    (task,) = engine.store.get_many([ids[2]])
    assert task.agreement is None


@pytest.mark.parametrize("setting", ["show_ground_truth_first", "annotator_evaluation_enabled"])
def test_those_with_a_ground_truth_come_first_where_the_project_says_so(engine: Engine, setting: str) -> None:
    project = engine.project(maximum_annotations=3)
    ids = engine.add(project, 4).task_ids
    engine.submit(11, ids[2])
    engine.submit(12, ids[2])
    truth = AnnotationId(engine.submit(11, ids[3], ground_truth=True))
    assert engine.next_id(2, project) == ids[2]

    engine.projects.update(person(1), project.id, {setting: True})
    given = engine.next_task.next(person(3), project.id)
    later = engine.submit(11, ids[1])
    engine.annotations.update(person(1), AnnotationId(later), {"ground_truth": True})

    assert given is not None
    assert (given.whole.task.id, given.queue) == (ids[3], "Onboarding ground truth queue")
    assert engine.next_id(4, project) in {ids[1], ids[3]}
    engine.annotations.update(person(1), truth, {"ground_truth": False})
    assert [stands_in(engine, task_id) for task_id in ids] == ["F", "U", "T", "T"]
    engine.projects.update(person(1), project.id, {setting: False})
    assert [stands_in(engine, task_id) for task_id in ids] == ["F", "T", "T", "T"]
    assert_counts_are_right(engine, project.id)


def test_what_was_urgent_is_handed_out_before_a_job_has_settled_it(fake_engine: Engine) -> None:
    engine = fake_engine
    project = engine.project(maximum_annotations=2, show_ground_truth_first=True)
    ids = engine.add(project, 1_001).task_ids
    for task_id in ids[1:]:
        engine.store.tasks.pop(task_id)
    engine.store.index[f"{project.id}#F"] = engine.store.index[f"{project.id}#F"][:1]
    engine.submit(11, ids[0], ground_truth=True)

    engine.projects.update(person(1), project.id, {"show_ground_truth_first": False})

    assert engine.jobs.retuned == [(project.id, False)]
    assert stands_in(engine, ids[0]) == "U"
    assert engine.next_id(2, project) == ids[0]


def test_switching_the_strategy_there_and_back_moves_all_and_says_so(engine: Engine) -> None:
    project = engine.project(model_version="m")
    ids = engine.add_all(project, [with_predictions(likely(1, score=s)) for s in (0.9, 0.1, 0.5)]).task_ids

    switched = engine.projects.update(
        person(1), project.id, {"strategy": {"name": "mix", "signals": {"least_confidence": 1}}}
    )
    first = engine.next_task.next(person(2), project.id)
    back = engine.projects.update(person(1), project.id, {"strategy": None})

    assert switched.strategy == {"name": "mix", "signals": {"least_confidence": 1}}
    assert first is not None
    assert (first.whole.task.id, first.queue) == (ids[1], "Active learning or random queue")
    assert back.strategy is None
    assert engine.next_id(3, project) == ids[0]


def test_a_large_project_is_switched_by_a_job_while_the_old_order_serves(fake_engine: Engine) -> None:
    engine = fake_engine
    project = engine.project()
    ids = engine.add(project, 1_001).task_ids

    engine.projects.update(person(1), project.id, {"strategy": {"name": "uniform"}})

    assert engine.next_id(2, project) == ids[0]
    for summary in engine.store.summaries(project.id):
        engine.tasks.retune_block(person(1), project.id, summary.block, resets_overlap=False)
    assert engine.jobs.retuned == [(project.id, False)]
    keys = [task.order_key for task in engine.store.get_many(ids)]
    assert keys != sorted(keys)
    assert engine.next_id(3, project) == ids[keys.index(min(keys[1:]))]


# ---- what is stored


def stored(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as it comes back: what is None is not there."""
    return {name: value for name, value in item.items() if value is not None}


@pytest.mark.parametrize(
    "stats",
    [
        ModelStats(2),
        ModelStats(2, 1, 0.5, 0.5),
        ModelStats(2, vote="00ff00"),
        ModelStats(2, 1, 0.5, 0.5, "00ff00"),
        ModelStats(2, vote="123456", doubt=Doubt(0.5, 0.25, 1)),
        ModelStats(2, 2, 0.5, -0.5, "123456", Doubt(0.5, 0.25, 1)),
    ],
)
def test_what_a_task_knows_of_predictions_is_read_as_it_was_written(stats: ModelStats) -> None:
    item = stored(task_item(make_task(models={"m": stats})))

    assert dict(task_of(item).models) == {"m": stats}


def test_tasks_from_before_there_were_votes_are_read() -> None:
    old = {**stored(task_item(make_task())), "m": {"a": [3], "b": [2, 1, 0.25, 0.25]}}

    assert dict(task_of(old).models) == {"a": ModelStats(3), "b": ModelStats(2, 1, 0.25, 0.25)}


# ---- what it costs


def filled(engine: Engine, size: int, *, overlap: int, done: float, strategy: dict[str, Any]) -> Project:
    """A project with two predictions a task, a share of it done by one annotator."""
    project = engine.project(maximum_annotations=overlap, strategy=strategy, model_version="m")
    reserved = engine.tasks.reserve(person(1), project.id, size)
    builder = Builder(project=project, caller=UserId(1), now=engine.clock(), unique_id=str)
    records = []
    for index, (task_id, inner_id) in enumerate(reserved.places()):
        share = (index * 37 % 101) / 101
        new = with_predictions(
            likely(share, 1 - share, score=share), likely(1, version="n", label="neg" if index % 3 else "pos")
        )
        built = builder.task(PlacedTask(task_id, inner_id, new))
        task, annotations = built.task, list[Annotation]()
        if index < round(size * done):
            at = engine.clock()
            answer = NewAnnotation(result=choice(), completed_by=UserId(DONE_BY))
            annotations = [replace(builder, now=at).annotation(task_id, 1, answer)]
            task = edited(answered(task, annotations[0]), at, UserId(DONE_BY))
            task = settle(task, project, at, by=UserId(DONE_BY))
        records.append(NewTaskRecord(task, built.body, annotations, built.predictions))
    engine.store.insert(project, records)
    engine.clock.move(minutes=5)
    return project


def asked(engine: Engine, user: int, project: Project) -> tuple[TaskId | None, Counting]:
    with Counting(engine.client) as count:
        found = engine.next_task.next(person(user), project.id)
    return (found.whole.task.id if found else None), count


def test_every_strategy_is_counted_here() -> None:
    assert {strategy["name"] for strategy in EVERY.values()} == set(NAMED)


@pytest.mark.parametrize("overlap", [1, 3])
@pytest.mark.parametrize("strategy", EVERY.values(), ids=EVERY)
def test_next_task_costs_the_same_with_every_strategy(
    dynoxide_engine: Engine, strategy: dict[str, Any], overlap: int
) -> None:
    engine = dynoxide_engine
    shapes = set()
    for size in (SMALL, LARGER):
        for done in (0.0, 0.5, 0.98):
            project = filled(engine, size, overlap=overlap, done=done, strategy=strategy)
            given, count = asked(engine, 2, project)

            assert given is not None
            assert count.read_units <= 6, (size, done)
            assert count.write_units <= 4, (size, done)
            # Begun tasks are found before the fresh ones are asked for.
            shapes.add((overlap > 1 and done > 0, tuple(count.operations)))
    assert len(shapes) == len({begun for begun, _ in shapes})
    looks_for_urgent_ones = strategy["name"] == "disagreement"
    assert max(len(operations) for _, operations in shapes) <= 7 + looks_for_urgent_ones


@pytest.mark.parametrize("size", [SMALL, LARGER])
@pytest.mark.parametrize("strategy", EVERY.values(), ids=EVERY)
def test_whoever_has_done_all_that_is_open_learns_so_at_the_same_cost(
    dynoxide_engine: Engine, strategy: dict[str, Any], size: int
) -> None:
    engine = dynoxide_engine
    project = filled(engine, size, overlap=3, done=1.0, strategy=strategy)

    asked(engine, DONE_BY, project)  # passes once what was done without ever asking
    nothing, count = asked(engine, DONE_BY, project)
    given, other = asked(engine, 5, project)

    assert nothing is None
    assert given is not None
    assert (count.requests <= 8, count.read_units <= 6, count.write_units <= 4) == (True, True, True)
    assert (other.requests <= 7, other.read_units <= 6, other.write_units <= 4) == (True, True, True)


def urgent_ones(engine: Engine, size: int, **settings: Any) -> Project:
    """A project where all tasks but one are urgent, and done by one annotator and another."""
    project = engine.project(maximum_annotations=4, **settings)
    reserved = engine.tasks.reserve(person(1), project.id, size)
    builder = Builder(project=project, caller=UserId(1), now=engine.clock(), unique_id=str)
    given = [
        NewAnnotation(result=choice("pos"), completed_by=UserId(DONE_BY)),
        NewAnnotation(result=choice("neg"), completed_by=UserId(DONE_BY + 1), ground_truth=True),
        NewAnnotation(result=choice("neg"), completed_by=UserId(DONE_BY + 2)),
    ]
    records = []
    for index, (task_id, inner_id) in enumerate(reserved.places()):
        new = NewTask(data={"text": "x"}, annotations=given if index else ())
        built = builder.task(PlacedTask(task_id, inner_id, new))
        records.append(NewTaskRecord(built.task, built.body, built.annotations, built.predictions))
    engine.store.insert(project, records)
    engine.clock.move(minutes=5)
    return project


@pytest.mark.parametrize(
    "settings",
    [
        {"show_ground_truth_first": True},
        {"strategy": {"name": "disagreement"}},
        {"show_ground_truth_first": True, "strategy": {"name": "disagreement"}},
    ],
    ids=["ground truth", "disagreement", "both"],
)
def test_urgent_tasks_cost_the_same_however_many_there_are(
    dynoxide_engine: Engine, settings: dict[str, Any]
) -> None:
    engine = dynoxide_engine
    shapes = set()
    for size in (SMALL, LARGER):
        project = urgent_ones(engine, size, **settings)
        given, count = asked(engine, 2, project)
        asked(engine, DONE_BY, project)  # passes once what was done without ever asking
        engine.next_task.release(person(DONE_BY), engine.next_id(DONE_BY, project) or TaskId(0))
        other, later = asked(engine, DONE_BY, project)

        assert given is not None
        assert other is not None
        assert (count.read_units <= 6, count.write_units <= 4, count.requests <= 7) == (True, True, True)
        assert (later.read_units <= 6, later.write_units <= 4, later.requests <= 7) == (True, True, True)
        shapes.add((tuple(count.operations), tuple(later.operations)))
    assert len(shapes) == 1
