"""Whatever is done in whatever order, the engine and a few lines of plain Python agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chalicelib.domain.tasks.changes import NewDraft, NewPrediction
from chalicelib.ids import AnnotationId, DraftId, PredictionId, TaskId, UserId
from tests.engine import Engine, assert_counts_are_right, choice, engine_in_memory, person
from tests.integration.storage.conftest import fresh_engine

USERS = st.integers(min_value=2, max_value=5)
MODES = ("REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED")


@dataclass
class ModelTask:
    """A task as a few lines of Python would keep it."""

    overlap: int
    annotations: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """Each by its id: author, whether it is a skip."""
    predictions: set[int] = field(default_factory=set)

    def is_labeled(self, mode: str) -> bool:
        skips = sum(skip for _, skip in self.annotations.values())
        counted = len(self.annotations) - (0 if mode == "IGNORE_SKIPPED" else skips)
        return counted >= self.overlap


class Labeling(RuleBasedStateMachine):
    """Tasks come and go, people annotate, skip, change their minds; the settings change under them."""

    tasks = Bundle("tasks")
    annotations = Bundle("annotations")
    predictions = Bundle("predictions")
    drafts = Bundle("drafts")
    make_engine: object = None

    def __init__(self) -> None:
        super().__init__()
        self.engine: Engine = type(self).make_engine()  # type: ignore[operator]
        self.project = self.engine.project(maximum_annotations=2)
        self.mode = MODES[0]
        self.model: dict[int, ModelTask] = {}

    def of(self, entity_id: int) -> ModelTask | None:
        return self.model.get(entity_id >> 12)

    @rule(target=tasks)
    def add_a_task(self) -> int:
        task_id = self.engine.add(self.project, 1).task_ids[0]
        overlap = self.engine.projects.get(person(1), self.project.id).maximum_annotations
        self.model[task_id] = ModelTask(overlap)
        return task_id

    @rule(target=annotations, task_id=tasks, user=USERS, skip=st.booleans(), truth=st.booleans())
    def annotate(self, task_id: int, user: int, skip: bool, truth: bool) -> int:
        if task_id not in self.model:
            return 0
        made = self.engine.submit(user, task_id, was_cancelled=skip, ground_truth=truth, lead_time=1.5)
        self.model[task_id].annotations[made] = (user, skip)
        return made

    @rule(annotation_id=annotations, skip=st.booleans(), truth=st.booleans(), author=USERS)
    def change(self, annotation_id: int, skip: bool, truth: bool, author: int) -> None:
        task = self.of(annotation_id)
        if task is None or annotation_id not in task.annotations:
            return
        fields = {"was_cancelled": skip, "ground_truth": truth, "completed_by": author, "result": choice()}
        self.engine.annotations.update(person(1), AnnotationId(annotation_id), fields)
        task.annotations[annotation_id] = (author, skip)

    @rule(annotation_id=consumes(annotations))
    def remove(self, annotation_id: int) -> None:
        task = self.of(annotation_id)
        if task is None or annotation_id not in task.annotations:
            return
        self.engine.annotations.delete(person(1), AnnotationId(annotation_id))
        del task.annotations[annotation_id]

    @rule(task_id=tasks)
    def remove_the_task(self, task_id: int) -> None:
        if task_id in self.model and len(self.model) > 2:
            self.engine.tasks.delete(person(1), TaskId(task_id))
            del self.model[task_id]

    @rule(target=predictions, task_id=tasks, score=st.none() | st.floats(0, 1))
    def predict(self, task_id: int, score: float | None) -> int:
        if task_id not in self.model:
            return 0
        new = NewPrediction(result=choice(), score=score, model_version="m")
        made = self.engine.predictions.create(person(1), TaskId(task_id), new).id
        self.model[task_id].predictions.add(made)
        return made

    @rule(prediction_id=consumes(predictions))
    def forget_a_prediction(self, prediction_id: int) -> None:
        task = self.of(prediction_id)
        if task is not None and prediction_id in task.predictions:
            self.engine.predictions.delete(person(1), PredictionId(prediction_id))
            task.predictions.discard(prediction_id)

    @rule(target=drafts, task_id=tasks, user=USERS, postponed=st.booleans())
    def draft(self, task_id: int, user: int, postponed: bool) -> tuple[int, int]:
        if task_id not in self.model:
            return (0, 0)
        new = NewDraft(result=choice(), was_postponed=postponed)
        return (user, self.engine.drafts.create(person(user), TaskId(task_id), new).id)

    @rule(draft=consumes(drafts))
    def drop_a_draft(self, draft: tuple[int, int]) -> None:
        user, draft_id = draft
        if draft_id and self.of(draft_id) is not None:
            self.engine.drafts.delete(person(user), DraftId(draft_id))

    @rule(user=USERS)
    def ask_for_the_next(self, user: int) -> None:
        found = self.engine.next_task.next(person(user), self.project.id)
        if found is None:
            return
        task = self.model[found.whole.task.id]
        assert not task.is_labeled(self.mode)
        own = [skip for author, skip in task.annotations.values() if author == user]
        assert own == [] or (self.mode == "REQUEUE_FOR_ME" and all(own)) or found.queue == "Task lock"

    @rule(overlap=st.integers(1, 3))
    def change_the_overlap(self, overlap: int) -> None:
        before = self.engine.projects.get(person(1), self.project.id).maximum_annotations
        self.engine.projects.update(person(1), self.project.id, {"maximum_annotations": overlap})
        for task in self.model.values() if overlap != before else ():
            task.overlap = overlap

    @rule(mode=st.sampled_from(MODES))
    def change_the_skip_queue(self, mode: str) -> None:
        self.engine.projects.update(person(1), self.project.id, {"skip_queue": mode})
        self.mode = mode

    @rule(hours=st.sampled_from([0.01, 1, 30]))
    def wait(self, hours: float) -> None:
        self.engine.clock.move(hours=hours)

    @invariant()
    def counts_agree(self) -> None:
        every = [entry for task in self.model.values() for entry in task.annotations.values()]
        counts = self.engine.counts(self.project, 2)
        mine = {
            id(task): [skip for author, skip in task.annotations.values() if author == 2]
            for task in self.model.values()
        }
        for_me = self.mode == "REQUEUE_FOR_ME"
        done = [t for t in self.model.values() if mine[id(t)] and not (for_me and all(mine[id(t)]))]
        labeled = [task for task in self.model.values() if task.is_labeled(self.mode)]
        assert counts.task_number == len(self.model)
        assert counts.total_annotations_number == sum(not skip for _, skip in every)
        assert counts.skipped_annotations_number == sum(skip for _, skip in every)
        assert counts.total_predictions_number == sum(len(t.predictions) for t in self.model.values())
        assert counts.finished_task_number == len(labeled)
        assert counts.queue_done == len(done)
        assert counts.queue_total == len(
            {id(t) for t in done} | {id(t) for t in self.model.values() if not t.is_labeled(self.mode)}
        )

    def teardown(self) -> None:
        assert_counts_are_right(self.engine, self.project.id)
        for user in (2, 3, 4, 5):
            self.everything_wanted_is_handed_out(UserId(user))

    def everything_wanted_is_handed_out(self, user: UserId) -> None:
        """Who asks and submits until nothing is left has done all that still wanted them."""
        self.engine.clock.move(days=2)
        while (task_id := self.engine.next_id(user, self.project)) is not None:
            made = self.engine.submit(user, task_id)
            self.model[task_id].annotations[made] = (user, False)
        for left_id, task in self.model.items():
            if task.is_labeled(self.mode) or user in [author for author, _ in task.annotations.values()]:
                continue
            left = self.engine.store.get_many([TaskId(left_id)])[0]
            assert left.queue is None, "it stands in the queue, and nobody was given it"


def agree(make_engine: Callable[[], Engine], *, examples: int, steps: int) -> None:
    Labeling.make_engine = staticmethod(make_engine)
    run_state_machine_as_test(
        Labeling,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_the_engine_in_memory_agrees_with_a_model() -> None:
    agree(engine_in_memory, examples=40, steps=30)


def test_the_engine_on_dynamodb_agrees_with_a_model(dynoxide_engine: Engine) -> None:
    agree(lambda: fresh_engine(dynoxide_engine.client), examples=5, steps=25)
