"""Whatever is done to tasks in whatever order, their states are those of a few lines of plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.auth.principals import Role
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.changes import NewAnnotation
from chalicelib.domain.tasks.states import work_of
from chalicelib.domain.workflow.machine import Kind
from chalicelib.errors import ConflictError, InvalidInputError, RefusedTransitionError
from chalicelib.ids import AnnotationId, TaskId
from tests.engine import Engine, assert_counts_are_right, choice, engine_in_memory, person
from tests.integration.storage.conftest import fresh_engine

ROLES = {2: Role.ANNOTATOR, 3: Role.ANNOTATOR, 4: Role.REVIEWER, 5: Role.MANAGER}
USERS = st.sampled_from(list(ROLES))
AFTER_LABELING = ("labeled", "in_review", "returned")
WAYS = {
    "start_review": (("labeled",), "in_review"),
    "accept": (("labeled", "in_review"), "accepted"),
    "return": (("labeled", "in_review"), "returned"),
    "ask_another": (AFTER_LABELING, "in_progress"),
    "withdraw": (("accepted",), "in_review"),
}
TO_PLAIN = {"in_review": "labeled", "returned": "labeled", "accepted": "labeled"}


@dataclass
class ModelTask:
    """A task as a few lines of Python would keep it: who said what, and where it stands."""

    overlap: int = 2
    annotations: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """Each by its id: author, whether it is a skip."""
    state: str = "unlabeled"
    passed: list[str] = field(default_factory=list)
    """The names of the transitions, oldest first."""

    def state_by_work(self) -> str:
        kept = sum(not skip for _, skip in self.annotations.values())
        if kept >= self.overlap:
            return "labeled"
        if not self.annotations:
            return "unlabeled"
        return "in_progress" if kept else "skipped"

    def after(self, event: str) -> str:
        """Where an event leads, its effect on the annotations being there already."""
        work = self.state_by_work()
        if work != "labeled" or self.state not in AFTER_LABELING:
            return work
        return "labeled" if self.state == "returned" and event in ("submit", "update") else self.state


class Reviewing(RuleBasedStateMachine):
    """People label, skip, change and remove; others review; the project turns to and from reviewing."""

    tasks = Bundle("tasks")
    annotations = Bundle("annotations")
    make_engine: object = None

    def __init__(self) -> None:
        super().__init__()
        self.engine: Engine = type(self).make_engine()  # type: ignore[operator]
        self.project = self.engine.project(maximum_annotations=2)
        self.engine.workflows.change(person(1), self.project.id, WantedWorkflow(preset="review"))
        self.is_reviewed = True
        self.switched_at = 0
        self.steps = 0
        self.model: dict[int, ModelTask] = {}

    def try_event(self, task: ModelTask, event: str, act: Callable[[], int | None]) -> int | None:
        """Do it, and see that it is refused exactly where the task is accepted."""
        try:
            made = act()
        except RefusedTransitionError:
            assert task.state == "accepted"
            return None
        assert task.state != "accepted"
        return made or 0

    def settle(self, task: ModelTask, event: str) -> None:
        after = task.after(event)
        if after != task.state:
            task.passed.append(after)
        task.state = after

    @rule(target=tasks)
    def add_a_task(self) -> int:
        task_id = self.engine.add(self.project, 1).task_ids[0]
        self.model[task_id] = ModelTask()
        return task_id

    @rule(
        target=tasks,
        users=st.sampled_from([(2, 3), (2, 4), (5, 3)]),
        name=st.sampled_from(["accept", "return", "start_review", ""]),
    )
    def add_a_reviewed_task(self, users: tuple[int, int], name: str) -> int:
        """A task that has come a long way already, so that much happens to what is reviewed."""
        task_id = cast(int, self.add_a_task())
        for user in users:
            self.annotate(task_id, user, False)
        if name and self.is_reviewed:
            self.ask(task_id, 4, name, "why")
        return task_id

    @rule(target=annotations, task_id=tasks, user=USERS, skip=st.booleans())
    def annotate(self, task_id: int, user: int, skip: bool) -> int:
        task, event = self.model[task_id], "skip" if skip else "submit"
        new = NewAnnotation(result=choice(), was_cancelled=skip)
        made = self.try_event(
            task,
            event,
            lambda: self.engine.annotations.create(person(user, role=ROLES[user]), TaskId(task_id), new).id,
        )
        if made:
            task.annotations[made] = (user, skip)
            self.settle(task, event)
        return made or 0

    @rule(annotation_id=annotations, skip=st.booleans(), label=st.sampled_from(["pos", "neg"]))
    def change(self, annotation_id: int, skip: bool, label: str) -> None:
        task = self.model.get(annotation_id >> 12, ModelTask())
        if annotation_id not in task.annotations:
            return
        stored = self.engine.annotations.get(person(1), AnnotationId(annotation_id))
        fields = {"was_cancelled": skip, "result": choice(label)}
        if (stored.was_cancelled, list(stored.result)) == (skip, choice(label)):
            return

        def act() -> None:
            self.engine.annotations.update(person(5), AnnotationId(annotation_id), fields)

        if self.try_event(task, "update", act) is not None:
            task.annotations[annotation_id] = (task.annotations[annotation_id][0], skip)
            self.settle(task, "update")

    @rule(annotation_id=annotations, truth=st.booleans())
    def mark(self, annotation_id: int, truth: bool) -> None:
        if annotation_id in self.model.get(annotation_id >> 12, ModelTask()).annotations:
            fields = {"ground_truth": truth}
            self.engine.annotations.update(person(5), AnnotationId(annotation_id), fields)

    @rule(annotation_id=consumes(annotations))
    def remove(self, annotation_id: int) -> None:
        task = self.model.get(annotation_id >> 12, ModelTask())
        if annotation_id not in task.annotations:
            return

        def act() -> None:
            self.engine.annotations.delete(person(5), AnnotationId(annotation_id))

        if self.try_event(task, "delete", act) is not None:
            del task.annotations[annotation_id]
            self.settle(task, "delete")

    @rule(task_id=tasks, user=USERS, name=st.sampled_from(list(WAYS)), reason=st.sampled_from(["", "why"]))
    def ask(self, task_id: int, user: int, name: str, reason: str) -> None:
        task, (sources, target) = self.model[task_id], WAYS[name]
        owns = any(author == user for author, _ in task.annotations.values())
        may = self.is_reviewed and task.state in sources
        may = may and ROLES[user] in (
            (Role.MANAGER,) if name == "withdraw" else (Role.MANAGER, Role.REVIEWER)
        )
        may = may and not (owns and name in ("start_review", "accept", "return"))
        may = may and (bool(reason) or name not in ("return", "withdraw"))
        try:
            self.engine.states.transition(
                person(user, role=ROLES[user]), Kind.TASK, task_id, name, reason=reason
            )
        except RefusedTransitionError:
            assert self.is_reviewed
            assert not may
            return
        except InvalidInputError:
            assert not self.is_reviewed
            return
        assert may
        if name == "ask_another":
            task.overlap = sum(not skip for _, skip in task.annotations.values()) + 1
        task.passed.append(target)
        task.state = target

    @rule(task_id=tasks, user=st.sampled_from([4, 5]), number=st.integers(0, 4))
    def review(self, task_id: int, user: int, number: int) -> None:
        """Ask for something that starts where the task stands."""
        state = self.model[task_id].state
        names = [name for name, (sources, _) in WAYS.items() if state in sources]
        if names and self.is_reviewed:
            self.ask(task_id, user, names[number % len(names)], "why")

    @rule(task_id=tasks, overlap=st.integers(1, 3))
    def change_what_is_wanted(self, task_id: int, overlap: int) -> None:
        task = self.model[task_id]
        self.engine.tasks.update(person(1), TaskId(task_id), {"overlap": overlap})
        task.overlap = overlap
        if task.state != "accepted":
            self.settle(task, "adjust")

    @precondition(lambda self: self.steps > self.switched_at + 8)
    @rule()
    def review_or_not(self) -> None:
        self.switched_at = self.steps
        occupied = {task.state for task in self.model.values()}
        wanted = WantedWorkflow(preset="plain" if self.is_reviewed else "review")
        try:
            self.engine.workflows.change(person(1), self.project.id, wanted)
        except ConflictError:
            assert occupied & {*TO_PLAIN}
            wanted = WantedWorkflow(preset="plain", states=TO_PLAIN)
            self.engine.workflows.change(person(1), self.project.id, wanted)
        else:
            assert not self.is_reviewed or not occupied & {*TO_PLAIN}
        self.is_reviewed = not self.is_reviewed
        for task in self.model.values() if not self.is_reviewed else ():
            # Also what was accepted, and left alone while settings changed, is looked at by the rule again.
            if task.state != task.state_by_work():
                task.passed.append(task.state_by_work())
            task.state = task.state_by_work()

    @rule(user=USERS)
    def ask_for_the_next(self, user: int) -> None:
        found = self.engine.next_task.next(person(user, role=ROLES[user]), self.project.id)
        if found is not None:
            assert self.model[found.whole.task.id].state in ("unlabeled", "in_progress", "skipped")

    @invariant()
    def states_agree(self) -> None:
        self.steps += 1
        machine = self.engine.projects.get(person(1), self.project.id).task_machine
        for stored in self.engine.store.get_many([TaskId(task_id) for task_id in self.model]):
            task = self.model[stored.id]
            assert stored.state == task.state
            assert machine.fits(stored.state, work_of(stored))
            passed = self.engine.states.history(person(2), Kind.TASK, stored.id)
            assert [step.state for step in passed] == task.passed
            assert all(step.name for step in passed)
            befores = ["unlabeled", *(step.state for step in passed)][:-1]
            assert [step.previous for step in passed] == befores[: len(passed)] or not passed

    def teardown(self) -> None:
        assert_counts_are_right(self.engine, self.project.id)


def agree(make_engine: Callable[[], Engine], *, examples: int, steps: int) -> None:
    Reviewing.make_engine = staticmethod(make_engine)
    run_state_machine_as_test(
        Reviewing,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_states_in_memory_agree_with_a_model() -> None:
    agree(engine_in_memory, examples=60, steps=40)


def test_states_on_dynamodb_agree_with_a_model(dynoxide_engine: Engine) -> None:
    agree(lambda: fresh_engine(dynoxide_engine.client), examples=4, steps=30)
