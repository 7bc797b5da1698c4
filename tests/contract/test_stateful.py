"""Whatever requests come in whatever order, what is shown and counted is what a few lines of Python say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.auth.principals import Role
from tests.contract.conftest import Join, Person
from tests.contract.test_data_manager import run
from tests.contract.test_labeling import CONFIG, choice, ok

ALL: dict[str, Any] = {"selectedItems": {"all": True, "excluded": []}}
TEXTS = st.sampled_from(["a", "b"])
ANY = st.integers(min_value=0, max_value=10**6)
EXAMPLES, STEPS = 16, 22


@dataclass(frozen=True)
class Answer:
    """An annotation as the model knows it."""

    user: int
    is_skip: bool = False
    is_truth: bool = False
    lead_time: float | None = None
    parent: int | None = None


@dataclass
class Task:
    """A task as the model knows it. `unnamed` are annotations whose ids it has yet to learn."""

    text: str
    overlap: int = 1
    answers: dict[int, Answer] = field(default_factory=dict)
    unnamed: list[Answer] = field(default_factory=list)
    predictions: set[int] = field(default_factory=set)

    @property
    def all(self) -> list[Answer]:
        return [*self.answers.values(), *self.unnamed]

    @property
    def finished(self) -> int:
        return sum(not answer.is_skip for answer in self.all)

    @property
    def is_labeled(self) -> bool:
        return self.finished >= self.overlap

    @property
    def state(self) -> str:
        if self.is_labeled:
            return "labeled"
        if not self.all:
            return "unlabeled"
        return "in_progress" if self.finished else "skipped"

    def put(self, number: int, answer: Answer) -> None:
        """A new or changed annotation; a task has one ground truth, the last that was named."""
        if answer.is_truth:
            self.answers = {key: replace(other, is_truth=False) for key, other in self.answers.items()}
        self.answers[number] = answer


class Requests(RuleBasedStateMachine):
    """A manager and an annotator work on one project, by single requests, bulk requests and actions."""

    people: tuple[Person, Person]

    def __init__(self) -> None:
        super().__init__()
        self.admin = self.people[0]
        body = {"title": "Stateful", "label_config": CONFIG, "maximum_annotations": 1}
        self.project = int(ok(self.admin.client.post("/api/projects/", body), 201)["id"])
        self.tasks: dict[int, Task] = {}

    def some_task(self, pick: int) -> int:
        return sorted(self.tasks)[pick % len(self.tasks)]

    def answers(self) -> list[tuple[int, int]]:
        return sorted((task, number) for task, known in self.tasks.items() for number in known.answers)

    def has_tasks(self) -> bool:
        return bool(self.tasks)

    def has_answers(self) -> bool:
        return bool(self.answers())

    # -- tasks

    @rule(texts=st.lists(TEXTS, min_size=1, max_size=3), twice=st.booleans())
    def add_tasks(self, texts: list[str], twice: bool) -> None:
        items = [{"project": self.project, "data": {"text": text}} for text in texts]
        key = {"Idempotency-Key": uuid4().hex}
        for _ in range(1 + twice):
            done = ok(self.admin.client.post("/api/bulk/tasks/", {"items": items}, headers=key))
        for text, outcome in zip(texts, done["results"], strict=True):
            self.tasks[outcome["id"]] = Task(text)

    @precondition(has_tasks)
    @rule(pick=ANY, overlap=st.integers(1, 3), text=TEXTS)
    def change_a_task(self, pick: int, overlap: int, text: str) -> None:
        number = self.some_task(pick)
        ok(self.admin.client.patch(f"/api/tasks/{number}/", {"overlap": overlap, "data": {"text": text}}))
        self.tasks[number].overlap, self.tasks[number].text = overlap, text

    @precondition(has_tasks)
    @rule(picks=st.lists(ANY, min_size=1, max_size=2))
    def delete_tasks(self, picks: list[int]) -> None:
        numbers = [self.some_task(pick) for pick in picks]
        body = {"items": [{"id": number} for number in numbers]}
        done = ok(self.admin.client.request("DELETE", "/api/bulk/tasks/", body))
        assert done["succeeded"] == len(set(numbers))
        for number in numbers:
            self.tasks.pop(number, None)

    # -- annotations

    @precondition(has_tasks)
    @rule(
        picks=st.lists(ANY, min_size=1, max_size=3),
        who=st.integers(0, 1),
        skip=st.booleans(),
        truth=st.booleans(),
        lead=st.none() | st.integers(1, 9),
    )
    def annotate(self, picks: list[int], who: int, skip: bool, truth: bool, lead: int | None) -> None:
        numbers, person = [self.some_task(pick) for pick in picks], self.people[who]
        body = {"result": choice("Positive"), "was_cancelled": skip, "ground_truth": truth, "lead_time": lead}
        made = Answer(person.user.id, skip, truth, lead)
        if len(numbers) == 1:
            one = ok(person.client.post(f"/api/tasks/{numbers[0]}/annotations/", body), 201)
            self.tasks[numbers[0]].put(one["id"], made)
            return
        items = [{**body, "task": number} for number in numbers]
        done = ok(person.client.post("/api/bulk/annotations/", {"items": items}))
        for number, outcome in zip(numbers, done["results"], strict=True):
            self.tasks[number].put(outcome["id"], made)

    @precondition(has_answers)
    @rule(pick=ANY, skip=st.booleans(), truth=st.booleans(), lead=st.none() | st.integers(1, 9))
    def change_an_annotation(self, pick: int, skip: bool, truth: bool, lead: int | None) -> None:
        task, number = self.answers()[pick % len(self.answers())]
        body = {"was_cancelled": skip, "ground_truth": truth, "lead_time": lead}
        ok(self.admin.client.patch(f"/api/annotations/{number}/", body))
        before = self.tasks[task].answers[number]
        self.tasks[task].put(number, replace(before, is_skip=skip, is_truth=truth, lead_time=lead))

    @precondition(has_answers)
    @rule(pick=ANY)
    def delete_an_annotation(self, pick: int) -> None:
        task, number = self.answers()[pick % len(self.answers())]
        assert self.admin.client.delete(f"/api/annotations/{number}/").status == 204
        del self.tasks[task].answers[number]

    # -- predictions

    @precondition(has_tasks)
    @rule(picks=st.lists(ANY, min_size=1, max_size=3))
    def predict(self, picks: list[int]) -> None:
        numbers = [self.some_task(pick) for pick in picks]
        items = [{"task": number, "result": choice("Negative"), "score": 0.5} for number in numbers]
        done = ok(self.admin.client.post("/api/bulk/predictions/", {"items": items}))
        for number, outcome in zip(numbers, done["results"], strict=True):
            self.tasks[number].predictions.add(outcome["id"])

    # -- actions on all tasks

    @rule()
    def adopt_predictions(self) -> None:
        run(self.admin, self.project, "predictions_to_annotations", ALL)
        for task in self.tasks.values():
            adopted = {answer.parent for answer in task.all}
            for prediction in sorted(task.predictions - adopted):
                task.unnamed.append(Answer(self.admin.user.id, parent=prediction))

    @rule()
    def forget_predictions(self) -> None:
        gone = run(self.admin, self.project, "delete_tasks_predictions", ALL)["processed_items"]
        assert gone == sum(len(task.predictions) for task in self.tasks.values())
        for task in self.tasks.values():
            task.predictions.clear()

    @rule(who=st.integers(0, 1))
    def forget_annotations_of(self, who: int) -> None:
        user = self.people[who].user.id
        gone = run(self.admin, self.project, "delete_tasks_annotations", {**ALL, "annotator": user})
        assert gone["processed_items"] == sum(a.user == user for t in self.tasks.values() for a in t.all)
        for task in self.tasks.values():
            task.answers = {key: one for key, one in task.answers.items() if one.user != user}

    @rule()
    def remove_duplicates(self) -> None:
        assert run(self.admin, self.project, "remove_duplicates", ALL) == {}
        for text in sorted({task.text for task in self.tasks.values()}):
            same = [number for number in sorted(self.tasks) if self.tasks[number].text == text]
            kept = next((number for number in same if self.tasks[number].finished), same[0])
            for number in same:
                if number != kept:
                    self._move(self.tasks.pop(number), self.tasks[kept])

    def _move(self, gone: Task, kept: Task) -> None:
        for answer in gone.all:
            has_truth = any(other.is_truth for other in kept.all)
            kept.unnamed.append(replace(answer, is_truth=answer.is_truth and not has_truth))

    # -- what must hold

    @invariant()
    def the_project_counts_what_there_is(self) -> None:
        shown = ok(self.admin.client.get(f"/api/projects/{self.project}/"))
        tasks = list(self.tasks.values())
        answers = [answer for task in tasks for answer in task.all]
        useful = [[a for a in task.all if not a.is_skip and not a.is_truth] for task in tasks]
        mine = [task for task in tasks if any(a.user == self.admin.user.id for a in task.all)]
        unlabeled = [task for task in tasks if not task.is_labeled]
        expected = {
            "task_number": len(tasks),
            "finished_task_number": len(tasks) - len(unlabeled),
            "total_annotations_number": sum(task.finished for task in tasks),
            "skipped_annotations_number": sum(answer.is_skip for answer in answers),
            "ground_truth_number": sum(answer.is_truth for answer in answers),
            "useful_annotation_number": sum(map(len, useful)),
            "num_tasks_with_annotations": sum(map(bool, useful)),
            "total_predictions_number": sum(len(task.predictions) for task in tasks),
            "queue_done": len(mine),
            "queue_total": len(mine) + sum(task not in mine for task in unlabeled),
        }
        assert {name: shown[name] for name in expected} == expected

    @invariant()
    def every_task_is_as_it_should_be(self) -> None:
        page = ok(self.admin.client.get(f"/api/tasks/?project={self.project}&fields=all"))
        assert page["total"] == len(self.tasks)
        assert page["total_annotations"] == sum(task.finished for task in self.tasks.values())
        assert {task["id"] for task in page["tasks"]} == set(self.tasks)
        for shown in page["tasks"]:
            task = self.tasks[shown["id"]]
            self._learn(task, {one["id"]: _answer(one) for one in shown["annotations"]})
            leads = [answer.lead_time for answer in task.all if answer.lead_time is not None]
            expected = {
                "data": {"text": task.text},
                "overlap": task.overlap,
                "is_labeled": task.is_labeled,
                "state": task.state,
                "total_annotations": task.finished,
                "cancelled_annotations": len(task.all) - task.finished,
                "total_predictions": len(task.predictions),
                "annotators": sorted({answer.user for answer in task.all}),
                "avg_lead_time": sum(leads) / len(leads) if leads else None,
            }
            given = {name: shown[name] for name in expected} | {"annotators": sorted(shown["annotators"])}
            assert given == expected
            assert {one["id"] for one in shown["predictions"]} == task.predictions

    def _learn(self, task: Task, shown: dict[int, Answer]) -> None:
        """What has a name is as it was; what is new is what was to come."""
        assert {key: shown.get(key) for key in task.answers} == task.answers
        new = {key: answer for key, answer in shown.items() if key not in task.answers}
        assert Counter(new.values()) == Counter(task.unnamed)
        task.answers, task.unnamed = {**task.answers, **new}, []


def _answer(shown: dict[str, Any]) -> Answer:
    author = shown["completed_by"]
    return Answer(
        user=author["id"] if isinstance(author, dict) else author,
        is_skip=shown["was_cancelled"],
        is_truth=shown["ground_truth"],
        lead_time=shown["lead_time"],
        parent=shown["parent_prediction"],
    )


def test_requests_in_any_order_leave_what_a_model_says(admin: Person, join: Join) -> None:
    Requests.people = (admin, join(Role.ANNOTATOR, organization_id=admin.organization_id))

    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
