"""SQS's door: the JSON protocol, and who may use it."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from infrastructure.local.aws.credentials import Credentials
from infrastructure.local.aws.sigv4 import RefusedError, verify
from infrastructure.local.aws.sqs.errors import SqsError
from infrastructure.local.aws.sqs.operations import Operations
from infrastructure.local.http_server import Answer, BytesBody, Request

_MAX_REQUEST = 4 * 1024 * 1024
_TARGET = "AmazonSQS."


class Sqs:
    """Answers SQS requests for the holder of one access key."""

    def __init__(self, operations: Operations, credentials: Credentials) -> None:
        self._operations = operations
        self._credentials = credentials

    def __call__(self, request: Request) -> Answer:
        """The answer to one request; refusals are answers too."""
        try:
            answer = self._answer(request)
        except SqsError as error:
            answer = error.answer()
        answer.headers.append(("x-amzn-RequestId", secrets.token_hex(16)))
        return answer

    def _answer(self, request: Request) -> Answer:
        body = request.read_all(_MAX_REQUEST)
        if body is None:
            raise SqsError("InvalidParameterValue", "The request is too long.")
        try:
            verify(
                replace(request, body=BytesBody(body)),
                self._credentials,
                service="sqs",
                now=datetime.now(UTC),
            )
        except RefusedError as refused:
            raise SqsError(refused.code, refused.message) from refused
        target = request.header("X-Amz-Target")
        action = self._operations.by_name.get(target.removeprefix(_TARGET))
        if action is None or not target.startswith(_TARGET):
            raise SqsError(
                "UnsupportedOperation", f"The local SQS does not have {target or 'the query protocol'}."
            )
        try:
            result = action(json.loads(body or b"{}"))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SqsError("InvalidParameterValue", f"The request is malformed: {error!r}.") from error
        return Answer(200, [("Content-Type", "application/x-amz-json-1.0")], json.dumps(result).encode())
