"""Requests about buckets: making, listing, their keys and their CORS rules."""

from __future__ import annotations

import re
from urllib.parse import quote

from infrastructure.local.aws.s3.call import Call, iso, quoted, xml_answer
from infrastructure.local.aws.s3.cors import read_rules
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.listing import Page, list_page, position_of, token_for
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.aws.s3.xml import element, render
from infrastructure.local.http_server import Answer

MAX_KEYS = 1000
_NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def list_buckets(store: ObjectStore, call: Call) -> Answer:  # noqa: ARG001
    """All buckets."""
    nodes = [element("Bucket", Name=name, CreationDate=iso(made)) for name, made in store.buckets()]
    return xml_answer(element("ListAllMyBucketsResult", [element("Buckets", nodes)]))


def create_bucket(store: ObjectStore, call: Call) -> Answer:
    """Make the bucket; making it again is no error, as in us-east-1."""
    if not _NAME.fullmatch(call.bucket):
        raise S3Error("InvalidBucketName", "The specified bucket is not valid.")
    store.create_bucket(call.bucket)
    return Answer(200, [("Location", f"/{call.bucket}")])


def head_bucket(store: ObjectStore, call: Call) -> Answer:
    """Whether the bucket is there."""
    store.require_bucket(call.bucket)
    return Answer(200, [("x-amz-bucket-region", "us-east-1")])


def delete_bucket(store: ObjectStore, call: Call) -> Answer:
    """Delete an empty bucket."""
    store.delete_bucket(call.bucket)
    return Answer(204)


def bucket_location(store: ObjectStore, call: Call) -> Answer:
    """The bucket's region; us-east-1 is written as nothing."""
    store.require_bucket(call.bucket)
    return xml_answer(element("LocationConstraint"))


def list_objects(store: ObjectStore, call: Call) -> Answer:
    """A page of keys, in the second version of the listing or the first."""
    store.require_bucket(call.bucket)
    query = call.query
    second = query.get("list-type") == "2"
    limit = min(call.number("max-keys", MAX_KEYS, low=0, high=2**31 - 1), MAX_KEYS)
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    page = list_page(
        store,
        call.bucket,
        prefix=prefix,
        delimiter=delimiter,
        after=_start(query, second=second),
        limit=limit,
    )
    encode = _key_encoder(query)
    fields: dict[str, object] = {
        "Name": call.bucket,
        "Prefix": encode(prefix),
        "Delimiter": encode(delimiter) if delimiter else None,
        "MaxKeys": limit,
        "EncodingType": query.get("encoding-type"),
        "IsTruncated": page.after is not None,
    }
    fields |= _second_version(query, page) if second else _first_version(query, page, encode)
    nodes = [
        element(
            "Contents",
            Key=encode(row.key),
            LastModified=iso(row.modified),
            ETag=quoted(row.etag),
            Size=row.size,
            StorageClass="STANDARD",
        )
        for row in page.objects
    ]
    nodes += [element("CommonPrefixes", Prefix=encode(common)) for common in page.prefixes]
    return xml_answer(element("ListBucketResult", nodes, **fields))


def _start(query: dict[str, str], *, second: bool) -> str:
    if not second:
        return query.get("marker", "")
    if token := query.get("continuation-token"):
        return position_of(token)
    return query.get("start-after", "")


def _second_version(query: dict[str, str], page: Page) -> dict[str, object]:
    return {
        "KeyCount": page.count,
        "StartAfter": query.get("start-after"),
        "ContinuationToken": query.get("continuation-token"),
        "NextContinuationToken": None if page.after is None else token_for(page.after),
    }


def _first_version(query: dict[str, str], page: Page, encode: _Encode) -> dict[str, object]:
    return {
        "Marker": encode(query.get("marker", "")),
        "NextMarker": None if page.after is None else encode(page.after),
    }


class _Encode:
    """Keys as the client asked for them."""

    def __init__(self, *, url: bool) -> None:
        self._url = url

    def __call__(self, key: str) -> str:
        return quote(key, safe="/") if self._url else key


def _key_encoder(query: dict[str, str]) -> _Encode:
    return _Encode(url=query.get("encoding-type") == "url")


def put_cors(store: ObjectStore, call: Call) -> Answer:
    """Set the bucket's CORS rules."""
    document = render(call.document()).decode().partition("\n")[2]
    read_rules(document)
    store.set_cors(call.bucket, document)
    return Answer(200)


def get_cors(store: ObjectStore, call: Call) -> Answer:
    """The bucket's CORS rules."""
    store.require_bucket(call.bucket)
    rules = store.cors(call.bucket)
    if rules is None:
        raise S3Error("NoSuchCORSConfiguration", "The CORS configuration does not exist")
    return Answer(200, [("Content-Type", "application/xml")], rules.encode())


def delete_cors(store: ObjectStore, call: Call) -> Answer:
    """Take the bucket's CORS rules away."""
    store.set_cors(call.bucket, None)
    return Answer(204)
