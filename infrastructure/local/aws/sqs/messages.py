"""What a message is: its limits, its checksums, and the queue settings that govern it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infrastructure.local.aws.sqs.errors import SqsError

MAX_MESSAGE_BYTES = 1024 * 1024
# name → (default, smallest, largest)
SETTINGS = {
    "VisibilityTimeout": (30, 0, 43_200),
    "DelaySeconds": (0, 0, 900),
    "ReceiveMessageWaitTimeSeconds": (0, 0, 20),
    "MessageRetentionPeriod": (345_600, 60, 1_209_600),
    "MaximumMessageSize": (MAX_MESSAGE_BYTES, 1024, MAX_MESSAGE_BYTES),
}
_OTHER_SETTINGS = {
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "Policy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and how it is set."""

    name: str
    created: float
    modified: float
    attributes: Mapping[str, str]

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order within a group."""
        return self.name.endswith(".fifo")

    def setting(self, name: str) -> int:
        """The value of a numeric setting."""
        return int(self.attributes.get(name, SETTINGS[name][0]))

    @property
    def redrive(self) -> tuple[str, int] | None:
        """The name of the dead-letter queue and how many receives lead there."""
        policy = json.loads(self.attributes.get("RedrivePolicy") or "{}")
        if not policy:
            return None
        return str(policy["deadLetterTargetArn"]).rpartition(":")[2], int(policy["maxReceiveCount"])


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message on its way into a queue."""

    body: str
    attributes: Mapping[str, Mapping[str, Any]]
    delay_s: int
    group: str | None = None
    deduplication: str | None = None
    trace: str | None = None

    @property
    def size_bytes(self) -> int:
        """What the limit counts: the body, and each attribute's name, type and value."""
        extra = 0
        for name, value in self.attributes.items():
            content = value.get("StringValue") or value.get("BinaryValue") or ""
            extra += len(name.encode()) + len(str(value.get("DataType")).encode()) + len(content.encode())
        return len(self.body.encode("utf-8", "surrogatepass")) + extra


def check_settings(attributes: Mapping[str, str], name: str) -> dict[str, str]:
    """The queue attributes, if all are known and within bounds. Raises InvalidAttributeName or -Value."""
    for key, value in attributes.items():
        if key in SETTINGS:
            _, low, high = SETTINGS[key]
            if not value.isdigit() or not low <= int(value) <= high:
                raise SqsError("InvalidAttributeValue", f"Invalid value for the parameter {key}.")
        elif key not in _OTHER_SETTINGS:
            raise SqsError("InvalidAttributeName", f"Unknown Attribute {key}.")
    if (attributes.get("FifoQueue") == "true") != name.endswith(".fifo") and "FifoQueue" in attributes:
        raise SqsError("InvalidParameterValue", "The name of a FIFO queue must end with .fifo.")
    if attributes.get("RedrivePolicy"):
        try:
            policy = json.loads(attributes["RedrivePolicy"])
            str(policy["deadLetterTargetArn"]), int(policy["maxReceiveCount"])
        except (ValueError, KeyError, TypeError) as error:
            raise SqsError("InvalidParameterValue", "The RedrivePolicy is not valid.") from error
    return dict(attributes)


def md5_of(text: str) -> str:
    """The MD5 of a body, in hex."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The MD5 of message attributes as SQS defines it, None without any."""
    if not attributes:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        binary = value.get("BinaryValue") is not None
        content = base64.b64decode(value["BinaryValue"]) if binary else str(value["StringValue"]).encode()
        for part in (name.encode(), str(value["DataType"]).encode()):
            digest.update(len(part).to_bytes(4, "big") + part)
        digest.update((b"\x02" if binary else b"\x01") + len(content).to_bytes(4, "big") + content)
    return digest.hexdigest()
