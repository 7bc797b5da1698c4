"""Many at once: nobody the same task twice, no task beyond its overlap, all of it finishes, counts exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Lock

import pytest

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.changes import NewAnnotation
from chalicelib.domain.workflow.machine import Kind
from chalicelib.errors import AlreadyExistsError, ConflictError, InvalidInputError, RefusedTransitionError
from chalicelib.ids import AnnotationId, TaskId
from tests.engine import Engine, assert_counts_are_right, choice, engine_in_memory, person

THREADS = 16


def together(work: Callable[[int], object], count: int = THREADS) -> list[object]:
    """What `count` threads give, each called with its number from 2."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(2, count + 2)))


def label_until_nothing_is_left(
    engine: Engine, project: Project, user: int, given: Counter[tuple[int, int]]
) -> int:
    lock, done = Lock(), 0
    while (task_id := engine.next_id(user, project)) is not None:
        with lock:
            given[task_id, user] += 1
        engine.submit(user, task_id)
        done += 1
    return done


@pytest.mark.parametrize(
    ("overlap", "tasks", "sampling"), [(1, 60, "Sequential sampling"), (3, 30, "Uniform sampling")]
)
def test_sixteen_annotators_finish_a_project(
    dynoxide_engine: Engine, overlap: int, tasks: int, sampling: str
) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=overlap, sampling=sampling)
    ids = engine.add(project, tasks).task_ids
    given: Counter[tuple[int, int]] = Counter()

    done = together(lambda user: label_until_nothing_is_left(engine, project, user, given))

    found = engine.store.get_many(ids)
    assert sum(int(str(number)) for number in done) == tasks * overlap
    assert {len(task.answers) for task in found} == {overlap}
    assert all(len(task.annotators) == overlap for task in found)
    assert set(given.values()) == {1}
    assert engine.counts(project).finished_task_number == tasks
    assert_counts_are_right(engine, project.id)


@pytest.mark.parametrize("overlap", [1, 2])
def test_who_asks_at_the_same_moment_never_holds_a_task_beyond_its_overlap(
    dynoxide_engine: Engine, overlap: int
) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=overlap)
    engine.add(project, 8)

    given = together(lambda user: engine.next_id(user, project))

    held = Counter(task_id for task_id in given if task_id is not None)
    assert sum(held.values()) == min(THREADS, 8 * overlap)
    assert max(held.values()) <= overlap


def test_one_submit_sent_by_many_counts_once(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=50)
    task_id = engine.add(project, 1).task_ids[0]
    new = NewAnnotation(result=choice(), unique_id="the-same")

    def submit(_: int) -> object:
        try:
            return engine.annotations.create(person(2), task_id, new).id
        except AlreadyExistsError:
            return None

    made = [answer for answer in together(submit) if answer is not None]

    assert len(made) == 1
    assert engine.counts(project).total_annotations_number == 1


def test_many_on_one_task_all_get_through(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=100)
    task_id = engine.add(project, 1).task_ids[0]

    made = together(lambda user: engine.submit(user, task_id))

    assert len(set(made)) == THREADS
    assert engine.counts(project).total_annotations_number == THREADS
    assert_counts_are_right(engine, project.id)


