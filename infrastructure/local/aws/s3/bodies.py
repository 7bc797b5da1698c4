"""The body of an upload: unwrapped from aws-chunked, and proved to be what was signed and summed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from typing import Protocol

from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.sigv4 import UNSIGNED, Signed, chunk_signature
from infrastructure.local.http_server import COPY_BYTES, BadBodyError, BodyStream, Request

_STREAMING = "STREAMING-"
_SIGNED_CHUNKS = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
_MAX_CHUNK = 16 * 1024 * 1024
_CHECKSUM_HEADERS = ("crc32", "crc32c", "crc64nvme", "sha1", "sha256")


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


def _checksum(name: str) -> _Digest:
    if name == "crc32":
        return _Crc32()
    if name in ("sha1", "sha256"):
        return hashlib.new(name, usedforsecurity=False)
    raise S3Error("NotImplemented", f"The local S3 cannot check {name} checksums; use CRC32, SHA1 or SHA256.")


class CheckedBody:
    """Reads a request's body; at its end everything that was promised about it has been checked.

    `checksums` then holds the `x-amz-checksum-*` values, in base64, as they are stored.
    """

    def __init__(self, request: Request, signed: Signed) -> None:
        self._source = _unwrapped(request, signed)
        self._expected = _promised(request, signed)
        self._trailer = request.header("x-amz-trailer").strip().lower()
        names = [name for name in self._expected if name in _CHECKSUM_HEADERS]
        if self._trailer.startswith("x-amz-checksum-"):
            names.append(self._trailer.removeprefix("x-amz-checksum-"))
        self._sums = {name: _checksum(name) for name in names}
        if "md5" in self._expected:
            self._sums["md5"] = hashlib.md5(usedforsecurity=False)
        if "payload" in self._expected:
            self._sums["payload"] = hashlib.sha256()
        self.checksums: dict[str, str] = {}
        self._done = False

    def read(self, size: int, /) -> bytes:
        """The next bytes; at the end raises `S3Error` when the body is not what was promised."""
        try:
            chunk = self._source.read(size)
        except BadBodyError as error:
            raise S3Error("IncompleteBody", str(error)) from error
        for digest in self._sums.values():
            digest.update(chunk)
        if not chunk and not self._done:
            self._done = True
            self._check()
        return chunk

    def read_all(self, limit: int) -> bytes:
        """The whole body of a request that carries a document."""
        parts, total = [], 0
        while chunk := self.read(COPY_BYTES):
            total += len(chunk)
            if total > limit:
                raise S3Error("EntityTooLarge", f"The document is longer than {limit} bytes.")
            parts.append(chunk)
        return b"".join(parts)

    def _check(self) -> None:
        if isinstance(self._source, _AwsChunked) and self._trailer:
            value = self._source.trailers.get(self._trailer)
            if value is None:
                raise S3Error("InvalidRequest", f"The trailer {self._trailer} was not sent.")
            self._expected[self._trailer.removeprefix("x-amz-checksum-")] = value
        for name, expected in self._expected.items():
            if name not in self._sums:
                continue
            digest = self._sums[name].digest()
            actual = digest.hex() if name == "payload" else base64.b64encode(digest).decode()
            if not hmac.compare_digest(actual, expected):
                raise _mismatch(name)
        self.checksums = {name: self._expected[name] for name in self._expected if name in _CHECKSUM_HEADERS}


def _mismatch(name: str) -> S3Error:
    if name == "payload":
        return S3Error(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' does not match what was computed.",
        )
    label = "Content-MD5" if name == "md5" else name.upper()
    return S3Error("BadDigest", f"The {label} you specified did not match the calculated checksum.")


def _promised(request: Request, signed: Signed) -> dict[str, str]:
    promised = {}
    for name in _CHECKSUM_HEADERS:
        value = request.header(f"x-amz-checksum-{name}")
        if value:
            promised[name] = value
    if md5 := request.header("Content-MD5"):
        promised["md5"] = md5
    if signed.payload_hash != UNSIGNED and not signed.payload_hash.startswith(_STREAMING):
        promised["payload"] = signed.payload_hash
    return promised


def _unwrapped(request: Request, signed: Signed) -> BodyStream:
    if not signed.payload_hash.startswith(_STREAMING):
        return request.body
    length = request.header("x-amz-decoded-content-length")
    if not length.isdigit():
        raise S3Error("InvalidRequest", "A streaming upload must say x-amz-decoded-content-length.")
    return _AwsChunked(request.body, int(length), signed)


class _AwsChunked:
    """The inside of an aws-chunked body, its chunk signatures checked where there are any."""

    def __init__(self, source: BodyStream, length: int, signed: Signed) -> None:
        self._lines = _Buffered(source)
        self._left = length
        self._signed = signed
        self._checks_chunks = signed.payload_hash in _SIGNED_CHUNKS
        self._previous = signed.signature
        self._pending = b""
        self._ended = False
        self.trailers: dict[str, str] = {}

    def read(self, size: int, /) -> bytes:
        if not self._pending and not self._ended:
            self._pending = self._next_chunk()
        data, self._pending = self._pending[:size], self._pending[size:]
        return data

    def _next_chunk(self) -> bytes:
        head = self._lines.line().decode("latin-1")
        length_text, _, extension = head.partition(";")
        try:
            length = int(length_text.strip(), 16)
        except ValueError as error:
            raise BadBodyError("an aws-chunked chunk has no length") from error
        if not 0 <= length <= _MAX_CHUNK:
            raise BadBodyError("an aws-chunked chunk is too long")
        data = self._lines.exactly(length)
        if self._checks_chunks:
            self._check_signature(extension, data)
        if length:
            self._lines.line()
            self._left -= length
            return data
        self._end()
        return b""

    def _check_signature(self, extension: str, data: bytes) -> None:
        given = extension.strip().removeprefix("chunk-signature=")
        expected = chunk_signature(self._signed, self._previous, data)
        if not hmac.compare_digest(expected, given):
            raise S3Error("SignatureDoesNotMatch", "The signature of a chunk does not match.")
        self._previous = expected

    def _end(self) -> None:
        self._ended = True
        if self._left:
            raise BadBodyError("the body does not have its x-amz-decoded-content-length")
        while line := self._lines.line():
            name, _, value = line.decode("latin-1").partition(":")
            self.trailers[name.strip().lower()] = value.strip()


class _Buffered:
    """Lines and exact lengths from a body."""

    def __init__(self, source: BodyStream) -> None:
        self._source = source
        self._buffer = b""

    def line(self) -> bytes:
        """Up to the next CRLF, without it; empty at the end."""
        while b"\r\n" not in self._buffer:
            more = self._source.read(COPY_BYTES)
            if not more:
                line, self._buffer = self._buffer, b""
                return line
            self._buffer += more
            if len(self._buffer) > COPY_BYTES + 8192:
                raise BadBodyError("a line of the body is too long")
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def exactly(self, length: int) -> bytes:
        """So many bytes."""
        parts = [self._buffer[:length]]
        self._buffer = self._buffer[length:]
        missing = length - len(parts[0])
        while missing:
            chunk = self._source.read(min(missing, COPY_BYTES))
            if not chunk:
                raise BadBodyError("the body ends inside a chunk")
            parts.append(chunk)
            missing -= len(chunk)
        return b"".join(parts)
