"""Queues and schedules that call a real Chalice app's functions over the local SQS."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infrastructure.local.aws.resources import QueueResource, ensure_queue
from infrastructure.local.functions.pool import FunctionError, InstancePool
from infrastructure.local.functions.queues import QueuePoller, failed_ids
from infrastructure.local.functions.registry import load_registry
from infrastructure.local.functions.schedules import Schedule, scheduled_event
from infrastructure.local.functions.sources import newest_change
from tests.integration.local.conftest import LocalAws

STUB = "tests.integration.local.stub_app:app"
REGISTRY = load_registry("tests.integration.local.stub_registry")


class Notes:
    def __init__(self, file: Path) -> None:
        self.file = file

    def all(self) -> list[Any]:
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines]

    def bodies(self) -> list[str]:
        return [row["body"] for row in self.all() if "body" in row]


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Notes:
    monkeypatch.setenv("STUB_NOTES", str(tmp_path / "notes"))
    return Notes(tmp_path / "notes")


@pytest.fixture
def pool(notes: Notes) -> Iterator[InstancePool]:
    made = InstancePool(STUB, most=1)
    yield made
    made.close()


@pytest.fixture
def queue(local_aws: LocalAws) -> Any:
    [declared] = REGISTRY.queues
    ensure_queue(
        local_aws.engine.queues,
        QueueResource("skylabel-jobs", declared.visibility_s, declared.max_receives),
    )
    return declared


def counts(aws: LocalAws, name: str) -> int:
    values = aws.engine.queues.counts(name)
    return values["ApproximateNumberOfMessages"] + values["ApproximateNumberOfMessagesNotVisible"]


def test_done_messages_are_deleted_and_named_failures_end_as_dead_letters(
    local_aws: LocalAws, pool: InstancePool, notes: Notes, queue: Any
) -> None:
    sqs = local_aws.client("sqs")
    url = sqs.get_queue_url(QueueName="skylabel-jobs")["QueueUrl"]
    for body in ("one", "poison", "two"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    poller = QueuePoller(sqs, pool, queue)

    deadline = time.monotonic() + 30
    while not counts(local_aws, "skylabel-jobs-dead") and time.monotonic() < deadline:
        poller.poll_once(wait_s=1)

    assert sorted(notes.bodies()) == ["one", "poison", "poison", "two"]
    assert counts(local_aws, "skylabel-jobs") == 0
    assert counts(local_aws, "skylabel-jobs-dead") == 1


@pytest.mark.parametrize("body", ["raise", "crash"])
def test_a_function_that_fails_gives_the_whole_batch_back(
    local_aws: LocalAws, pool: InstancePool, notes: Notes, queue: Any, body: str
) -> None:
    sqs = local_aws.client("sqs")
    url = sqs.get_queue_url(QueueName="skylabel-jobs")["QueueUrl"]
    sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "good"}, {"Id": "2", "MessageBody": body}]
    )

    assert QueuePoller(sqs, pool, queue).poll_once(wait_s=1) == 2

    assert counts(local_aws, "skylabel-jobs") == 2
    assert notes.bodies() == ["good", body]


def test_a_schedule_calls_its_function(pool: InstancePool, notes: Notes) -> None:
    [declared] = REGISTRY.schedules

    Schedule(pool, declared).call_once()

    assert [(row["schedule"], row["source"]) for row in notes.all()] == [("tick", "aws.events")]


def test_edited_code_runs_at_the_next_event(notes: Notes) -> None:
    generation = [1.0]
    pool = InstancePool(STUB, most=1, generation=lambda: generation[0])
    try:
        for _ in range(2):
            pool.invoke("tick", scheduled_event("tick"), timeout_s=30)
        generation[0] = 2.0
        pool.invoke("tick", scheduled_event("tick"), timeout_s=30)
    finally:
        pool.close()

    first, second, third = (row["pid"] for row in notes.all())
    assert first == second != third


def test_the_newest_source_file_counts(tmp_path: Path) -> None:
    (tmp_path / "chalicelib" / "deep").mkdir(parents=True)
    (tmp_path / "app.py").write_text("")
    before = newest_change(tmp_path)
    module = tmp_path / "chalicelib" / "deep" / "x.py"
    module.write_text("")

    os.utime(module, (before + 10, before + 10))

    assert newest_change(tmp_path) == pytest.approx(before + 10)


def test_an_exception_is_told_by_its_class(pool: InstancePool) -> None:
    with pytest.raises(FunctionError) as error:
        pool.invoke("no_such_function", {}, timeout_s=30)

    assert error.value.kind == "AttributeError"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"wrong": 1}]}, {"a", "b"}),
    ],
)
def test_failures_as_aws_reads_them(result: object, expected: set[str]) -> None:
    assert failed_ids(result, {"a", "b"}) == expected


def test_an_app_without_a_registry_has_no_queues() -> None:
    assert load_registry("chalicelib.no_such_room.queues").queues == ()
