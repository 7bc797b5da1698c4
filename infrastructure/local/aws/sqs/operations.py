"""What each SQS action does: its parameters in, its result out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from infrastructure.local.aws.credentials import REGION
from infrastructure.local.aws.sqs.errors import SqsError
from infrastructure.local.aws.sqs.messages import (
    MAX_MESSAGE_BYTES,
    SETTINGS,
    NewMessage,
    Queue,
    check_settings,
    md5_of,
    md5_of_attributes,
)
from infrastructure.local.aws.sqs.store import QueueStore, Received

ACCOUNT = "000000000000"
_MAX_BATCH = 10
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo")
Parameters = Mapping[str, Any]
Result = dict[str, Any]


class Operations:
    """The actions over one store; `base_url` is what queue URLs begin with."""

    def __init__(self, store: QueueStore, base_url: str) -> None:
        self._store = store
        self._base_url = base_url
        self.by_name: dict[str, Callable[[Parameters], Result]] = {
            "CreateQueue": self.create_queue,
            "GetQueueUrl": self.get_queue_url,
            "ListQueues": self.list_queues,
            "DeleteQueue": self.delete_queue,
            "PurgeQueue": self.purge_queue,
            "GetQueueAttributes": self.get_attributes,
            "SetQueueAttributes": self.set_attributes,
            "SendMessage": self.send,
            "SendMessageBatch": self.send_batch,
            "ReceiveMessage": self.receive,
            "DeleteMessage": self.delete,
            "DeleteMessageBatch": self.delete_batch,
            "ChangeMessageVisibility": self.change_visibility,
            "ChangeMessageVisibilityBatch": self.change_visibility_batch,
        }

    def create_queue(self, parameters: Parameters) -> Result:
        """Make a queue."""
        name = str(parameters["QueueName"])
        if not _NAME.fullmatch(name):
            raise SqsError("InvalidParameterValue", "A queue name has 1 to 80 letters, digits, - and _.")
        queue = self._store.create(name, check_settings(parameters.get("Attributes") or {}, name))
        return {"QueueUrl": self._url(queue.name)}

    def get_queue_url(self, parameters: Parameters) -> Result:
        """Where a queue is."""
        return {"QueueUrl": self._url(self._store.get(str(parameters["QueueName"])).name)}

    def list_queues(self, parameters: Parameters) -> Result:
        """The queues under a prefix."""
        names = self._store.names(str(parameters.get("QueueNamePrefix") or ""))
        return {"QueueUrls": [self._url(name) for name in names]} if names else {}

    def delete_queue(self, parameters: Parameters) -> Result:
        """Delete a queue."""
        self._store.delete(_queue_name(parameters))
        return {}

    def purge_queue(self, parameters: Parameters) -> Result:
        """Empty a queue."""
        self._store.purge(_queue_name(parameters))
        return {}

    def get_attributes(self, parameters: Parameters) -> Result:
        """Settings and counts of a queue."""
        queue = self._store.get(_queue_name(parameters))
        values = {name: str(queue.setting(name)) for name in SETTINGS}
        values |= {
            "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue.name}",
            "CreatedTimestamp": str(int(queue.created)),
            "LastModifiedTimestamp": str(int(queue.modified)),
            **queue.attributes,
            **{name: str(count) for name, count in self._store.counts(queue.name).items()},
        }
        wanted = parameters.get("AttributeNames") or []
        if "All" in wanted:
            return {"Attributes": values}
        return {"Attributes": {name: values[name] for name in wanted if name in values}}

    def set_attributes(self, parameters: Parameters) -> Result:
        """Change settings of a queue."""
        name = _queue_name(parameters)
        self._store.set_attributes(name, check_settings(parameters.get("Attributes") or {}, name))
        return {}

    def send(self, parameters: Parameters) -> Result:
        """Put one message in."""
        queue = self._store.get(_queue_name(parameters))
        message = _new_message(queue, parameters)
        [(message_id, number)] = self._store.send(queue.name, [message])
        return _sent(queue, message, message_id, number)

    def send_batch(self, parameters: Parameters) -> Result:
        """Put up to ten messages in; those that cannot go in are named, the others go."""
        queue = self._store.get(_queue_name(parameters))
        entries = _entries(parameters)
        good, failed = [], []
        for entry in entries:
            try:
                good.append((entry["Id"], _new_message(queue, entry)))
            except SqsError as error:
                failed.append(_failure(entry["Id"], error))
        if sum(message.size_bytes for _, message in good) > MAX_MESSAGE_BYTES:
            raise SqsError("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes.")
        sent = self._store.send(queue.name, [message for _, message in good])
        successful = [
            {"Id": entry_id, **_sent(queue, message, message_id, number)}
            for (entry_id, message), (message_id, number) in zip(good, sent, strict=True)
        ]
        return {"Successful": successful, "Failed": failed}

    def receive(self, parameters: Parameters) -> Result:
        """Hand messages out."""
        queue = self._store.get(_queue_name(parameters))
        limit = _bounded(parameters, "MaxNumberOfMessages", 1, low=1, high=_MAX_BATCH)
        wait = _bounded(
            parameters, "WaitTimeSeconds", queue.setting("ReceiveMessageWaitTimeSeconds"), low=0, high=20
        )
        visibility = _visibility(parameters, queue.setting("VisibilityTimeout"))
        received = self._store.receive(queue.name, limit=limit, visibility_s=visibility, wait_s=wait)
        return {"Messages": [_shown(message, parameters) for message in received]} if received else {}

    def delete(self, parameters: Parameters) -> Result:
        """Delete a message that was handed out."""
        self._store.delete_message(_queue_name(parameters), str(parameters["ReceiptHandle"]))
        return {}

    def delete_batch(self, parameters: Parameters) -> Result:
        """Delete up to ten messages."""
        return self._each(parameters, self.delete)

    def change_visibility(self, parameters: Parameters) -> Result:
        """Hide a message for longer or for less long."""
        self._store.change_visibility(
            _queue_name(parameters), str(parameters["ReceiptHandle"]), _visibility(parameters, 0)
        )
        return {}

    def change_visibility_batch(self, parameters: Parameters) -> Result:
        """Change the visibility of up to ten messages."""
        return self._each(parameters, self.change_visibility)

    def _each(self, parameters: Parameters, action: Callable[[Parameters], Result]) -> Result:
        self._store.get(_queue_name(parameters))
        successful, failed = [], []
        for entry in _entries(parameters):
            try:
                action({"QueueUrl": parameters["QueueUrl"], **entry})
            except SqsError as error:
                failed.append(_failure(entry["Id"], error))
            else:
                successful.append({"Id": entry["Id"]})
        return {"Successful": successful, "Failed": failed}

    def _url(self, name: str) -> str:
        return f"{self._base_url}/{ACCOUNT}/{name}"


def _queue_name(parameters: Parameters) -> str:
    return urlsplit(str(parameters["QueueUrl"])).path.rpartition("/")[2]


def _entries(parameters: Parameters) -> list[Parameters]:
    entries = list(parameters.get("Entries") or [])
    if not entries:
        raise SqsError("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > _MAX_BATCH:
        raise SqsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise SqsError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
    return entries


def _failure(entry_id: str, error: SqsError) -> Result:
    return {"Id": entry_id, "SenderFault": True, "Code": error.older_code, "Message": error.message}


def _new_message(queue: Queue, parameters: Parameters) -> NewMessage:
    delay = _bounded(parameters, "DelaySeconds", queue.setting("DelaySeconds"), low=0, high=900)
    system = parameters.get("MessageSystemAttributes") or {}
    message = NewMessage(
        body=str(parameters["MessageBody"]),
        attributes=parameters.get("MessageAttributes") or {},
        delay_s=delay,
        group=parameters.get("MessageGroupId"),
        deduplication=parameters.get("MessageDeduplicationId"),
        trace=(system.get("AWSTraceHeader") or {}).get("StringValue"),
    )
    if not message.body:
        raise SqsError("InvalidParameterValue", "The request must contain the parameter MessageBody.")
    if message.size_bytes > queue.setting("MaximumMessageSize"):
        raise SqsError(
            "InvalidParameterValue",
            f"One or more parameters are invalid. Reason: Message must be shorter than "
            f"{queue.setting('MaximumMessageSize')} bytes.",
        )
    return message


def _sent(queue: Queue, message: NewMessage, message_id: str, number: int) -> Result:
    result: Result = {"MessageId": message_id, "MD5OfMessageBody": md5_of(message.body)}
    if digest := md5_of_attributes(message.attributes):
        result["MD5OfMessageAttributes"] = digest
    if queue.is_fifo:
        result["SequenceNumber"] = f"{number:020d}"
    return result


def _shown(message: Received, parameters: Parameters) -> Result:
    result: Result = {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "MD5OfBody": md5_of(message.body),
        "Body": message.body,
    }
    wanted = {
        *(parameters.get("AttributeNames") or []),
        *(parameters.get("MessageSystemAttributeNames") or []),
    }
    if system := _chosen(_system_attributes(message), wanted):
        result["Attributes"] = system
    if own := _chosen(message.attributes, set(parameters.get("MessageAttributeNames") or [])):
        result["MessageAttributes"] = own
        result["MD5OfMessageAttributes"] = md5_of_attributes(own)
    return result


def _system_attributes(message: Received) -> dict[str, str]:
    values = {
        "SenderId": ACCOUNT,
        "SentTimestamp": str(int(message.sent * 1000)),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(int(message.first_received * 1000)),
    }
    if message.group:
        values["MessageGroupId"] = message.group
        values["SequenceNumber"] = f"{message.number:020d}"
    if message.deduplication:
        values["MessageDeduplicationId"] = message.deduplication
    if message.trace:
        values["AWSTraceHeader"] = message.trace
    return values


def _chosen(values: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    """Those that were asked for: by name, by `All` or `.*`, or by `prefix.*`."""
    if wanted & {"All", ".*"}:
        return dict(values)
    starts = tuple(name[:-1] for name in wanted if name.endswith(".*"))
    return {
        name: value
        for name, value in values.items()
        if name in wanted or (starts and name.startswith(starts))
    }


def _visibility(parameters: Parameters, default: int) -> int:
    return _bounded(parameters, "VisibilityTimeout", default, low=0, high=SETTINGS["VisibilityTimeout"][2])


def _bounded(parameters: Parameters, name: str, default: int, *, low: int, high: int) -> int:
    value = parameters.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or not low <= value <= high:
        raise SqsError("InvalidParameterValue", f"Value for parameter {name} must be from {low} to {high}.")
    return value
