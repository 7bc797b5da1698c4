"""A worker that dies at any request of an import or an export: before it is sent, or before it is answered;
and one that is overtaken there by another, who does the same work to its end.

The process is not really killed here (`tests/benchmarks/kills.py` does that); an error that nobody may catch
is raised at the n-th request, for moments spread over the whole job. What comes out is the same each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib import wiring
from chalicelib.ids import JobId, OrganizationId, ProjectId
from chalicelib.services import export_jobs, import_jobs
from chalicelib.services.exports import ExportRequest
from chalicelib.services.imports import ImportRequest
from tests.contract.conftest import Person
from tests.contract.test_imports import TEXTS, keep, project

LINES = b"".join(
    b'{"data":{"text":"%d"},"annotations":[{"result":[{"id":"r","from_name":"c","to_name":"t",'
    b'"type":"choices","value":{"choices":["A"]}}]}]}\n' % number
    for number in range(60)
)
MOMENTS = 8


class KilledError(BaseException):
    """The end of a worker; no handler may catch it."""


class Requests:
    """Counts the requests of all clients, and ends the worker at one of them."""

    def __init__(self) -> None:
        self.count = 0
        self.kill_at = -1
        self.answered = False
        self.overtake_at = -1
        self.overtake: Callable[[], object] = lambda: None

    @contextmanager
    def watched(self) -> Iterator[None]:
        whole = BaseClient._make_api_call

        def call(client: Any, name: str, arguments: Any) -> Any:
            self.count += 1
            if self.count == self.kill_at and not self.answered:
                raise KilledError
            if self.count == self.overtake_at:
                self.overtake()
            answer = whole(client, name, arguments)
            if self.count == self.kill_at:
                raise KilledError
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", call)
            patch.setattr(export_jobs, "TASKS_PER_PART", 1)
            patch.setattr(import_jobs, "TASKS_PER_CHUNK", 25)
            yield


def worked_off(job_id: JobId, kill_at: int, *, answered: bool) -> int:
    """Work on the job, die at that request, work on it again; how many requests there were until death."""
    requests = Requests()
    requests.kill_at, requests.answered = kill_at, answered
    with requests.watched():
        try:
            wiring.jobs().run_here(job_id, until_s=60)
        except KilledError:
            count = requests.count
            requests.kill_at = -1
            wiring.jobs().run_here(job_id, until_s=60)
            return count
    return requests.count


def begun_import(person: Person) -> tuple[int, JobId]:
    number = project(person, TEXTS)
    upload = keep(person, number, "t.jsonl", LINES)
    principal = wiring.credentials().by_legacy_token(person.token)
    return number, wiring.imports().start(principal, ProjectId(number), [upload], ImportRequest()).id


def held(person: Person, number: int) -> tuple[Any, ...]:
    """What the project holds, without ids and moments, and what is counted of it."""
    principal = wiring.credentials().by_legacy_token(person.token)
    blocks = wiring.tasks().blocks(principal, ProjectId(number))
    tasks = [t for b in blocks for t in wiring.tasks().of_block(principal, ProjectId(number), b.block)]
    found = [
        (whole.body.data, [list(a.result) for a in family.annotations])
        for whole, family in wiring.tasks().with_families(tasks)
    ]
    counted = (sum(b.counts.tasks for b in blocks), sum(b.counts.annotations for b in blocks))
    return json.dumps(found), counted


def moments(requests: int) -> list[int]:
    """Request numbers spread over the job, its first and last among them."""
    step = max(requests / MOMENTS, 1)
    return sorted({1, 2, requests, *(int(1 + n * step) for n in range(MOMENTS) if 1 + n * step <= requests)})


@pytest.mark.parametrize("answered", [False, True], ids=["unsent", "unanswered"])
def test_an_import_that_dies_anywhere_stores_each_task_once(admin: Person, answered: bool) -> None:
    number, job_id = begun_import(admin)
    requests = worked_off(job_id, -1, answered=answered)
    expected = held(admin, number)
    assert expected[1] == (60, 60)

    for moment in moments(requests):
        number, job_id = begun_import(admin)
        assert worked_off(job_id, moment, answered=answered) >= moment

        job = wiring.jobs().get(OrganizationId(admin.organization_id), job_id)
        assert (job.state.value, job.done, held(admin, number)) == ("completed", 60, expected), moment
        assert not list(wiring.blobs().keys(f"jobs/{job_id}/"))


@pytest.mark.parametrize("answered", [False, True], ids=["unsent", "unanswered"])
@pytest.mark.parametrize("format_id", ["JSON", "CSV", "SNAPSHOT"])
def test_an_export_that_dies_anywhere_makes_the_same_bytes(
    admin: Person, format_id: str, answered: bool
) -> None:
    number, job_id = begun_import(admin)
    worked_off(job_id, -1, answered=False)
    principal = wiring.credentials().by_legacy_token(admin.token)

    def made(kill_at: int) -> tuple[int, bytes, Any]:
        request = ExportRequest(format_id=format_id)
        export = wiring.exports().create(principal, ProjectId(number), request)
        assert export.job is not None
        requests = worked_off(export.job, kill_at, answered=answered)
        done = wiring.exports().get(principal, ProjectId(number), export.id)
        assert (done.status, done.task_count, len(done.conversions)) == ("completed", 60, 1), kill_at
        return requests, wiring.blobs().get(done.conversions[0].key), (done.root, done.conversions[0].losses)

    requests, *expected = made(-1)
    for moment in moments(requests):
        assert made(moment)[1:] == tuple(expected), moment


@pytest.mark.parametrize("format_id", ["JSON", "CSV", "SNAPSHOT"])
def test_an_export_whose_worker_is_overtaken_anywhere_is_completed(admin: Person, format_id: str) -> None:
    number, job_id = begun_import(admin)
    worked_off(job_id, -1, answered=False)
    principal = wiring.credentials().by_legacy_token(admin.token)

    def made(overtake_at: int) -> tuple[int, bytes]:
        request = ExportRequest(format_id=format_id)
        export = wiring.exports().create(principal, ProjectId(number), request)
        job_id = export.job
        assert job_id is not None
        requests = Requests()
        requests.overtake_at = overtake_at
        requests.overtake = lambda: wiring.jobs().run_here(job_id, until_s=60)
        with requests.watched():
            job = wiring.jobs().run_here(job_id, until_s=60)
        done = wiring.exports().get(principal, ProjectId(number), export.id)
        assert (done.status, job and job.state.value) == ("completed", "completed"), overtake_at
        return requests.count, wiring.blobs().get(done.conversions[0].key)

    requests, expected = made(-1)
    for moment in range(1, requests + 1):
        assert made(moment)[1] == expected, moment
