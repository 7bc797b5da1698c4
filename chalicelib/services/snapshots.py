"""The stored records of an export, and the files made of them.

Records are JSON lines, gzipped, in numbered parts. They are written once by the export's job; every format
is written from them, so that all files of one export tell of the same moment.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from chalicelib.domain.exports import Export
from chalicelib.domain.formats.contract import (
    ExportContext,
    Format,
    MediaUnavailableError,
)
from chalicelib.domain.formats.registry import write
from chalicelib.errors import NotFoundError
from chalicelib.ports import Alive, BlobInfo, BlobStore

UPLOAD_URL = "/data/upload/"
COMPRESSION_LEVEL = 3
BEAT_EVERY_RECORDS = 500


def write_records(blobs: BlobStore, export: Export, part: int, records: Iterable[Mapping[str, Any]]) -> int:
    """Store one part; gives the number of records. Storing it again replaces it."""
    count = 0
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=COMPRESSION_LEVEL, mtime=0) as lines:
        for record in records:
            lines.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
            count += 1
    blobs.put(
        f"{export.records_prefix()}{part:06d}.jsonl.gz", packed.getvalue(), content_type="application/gzip"
    )
    return count


def read_records(blobs: BlobStore, export: Export, alive: Alive) -> Iterator[Mapping[str, Any]]:
    """Every record in order, in flat memory; gives signs of life on the way."""
    seen = 0
    for info in blobs.keys(export.records_prefix()):
        with blobs.open(info.key) as packed, gzip.GzipFile(fileobj=packed) as lines:
            for line in lines:
                seen += 1
                if seen % BEAT_EVERY_RECORDS == 0:
                    alive()
                yield json.loads(line)


def write_file(
    blobs: BlobStore, export: Export, wanted: Format, context: ExportContext, key: str, alive: Alive
) -> tuple[BlobInfo, str]:
    """Make the file of one format; gives the blob and its MD5 (hex). The blob appears whole or not at all."""
    digest = hashlib.md5(usedforsecurity=False)
    writer = blobs.writer(key, content_type=wanted.content_type)
    try:
        for chunk in write(wanted, lambda: read_records(blobs, export, alive), context):
            digest.update(chunk)
            writer.write(chunk)
        return writer.close(), digest.hexdigest()
    except BaseException:
        writer.abort()
        raise


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
