"""Uploads in parts: kept in the index until they are completed or given up."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from infrastructure.local.aws.s3.contents import Content
from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.store import (
    ObjectStore,
    StoredObject,
    WriteCondition,
    insert_object,
    past,
    require_bucket,
)

MIN_PART_BYTES = 5 * 1024 * 1024
MAX_PART_NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """One uploaded part; `modified` in Unix seconds."""

    number: int
    content: str
    size: int
    etag: str
    modified: float


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that has begun."""

    id: str
    bucket: str
    key: str
    initiated: float
    headers: Mapping[str, str]


class Multipart:
    """The multipart uploads of a store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def create(self, bucket: str, key: str, headers: Mapping[str, str]) -> str:
        """Begin an upload; gives its id."""
        upload = secrets.token_urlsafe(32)
        with self._store.index.write() as db:
            require_bucket(db, bucket)
            db.execute(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, ?)",
                (upload, bucket, key, time.time(), json.dumps(dict(headers))),
            )
        return upload

    def require(self, bucket: str, key: str, upload: str) -> Upload:
        """The upload. Raises NoSuchUpload."""
        with self._store.index.read() as db:
            return _require(db, bucket, key, upload)

    def put_part(self, bucket: str, key: str, upload: str, *, number: int, content: Content) -> Part:
        """Keep the part, in place of an earlier one of its number."""
        part = Part(number, content.name, content.size, content.md5, time.time())
        try:
            with self._store.index.write() as db:
                _require(db, bucket, key, upload)
                old = db.execute(
                    "SELECT content FROM parts WHERE upload = ? AND number = ?", (upload, number)
                ).fetchone()
                db.execute(
                    "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?)",
                    (upload, number, part.content, part.size, part.etag, part.modified),
                )
        except BaseException:
            self._store.contents.delete([content.name])
            raise
        self._store.contents.delete([old["content"]] if old else [])
        return part

    def parts(self, bucket: str, key: str, upload: str) -> list[Part]:
        """The parts so far, by number."""
        with self._store.index.read() as db:
            _require(db, bucket, key, upload)
            return _parts(db, upload)

    def complete(
        self,
        bucket: str,
        key: str,
        upload: str,
        *,
        wanted: Sequence[tuple[int, str]],
        condition: WriteCondition,
    ) -> StoredObject:
        """Make one object of the wanted parts (number, etag), and forget the upload."""
        begun = self.require(bucket, key, upload)
        known = {part.number: part for part in self.parts(bucket, key, upload)}
        chosen = _chosen(wanted, known)
        digests = b"".join(bytes.fromhex(part.etag) for part in chosen)
        etag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(chosen)}"
        try:
            content = self._store.contents.join(part.content for part in chosen)
        except FileNotFoundError as error:
            raise S3Error("InvalidPart", "A part was replaced while the upload was completed.") from error
        stored = StoredObject(bucket, key, content.name, content.size, etag, time.time(), begun.headers)
        try:
            with self._store.index.write() as db:
                _require(db, bucket, key, upload)
                replaced = insert_object(db, stored, condition) + _forget(db, upload)
        except BaseException:
            self._store.contents.delete([content.name])
            raise
        self._store.contents.delete(replaced)
        return stored

    def abort(self, bucket: str, key: str, upload: str) -> None:
        """Give the upload up and free what it held."""
        with self._store.index.write() as db:
            _require(db, bucket, key, upload)
            contents = _forget(db, upload)
        self._store.contents.delete(contents)

    def expire(self, bucket: str, *, before: float) -> int:
        """Give up the uploads that were begun before then; gives how many."""
        old = [upload for upload in self.uploads(bucket, "") if upload.initiated < before]
        for upload in old:
            self.abort(bucket, upload.key, upload.id)
        return len(old)

    def uploads(self, bucket: str, prefix: str) -> list[Upload]:
        """The uploads that were begun under the prefix and not ended, by key."""
        sql = (
            "SELECT id, bucket, key, initiated, headers FROM uploads"
            " WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key, initiated"
        )
        with self._store.index.read() as db:
            require_bucket(db, bucket)
            return [_upload(row) for row in db.execute(sql, (bucket, prefix, past(prefix)))]


def _chosen(wanted: Sequence[tuple[int, str]], known: Mapping[int, Part]) -> list[Part]:
    if not wanted:
        raise S3Error("MalformedXML", "You must specify at least one part.")
    numbers = [number for number, _ in wanted]
    if any(a >= b for a, b in pairwise(numbers)):
        raise S3Error("InvalidPartOrder", "The list of parts was not in ascending order.")
    chosen = []
    for number, etag in wanted:
        part = known.get(number)
        if part is None or part.etag != etag.strip('"'):
            raise S3Error("InvalidPart", f"Part {number} could not be found or its ETag differs.")
        chosen.append(part)
    if any(part.size < MIN_PART_BYTES for part in chosen[:-1]):
        raise S3Error("EntityTooSmall", "Each part but the last must have at least 5 MiB.")
    return chosen


def _require(db: sqlite3.Connection, bucket: str, key: str, upload: str) -> Upload:
    row = db.execute(
        "SELECT id, bucket, key, initiated, headers FROM uploads WHERE id = ? AND bucket = ? AND key = ?",
        (upload, bucket, key),
    ).fetchone()
    if row is None:
        raise S3Error("NoSuchUpload", "The specified multipart upload does not exist.")
    return _upload(row)


def _upload(row: sqlite3.Row) -> Upload:
    return Upload(row["id"], row["bucket"], row["key"], row["initiated"], json.loads(row["headers"]))


def _parts(db: sqlite3.Connection, upload: str) -> list[Part]:
    sql = "SELECT number, content, size, etag, modified FROM parts WHERE upload = ? ORDER BY number"
    return [Part(*row) for row in db.execute(sql, (upload,))]


def _forget(db: sqlite3.Connection, upload: str) -> list[str]:
    contents = [part.content for part in _parts(db, upload)]
    db.execute("DELETE FROM parts WHERE upload = ?", (upload,))
    db.execute("DELETE FROM uploads WHERE id = ?", (upload,))
    return contents
