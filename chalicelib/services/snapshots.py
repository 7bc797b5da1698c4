"""The stored records of an export, and the files made of them.

Records are JSON lines, gzipped, in numbered parts. They are written once by the export's job; every format
is written from them, so that all files of one export tell of the same moment.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from chalicelib.domain.exports import Export
from chalicelib.domain.formats.contract import (
    ExportContext,
    Format,
    MediaUnavailableError,
    StreamWriter,
)
from chalicelib.domain.formats.registry import joined, write
from chalicelib.domain.snapshots import BlockHash, Record, TreeHasher, record_line
from chalicelib.errors import NotFoundError
from chalicelib.ports.blobs import BlobInfo, BlobStore
from chalicelib.ports.jobs import Alive

UPLOAD_URL = "/data/upload/"
COMPRESSION_LEVEL = 3
BEAT_EVERY_RECORDS = 500
COPY_BYTES = 1 << 20


def write_records(blobs: BlobStore, export: Export, part: int, records: Iterable[Record]) -> list[BlockHash]:
    """Store one part; gives the hashes of its blocks. Storing it again replaces it."""
    hasher = TreeHasher()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=COMPRESSION_LEVEL, mtime=0) as lines:
        for record in records:
            line = record_line(record)
            hasher.add(record, line)
            lines.write(line)
    blobs.put(_records_key(export, part), packed.getvalue(), content_type="application/gzip")
    return hasher.blocks


def read_part(blobs: BlobStore, export: Export, part: int) -> Iterator[Record]:
    """The records of one part."""
    yield from _read(blobs, _records_key(export, part))


def write_part(blobs: BlobStore, export: Export, wanted: Format, part: int, context: ExportContext) -> None:
    """Write one part of a stream file from its records, to be joined later; again replaces it."""
    stream: StreamWriter = wanted.open(context)
    key = f"{export.written_prefix(wanted.id)}{part:06d}"
    writer = blobs.writer(key, content_type=wanted.content_type)
    try:
        for chunk in stream.part(read_part(blobs, export, part)):
            writer.write(chunk)
        writer.close()
    except BaseException:
        writer.abort()
        raise


def join_parts(
    blobs: BlobStore,
    export: Export,
    wanted: Format,
    parts: int,
    context: ExportContext,
    key: str,
    alive: Alive,
) -> tuple[BlobInfo, str]:
    """The whole of a stream file from its written parts; gives the blob and its MD5 (hex)."""

    def written() -> Iterator[Iterator[bytes]]:
        for part in range(1, parts + 1):
            alive()
            yield _bytes_of(blobs, f"{export.written_prefix(wanted.id)}{part:06d}")

    return _stored(blobs, key, wanted, joined(wanted.open(context), written()))


def read_records(blobs: BlobStore, export: Export, alive: Alive = lambda: None) -> Iterator[Record]:
    """Every record in order, in flat memory; gives signs of life on the way."""
    seen = 0
    for info in blobs.keys(export.records_prefix()):
        for record in _read(blobs, info.key):
            seen += 1
            if seen % BEAT_EVERY_RECORDS == 0:
                alive()
            yield record


def write_file(
    blobs: BlobStore, export: Export, wanted: Format, context: ExportContext, key: str, alive: Alive
) -> tuple[BlobInfo, str]:
    """Make the file of one format; gives the blob and its MD5 (hex). The blob appears whole or not at all."""
    return _stored(blobs, key, wanted, write(wanted, lambda: read_records(blobs, export, alive), context))


def _stored(blobs: BlobStore, key: str, wanted: Format, chunks: Iterable[bytes]) -> tuple[BlobInfo, str]:
    digest = hashlib.md5(usedforsecurity=False)
    writer = blobs.writer(key, content_type=wanted.content_type)
    try:
        for chunk in chunks:
            digest.update(chunk)
            writer.write(chunk)
        return writer.close(), digest.hexdigest()
    except BaseException:
        writer.abort()
        raise


def _read(blobs: BlobStore, key: str) -> Iterator[Record]:
    with blobs.open(key) as packed, gzip.GzipFile(fileobj=packed) as lines:
        for line in lines:
            yield json.loads(line)


def _bytes_of(blobs: BlobStore, key: str) -> Iterator[bytes]:
    with blobs.open(key) as stream:
        while chunk := stream.read(COPY_BYTES):
            yield chunk


def _records_key(export: Export, part: int) -> str:
    return f"{export.records_prefix()}{part:06d}.jsonl.gz"


class UploadedMedia:
    """`MediaSource` over the files that were uploaded to this project; other addresses are not fetched."""

    def __init__(self, blobs: BlobStore, project: int) -> None:
        """Only keys below this project's uploads are ever opened, whatever an address says."""
        self._blobs = blobs
        self._prefix = f"upload/{project}/"

    def open(self, url: str) -> tuple[str, BinaryIO]:
        """The file's stored name and its bytes. `MediaUnavailableError` for what is not ours."""
        path = url.split("?", 1)[0]
        start = path.find(UPLOAD_URL)
        key = path[start + len("/data/") :] if start >= 0 else ""
        if not key.startswith(self._prefix) or ".." in key:
            raise MediaUnavailableError("it is not one of the project's uploaded files")
        try:
            return key.rsplit("/", 1)[-1], self._blobs.open(key)
        except NotFoundError as error:
            raise MediaUnavailableError("the uploaded file is gone") from error
