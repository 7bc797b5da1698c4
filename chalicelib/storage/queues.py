"""Nudges for workers over SQS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import UpstreamError


class SqsJobQueue:
    """Sends messages to the queues named `<prefix><name>`; their URLs are asked for once."""

    def __init__(self, client: Any, prefix: str) -> None:
        """`client` is a botocore SQS client."""
        self._sqs = client
        self._prefix = prefix
        self._urls: dict[str, str] = {}

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        """Put one message on the named queue, to be seen after `delay_s` seconds (at most 900).

        UpstreamError when the queue cannot be reached or does not take it.
        """
        body = json.dumps(message, separators=(",", ":"))
        try:
            self._sqs.send_message(QueueUrl=self._url(queue), MessageBody=body, DelaySeconds=delay_s)
        except (BotoCoreError, ClientError) as error:
            raise UpstreamError(f"The queue {queue!r} did not take a message.") from error

    def redrive(self, dead: str, queue: str, *, limit: int = 1000) -> int:
        """Move up to `limit` messages of a dead-letter queue back to the queue; gives how many went.

        A message is sent before it is removed, so one may come twice, which jobs stand, but none is lost.
        """
        moved = 0
        try:
            while moved < limit:
                answer = self._sqs.receive_message(
                    QueueUrl=self._url(dead), MaxNumberOfMessages=min(10, limit - moved), VisibilityTimeout=60
                )
                for message in answer.get("Messages", ()):
                    self._sqs.send_message(QueueUrl=self._url(queue), MessageBody=message["Body"])
                    self._sqs.delete_message(QueueUrl=self._url(dead), ReceiptHandle=message["ReceiptHandle"])
                    moved += 1
                if not answer.get("Messages"):
                    break
        except (BotoCoreError, ClientError) as error:
            raise UpstreamError(f"The queue {dead!r} could not be emptied after {moved} messages.") from error
        return moved

    def _url(self, queue: str) -> str:
        if queue not in self._urls:
            self._urls[queue] = self._sqs.get_queue_url(QueueName=f"{self._prefix}{queue}")["QueueUrl"]
        return self._urls[queue]
