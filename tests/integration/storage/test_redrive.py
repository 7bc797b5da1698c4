"""Dead letters go back to work, none lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws

from chalicelib import wiring
from chalicelib.cli import __main__ as cli
from chalicelib.storage.queues import SqsJobQueue


@pytest.fixture
def sqs() -> Any:
    with mock_aws():
        client = get_session().create_client("sqs", region_name="us-east-1")
        for name in ("imports", "imports-dead"):
            client.create_queue(QueueName=f"t-{name}")
        yield client


def bodies(client: Any, queue: str) -> list[dict[str, Any]]:
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    found: list[dict[str, Any]] = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found


def test_dead_letters_go_back_up_to_the_limit(sqs: Any) -> None:
    queue = SqsJobQueue(sqs, "t-")
    for number in range(25):
        queue.send("imports-dead", {"job": number})

    assert queue.redrive("imports-dead", "imports", limit=12) == 12
    assert queue.redrive("imports-dead", "imports") == 13
    assert queue.redrive("imports-dead", "imports") == 0
    assert sorted(m["job"] for m in bodies(sqs, "t-imports")) == list(range(25))
    assert bodies(sqs, "t-imports-dead") == []


def test_the_command_says_how_many_went(
    sqs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = SqsJobQueue(sqs, "t-")
    queue.send("imports-dead", {"job": 1})
    monkeypatch.setattr(wiring, "job_queue", lambda: queue)

    assert cli.main(["redrive", "imports"]) == 0
    assert capsys.readouterr().out == "1 messages went back to the queue imports.\n"
