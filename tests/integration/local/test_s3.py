"""What S3 promises, asked of our engine and of moto through unmodified boto3.

Known differences, each in a test of our engine alone (`test_s3_engine.py`): moto serves expired and
tampered presigned URLs, refuses every browser preflight, and accepts form uploads past their policy.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from botocore.exceptions import ClientError

MIB = 1024 * 1024


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def keys(answer: Any) -> list[str]:
    return [row["Key"] for row in answer.get("Contents", [])]


@pytest.mark.parametrize("body", [b"", b"x", b"\x00\xff" * 300_000], ids=["empty", "one byte", "600 kB"])
def test_an_object_comes_back_as_it_was_put(s3: Any, body: bytes) -> None:
    put = s3.put_object(
        Bucket="media",
        Key="a/b ü+%25.bin",
        Body=body,
        ContentType="image/png",
        ContentDisposition='attachment; filename="x.png"',
        ContentEncoding="gzip",
        CacheControl="no-store",
        Metadata={"source": "camera 1"},
    )

    got = s3.get_object(Bucket="media", Key="a/b ü+%25.bin")

    assert got["Body"].read() == body
    assert put["ETag"] == got["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert got["ContentLength"] == len(body)
    assert got["ContentType"] == "image/png"
    assert got["ContentDisposition"] == 'attachment; filename="x.png"'
    assert got["ContentEncoding"] == "gzip"
    assert got["CacheControl"] == "no-store"
    assert got["Metadata"] == {"source": "camera 1"}


def test_a_file_is_uploaded_and_downloaded_as_a_stream(s3: Any) -> None:
    content = bytes(range(256)) * 100_000
    s3.upload_fileobj(io.BytesIO(content), "media", "big")

    target = io.BytesIO()
    s3.download_fileobj("media", "big", target)

    assert target.getvalue() == content


def test_head_tells_size_and_type_without_a_body(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"12345", ContentType="text/plain")

    head = s3.head_object(Bucket="media", Key="k")

    assert (head["ContentLength"], head["ContentType"]) == (5, "text/plain")


@pytest.mark.parametrize(
    ("span", "expected", "content_range"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=3-5", b"345", "bytes 3-5/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_gives_its_bytes(s3: Any, span: str, expected: bytes, content_range: str) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"0123456789")

    got = s3.get_object(Bucket="media", Key="k", Range=span)

    assert got["Body"].read() == expected
    assert got["ContentRange"] == content_range
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_behind_the_end_is_refused(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"0123456789")

    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket="media", Key="k", Range="bytes=10-")

    assert code_of(error) == "InvalidRange"


def test_if_none_match_star_writes_only_what_is_new(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"first", IfNoneMatch="*")

    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="media", Key="k", Body=b"second", IfNoneMatch="*")

    assert code_of(error) == "PreconditionFailed"
    assert s3.get_object(Bucket="media", Key="k")["Body"].read() == b"first"


def test_if_match_writes_only_over_the_version_that_was_read(s3: Any) -> None:
    etag = s3.put_object(Bucket="media", Key="k", Body=b"first")["ETag"]
    s3.put_object(Bucket="media", Key="k", Body=b"second", IfMatch=etag)

    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="media", Key="k", Body=b"third", IfMatch=etag)

    assert code_of(error) == "PreconditionFailed"


def test_conditional_reads(s3: Any) -> None:
    etag = s3.put_object(Bucket="media", Key="k", Body=b"x")["ETag"]

    with pytest.raises(ClientError) as unchanged:
        s3.get_object(Bucket="media", Key="k", IfNoneMatch=etag)
    with pytest.raises(ClientError) as changed:
        s3.get_object(Bucket="media", Key="k", IfMatch='"other"')

    assert unchanged.value.response["ResponseMetadata"]["HTTPStatusCode"] == 304
    assert changed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


def test_missing_things_are_named(s3: Any) -> None:
    with pytest.raises(ClientError) as no_key:
        s3.get_object(Bucket="media", Key="none")
    with pytest.raises(ClientError) as no_bucket:
        s3.get_object(Bucket="nothing-here", Key="none")
    with pytest.raises(ClientError) as no_head:
        s3.head_object(Bucket="media", Key="none")

    assert (code_of(no_key), code_of(no_bucket), code_of(no_head)) == ("NoSuchKey", "NoSuchBucket", "404")


def test_deletes_are_idempotent(s3: Any) -> None:
    for key in ("a", "b", "c"):
        s3.put_object(Bucket="media", Key=key, Body=b"x")

    s3.delete_object(Bucket="media", Key="a")
    s3.delete_object(Bucket="media", Key="a")
    done = s3.delete_objects(Bucket="media", Delete={"Objects": [{"Key": "b"}, {"Key": "never"}]})

    assert sorted(row["Key"] for row in done["Deleted"]) == ["b", "never"]
    assert keys(s3.list_objects_v2(Bucket="media")) == ["c"]


def test_a_listing_is_in_byte_order_and_under_its_prefix(s3: Any) -> None:
    for key in ("b/2", "a", "b/10", "é", "c", "Z", "b/ü 1"):
        s3.put_object(Bucket="media", Key=key, Body=b"x")

    everything = keys(s3.list_objects_v2(Bucket="media"))
    under = keys(s3.list_objects_v2(Bucket="media", Prefix="b/"))
    after = keys(s3.list_objects_v2(Bucket="media", StartAfter="b/2"))

    assert everything == ["Z", "a", "b/10", "b/2", "b/ü 1", "c", "é"]
    assert under == ["b/10", "b/2", "b/ü 1"]
    assert after == ["b/ü 1", "c", "é"]


def test_a_delimiter_folds_folders(s3: Any) -> None:
    for key in ("a/1", "a/2", "b/x/1", "b/y", "top"):
        s3.put_object(Bucket="media", Key=key, Body=b"x")

    top = s3.list_objects_v2(Bucket="media", Delimiter="/")
    inner = s3.list_objects_v2(Bucket="media", Delimiter="/", Prefix="b/")

    assert (keys(top), [p["Prefix"] for p in top["CommonPrefixes"]]) == (["top"], ["a/", "b/"])
    assert (keys(inner), [p["Prefix"] for p in inner["CommonPrefixes"]]) == (["b/y"], ["b/x/"])


@pytest.mark.parametrize("page_size", [1, 2, 3, 7])
@pytest.mark.parametrize("delimiter", ["", "/"])
def test_pages_give_every_key_once(s3: Any, page_size: int, delimiter: str) -> None:
    for key in ("a/1", "a/2", "b", "c/1", "c/2", "c/3", "d"):
        s3.put_object(Bucket="media", Key=key, Body=b"x")

    seen: list[str] = []
    for page in s3.get_paginator("list_objects_v2").paginate(
        Bucket="media", Delimiter=delimiter, PaginationConfig={"PageSize": page_size}
    ):
        assert page["KeyCount"] <= page_size
        seen += keys(page) + [p["Prefix"] for p in page.get("CommonPrefixes", [])]

    flat = ["a/1", "a/2", "b", "c/1", "c/2", "c/3", "d"]
    assert sorted(seen) == (["a/", "b", "c/", "d"] if delimiter else flat)


def test_a_copy_keeps_or_replaces_the_headers(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="from ü", Body=b"x", ContentType="image/png", Metadata={"a": "1"})

    s3.copy_object(Bucket="media", Key="kept", CopySource={"Bucket": "media", "Key": "from ü"})
    s3.copy_object(
        Bucket="media",
        Key="replaced",
        CopySource={"Bucket": "media", "Key": "from ü"},
        MetadataDirective="REPLACE",
        ContentType="image/jpeg",
    )

    kept, replaced = (s3.get_object(Bucket="media", Key=key) for key in ("kept", "replaced"))
    assert (kept["Body"].read(), kept["ContentType"], kept["Metadata"]) == (b"x", "image/png", {"a": "1"})
    assert (replaced["Body"].read(), replaced["ContentType"]) == (b"x", "image/jpeg")
    assert replaced["Metadata"] == {}


def test_parts_become_one_object(s3: Any) -> None:
    first, second = b"a" * (5 * MIB), b"bc" * 1000
    s3.put_object(Bucket="media", Key="source", Body=b"0123456789")
    upload = s3.create_multipart_upload(
        Bucket="media", Key="joined", ContentType="text/csv", Metadata={"m": "1"}
    )["UploadId"]
    address = {"Bucket": "media", "Key": "joined", "UploadId": upload}
    s3.upload_part(**address, PartNumber=2, Body=b"replaced later")
    etags = [
        s3.upload_part(**address, PartNumber=number, Body=body)["ETag"]
        for number, body in ((1, first), (2, first), (7, second))
    ]
    etags.append(
        s3.upload_part_copy(**address, PartNumber=9, CopySource="media/source", CopySourceRange="bytes=2-4")[
            "CopyPartResult"
        ]["ETag"]
    )

    assert [p["PartNumber"] for p in s3.list_parts(**address)["Parts"]] == [1, 2, 7, 9]
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket="media")["Uploads"]] == [upload]
    # part 7 is small, so it must be the last: 9 is left out
    done = s3.complete_multipart_upload(
        **address,
        MultipartUpload={
            "Parts": [{"PartNumber": n, "ETag": e} for n, e in zip((1, 2, 7), etags, strict=False)]
        },
    )

    got = s3.get_object(Bucket="media", Key="joined")
    digests = b"".join(hashlib.md5(body).digest() for body in (first, first, second))
    assert got["Body"].read() == first + first + second
    assert done["ETag"] == got["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-3"'
    assert (got["ContentType"], got["Metadata"]) == ("text/csv", {"m": "1"})
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="media")


def test_a_small_part_in_the_middle_is_refused(s3: Any) -> None:
    upload = s3.create_multipart_upload(Bucket="media", Key="k")["UploadId"]
    address = {"Bucket": "media", "Key": "k", "UploadId": upload}
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(**address, PartNumber=n, Body=b"small")["ETag"]}
        for n in (1, 2)
    ]

    with pytest.raises(ClientError) as error:
        s3.complete_multipart_upload(**address, MultipartUpload={"Parts": parts})

    assert code_of(error) == "EntityTooSmall"


def test_an_aborted_upload_is_gone(s3: Any) -> None:
    upload = s3.create_multipart_upload(Bucket="media", Key="k")["UploadId"]
    address = {"Bucket": "media", "Key": "k", "UploadId": upload}
    s3.upload_part(**address, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(**address)

    with pytest.raises(ClientError) as error:
        s3.list_parts(**address)

    assert code_of(error) == "NoSuchUpload"


def test_buckets_are_made_listed_and_deleted_when_empty(s3: Any) -> None:
    s3.create_bucket(Bucket="second")
    s3.put_object(Bucket="media", Key="k", Body=b"x")

    with pytest.raises(ClientError) as full:
        s3.delete_bucket(Bucket="media")
    s3.delete_bucket(Bucket="second")

    assert code_of(full) == "BucketNotEmpty"
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["media"]
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket="second")


def test_cors_rules_are_kept(s3: Any) -> None:
    rules = [
        {
            "AllowedOrigins": ["http://localhost:8080"],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 60,
        }
    ]
    s3.put_bucket_cors(Bucket="media", CORSConfiguration={"CORSRules": rules})

    assert s3.get_bucket_cors(Bucket="media")["CORSRules"] == rules


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_kept_and_given_back(s3: Any, algorithm: str) -> None:
    put = s3.put_object(Bucket="media", Key="k", Body=b"hello", ChecksumAlgorithm=algorithm)

    got = s3.get_object(Bucket="media", Key="k", ChecksumMode="ENABLED")

    assert put[f"Checksum{algorithm}"] == got[f"Checksum{algorithm}"]
    assert got["Body"].read() == b"hello"
