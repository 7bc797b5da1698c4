"""Blobs in S3, reached with one lazily made client; the local stack speaks the same API."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError

from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ports.blobs import BlobInfo, BlobWriter, SignedPart

SINGLE_PUT_LIMIT = 64 * 1024 * 1024
UPLOAD_PART_BYTES = 16 * 1024 * 1024
WRITE_PART_BYTES = 8 * 1024 * 1024
"""S3 asks for at least 5 MiB in every part of a multipart upload but the last."""
MIN_COPY_PART_BYTES = 5 * 1024 * 1024
MAX_PARTS = 10_000
SIGNED_PUT_SECONDS = 6 * 3600
SINGLE = "single"


class S3BlobStore:
    """The blobs of one bucket, below one prefix."""

    def __init__(self, client: Any, bucket: str, *, signer: Any = None) -> None:
        """`client` is a botocore S3 client; it signs with SigV4 (SigV2 URLs break for KMS buckets).

        `signer` makes the URLs that browsers open, where they reach the store under another address.
        """
        self._s3 = client
        self._signer = signer or client
        self._bucket = bucket

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> BlobInfo:
        """Store a small blob whole."""
        answer = self._s3.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)
        return BlobInfo(key, len(data), answer["ETag"].strip('"'), content_type)

    def get(self, key: str) -> bytes:
        """The whole blob; `NotFoundError` when there is none."""
        with self.open(key) as stream:
            return stream.read()

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> BinaryIO:
        """The blob, or its bytes `start … end`, as a stream that retries nothing: read it once."""
        request: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
        if start or end is not None:
            request["Range"] = f"bytes={start}-" if end is None else f"bytes={start}-{end - 1}"
        try:
            body = self._s3.get_object(**request)["Body"]
        except ClientError as error:
            raise _translate(error, key) from error
        return cast(BinaryIO, io.BufferedReader(_BodyReader(body), buffer_size=1 << 18))

    def info(self, key: str) -> BlobInfo | None:
        """Size and tag, or None."""
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _is_absent(error):
                return None
            raise
        return BlobInfo(
            key,
            head["ContentLength"],
            head["ETag"].strip('"'),
            head.get("ContentType", "application/octet-stream"),
            head.get("Metadata", {}),
        )

    def delete(self, keys: Sequence[str]) -> None:
        """Remove blobs, a thousand a request; absent ones are no error."""
        for first in range(0, len(keys), 1000):
            batch = [{"Key": key} for key in keys[first : first + 1000]]
            self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})

    def keys(self, prefix: str) -> Iterator[BlobInfo]:
        """All blobs below the prefix, in key order, read page by page."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", ()):
                yield BlobInfo(entry["Key"], entry["Size"], entry["ETag"].strip('"'))

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> BlobWriter:
        """Write a blob of any size, holding at most one part of 8 MiB."""
        return _S3Writer(self._s3, self._bucket, key, content_type)

    def join(
        self, key: str, parts: Sequence[str], *, content_type: str = "application/octet-stream"
    ) -> BlobInfo:
        """Make one blob of others: S3 copies the large ones itself, small neighbours pass through memory."""
        writer = _S3Writer(self._s3, self._bucket, key, content_type)
        try:
            for part in parts:
                self._append(writer, part)
            return writer.close()
        except BaseException:
            writer.abort()
            raise

    def signed_get(
        self, key: str, *, expires_s: int = 300, filename: str | None = None, content_type: str | None = None
    ) -> str:
        """A URL for reading; the file name is quoted for the header by RFC 6266."""
        request: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
        if filename is not None:
            request["ResponseContentDisposition"] = _attachment(filename)
        if content_type is not None:
            request["ResponseContentType"] = content_type
        return cast(
            str, self._signer.generate_presigned_url("get_object", Params=request, ExpiresIn=expires_s)
        )

    def signed_put(self, key: str, size: int, *, content_type: str) -> tuple[str, Sequence[SignedPart]]:
        """URLs for an upload: one up to 64 MiB, else one for every 16 MiB, at most 10,000."""
        if size <= SINGLE_PUT_LIMIT:
            request = {"Bucket": self._bucket, "Key": key, "ContentType": content_type, "ContentLength": size}
            url = self._signer.generate_presigned_url(
                "put_object", Params=request, ExpiresIn=SIGNED_PUT_SECONDS
            )
            return SINGLE, (SignedPart(1, url, 0, size),)
        upload = self._s3.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)
        handle = upload["UploadId"]
        return handle, tuple(
            SignedPart(number, self._part_url(key, handle, number), offset, length)
            for number, offset, length in _part_places(size)
        )

    def resumed_put(
        self, key: str, handle: str, size: int, *, content_type: str
    ) -> tuple[Sequence[SignedPart], Mapping[int, str]]:
        """What is still to come of an upload; a part that arrived with another size is asked for again.

        A single put has no parts: it is all there, or to be done again.
        """
        if handle == SINGLE:
            found = self.info(key)
            if found is not None and found.size == size:
                return (), {1: found.etag}
            return self.signed_put(key, size, content_type=content_type)[1], {}
        arrived = self._arrived(key, handle)
        missing: list[SignedPart] = []
        known: dict[int, str] = {}
        for number, offset, length in _part_places(size):
            there = arrived.get(number)
            if there is not None and there[0] == length:
                known[number] = there[1]
            else:
                missing.append(SignedPart(number, self._part_url(key, handle, number), offset, length))
        return missing, known

    def _arrived(self, key: str, handle: str) -> dict[int, tuple[int, str]]:
        """Size and tag of each part that is there. `InvalidInputError` for an upload that was given up."""
        found: dict[int, tuple[int, str]] = {}
        marker = 0
        while True:
            try:
                answer = self._s3.list_parts(
                    Bucket=self._bucket, Key=key, UploadId=handle, PartNumberMarker=marker
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchUpload":
                    raise InvalidInputError.at("upload", "This upload is over; begin it again.") from error
                raise
            for part in answer.get("Parts", ()):
                found[part["PartNumber"]] = (part["Size"], part["ETag"])
            if not answer.get("IsTruncated"):
                return found
            marker = answer["NextPartNumberMarker"]

    def complete_put(self, key: str, handle: str, etags: Mapping[int, str]) -> BlobInfo:
        """Put the parts together; a second call finds the blob there and gives it."""
        if handle != SINGLE:
            self._complete_multipart(key, handle, etags)
        found = self.info(key)
        if found is None:
            raise InvalidInputError.at(
                "parts", "No bytes have arrived for this upload; PUT them to its url first."
            )
        return found

    def _complete_multipart(self, key: str, handle: str, etags: Mapping[int, str]) -> None:
        parts = [{"PartNumber": n, "ETag": etag} for n, etag in sorted(etags.items())]
        try:
            self._s3.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=handle, MultipartUpload={"Parts": parts}
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchUpload" and self.info(key) is not None:
                return
            if code in {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "NoSuchUpload", "MalformedXML"}:
                raise InvalidInputError.at("parts", f"The upload cannot be put together: {code}.") from error
            raise

    def _append(self, writer: _S3Writer, key: str) -> None:
        found = self.info(key)
        if found is None:
            raise NotFoundError(f"No blob {key!r}.")
        if found.size >= MIN_COPY_PART_BYTES and writer.is_at_part_border:
            writer.copy(key)
            return
        with self.open(key) as stream:
            while chunk := stream.read(1 << 20):
                writer.write(chunk)

    def _part_url(self, key: str, handle: str, number: int) -> str:
        request = {"Bucket": self._bucket, "Key": key, "UploadId": handle, "PartNumber": number}
        return cast(
            str,
            self._signer.generate_presigned_url("upload_part", Params=request, ExpiresIn=SIGNED_PUT_SECONDS),
        )


class _S3Writer:
    """A blob being written: a single put while small, a multipart upload from the first full part on."""

    def __init__(self, client: Any, bucket: str, key: str, content_type: str) -> None:
        self._s3 = client
        self._bucket = bucket
        self._key = key
        self._type = content_type
        self._buffer = bytearray()
        self._upload: str | None = None
        self._parts: list[dict[str, Any]] = []
        self._size = 0

    @property
    def is_at_part_border(self) -> bool:
        """Whether a copied part may follow: nothing smaller than S3's minimum is waiting."""
        return not self._buffer or len(self._buffer) >= MIN_COPY_PART_BYTES

    def write(self, data: bytes) -> int:
        """Append; sends a part whenever one is full."""
        self._buffer += data
        while len(self._buffer) >= WRITE_PART_BYTES:
            self._send(WRITE_PART_BYTES)
        return len(data)

    def copy(self, source: str) -> None:
        """Append another blob of the bucket (at least 5 MiB, at most 5 GiB) without reading it."""
        if self._buffer:
            self._send(len(self._buffer))
        answer = self._s3.upload_part_copy(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._begun(),
            PartNumber=len(self._parts) + 1,
            CopySource={"Bucket": self._bucket, "Key": source},
        )
        self._parts.append({"PartNumber": len(self._parts) + 1, "ETag": answer["CopyPartResult"]["ETag"]})

    def close(self) -> BlobInfo:
        """Finish; only now can readers see the blob."""
        if self._upload is None:
            request = {"Bucket": self._bucket, "Key": self._key, "ContentType": self._type}
            answer = self._s3.put_object(Body=bytes(self._buffer), **request)
            return BlobInfo(self._key, len(self._buffer), answer["ETag"].strip('"'), self._type)
        if self._buffer:
            self._send(len(self._buffer))
        answer = self._s3.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
        )
        head = self._s3.head_object(Bucket=self._bucket, Key=self._key)
        return BlobInfo(self._key, head["ContentLength"], answer["ETag"].strip('"'), self._type)

    def abort(self) -> None:
        """Forget all that was written."""
        if self._upload is not None:
            self._s3.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._upload)
        self._buffer.clear()

    def _begun(self) -> str:
        if self._upload is None:
            answer = self._s3.create_multipart_upload(
                Bucket=self._bucket, Key=self._key, ContentType=self._type
            )
            self._upload = answer["UploadId"]
        return self._upload

    def _send(self, size: int) -> None:
        number = len(self._parts) + 1
        body = bytes(self._buffer[:size])
        answer = self._s3.upload_part(
            Bucket=self._bucket, Key=self._key, UploadId=self._begun(), PartNumber=number, Body=body
        )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        del self._buffer[:size]


class _BodyReader(io.RawIOBase):
    """botocore's streaming body as a raw stream, so that the standard readers can wrap it."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


def _part_places(size: int) -> Iterator[tuple[int, int, int]]:
    """Number, offset and length of each part of an upload of that size."""
    step = max(UPLOAD_PART_BYTES, -(-size // MAX_PARTS))
    for number, offset in enumerate(range(0, size, step), start=1):
        yield number, offset, min(step, size - offset)


def _attachment(filename: str) -> str:
    from urllib.parse import quote

    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _is_absent(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in {"NoSuchKey", "404", "NotFound"}


def _translate(error: ClientError, key: str) -> Exception:
    return NotFoundError(f"No blob {key!r}.") if _is_absent(error) else error
