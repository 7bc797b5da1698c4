"""Lambda's side of SQS: polls a queue, calls its function, deletes what was done."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.local.functions.pool import AppUnavailableError, FunctionError, InstancePool
from infrastructure.local.functions.registry import QueueLike, full_name

logger = logging.getLogger(__name__)
_WAIT_S = 10
_PAUSE_S = 1.0
_RETRY_S = 10


class QueuePoller:
    """Carries the messages of one queue to its function until it is told to stop."""

    def __init__(self, sqs: Any, pool: InstancePool, queue: QueueLike) -> None:
        self._sqs = sqs
        self._pool = pool
        self._queue = queue
        self._url = ""
        self._arn = f"arn:aws:sqs:us-east-1:000000000000:{full_name(queue)}"

    def run(self, stopped: threading.Event) -> None:
        """Poll until `stopped` is set; trouble with the queue or the app is waited out."""
        while not stopped.is_set():
            try:
                self.poll_once(wait_s=_WAIT_S)
            except (BotoCoreError, ClientError, AppUnavailableError) as error:
                if not stopped.is_set():
                    logger.warning("queue %s: %s", self._queue.name, error)
                stopped.wait(_PAUSE_S)

    def poll_once(self, *, wait_s: int) -> int:
        """Take one batch to the function; gives how many messages it had."""
        if not self._url:
            self._url = str(self._sqs.get_queue_url(QueueName=full_name(self._queue))["QueueUrl"])
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(10, self._queue.batch_size),
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            done = self._call(messages)
            self._delete(done)
            self._give_back([message for message in messages if message not in done])
        return len(messages)

    def _call(self, messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The messages that the function has done: all, none, or those it does not name as failed."""
        event = {"Records": [record(message, self._arn) for message in messages]}
        try:
            result = self._pool.invoke(self._queue.handler, event, timeout_s=self._queue.timeout_s)
        except FunctionError as error:
            logger.warning("queue %s: %d messages come back: %s", self._queue.name, len(messages), error)
            return []
        failed = failed_ids(result, {str(message["MessageId"]) for message in messages})
        if failed:
            logger.warning("queue %s: %d messages come back", self._queue.name, len(failed))
        return [message for message in messages if message["MessageId"] not in failed]

    def _delete(self, messages: Sequence[Mapping[str, Any]]) -> None:
        if messages:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _give_back(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Let failed messages come back sooner than their visibility, six times the function's limit."""
        if messages:
            entries = [
                {
                    "Id": str(n),
                    "ReceiptHandle": message["ReceiptHandle"],
                    "VisibilityTimeout": min(
                        self._queue.visibility_s,
                        _RETRY_S * int(message["Attributes"]["ApproximateReceiveCount"]),
                    ),
                }
                for n, message in enumerate(messages)
            ]
            self._sqs.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)


def failed_ids(result: Any, known: set[str]) -> set[str]:
    """The ids in `batchItemFailures`; a result that names none rightly fails the whole batch, as on AWS."""
    if not isinstance(result, dict) or not result.get("batchItemFailures"):
        return set()
    try:
        named = {item["itemIdentifier"] for item in result["batchItemFailures"]}
    except (TypeError, KeyError):
        return known
    return named if named <= known else known


def record(message: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """A received message as it stands in an event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": "us-east-1",
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"dataType": value["DataType"], "stringListValues": [], "binaryListValues": []}
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    else:
        shown["stringValue"] = value["StringValue"]
    return shown
