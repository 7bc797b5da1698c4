"""Requests about multipart uploads."""

from __future__ import annotations

from infrastructure.local.aws.s3.call import Call, iso, quoted, xml_answer
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.multipart import MAX_PART_NUMBER, Multipart
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.aws.s3.writing import condition_of, copy_source, require_key
from infrastructure.local.aws.s3.xml import element, text_of
from infrastructure.local.http_server import Answer


def create_upload(store: ObjectStore, call: Call) -> Answer:
    """Begin an upload in parts."""
    require_key(call.key)
    upload = Multipart(store).create(call.bucket, call.key, call.kept_headers())
    return xml_answer(
        element("InitiateMultipartUploadResult", Bucket=call.bucket, Key=call.key, UploadId=upload)
    )


def upload_part(store: ObjectStore, call: Call) -> Answer:
    """Store the body as a part."""
    uploads, upload, number = Multipart(store), call.query["uploadId"], _number(call)
    uploads.require(call.bucket, call.key, upload)
    content = store.contents.write(call.body)
    part = uploads.put_part(call.bucket, call.key, upload, number=number, content=content)
    sums = [(f"x-amz-checksum-{name}", value) for name, value in call.body.checksums.items()]
    return Answer(200, [("ETag", quoted(part.etag)), *sums])


def copy_part(store: ObjectStore, call: Call) -> Answer:
    """Store a range of another object as a part."""
    uploads, upload, number = Multipart(store), call.query["uploadId"], _number(call)
    uploads.require(call.bucket, call.key, upload)
    _, content = copy_source(store, call, span=call.request.header("x-amz-copy-source-range"))
    part = uploads.put_part(call.bucket, call.key, upload, number=number, content=content)
    return xml_answer(element("CopyPartResult", LastModified=iso(part.modified), ETag=quoted(part.etag)))


def complete_upload(store: ObjectStore, call: Call) -> Answer:
    """Make the object of its parts."""
    document = call.document()
    try:
        wanted = [
            (int(text_of(node, "PartNumber") or ""), text_of(node, "ETag") or "")
            for node in document.findall("Part")
        ]
    except ValueError as error:
        raise S3Error("MalformedXML", "A part has no number.") from error
    stored = Multipart(store).complete(
        call.bucket, call.key, call.query["uploadId"], wanted=wanted, condition=condition_of(call.request)
    )
    return xml_answer(
        element(
            "CompleteMultipartUploadResult",
            Location=f"http://{call.request.header('Host')}{call.request.path}",
            Bucket=call.bucket,
            Key=call.key,
            ETag=quoted(stored.etag),
        )
    )


def abort_upload(store: ObjectStore, call: Call) -> Answer:
    """Give an upload up."""
    Multipart(store).abort(call.bucket, call.key, call.query["uploadId"])
    return Answer(204)


def list_parts(store: ObjectStore, call: Call) -> Answer:
    """A page of an upload's parts."""
    upload = call.query["uploadId"]
    after = call.number("part-number-marker", 0, low=0, high=MAX_PART_NUMBER)
    limit = min(call.number("max-parts", 1000, low=1, high=2**31 - 1), 1000)
    parts = [p for p in Multipart(store).parts(call.bucket, call.key, upload) if p.number > after]
    page = parts[:limit]
    nodes = [
        element(
            "Part",
            PartNumber=part.number,
            LastModified=iso(part.modified),
            ETag=quoted(part.etag),
            Size=part.size,
        )
        for part in page
    ]
    return xml_answer(
        element(
            "ListPartsResult",
            nodes,
            Bucket=call.bucket,
            Key=call.key,
            UploadId=upload,
            PartNumberMarker=after,
            NextPartNumberMarker=page[-1].number if page else 0,
            MaxParts=limit,
            IsTruncated=len(parts) > limit,
        )
    )


def list_uploads(store: ObjectStore, call: Call) -> Answer:
    """The bucket's unfinished uploads under a prefix, all on one page."""
    nodes = [
        element("Upload", Key=upload.key, UploadId=upload.id, Initiated=iso(upload.initiated))
        for upload in Multipart(store).uploads(call.bucket, call.query.get("prefix", ""))
    ]
    return xml_answer(
        element("ListMultipartUploadsResult", nodes, Bucket=call.bucket, MaxUploads=1000, IsTruncated=False)
    )


def _number(call: Call) -> int:
    return call.number("partNumber", 0, low=1, high=MAX_PART_NUMBER)
