"""PUT, copy and delete of objects, and uploads by form."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, unquote

from lxml import etree

from infrastructure.local.aws.credentials import Credentials
from infrastructure.local.aws.s3.call import MAX_KEY_BYTES, Call, iso, quoted, xml_answer
from infrastructure.local.aws.s3.contents import Content
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.post_form import PostForm, check_policy
from infrastructure.local.aws.s3.reading import byte_range
from infrastructure.local.aws.s3.store import (
    ObjectStore,
    StoredObject,
    WriteCondition,
    matches,
    precondition_failed,
)
from infrastructure.local.aws.s3.xml import element, text_of
from infrastructure.local.aws.sigv4 import RefusedError, verify_policy
from infrastructure.local.http_server import Answer, BodyStream, Request

_MAX_DELETES = 1000
_MAX_PUT_BYTES = 5 * 1024**3


def put_object(store: ObjectStore, call: Call) -> Answer:
    """Store the body as the object."""
    require_key(call.key)
    store.require_bucket(call.bucket)
    if (call.request.length or 0) > _MAX_PUT_BYTES:
        raise S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    content = store.contents.write(call.body)
    stored = store.put(
        call.bucket,
        call.key,
        content,
        headers=call.kept_headers(),
        checksums=call.body.checksums,
        condition=condition_of(call.request),
    )
    sums = [(f"x-amz-checksum-{name}", value) for name, value in stored.checksums.items()]
    return Answer(200, [("ETag", quoted(stored.etag)), *sums])


def copy_object(store: ObjectStore, call: Call) -> Answer:
    """Store another object's bytes as this one, with its headers or with new ones."""
    require_key(call.key)
    source, content = copy_source(store, call, span="")
    replace = call.request.header("x-amz-metadata-directive", "COPY").upper() == "REPLACE"
    if not replace and (source.bucket, source.key) == (call.bucket, call.key):
        store.contents.delete([content.name])
        raise S3Error(
            "InvalidRequest", "This copy request is illegal because it copies an object to itself unchanged."
        )
    stored = store.put(
        call.bucket,
        call.key,
        content,
        headers=call.kept_headers() if replace else source.headers,
        checksums=source.checksums,
        condition=condition_of(call.request),
    )
    return xml_answer(
        element("CopyObjectResult", LastModified=iso(stored.modified), ETag=quoted(stored.etag))
    )


def copy_source(store: ObjectStore, call: Call, *, span: str) -> tuple[StoredObject, Content]:
    """The object that the request copies from, and a new content with its bytes in that range."""
    path = unquote(call.request.header("x-amz-copy-source").partition("?")[0]).lstrip("/")
    bucket, _, key = path.partition("/")
    found, file = store.open(bucket, key)
    with file:
        if_match = call.request.header("x-amz-copy-source-if-match")
        if if_match and not matches(if_match, found.etag):
            raise precondition_failed("x-amz-copy-source-If-Match")
        none_match = call.request.header("x-amz-copy-source-if-none-match")
        if none_match and matches(none_match, found.etag):
            raise precondition_failed("x-amz-copy-source-If-None-Match")
        start, end = byte_range(span, found.size) or (0, found.size)
        file.seek(start)
        return found, store.contents.write(_Span(file, end - start))


def delete_object(store: ObjectStore, call: Call) -> Answer:
    """Delete the object."""
    store.delete(call.bucket, call.key)
    return Answer(204)


def delete_objects(store: ObjectStore, call: Call) -> Answer:
    """Delete the objects that the document names."""
    document = call.document()
    keys = [text_of(node, "Key") for node in document.findall("Object")]
    if document.tag != "Delete" or not 1 <= len(keys) <= _MAX_DELETES or not all(keys):
        raise S3Error("MalformedXML", f"A Delete document names 1 to {_MAX_DELETES} keys.")
    store.require_bucket(call.bucket)
    done: list[etree._Element] = []
    for key in keys:
        store.delete(call.bucket, str(key))
        done.append(element("Deleted", Key=key))
    quiet = text_of(document, "Quiet") == "true"
    return xml_answer(element("DeleteResult", [] if quiet else done))


def post_object(store: ObjectStore, request: Request, bucket: str, credentials: Credentials) -> Answer:
    """Store the file of a form whose policy we signed."""
    form = PostForm(request.body, request.header("Content-Type"))
    fields = form.fields
    if "policy" not in fields:
        raise S3Error("AccessDenied", "Access Denied")
    try:
        verify_policy(fields, credentials)
    except RefusedError as refused:
        raise S3Error(refused.code, refused.message) from refused
    form.size_range = check_policy(fields, bucket=bucket, now=datetime.now(UTC))
    key = fields.get("key", "").replace("${filename}", form.file_name)
    require_key(key)
    store.require_bucket(bucket)
    kept = {name: value for name, value in fields.items() if name.startswith(("content-", "x-amz-meta-"))}
    stored = store.put(bucket, key, store.contents.write(form), headers=kept)
    return _form_answer(request, fields, bucket, stored)


def _form_answer(request: Request, fields: dict[str, str], bucket: str, stored: StoredObject) -> Answer:
    location = f"http://{request.header('Host')}/{bucket}/{quote(stored.key)}"
    headers = [("ETag", quoted(stored.etag)), ("Location", location)]
    if redirect := fields.get("success_action_redirect"):
        mark = "&" if "?" in redirect else "?"
        query = f"bucket={quote(bucket)}&key={quote(stored.key)}&etag={quote(quoted(stored.etag))}"
        return Answer(303, [("ETag", quoted(stored.etag)), ("Location", f"{redirect}{mark}{query}")])
    if fields.get("success_action_status") == "201":
        body = element(
            "PostResponse", Location=location, Bucket=bucket, Key=stored.key, ETag=quoted(stored.etag)
        )
        answer = xml_answer(body, status=201)
        answer.headers += headers
        return answer
    return Answer(200 if fields.get("success_action_status") == "200" else 204, headers)


def condition_of(request: Request) -> WriteCondition:
    """The condition that a write carries."""
    none_match = request.header("If-None-Match").strip()
    if none_match not in ("", "*"):
        raise S3Error("NotImplemented", "A write's If-None-Match can only be *.")
    return WriteCondition(must_be_new=bool(none_match), must_match=request.header("If-Match") or None)


def require_key(key: str) -> None:
    """Raise KeyTooLongError past S3's limit of 1,024 bytes."""
    if not 0 < len(key.encode("utf-8", "surrogatepass")) <= MAX_KEY_BYTES:
        raise S3Error("KeyTooLongError", "Your key is too long")


class _Span:
    """So many bytes of a file."""

    def __init__(self, file: BodyStream, left: int) -> None:
        self._file = file
        self._left = left

    def read(self, size: int, /) -> bytes:
        chunk = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk
