"""Where finished exports may be put beside our own store: places that the operator has named.

The functions' own role and keys write there, so only what `SKYLABEL_EXPORT_TARGETS` lists can be named;
nobody hands us keys over the API.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from chalicelib.errors import InvalidInputError
from chalicelib.ports.blobs import BlobStore
from chalicelib.storage.blobs import S3BlobStore

COPY_BYTES = 1 << 20


class OutsideStore(Protocol):
    """One kind of store, under a scheme of its own."""

    def put(self, container: str, name: str, stream: BinaryIO, *, content_type: str) -> None:
        """Write all of the stream under that name, whole or not at all. Again replaces it."""


class NamedTargets:
    """`ExportTargets` over every kind of store that there is an adapter for."""

    def __init__(self, allowed: Sequence[str], stores: Mapping[str, Callable[[], OutsideStore]]) -> None:
        """`allowed` are addresses; whatever lies below one may be named. `stores` by scheme, made late."""
        self._stores = stores
        self._allowed = [self._parts(address) for address in allowed]

    def check(self, address: str) -> None:
        """`InvalidInputError` unless the address lies below one that is allowed."""
        scheme, container, path = self._parts(address)
        for *known, prefix in self._allowed:
            inside = not prefix or path == prefix or path.startswith(f"{prefix}/")
            if known == [scheme, container] and inside:
                return
        message = "Exports cannot be put there; SKYLABEL_EXPORT_TARGETS says where they can."
        raise InvalidInputError.at("destination", message)

    def put(self, address: str, name: str, blobs: BlobStore, key: str, *, content_type: str) -> str:
        """Copy a blob there under that name, whole or not at all; gives its address. Again replaces it."""
        self.check(address)
        scheme, container, path = self._parts(address)
        target = f"{path}/{name}" if path else name
        with blobs.open(key) as stream:
            self._stores[scheme]().put(container, target, stream, content_type=content_type)
        return f"{scheme}://{container}/{target}"

    def _parts(self, address: str) -> tuple[str, str, str]:
        parts = urlsplit(address)
        path = parts.path.strip("/")
        steps = path.split("/") if path else []
        if parts.scheme not in self._stores or not parts.netloc:
            known = ", ".join(f"{scheme}://container/folder" for scheme in sorted(self._stores))
            raise InvalidInputError.at("destination", f"A destination is an address like {known}.")
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise InvalidInputError.at("destination", "A destination has no query and no user in it.")
        if any(step in {"", ".", ".."} for step in steps):
            raise InvalidInputError.at("destination", "The folders of a destination have plain names.")
        return parts.scheme, parts.netloc, path


class S3Target:
    """Buckets that the functions' role may write to."""

    def __init__(self, client: Any) -> None:
        self._s3 = client

    def put(self, container: str, name: str, stream: BinaryIO, *, content_type: str) -> None:
        """A multipart upload, which nobody sees before its end."""
        writer = S3BlobStore(self._s3, container).writer(name, content_type=content_type)
        try:
            while chunk := stream.read(COPY_BYTES):
                writer.write(chunk)
            writer.close()
        except BaseException:
            writer.abort()
            raise
