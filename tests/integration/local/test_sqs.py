"""What SQS promises, asked of our engine and of moto through unmodified boto3.

Known differences: moto once handed a message to two receivers at once (`serverless.md` 1.3), so what
holds under threads is tested on our engine alone (`test_sqs_engine.py`).
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError


def make(sqs: Any, name: str = "jobs", **attributes: str) -> str:
    return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def receive(sqs: Any, url: str, **changes: Any) -> list[Any]:
    return list(
        sqs.receive_message(**{"QueueUrl": url, "MaxNumberOfMessages": 10, **changes}).get("Messages", [])
    )


def counts(sqs: Any, url: str) -> tuple[int, int, int]:
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    values = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(int(values[name]) for name in names)  # type: ignore[return-value]


def test_a_message_comes_back_with_its_attributes(sqs: Any) -> None:
    url = make(sqs)
    attributes = {
        "kind": {"DataType": "String", "StringValue": "import"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody='{"ü": 1}', MessageAttributes=attributes)

    [message] = receive(sqs, url, AttributeNames=["All"], MessageAttributeNames=["All"])

    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == '{"ü": 1}'
    assert message["MessageAttributes"]["raw"]["BinaryValue"] == b"\x00\x01"
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert abs(int(message["Attributes"]["SentTimestamp"]) / 1000 - time.time()) < 60


def test_a_received_message_is_hidden_until_its_time_is_over(sqs: Any) -> None:
    url = make(sqs, VisibilityTimeout="1")
    sqs.send_message(QueueUrl=url, MessageBody="x")

    first, hidden = receive(sqs, url), receive(sqs, url)
    again = receive(sqs, url, WaitTimeSeconds=5, AttributeNames=["ApproximateReceiveCount"])

    assert (len(first), hidden, len(again)) == (1, [], 1)
    assert again[0]["Attributes"]["ApproximateReceiveCount"] == "2"


def test_a_deleted_message_never_comes_back(sqs: Any) -> None:
    url = make(sqs, VisibilityTimeout="0")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=30)

    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    assert receive(sqs, url) == []
    assert counts(sqs, url) == (0, 0, 0)


def test_visibility_can_be_given_up(sqs: Any) -> None:
    url = make(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url)

    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)

    assert len(receive(sqs, url)) == 1


def test_batches_of_ten(sqs: Any) -> None:
    url = make(sqs)
    entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(10)]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert len(sent["Successful"]) == 10

    messages = receive(sqs, url)
    handles = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
    hidden = sqs.change_message_visibility_batch(
        QueueUrl=url, Entries=[{**handle, "VisibilityTimeout": 100} for handle in handles]
    )
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=handles)

    assert sorted(m["Body"] for m in messages) == [f"m{n}" for n in range(10)]
    assert (len(hidden["Successful"]), len(deleted["Successful"])) == (10, 10)
    assert counts(sqs, url) == (0, 0, 0)


def test_batches_that_cannot_be(sqs: Any) -> None:
    url = make(sqs)

    with pytest.raises(ClientError) as too_many:
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "m"} for n in range(11)])
    with pytest.raises(ClientError) as twice:
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "m"}] * 2)

    assert "TooManyEntriesInBatchRequest" in too_many.value.response["Error"]["Code"]
    assert "BatchEntryIdsNotDistinct" in twice.value.response["Error"]["Code"]


def test_a_delayed_message_waits(sqs: Any) -> None:
    url = make(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=1)

    assert receive(sqs, url) == []
    assert counts(sqs, url) == (0, 0, 1)
    assert len(receive(sqs, url, WaitTimeSeconds=5)) == 1


def test_counts_tell_waiting_from_in_flight(sqs: Any) -> None:
    url = make(sqs)
    for _ in range(3):
        sqs.send_message(QueueUrl=url, MessageBody="x")
    receive(sqs, url, MaxNumberOfMessages=1)

    assert counts(sqs, url) == (2, 1, 0)


def test_what_was_received_too_often_goes_to_the_dead_letters(sqs: Any) -> None:
    dead = make(sqs, "dead")
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
    url = make(sqs, "alive", RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="poison")

    for _ in range(2):
        assert len(receive(sqs, url, VisibilityTimeout=0)) == 1

    assert receive(sqs, url, VisibilityTimeout=0) == []
    assert [m["Body"] for m in receive(sqs, dead)] == ["poison"]


def test_a_purged_queue_is_empty(sqs: Any) -> None:
    url = make(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")

    sqs.purge_queue(QueueUrl=url)

    assert receive(sqs, url) == []


def test_a_message_past_the_limit_is_refused(sqs: Any) -> None:
    url = make(sqs, MaximumMessageSize="1024")

    sqs.send_message(QueueUrl=url, MessageBody="x" * 1024)
    with pytest.raises(ClientError) as error:
        sqs.send_message(QueueUrl=url, MessageBody="x" * 1025)

    assert error.value.response["Error"]["Code"] == "InvalidParameterValue"


def test_queues_are_found_by_name_and_prefix(sqs: Any) -> None:
    url = make(sqs, "skylabel-imports")
    make(sqs, "other")

    assert sqs.get_queue_url(QueueName="skylabel-imports")["QueueUrl"] == url
    assert sqs.list_queues(QueueNamePrefix="sky")["QueueUrls"] == [url]
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as error:
        sqs.get_queue_url(QueueName="missing")
    assert error.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_settings_can_be_changed(sqs: Any) -> None:
    url = make(sqs)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})

    values = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    assert values["VisibilityTimeout"] == "77"


def test_a_fifo_queue_keeps_order_within_a_group_and_drops_repeats(sqs: Any) -> None:
    url = make(sqs, "p.fifo", FifoQueue="true")
    for body, group in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a1", "a")):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)

    first = receive(sqs, url, MaxNumberOfMessages=1)
    others = receive(sqs, url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    rest = receive(sqs, url)

    assert [m["Body"] for m in first] == ["a1"]
    assert [m["Body"] for m in others] == ["b1"]
    assert [m["Body"] for m in rest] == ["a2"]
