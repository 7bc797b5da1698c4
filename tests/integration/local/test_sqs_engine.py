"""What only our SQS engine can show: threads, signatures, and what outside programs see."""

from __future__ import annotations

import stat
import threading
import time
from collections import Counter
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from infrastructure.local.aws.resources import QueueResource, ensure_bucket, ensure_queue
from tests.integration.local.conftest import LocalAws


@pytest.fixture
def sqs(local_aws: LocalAws) -> Any:
    return local_aws.client("sqs")


def run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_sixteen_threads_neither_lose_nor_repeat_a_message(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def send(worker: int) -> None:
        for start in range(0, 50, 10):
            entries = [{"Id": str(n), "MessageBody": f"{worker}-{n}"} for n in range(start, start + 10)]
            sqs.send_message_batch(QueueUrl=url, Entries=entries)

    def consume() -> None:
        while sum(seen.values()) < 400:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                with lock:
                    seen[message["Body"]] += 1
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    run_all(
        [threading.Thread(target=send, args=(n,)) for n in range(8)]
        + [threading.Thread(target=consume) for _ in range(8)]
    )

    assert len(seen) == 400
    assert set(seen.values()) == {1}


def test_a_waiting_receiver_is_woken_by_a_message(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    sender = threading.Timer(0.3, sqs.send_message, kwargs={"QueueUrl": url, "MessageBody": "x"})
    sender.start()

    started = time.monotonic()
    messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]

    assert len(messages) == 1
    assert time.monotonic() - started < 15  # woken, not timed out


def test_an_outdated_receipt_neither_deletes_nor_hides_the_message_of_another(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [old] = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    [_] = sqs.receive_message(QueueUrl=url, VisibilityTimeout=60)["Messages"]

    sqs.delete_message(QueueUrl=url, ReceiptHandle=old["ReceiptHandle"])
    with pytest.raises(ClientError) as error:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=old["ReceiptHandle"], VisibilityTimeout=0)

    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert error.value.response["Error"]["Code"].endswith("MessageNotInflight")


def test_nobody_gets_in_without_the_key(local_aws: LocalAws) -> None:
    anonymous = requests.post(local_aws.engine.sqs_endpoint, data="{}", timeout=5)
    with pytest.raises(ClientError) as error:
        local_aws.client("sqs", secret_key="wrong").list_queues()

    assert anonymous.status_code == 403
    assert error.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_the_key_is_readable_by_its_owner_alone(local_aws: LocalAws) -> None:
    mode = (local_aws.data_dir / "aws-credentials.json").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_resources_are_made_once_and_set_anew(local_aws: LocalAws, sqs: Any) -> None:
    engine = local_aws.engine
    for visibility in (60, 90):
        ensure_bucket(engine.objects, "media", ["http://127.0.0.1:8080"])
        ensure_queue(engine.queues, QueueResource("skylabel-jobs", visibility, 3))
        ensure_queue(engine.queues, QueueResource("skylabel-predictions.fifo", visibility, 3))

    url = sqs.get_queue_url(QueueName="skylabel-jobs")["QueueUrl"]
    values = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert values["VisibilityTimeout"] == "90"
    assert '"maxReceiveCount": 3' in values["RedrivePolicy"]
    assert sqs.get_queue_url(QueueName="skylabel-predictions-dead.fifo")


def test_what_was_in_flight_comes_back_at_a_restart_and_its_receipt_is_void(
    local_aws: LocalAws, sqs: Any
) -> None:
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    for body, delay in (("taken", 0), ("delayed", 600)):
        sqs.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)
    [lost] = sqs.receive_message(QueueUrl=url, VisibilityTimeout=5400)["Messages"]

    assert local_aws.engine.queues.release("jobs") == 1

    [again] = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=lost["ReceiptHandle"])
    assert again["Body"] == "taken"
    assert sum(local_aws.engine.queues.counts("jobs").values()) == 2
