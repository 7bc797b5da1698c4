"""Where finished exports may be put beside our own store: S3 buckets that the operator has named.

The functions' own role writes there, so only what `SKYLABEL_EXPORT_TARGETS` lists can be named; nobody hands
us keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from chalicelib.errors import InvalidInputError
from chalicelib.ports import BlobStore
from chalicelib.storage.blobs import S3BlobStore

COPY_BYTES = 1 << 20


class S3ExportTargets:
    """`ExportTargets` over S3; other stores get an adapter of their own behind the same port."""

    def __init__(self, client: Any, allowed: Sequence[str]) -> None:
        """`allowed` are `s3://bucket/prefix` addresses; whatever lies below one may be named."""
        self._s3 = client
        self._allowed = [_parts(address) for address in allowed]

    def check(self, address: str) -> None:
        """`InvalidInputError` unless the address lies below one that is allowed."""
        bucket, path = _parts(address)
        for known, prefix in self._allowed:
            if bucket == known and (not prefix or path == prefix or path.startswith(f"{prefix}/")):
                return
        message = "Exports cannot be put there; SKYLABEL_EXPORT_TARGETS says where they can."
        raise InvalidInputError.at("destination", message)

    def put(self, address: str, name: str, blobs: BlobStore, key: str, *, content_type: str) -> str:
        """Copy a blob there under that name, whole or not at all; gives its address. Again replaces it."""
        self.check(address)
        bucket, path = _parts(address)
        target = f"{path}/{name}" if path else name
        writer = S3BlobStore(self._s3, bucket).writer(target, content_type=content_type)
        try:
            with blobs.open(key) as stream:
                while chunk := stream.read(COPY_BYTES):
                    writer.write(chunk)
            writer.close()
        except BaseException:
            writer.abort()
            raise
        return f"s3://{bucket}/{target}"


def _parts(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    path = parts.path.strip("/")
    steps = path.split("/") if path else []
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
        raise InvalidInputError.at("destination", "A destination is an address like s3://bucket/folder.")
    if any(step in {"", ".", ".."} for step in steps):
        raise InvalidInputError.at("destination", "The folders of a destination have plain names.")
    return parts.netloc, path
