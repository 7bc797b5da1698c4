"""SQS's errors, in the JSON protocol and with the older codes that clients still compare."""

from __future__ import annotations

import json

from infrastructure.local.http_server import Answer

_OLDER_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "ReceiptHandleIsInvalid": "ReceiptHandleIsInvalid",
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "BatchRequestTooLong": "AWS.SimpleQueueService.BatchRequestTooLong",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}
_FORBIDDEN = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"}


class SqsError(Exception):
    """A refusal with SQS's own code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def older_code(self) -> str:
        """The code that boto3 puts into `Error.Code`."""
        return _OLDER_CODES.get(self.code, self.code)

    def answer(self) -> Answer:
        """The error as SQS writes it."""
        body = json.dumps({"__type": f"com.amazonaws.sqs#{self.code}", "message": self.message}).encode()
        headers = [
            ("Content-Type", "application/x-amz-json-1.0"),
            ("x-amzn-query-error", f"{self.older_code};Sender"),
        ]
        return Answer(403 if self.code in _FORBIDDEN else 400, headers, body)
