"""What the paths that must be flat cost, in requests and units, as the database reports them.

The same at 100 and 20,000 tasks, with one answer a task and three, with nothing done, half and 99 %,
whoever asks. Only dynoxide tells true units.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from hashlib import blake2b

import pytest

from chalicelib.actors import Actor, acting
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.building import Builder
from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewPrediction, NewTask, PlacedTask
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import answered, edited, settle
from chalicelib.domain.workflow.machine import Kind
from chalicelib.ids import AnnotationId, TaskId, UserId
from chalicelib.ports.tasks import NewTaskRecord
from tests.counting import Counting
from tests.engine import Engine, choice, person
from tests.integration.storage.conftest import FilledProjects

SMALL, MEDIUM, LARGE = 100, 1_500, 20_000
QUICK = 90
"""The annotator who has done most."""


def filled(engine: Engine, size: int, *, overlap: int, done: float, predicted: bool = False) -> Project:
    """A project where the quick annotator has done a share of the tasks, made without going one by one."""
    project = engine.project(maximum_annotations=overlap)
    reserved = engine.tasks.reserve(person(1), project.id, size)
    predictions = [NewPrediction(result=choice(), score=0.5, model_version="m")] if predicted else []
    builder = Builder(project=project, caller=UserId(1), now=engine.clock(), unique_id=str)
    records = []
    for index, (task_id, inner_id) in enumerate(reserved.places()):
        new = NewTask(data={"text": f"number {index}"}, predictions=predictions)
        built = builder.task(PlacedTask(task_id, inner_id, new))
        annotations: list[Annotation] = []
        task: Task = built.task
        if index < size * done:
            at = engine.clock()
            made = replace(builder, now=at).annotation(
                task_id, 1, NewAnnotation(result=choice(), completed_by=UserId(QUICK))
            )
            annotations = [made]
            task = settle(edited(answered(task, made), at, UserId(QUICK)), project, at, by=UserId(QUICK))
        records.append(NewTaskRecord(task, built.body, annotations, built.predictions))
    engine.store.insert(project, records)
    engine.clock.move(minutes=5)
    return project


def ask(engine: Engine, user: int, project: Project) -> tuple[TaskId | None, Counting]:
    with Counting(engine.client) as count:
        found = engine.next_task.next(person(user), project.id)
    return (found.whole.task.id if found else None), count


@pytest.mark.parametrize("overlap", [1, 3])
@pytest.mark.parametrize("done", [0.0, 0.5, 0.99])
def test_next_task_costs_the_same_however_far_along(
    dynoxide_engine: Engine, overlap: int, done: float
) -> None:
    project = filled(dynoxide_engine, SMALL, overlap=overlap, done=done)

    for user in (2, 3, 4):
        given, count = ask(dynoxide_engine, user, project)
        if given is None:  # 99 of 100 done: the last is leased
            continue
        assert count.requests <= 6
        assert count.read_units <= 6
        assert count.write_units <= 4


@pytest.mark.parametrize(
    ("size", "overlap", "done"),
    [
        (MEDIUM, 1, 0.5),
        (MEDIUM, 3, 0.99),
        pytest.param(LARGE, 1, 0.5, marks=pytest.mark.slow),
        pytest.param(LARGE, 3, 0.99, marks=pytest.mark.slow),
    ],
)
def test_next_task_costs_the_same_at_any_size(
    filled_projects: FilledProjects, size: int, overlap: int, done: float
) -> None:
    engine = filled_projects.engine
    small = filled(engine, SMALL, overlap=overlap, done=done)
    large = filled_projects.of(size, overlap=overlap, done=done)

    _, at_small = ask(engine, 2, small)
    given, at_large = ask(engine, 2, large)

    assert given is not None
    assert at_large.operations == at_small.operations
    assert at_large.write_units == at_small.write_units <= 4
    assert at_large.read_units <= 6
    assert abs(at_large.read_units - at_small.read_units) <= 1


@pytest.mark.parametrize("size", [SMALL, MEDIUM])
def test_whoever_has_done_all_open_tasks_learns_so_at_constant_cost(
    dynoxide_engine: Engine, size: int
) -> None:
    engine = dynoxide_engine
    project = filled(engine, size, overlap=3, done=1.0)

    given, first = ask(engine, QUICK, project)
    assert given is None
    for _ in range(3):
        given, later = ask(engine, QUICK, project)
        assert given is None
        # One looks for what was urgent before a setting changed, one at what was passed, one notes how far.
        assert later.requests <= 8
        assert later.read_units <= 5
        assert later.write_units <= 1
    # The first time passes what was done without ever asking, a thousand at a time, once.
    assert first.requests <= 9 + size / 1000
    given, other = ask(engine, 5, project)
    assert given is not None
    assert other.read_units <= 6
    assert other.write_units <= 4


def test_labeling_costs_under_a_workflow_what_it_costs_without_and_a_transition_little(
    dynoxide_engine: Engine,
) -> None:
    engine = dynoxide_engine
    costs: dict[str, list[tuple[int, float, float]]] = {"plain": [], "review": []}
    for preset, found in costs.items():
        project = filled(engine, SMALL, overlap=1, done=0.5)
        engine.workflows.change(person(1), project.id, WantedWorkflow(preset=preset))
        given, asked = ask(engine, 2, project)
        assert given is not None
        with Counting(engine.client) as submitted:
            engine.submit(2, given)
        found += [(c.requests, c.read_units, c.write_units) for c in (asked, submitted)]
    assert costs["plain"] == costs["review"]
    assert costs["review"][1][2] <= 10

    assert given is not None
    for name, reason, most in (("start_review", "", 4), ("return", "Because.", 6), ("ask_another", "", 6)):
        with Counting(engine.client) as count:
            engine.states.transition(person(3), Kind.TASK, given, name, reason=reason)
        assert (count.requests, count.read_units) == (3, 2)
        assert count.write_units <= most, name


def test_next_task_with_predictions_and_drafts_stays_within_its_budget(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, SMALL, overlap=1, done=0.5, predicted=True)

    given, count = ask(engine, 2, project)

    assert given is not None
    assert count.requests <= 7
    assert count.read_units <= 6
    assert count.write_units <= 4


def two_kilobytes() -> list[object]:
    """A result of two kilobytes of JSON, with ids and coordinates as an editor makes them."""
    return [
        {
            "id": blake2b(str(i).encode(), digest_size=5).hexdigest(),
            "from_name": "label",
            "to_name": "image",
            "type": "rectanglelabels",
            "original_width": 1920,
            "original_height": 1080,
            "image_rotation": 0,
            "value": {
                "x": 100 * (i * 37 % 101) / 101,
                "y": 100 * (i * 53 % 103) / 103,
                "width": 4.62,
                "height": 3.1,
                "rotation": 0,
                "rectanglelabels": ["Car"],
            },
        }
        for i in range(8)
    ]


@pytest.mark.parametrize("overlap", [1, 3])
@pytest.mark.parametrize("size", [SMALL, MEDIUM])
def test_submit_is_one_transaction_within_its_budget(
    dynoxide_engine: Engine, overlap: int, size: int
) -> None:
    engine = dynoxide_engine
    project = filled(engine, size, overlap=overlap, done=0.5)

    for number, user in enumerate((2, 3, 4, 2, 3, 4)):
        given, _ = ask(engine, user, project)
        assert given is not None
        with Counting(engine.client) as count:
            engine.submit(user, given, result=two_kilobytes(), unique_id=f"{size}-{overlap}-{number}")
        assert count.operations == ["GetItem", "GetItem", "GetItem", "TransactWriteItems"]
        # with the first task that somebody does in a project their row enters the index of people's work
        assert count.write_units <= (13 if number < 3 else 12)


def test_being_told_of_costs_a_submit_two_units_and_no_request(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, SMALL, overlap=1, done=0.5)
    actor = Actor("POST /api/tasks/{task_id}/annotations/", "0" * 36, 1, 2, "203.0.113.9", "Mozilla/5.0 " * 9)
    costs = []

    contexts: list[AbstractContextManager[object]] = [nullcontext(), nullcontext(), acting(actor)]
    for number, acts in enumerate(contexts):
        given, _ = ask(engine, 2, project)
        assert given is not None
        with Counting(engine.client) as count, acts:
            engine.submit(2, given, result=two_kilobytes(), unique_id=f"told-{number}")
        costs.append((count.operations, count.write_units))

    _, (quiet, before), (told, after) = costs  # the first puts somebody into an index
    assert quiet == told
    assert after == before + 2 <= 13


def test_a_submit_from_a_draft_costs_two_units_more(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, SMALL, overlap=1, done=0)
    given, _ = ask(engine, 2, project)
    assert given is not None
    draft = engine.drafts.create(person(2), given, NewDraft(result=two_kilobytes()))  # type: ignore[arg-type]

    with Counting(engine.client) as count:
        engine.submit(2, given, result=two_kilobytes(), draft_id=draft.id)

    assert count.write_units <= 14


def test_a_page_costs_the_same_wherever_it_lies(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, MEDIUM, overlap=1, done=0.5)
    costs = []

    for offset in (0, MEDIUM // 2, MEDIUM - 100):
        with Counting(engine.client) as count:
            page = engine.tasks.page(person(1), project.id, offset=offset, limit=100)
        assert len(page.tasks) == 100
        costs.append((count.requests, count.read_units))

    assert max(requests for requests, _ in costs) <= 4
    assert max(units for _, units in costs) - min(units for _, units in costs) <= 6


def test_a_walk_costs_the_same_wherever_it_goes_on(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, MEDIUM, overlap=1, done=0.5)
    costs = []

    for offset in (0, MEDIUM // 2, MEDIUM - 101):
        last = engine.tasks.page(person(1), project.id, offset=offset, limit=1).tasks[0].task.id
        with Counting(engine.client) as count:
            page = engine.tasks.after(person(1), project.id, last, 100)
        assert len(page) == 100
        costs.append((count.requests, count.read_units))

    assert max(requests for requests, _ in costs) <= 4
    assert max(units for _, units in costs) - min(units for _, units in costs) <= 6


def test_counts_are_one_query_and_one_row(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = filled(engine, 600, overlap=3, done=0.5)

    with Counting(engine.client) as count:
        counts = engine.projects.counts(person(QUICK), project)

    assert count.operations == ["GetItem", "Query"]
    assert (counts.task_number, counts.queue_done, counts.queue_total) == (600, 300, 600)


def test_an_import_writes_a_hundred_tasks_a_transaction(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()

    with Counting(engine.client) as count:
        engine.add(project, 1000)

    assert count.operations.count("TransactWriteItems") <= 14
    assert count.requests <= 20
    assert count.write_units <= 3.2 * 1000


def test_deleting_an_annotation_is_one_transaction(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    made = engine.submit(2, engine.add(project, 1).task_ids[0])

    with Counting(engine.client) as count:
        engine.annotations.delete(person(2), AnnotationId(made))

    assert count.operations.count("TransactWriteItems") == 1
