"""What the template makes on AWS and a new data folder needs here: a bucket with CORS, queues."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape  # nosec B406  writes XML, reads none

from infrastructure.local.aws.credentials import REGION
from infrastructure.local.aws.s3.multipart import Multipart
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.aws.sqs.operations import ACCOUNT
from infrastructure.local.aws.sqs.store import QueueStore

DEAD_LETTERS = "-dead"
UNFINISHED_UPLOAD_DAYS = 2
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class QueueResource:
    """A queue with its dead-letter queue, which is named after it with `-dead`."""

    name: str
    visibility_s: int
    max_receives: int

    @property
    def dead_letter_name(self) -> str:
        """The name of the queue for messages that were received too often."""
        if self.name.endswith(".fifo"):
            return self.name.removesuffix(".fifo") + DEAD_LETTERS + ".fifo"
        return self.name + DEAD_LETTERS


def ensure_bucket(store: ObjectStore, name: str, origins: Iterable[str]) -> None:
    """Make the bucket and let pages of these origins read from and upload to it."""
    allowed = "".join(f"<AllowedOrigin>{escape(origin)}</AllowedOrigin>" for origin in origins)
    methods = "".join(f"<AllowedMethod>{method}</AllowedMethod>" for method in ("GET", "HEAD", "PUT", "POST"))
    exposed = "".join(
        f"<ExposeHeader>{name}</ExposeHeader>"
        for name in ("ETag", "Content-Length", "Content-Range", "Accept-Ranges", "Content-Encoding")
    )
    store.create_bucket(name)
    store.set_cors(
        name,
        f"<CORSConfiguration><CORSRule>{allowed}{methods}<AllowedHeader>*</AllowedHeader>{exposed}"
        "<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>",
    )


def expire(store: ObjectStore, bucket: str, days_by_prefix: Mapping[str, float], *, now: float) -> None:
    """Delete what the bucket's lifecycle rules on AWS would have deleted by now (Unix seconds)."""
    for prefix, days in days_by_prefix.items():
        store.expire(bucket, prefix, before=now - days * _DAY_S)
    Multipart(store).expire(bucket, before=now - UNFINISHED_UPLOAD_DAYS * _DAY_S)


def ensure_queue(store: QueueStore, queue: QueueResource) -> None:
    """Make the queue and its dead-letter queue, or set those that are there like this."""
    fifo = {"FifoQueue": "true"} if queue.name.endswith(".fifo") else {}
    store.create(queue.dead_letter_name, {**fifo})
    store.create(queue.name, {**fifo})
    policy = {
        "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue.dead_letter_name}",
        "maxReceiveCount": queue.max_receives,
    }
    store.set_attributes(
        queue.name,
        {"VisibilityTimeout": str(queue.visibility_s), "RedrivePolicy": json.dumps(policy)},
    )
    store.set_attributes(queue.dead_letter_name, {"MessageRetentionPeriod": "1209600"})
