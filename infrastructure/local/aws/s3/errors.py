"""S3's errors and how they look on the wire."""

from __future__ import annotations

from infrastructure.local.aws.s3.xml import element, render
from infrastructure.local.http_server import Answer

_STATUS = {
    "AccessDenied": 403,
    "AuthorizationHeaderMalformed": 400,
    "AuthorizationQueryParametersError": 400,
    "BadDigest": 400,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "IncompleteBody": 400,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidBucketName": 400,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidPolicyDocument": 400,
    "InvalidRange": 416,
    "InvalidRequest": 400,
    "KeyTooLongError": 400,
    "MalformedPOSTRequest": 400,
    "MalformedXML": 400,
    "MethodNotAllowed": 405,
    "NoSuchBucket": 404,
    "NoSuchCORSConfiguration": 404,
    "NoSuchKey": 404,
    "NoSuchUpload": 404,
    "NotImplemented": 501,
    "PreconditionFailed": 412,
    "RequestTimeTooSkewed": 403,
    "SignatureDoesNotMatch": 403,
    "XAmzContentSHA256Mismatch": 400,
}


class S3Error(Exception):
    """A refusal with S3's own code; `headers` go with the answer."""

    def __init__(self, code: str, message: str, *, headers: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.headers = headers or []


def error_answer(error: S3Error, *, resource: str, request_id: str) -> Answer:
    """The error as S3 writes it."""
    body = element(
        "Error",
        Code=error.code,
        Message=error.message,
        Resource=resource,
        RequestId=request_id,
    )
    headers = [("Content-Type", "application/xml"), *error.headers]
    return Answer(_STATUS.get(error.code, 400), headers, render(body))
