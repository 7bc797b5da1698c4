"""Changing a configuration under work: what is rewritten, killed anywhere, cancelled, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from chalicelib.domain.jobs import Job, JobState
from chalicelib.domain.label_config import parse
from chalicelib.domain.label_config.edit_plan import Renames
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import Change, NewDraft, NewPrediction, NewTask
from chalicelib.errors import ConflictError, ContentionError, InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, TaskId
from chalicelib.services.config_edit_jobs import ConfigEditKind, ConfigUndoKind
from chalicelib.services.config_edits import ConfigEditService, EditOrder
from chalicelib.services.jobs import Jobs
from chalicelib.services.rewriting import MEMBERS_PER_CHANGE
from tests.engine import Engine, assert_counts_are_right, engine_in_memory, person
from tests.fakes.jobs import FakeJobQueue, FakeJobRepository

OLD = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text">'
    '<Choice value="Glad"/><Choice value="Sad"/><Choice value="Cross"/></Choices></View>'
)
NEW = (
    '<View><Text name="text" value="$text"/><Choices name="feeling" toName="text">'
    '<Choice value="Happy"/><Choice value="Sad"/></Choices></View>'
)
ORDER = EditOrder(
    label_config=NEW,
    renames=Renames(controls={"mood": "feeling"}, labels={"mood": {"Glad": "Happy", "Cross": "Sad"}}),
)


class Killed(BaseException):
    """A worker that died: no handler may catch it."""


class World:
    """A project with work in it, and the job engine over fakes."""

    def __init__(self, tasks: int = 600) -> None:
        self.engine = engine_in_memory()
        self.rows, self.queue = FakeJobRepository(), FakeJobQueue()
        common: dict[str, Any] = {
            "projects": self.engine.project_store,
            "tasks": self.engine.store,
            "blobs": self.engine.blobs,
            "parse_config": parse,
        }
        job_things = {**common, "clock": self.engine.clock, "actor": lambda _, user: person(user)}
        kinds: dict[str, Callable[[], Any]] = {
            "config_edit": lambda: ConfigEditKind(**job_things),
            "config_undo": lambda: ConfigUndoKind(**job_things),
        }
        self.jobs = Jobs(self.rows, self.queue, self.engine.clock, kinds)
        self.service = ConfigEditService(**common, jobs=self.jobs)
        self.project = self.engine.project(label_config=OLD)
        self.ids = fill(self.engine, self.project, tasks)

    def start(self, order: EditOrder = ORDER) -> Job:
        return self.service.start(person(1), self.project.id, order)

    def work(self, job: Job) -> Job:
        """Deliver messages until none is left; a worker that dies leaves its message in the queue."""
        for _ in range(10_000):
            if not self.queue.messages:
                break
            message = self.queue.messages[0]
            try:
                self.jobs.handle(message)
            except Killed:
                continue
            self.queue.messages.pop(0)
        return self.jobs.get(self.project.organization_id, job.id)

    def results(self) -> list[str]:
        """Every result as text, with the config version it stands at."""
        return [
            json.dumps([member.id, member.config_version, member.result])
            for task_id in self.ids
            for family in [self.engine.store.family(task_id)]
            for member in (*family.annotations, *family.drafts, *family.predictions)
        ]

    def config(self) -> str:
        return self.now().label_config

    def now(self) -> Project:
        return self.engine.projects.get(person(1), self.project.id)


def said(label: str, control: str = "mood") -> list[Any]:
    item = {"from_name": control, "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    return [{**item, "id": "x", "score": 0.1, "odd": {"kept": [1, 2.50]}}]


def fill(engine: Engine, project: Project, count: int) -> list[TaskId]:
    """Tasks over several blocks; each sixth with a draft, each third annotated, each fifth predicted."""
    labels = ["Glad", "Sad", "Cross"]
    new = [
        NewTask(
            data={"text": f"t{number}"},
            predictions=[NewPrediction(result=said(labels[number % 3]))] if number % 5 == 0 else [],
        )
        for number in range(count)
    ]
    ids = list(engine.tasks.add(person(1), project.id, new).task_ids)
    for number, task_id in enumerate(ids):
        if number % 3 == 0:
            engine.submit(2, task_id, result=said(labels[number % 2]))
        if number % 6 == 0:
            engine.drafts.create(person(3), task_id, NewDraft(result=said("Cross")))
    return ids


def test_a_plan_counts_what_each_step_touches_and_changes_nothing() -> None:
    world = World(12)

    planned = world.service.plan(person(1), world.project.id, ORDER)

    steps = [(step.kind, step.before, step.after, step.touched) for step in planned.plan.steps]
    assert ("control_renamed", "mood", "feeling", 4) in steps
    assert ("label_renamed", "Glad", "Happy", 2) in steps
    assert ("labels_merged", "Cross", "Sad", 2) in steps
    assert planned.is_complete
    assert world.config() == OLD


def test_every_result_is_carried_over_and_remembers_its_version() -> None:
    world = World()
    before = world.results()

    job = world.work(world.start())

    assert job.state is JobState.COMPLETED, job.problems
    assert world.config() == NEW
    assert job.result["rewritten"] == len(before)
    after = [json.loads(row) for row in world.results()]
    assert {version for _, version, _ in after} == {2}
    assert {item["from_name"] for _, _, result in after for item in result} == {"feeling"}
    assert {item["value"]["choices"][0] for _, _, result in after for item in result} == {"Happy", "Sad"}


def test_the_earlier_version_of_each_annotation_is_kept() -> None:
    world = World(6)
    annotation = world.engine.store.family(world.ids[0]).annotations[0]

    world.work(world.start())

    versions = world.engine.history.history(person(1), AnnotationId(annotation.id)).versions
    assert [version.result[0]["value"]["choices"] for version in versions] == [["Glad"], ["Happy"]]  # type: ignore[index, call-overload]
    assert [version.config_version for version in versions] == [1, 2]


def test_taking_a_change_back_restores_every_byte() -> None:
    world = World()
    before = world.results()
    job = world.work(world.start())

    undone = world.work(world.service.undo(person(1), world.project.id, job.id))

    assert undone.state is JobState.COMPLETED, undone.problems
    assert world.results() == before
    assert world.config() == OLD
    assert world.now().config_version == 3
    numbers = [version.number for version in world.service.versions(person(1), world.project.id)]
    assert numbers == [3, 2, 1]


def test_work_made_after_the_change_gets_the_old_names_when_it_is_taken_back() -> None:
    world = World(30)
    job = world.work(world.start())
    new = world.engine.submit(4, world.ids[1], result=said("Happy", "feeling"))

    undone = world.work(world.service.undo(person(1), world.project.id, job.id))

    annotation = world.engine.annotations.get(person(1), AnnotationId(new))
    assert annotation.result == said("Glad")
    assert undone.result["changed_since"] == 1


def test_what_was_edited_by_hand_since_keeps_its_edit() -> None:
    world = World(3)
    job = world.work(world.start())
    annotation = world.engine.store.family(world.ids[0]).annotations[0]
    world.engine.annotations.update(person(2), annotation.id, {"result": said("Sad", "feeling")})

    world.work(world.service.undo(person(1), world.project.id, job.id))

    assert world.engine.annotations.get(person(1), annotation.id).result == said("Sad")


@pytest.mark.parametrize("seed", range(30))
def test_killed_at_any_write_it_ends_as_if_undisturbed(seed: int) -> None:
    calm, disturbed = World(40), World(40)
    calm.work(calm.start())
    job = disturbed.start()
    rng = Random(seed)
    store, projects, blobs = (
        disturbed.engine.store,
        disturbed.engine.project_store,
        disturbed.engine.blobs,
    )
    deaths = set(rng.sample(range(45), 4))
    count = iter(range(10_000))
    for owner, name in ((store, "commit"), (projects, "update"), (blobs, "put"), (disturbed.rows, "end")):
        setattr(owner, name, mortal(getattr(owner, name), deaths, count, rng))

    ended = disturbed.work(job)

    assert ended.state is JobState.COMPLETED, ended.problems
    assert disturbed.results() == calm.results()
    back = disturbed.work(disturbed.service.undo(person(1), disturbed.project.id, job.id))
    assert back.state is JobState.COMPLETED
    assert disturbed.results() == World(40).results()


def mortal(
    write: Callable[..., Any], deaths: set[int], count: Iterator[int], rng: Random
) -> Callable[..., Any]:
    """The write, in a world where the worker dies before or after some, and somebody is quicker at times."""

    def attempt(*given: Any, **more: Any) -> Any:
        dies = next(count) in deaths
        if dies and rng.random() < 0.5:
            raise Killed
        if write.__name__ == "commit" and rng.random() < 0.04:
            raise ContentionError("somebody was quicker")
        result = write(*given, **more)
        if dies:
            raise Killed
        return result

    return attempt


@pytest.mark.parametrize("steps", range(3))
def test_cancelled_at_any_step_nothing_has_changed(steps: int) -> None:
    world = World()
    before = world.results()
    job = world.start()
    for _ in range(steps):
        if world.queue.messages:
            world.jobs.handle(world.queue.messages.pop(0))
    assert not world.jobs.get(world.project.organization_id, job.id).has_ended

    world.jobs.cancel(world.project.organization_id, job.id)
    ended = world.work(job)

    assert ended.state is JobState.CANCELLED
    assert world.results() == before
    assert world.config() == OLD


def test_a_crowded_task_that_is_deleted_while_it_is_rewritten_does_not_end_the_change() -> None:
    world = World(12)
    crowded, store = world.ids[0], world.engine.store
    for user in range(10, 10 + MEMBERS_PER_CHANGE):
        world.engine.submit(user, crowded, result=said("Glad"))
    commit, seen = store.commit, list[Change]()

    def overtaken(change: Change) -> None:
        commit(change)
        seen.append(change)
        if change.before.id == crowded:
            store.commit = commit
            world.engine.tasks.delete(person(1), crowded)

    job = world.start()
    store.commit = overtaken
    ended = world.work(job)

    assert (ended.state, world.config()) == (JobState.COMPLETED, NEW), ended.problems
    assert [len(change.annotations) for change in seen] == [MEMBERS_PER_CHANGE]
    assert not any('"mood"' in result for result in world.results())
    assert_counts_are_right(world.engine, world.project.id)


def test_a_configuration_that_changed_meanwhile_is_not_overwritten() -> None:
    world = World(3)
    job = world.start()
    other = OLD.replace("Cross", "Angry").replace("</Choices>", '<Choice value="Cross"/></Choices>')
    world.engine.projects.update(person(1), world.project.id, {"label_config": other})

    ended = world.work(job)

    assert ended.state is JobState.FAILED
    assert "meanwhile" in ended.problems[0].message
    assert world.config() == other


def test_nobody_changes_the_configuration_while_a_job_does() -> None:
    world = World(3)
    job = world.start()
    for _ in range(2):
        world.jobs.handle(world.queue.messages.pop(0))

    with pytest.raises(ConflictError, match=f"Job {job.id}"):
        world.engine.projects.update(person(1), world.project.id, {"label_config": OLD})
    world.work(job)
    assert world.now().config_job is None


def test_two_changes_at_once_are_refused() -> None:
    world = World(3)
    first = world.start()

    with pytest.raises(ConflictError, match=f"Job {first.id}"):
        world.start()


def test_faults_of_the_plan_forbid_the_start() -> None:
    world = World(3)
    order = EditOrder(label_config=NEW, renames=Renames(controls={"moood": "feeling"}))

    with pytest.raises(InvalidInputError) as refused:
        world.start(order)

    assert [fault.place for fault in refused.value.faults] == ["controls.moood"]
    assert refused.value.faults[0].suggestion == "mood"


def test_only_the_newest_change_can_be_taken_back_and_only_a_change() -> None:
    world = World(3)
    job = world.work(world.start())
    second = world.work(world.start(EditOrder(label_config=OLD, renames=Renames({"feeling": "mood"}))))

    with pytest.raises(ConflictError, match="newer change"):
        world.service.undo(person(1), world.project.id, job.id)
    undo = world.work(world.service.undo(person(1), world.project.id, second.id))
    with pytest.raises(NotFoundError):
        world.service.undo(person(1), world.project.id, undo.id)


def test_dropped_results_come_back_in_their_places() -> None:
    world = World(9)
    before = world.results()
    gone = OLD.replace('<Choice value="Sad"/>', "")
    job = world.work(world.start(EditOrder(label_config=gone, removed="drop")))
    assert "Sad" not in " ".join(world.results())

    world.work(world.service.undo(person(1), world.project.id, job.id))

    assert world.results() == before


SPLIT = OLD.replace("</View>", "").replace('<Choice value="Cross"/>', "") + (
    '<Choices name="anger" toName="text"><Choice value="Furious"/></Choices></View>'
)
APART = EditOrder(
    label_config=SPLIT,
    renames=Renames(labels={"mood": {"Cross": "Furious"}}, moves={"mood": {"Cross": "anger"}}),
)


def test_a_control_is_split_and_put_together_again() -> None:
    world = World(30)
    before = world.results()

    job = world.work(world.start(APART))
    late = world.engine.submit(4, world.ids[1], result=said("Furious", "anger"))
    text = " ".join(world.results())
    assert job.state is JobState.COMPLETED, job.problems
    assert '"anger"' in text
    assert "Cross" not in text

    world.work(world.service.undo(person(1), world.project.id, job.id))
    assert world.engine.annotations.get(person(1), AnnotationId(late)).result == said("Cross")
    assert [row for row in world.results() if f"[{late}," not in row] == before


def standing(world: World, task_id: TaskId) -> tuple[float | None, str, list[int], set[str]]:
    """What a task knows of its results: agreement, partition, scores, and what models vote for."""
    (task,) = world.engine.store.get_many([task_id])
    partition = task.queue.partition.rpartition("#")[2] if task.queue else ""
    votes = {stats.vote for stats in task.models.values()}
    return task.agreement, partition, sorted(task.scores.values()), votes


def test_a_merged_label_settles_what_is_disputed_scored_and_voted_for_and_back() -> None:
    world = World(0)
    engine, project = world.engine, world.project
    strategy = {"name": "disagreement"}
    engine.projects.update(person(1), project.id, {"maximum_annotations": 5, "strategy": strategy})
    guesses = [NewPrediction(result=said(label), model_version=label) for label in ("Sad", "Cross")]
    added = engine.tasks.add(person(1), project.id, [NewTask(data={"text": "t"}, predictions=guesses)])
    (task_id,) = world.ids = list(added.task_ids)
    engine.submit(2, task_id, result=said("Sad"), ground_truth=True)
    for user, label in ((3, "Sad"), (4, "Cross")):
        engine.submit(user, task_id, result=said(label))
    before = standing(world, task_id)
    assert (before[:3], len(before[3])) == ((0.0, "U", [0, 1000]), 2)

    job = world.work(world.start())
    assert job.state is JobState.COMPLETED, job.problems
    after = standing(world, task_id)
    assert (after[:3], len(after[3])) == ((1.0, "T", [1000, 1000]), 1)
    assert_counts_are_right(engine, project.id)

    undone = world.work(world.service.undo(person(1), project.id, job.id))
    assert undone.state is JobState.COMPLETED, undone.problems
    assert standing(world, task_id) == before
    assert_counts_are_right(engine, project.id)


def test_a_config_edit_leaves_every_counter_exact() -> None:
    world = World(40)

    world.work(world.start())

    assert_counts_are_right(world.engine, world.project.id)
