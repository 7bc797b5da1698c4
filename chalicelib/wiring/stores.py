"""Bytes, documents and queues."""

from typing import TYPE_CHECKING

from chalicelib.settings import settings
from chalicelib.wiring.clients import media_s3, once, s3, sqs
from chalicelib.wiring.people import dynamo

if TYPE_CHECKING:
    from chalicelib.storage.blobs import S3BlobStore
    from chalicelib.storage.documents import Documents
    from chalicelib.storage.queues import SqsJobQueue


@once
def blobs() -> "S3BlobStore":
    """The store of bytes."""
    from chalicelib.storage.blobs import S3BlobStore

    return S3BlobStore(s3(), settings().bucket, signer=media_s3())


@once
def documents() -> "Documents":
    """The store of small records."""
    from chalicelib.storage.documents import Documents

    return Documents(dynamo())


@once
def job_queue() -> "SqsJobQueue":
    """The queues that nudge workers."""
    from chalicelib.storage.queues import SqsJobQueue

    return SqsJobQueue(sqs(), settings().queue_prefix)