def test_edits_at_once_are_all_kept(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    annotation_id = AnnotationId(engine.submit(2, engine.add(project, 1).task_ids[0]))

    together(
        lambda user: engine.annotations.update(person(user), annotation_id, {"result": choice(f"l{user}")})
    )

    versions = engine.history.history(person(2), annotation_id).versions
    assert [version.version for version in versions] == list(range(1, THREADS + 2))
    labels = {item["value"]["choices"][0] for version in versions for item in version.result}  # type: ignore[index,call-overload]
    assert labels == {"pos", *(f"l{user}" for user in range(2, THREADS + 2))}


def test_one_import_run_by_many_stores_each_task_once(dynoxide_engine: Engine) -> None:
    from chalicelib.domain.tasks.changes import NewTask, PlacedTask

    engine = dynoxide_engine
    project = engine.project()
    reserved = engine.tasks.reserve(person(1), project.id, 150)
    placed = [PlacedTask(i, n, NewTask(data={"text": str(n)})) for i, n in reserved.places()]

    together(lambda _: engine.tasks.add_tasks(person(1), project.id, placed), count=6)

    assert engine.counts(project).task_number == 150
    assert_counts_are_right(engine, project.id)


def test_reservations_never_meet(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    sizes = Random(3)

    def reserve(_: int) -> list[tuple[TaskId, int]]:
        wanted = [sizes.choice([1, 3, 100, 256, 300]) for _ in range(5)]
        return [p for size in wanted for p in engine.tasks.reserve(person(1), project.id, size).places()]

    places = [place for part in together(reserve) for place in part]  # type: ignore[attr-defined]

    assert len({task_id for task_id, _ in places}) == len(places)
    assert len({inner_id for _, inner_id in places}) == len(places)


def test_ten_annotators_walk_through_a_project(dynoxide_engine: Engine) -> None:
    """One six times as quick, some skip, some walk away; in turns, with the clock running."""
    simulate(dynoxide_engine, annotators=10, tasks=40, overlap=3)


def test_fifty_annotators_walk_through_a_project() -> None:
    simulate(engine_in_memory(), annotators=50, tasks=200, overlap=3)


@pytest.mark.slow
def test_fifty_annotators_walk_through_ten_thousand_tasks() -> None:
    simulate(engine_in_memory(), annotators=50, tasks=10_000, overlap=3)


def simulate(engine: Engine, *, annotators: int, tasks: int, overlap: int) -> None:
    rng = Random(11)
    project = engine.project(maximum_annotations=overlap)
    ids = engine.add(project, tasks).task_ids
    users = list(range(2, annotators + 2))
    weights = [6, *[1] * (annotators - 1)]
    idle = 0
    while idle < 3:
        user = rng.choices(users, weights)[0]
        engine.clock.move(seconds=rng.uniform(0, 20))
        task_id = engine.next_id(user, project)
        if task_id is None:
            if all(engine.next_id(other, project) is None for other in users):
                engine.clock.move(days=1.1)
                idle += 1
            continue
        idle = 0
        fate = rng.random()
        if fate < 0.01:
            continue
        if fate < 0.04:
            engine.skip(user, task_id)
        else:
            engine.submit(user, task_id)
    found = engine.store.get_many(ids)
    assert all(len(task.annotators) == len(task.answers) for task in found)
    assert {task.total_annotations for task in found} == {overlap}
    assert engine.counts(project).finished_task_number == tasks
    assert_counts_are_right(engine, project.id)


def test_of_many_who_accept_a_task_one_does_and_nobody_labels_it_after(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=1)
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="review"))
    task_id = engine.add(project, 1).task_ids[0]
    engine.submit(99, task_id)

    def act(user: int) -> str:
        try:
            if user % 2:
                engine.submit(user, task_id)
                return "submitted"
            return engine.states.transition(person(user), Kind.TASK, task_id, "accept").state
        except RefusedTransitionError:
            return "refused"

    done = Counter(together(act))

    task = engine.store.get_many([task_id])[0]
    assert (done["accepted"], task.state) == (1, "accepted")
    assert len(task.answers) == 1 + done["submitted"]
    passed = engine.states.history(person(1), Kind.TASK, task_id)
    assert [step.name for step in passed] == ["finish", "accept"]
    assert_counts_are_right(engine, project.id)


def test_people_label_while_the_workflow_changes_under_them(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 40).task_ids
    mapping = {"accepted": "labeled", "returned": "labeled", "in_review": "labeled"}

    def act(user: int) -> None:
        rng = Random(user)
        for turn in range(12):
            if user < 4:
                is_review = (turn + user) % 2
                wanted = (
                    WantedWorkflow(preset="review")
                    if is_review
                    else WantedWorkflow(preset="plain", states=mapping)
                )
                engine.workflows.change(person(1), project.id, wanted)
                continue
            try:
                engine.submit(user, rng.choice(ids))
                engine.states.transition(person(user), Kind.TASK, rng.choice(ids), "accept")
            except (ConflictError, InvalidInputError):
                continue

    together(act, 8)
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="plain", states=mapping))

    states = Counter(task.state for task in engine.store.get_many(ids))
    assert set(states) <= {"unlabeled", "in_progress", "labeled"}
    assert engine.workflows.get(person(1), project.id).tasks == states
    assert not engine.workflows.get(person(1), project.id).is_following
    assert_counts_are_right(engine, project.id)
