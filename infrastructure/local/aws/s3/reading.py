"""GET and HEAD of an object: conditions, ranges, overridden headers."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from infrastructure.local.aws.s3.call import Call, http_date, quoted
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.store import ObjectStore, StoredObject, matches, precondition_failed
from infrastructure.local.http_server import Answer


def get_object(store: ObjectStore, call: Call) -> Answer:
    """The object or the asked part of it, as a stream; for HEAD only its headers."""
    found, file = store.open(call.bucket, call.key)
    try:
        if _not_modified(call, found):
            file.close()
            return Answer(304, [("ETag", quoted(found.etag)), ("Last-Modified", http_date(found.modified))])
        span = byte_range(call.request.header("Range"), found.size)
        start, end = span or (0, found.size)
        file.seek(start)
        headers = _headers(call, found, whole=span is None)
        if span:
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{found.size}"))
        return Answer(206 if span else 200, headers, stream=file, length=end - start)
    except BaseException:
        file.close()
        raise


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and end of the asked range, None for the whole. Raises InvalidRange.

    As S3 does, a header that is no single byte range is ignored.
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.replace(" ", ""))
    if not match or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
        unsatisfiable = int(last) == 0 or size == 0
    else:
        if last and int(last) < int(first):
            return None
        start, end = int(first), min(size, int(last) + 1) if last else size
        unsatisfiable = start >= size
    if unsatisfiable:
        raise S3Error(
            "InvalidRange",
            "The requested range is not satisfiable",
            headers=[("Content-Range", f"bytes */{size}")],
        )
    return start, end


def _headers(call: Call, found: StoredObject, *, whole: bool) -> list[tuple[str, str]]:
    kept = {"content-type": "binary/octet-stream", **found.headers}
    for name, value in call.query.items():
        if name.startswith("response-"):
            kept[name.removeprefix("response-").lower()] = _as_header(value)
    headers = [(name if name.startswith("x-amz-") else name.title(), value) for name, value in kept.items()]
    headers += [
        ("ETag", quoted(found.etag)),
        ("Last-Modified", http_date(found.modified)),
        ("Accept-Ranges", "bytes"),
    ]
    if whole and call.request.header("x-amz-checksum-mode").upper() == "ENABLED":
        headers += [(f"x-amz-checksum-{name}", value) for name, value in found.checksums.items()]
    return headers


def _as_header(value: str) -> str:
    """An overriding value, if S3 would send it: names beyond ISO-8859-1 need `filename*=UTF-8''…`."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise S3Error("InvalidArgument", "Header value cannot be represented using ISO-8859-1.") from error
    return value


def _not_modified(call: Call, found: StoredObject) -> bool:
    """Whether the client has it already; raises PreconditionFailed when it wanted another one."""
    request = call.request
    if if_match := request.header("If-Match"):
        if not matches(if_match, found.etag):
            raise precondition_failed("If-Match")
    elif (since := _moment(request.header("If-Unmodified-Since"))) and int(found.modified) > since:
        raise precondition_failed("If-Unmodified-Since")
    if none_match := request.header("If-None-Match"):
        return matches(none_match, found.etag)
    modified_since = _moment(request.header("If-Modified-Since"))
    return modified_since is not None and int(found.modified) <= modified_since


def _moment(header: str) -> float | None:
    try:
        return parsedate_to_datetime(header).timestamp()
    except ValueError:
        return None
