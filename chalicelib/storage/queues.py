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

    def _url(self, queue: str) -> str:
        if queue not in self._urls:
            self._urls[queue] = self._sqs.get_queue_url(QueueName=f"{self._prefix}{queue}")["QueueUrl"]
        return self._urls[queue]
