"""S3's door: finds what a request asks for, checks who asks, and adds what every answer carries."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

from infrastructure.local.aws.credentials import Credentials
from infrastructure.local.aws.s3 import buckets, parts, reading, writing
from infrastructure.local.aws.s3.call import Call
from infrastructure.local.aws.s3.cors import matching_rule
from infrastructure.local.aws.s3.errors import S3Error, error_answer
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.aws.sigv4 import RefusedError, query_pairs, verify
from infrastructure.local.http_server import Answer, Request

_Operation = Callable[[ObjectStore, Call], Answer]

# level, method, what the query names (empty: nothing of the kind) → what to do
_ROUTES: dict[tuple[str, str, str], _Operation] = {
    ("service", "GET", ""): buckets.list_buckets,
    ("bucket", "PUT", ""): buckets.create_bucket,
    ("bucket", "HEAD", ""): buckets.head_bucket,
    ("bucket", "DELETE", ""): buckets.delete_bucket,
    ("bucket", "GET", ""): buckets.list_objects,
    ("bucket", "GET", "location"): buckets.bucket_location,
    ("bucket", "PUT", "cors"): buckets.put_cors,
    ("bucket", "GET", "cors"): buckets.get_cors,
    ("bucket", "DELETE", "cors"): buckets.delete_cors,
    ("bucket", "GET", "uploads"): parts.list_uploads,
    ("bucket", "POST", "delete"): writing.delete_objects,
    ("object", "GET", ""): reading.get_object,
    ("object", "HEAD", ""): reading.get_object,
    ("object", "PUT", ""): writing.put_object,
    ("object", "PUT", "copy"): writing.copy_object,
    ("object", "DELETE", ""): writing.delete_object,
    ("object", "POST", "uploads"): parts.create_upload,
    ("object", "PUT", "uploadId"): parts.upload_part,
    ("object", "PUT", "uploadId copy"): parts.copy_part,
    ("object", "POST", "uploadId"): parts.complete_upload,
    ("object", "DELETE", "uploadId"): parts.abort_upload,
    ("object", "GET", "uploadId"): parts.list_parts,
}
# sub-resources that mean another request altogether; those without a route are answered 501
_SUBRESOURCES = """
    accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold
    lifecycle location logging metrics notification object-lock ownershipControls policy policyStatus
    publicAccessBlock replication requestPayment restore retention select tagging torrent uploadId
    uploads versionId versioning versions website
""".split()  # noqa: SIM905


class S3:
    """Answers S3 requests over one store for the holder of one access key."""

    def __init__(self, store: ObjectStore, credentials: Credentials) -> None:
        self._store = store
        self._credentials = credentials

    def __call__(self, request: Request) -> Answer:
        """The answer to one request; refusals are answers too."""
        bucket, _, key = unquote(request.path.lstrip("/")).partition("/")
        request_id = secrets.token_hex(8).upper()
        try:
            answer = self._answer(request, bucket, key)
        except S3Error as error:
            answer = error_answer(error, resource=request.path, request_id=request_id)
        origin = request.header("Origin")
        if origin and request.method != "OPTIONS":
            rule = matching_rule(self._store.cors(bucket), origin=origin, method=request.method)
            answer.headers += rule.answer_headers(origin) if rule else []
        answer.headers += [("x-amz-request-id", request_id)]
        return answer

    def _answer(self, request: Request, bucket: str, key: str) -> Answer:
        if request.method == "OPTIONS":
            return self._preflight(request, bucket)
        query = dict(query_pairs(request.query))
        if request.method == "POST" and not key and "delete" not in query:
            return writing.post_object(self._store, request, bucket, self._credentials)
        try:
            signed = verify(request, self._credentials, service="s3", now=datetime.now(UTC))
        except RefusedError as refused:
            raise S3Error(refused.code, refused.message) from refused
        call = Call(request, signed, bucket, key, query)
        return _operation(call)(self._store, call)

    def _preflight(self, request: Request, bucket: str) -> Answer:
        origin = request.header("Origin")
        asked = [h.strip() for h in request.header("Access-Control-Request-Headers").split(",") if h.strip()]
        rule = matching_rule(
            self._store.cors(bucket),
            origin=origin,
            method=request.header("Access-Control-Request-Method"),
            headers=asked,
        )
        if rule is None:
            raise S3Error("AccessDenied", "CORSResponse: This CORS request is not allowed.")
        headers = rule.answer_headers(origin)
        if asked:
            headers.append(("Access-Control-Allow-Headers", ", ".join(asked)))
        if rule.max_age:
            headers.append(("Access-Control-Max-Age", rule.max_age))
        return Answer(200, headers)


def _operation(call: Call) -> _Operation:
    level = "object" if call.key else "bucket" if call.bucket else "service"
    asked = [name for name in _SUBRESOURCES if name in call.query]
    if call.request.method == "PUT" and call.request.header("x-amz-copy-source"):
        asked.append("copy")
    operation = _ROUTES.get((level, call.request.method, " ".join(asked)))
    if operation is not None:
        return operation
    if asked:
        raise S3Error(
            "NotImplemented", f"The local S3 does not have {call.request.method} {' '.join(asked)}."
        )
    raise S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.")
