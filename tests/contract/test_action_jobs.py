"""Actions on many tasks: as jobs, in parts, once, until they are cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.ids import JobId
from chalicelib.services import task_action_jobs
from chalicelib.services.task_actions import TaskActionService
from tests.contract.client import Response
from tests.contract.conftest import Person
from tests.contract.test_actions import ALL, annotations_of, project, task_ids
from tests.contract.test_labeling import add_task, annotate, choice, counts, ok

__all__ = ["project"]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tasks are few here, and a part holds two."""
    monkeypatch.setattr(task_action_jobs, "MAX_AT_ONCE", 2)
    monkeypatch.setattr(task_action_jobs, "TASKS_PER_PART", 2)
    monkeypatch.setattr(task_action_jobs, "TASKS_PER_STEP", 1)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request leaves all of the job to others."""
    monkeypatch.setattr(task_action_jobs, "PATIENCE_S", 0.0)


def send(person: Person, project: int, action: str, body: Any = None, **more: Any) -> Response:
    path = f"/api/dm/actions/?project={project}&id={action}"
    return person.client.post(path, {**ALL, **(body or {})}, **more)


def job_of(person: Person, number: int) -> dict[str, Any]:
    body: dict[str, Any] = ok(person.client.get(f"/api/jobs/{number}/"))
    return body


def jobs_of(person: Person, project: int) -> list[dict[str, Any]]:
    found = ok(person.client.get(f"/api/jobs/?project={project}"))["results"]
    return [job for job in found if job["kind"] == task_action_jobs.ACTION]


def step(number: int, name: str, part: int | None = None) -> None:
    message = {"job": number, "run": 1, "step": name}
    wiring.jobs().handle(message if part is None else {**message, "part": part})


def test_few_tasks_need_no_job(admin: Person, project: int) -> None:
    for _ in range(2):
        add_task(admin, project)

    assert ok(send(admin, project, "delete_tasks")) == {
        "processed_items": 2,
        "reload": True,
        "detail": "Deleted 2 tasks",
    }
    assert jobs_of(admin, project) == []


def test_many_tasks_are_a_job_that_answers_in_the_same_words(admin: Person, project: int) -> None:
    ids = [add_task(admin, project)["id"] for _ in range(5)]
    for one in ids:
        annotate(admin, one)

    told = ok(send(admin, project, "delete_tasks_annotations"))
    assert (told["processed_items"], told["detail"], told["state"]) == (
        5,
        "Deleted 5 annotations",
        "completed",
    )
    gone = ok(send(admin, project, "delete_tasks"))
    assert {name: gone[name] for name in ("processed_items", "reload", "detail")} == {
        "processed_items": 5,
        "reload": True,
        "detail": "Deleted 5 tasks",
    }
    job = job_of(admin, gone["job"])
    assert (job["state"], job["done"], job["total"]) == ("completed", 5, 5)
    assert task_ids(admin, project) == []


@pytest.mark.usefixtures("_hasty")
def test_what_takes_long_goes_on_after_the_answer(admin: Person, project: int) -> None:
    for _ in range(5):
        add_task(admin, project)

    begun = ok(send(admin, project, "delete_tasks"), 202)
    again = ok(send(admin, project, "delete_tasks"), 202)

    assert (begun["processed_items"], begun["reload"], begun["state"]) == (0, False, "queued")
    assert begun["job"] == again["job"], "an order that is being worked off is not begun twice"
    assert len(task_ids(admin, project)) == 5
    wiring.jobs().run_here(JobId(begun["job"]), until_s=30)
    assert job_of(admin, begun["job"])["result"]["processed_items"] == 5
    assert task_ids(admin, project) == []


def test_a_key_runs_an_action_once(admin: Person, project: int) -> None:
    ids = [add_task(admin, project)["id"] for _ in range(3)]
    for one in ids:
        ok(admin.client.post("/api/predictions/", {"task": one, "result": choice("Positive")}), 201)
    key = {"Idempotency-Key": "adopt"}

    first = ok(send(admin, project, "predictions_to_annotations", headers=key))
    again = ok(send(admin, project, "predictions_to_annotations", headers=key))

    assert first == again
    assert first["processed_items"] == 3
    assert len(jobs_of(admin, project)) == 1
    assert ok(send(admin, project, "predictions_to_annotations"))["processed_items"] == 0
    assert counts(admin, project)["total_annotations_number"] == 3


@pytest.mark.usefixtures("_hasty")
def test_parts_done_twice_and_out_of_order_count_once(admin: Person, project: int) -> None:
    ids = [add_task(admin, project)["id"] for _ in range(5)]
    for one in ids:
        ok(admin.client.post("/api/predictions/", {"task": one, "result": choice("Positive")}), 201)
    number = ok(send(admin, project, "predictions_to_annotations"), 202)["job"]

    for name, part in (("plan", None), ("part", 3), ("part", 1), ("part", 1), ("plan", None), ("part", 2)):
        step(number, name, part)
    step(number, "finish")
    step(number, "finish")

    assert job_of(admin, number)["result"] == {"processed_items": 5, "detail": "Created 5 annotations"}
    assert [len(annotations_of(admin, one)) for one in ids] == [1] * 5
    seen = counts(admin, project)
    assert (seen["total_annotations_number"], seen["finished_task_number"]) == (5, 5)


@pytest.mark.usefixtures("_hasty")
def test_a_part_that_dies_is_done_by_the_next_worker(
    admin: Person, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        add_task(admin, project)
    number = ok(send(admin, project, "delete_tasks"), 202)["job"]
    step(number, "plan")
    do, seen = TaskActionService.do, []

    def dying(self: Any, *given: Any) -> int:
        seen.append(do(self, *given))
        raise RuntimeError("killed")

    monkeypatch.setattr(TaskActionService, "do", dying)
    with pytest.raises(RuntimeError):
        step(number, "part", 1)
    monkeypatch.setattr(TaskActionService, "do", do)
    assert seen == [1]
    assert len(task_ids(admin, project)) == 2

    wiring.jobs().run_here(JobId(number), until_s=30)

    assert job_of(admin, number)["state"] == "completed"
    assert counts(admin, project)["task_number"] == 0


@pytest.mark.usefixtures("_hasty")
def test_a_job_that_is_cancelled_does_no_more(admin: Person, project: int) -> None:
    for _ in range(5):
        add_task(admin, project)
    number = ok(send(admin, project, "delete_tasks"), 202)["job"]
    step(number, "plan")
    step(number, "part", 1)

    ok(admin.client.post(f"/api/jobs/{number}/cancel/"))
    step(number, "part", 2)
    wiring.jobs().run_here(JobId(number), until_s=30)

    assert job_of(admin, number)["state"] == "cancelled"
    assert len(task_ids(admin, project)) == counts(admin, project)["task_number"] == 3
    next_one = ok(send(admin, project, "delete_tasks"), 202)["job"]
    assert next_one != number


def test_copies_in_many_parts_leave_one(admin: Person, project: int) -> None:
    same = [add_task(admin, project, "same")["id"] for _ in range(6)]
    other = [add_task(admin, project, f"{n % 2}")["id"] for n in range(4)]
    annotate(admin, same[2])
    annotate(admin, same[4])

    told = ok(send(admin, project, "remove_duplicates"))

    assert set(told) == {"job", "state"}
    assert job_of(admin, told["job"])["total"] == 7
    assert task_ids(admin, project) == sorted([same[2], other[0], other[1]])
    assert len(annotations_of(admin, same[2])) == 2


def test_orders_are_checked_before_a_job_is_made(admin: Person, project: int) -> None:
    for _ in range(3):
        add_task(admin, project)

    assert send(admin, project, "format_disk").status == 400
    assert send(admin, project, "cache_labels", {"source": "drafts"}).status == 400
    long = {"model_version": "x" * 20_000}
    assert send(admin, project, "predictions_to_annotations", long).status == 400
    assert jobs_of(admin, project) == []


@pytest.mark.usefixtures("_hasty")
def test_a_job_that_failed_says_why(admin: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        add_task(admin, project)
    monkeypatch.setattr(task_action_jobs, "PATIENCE_S", 5.0)
    checks = iter([None])
    check = TaskActionService.check

    def refusing(self: Any, principal: Any, ordered: Any) -> None:
        if next(checks, "later") == "later":
            from chalicelib.errors import ForbiddenError

            raise ForbiddenError("Not any more.")
        check(self, principal, ordered)

    monkeypatch.setattr(TaskActionService, "check", refusing)

    answer = send(admin, project, "delete_tasks")

    assert answer.status == 409
    assert "Not any more." in answer.json()["detail"]


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("action", ["delete_tasks", "delete_tasks_annotations", "predictions_to_annotations"])
def test_workers_that_share_a_part_are_counted_together(
    admin: Person, project: int, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker does the whole part while the first one is between its two tasks."""
    for _ in range(4):
        task = add_task(admin, project)["id"]
        ok(admin.client.post("/api/predictions/", {"task": task, "result": choice("Positive")}), 201)
        if action == "delete_tasks_annotations":
            annotate(admin, task)
    number = ok(send(admin, project, action), 202)["job"]
    step(number, "plan")
    do, calls = TaskActionService.do, []

    def shared(self: Any, *given: Any) -> int:
        calls.append(given)
        if len(calls) == 2:
            step(number, "part", 1)
        return do(self, *given)

    monkeypatch.setattr(TaskActionService, "do", shared)
    step(number, "part", 1)
    monkeypatch.setattr(TaskActionService, "do", do)
    wiring.jobs().run_here(JobId(number), until_s=30)

    job = job_of(admin, number)
    assert (job["state"], job["done"], job["result"]["processed_items"]) == ("completed", 4, 4)
