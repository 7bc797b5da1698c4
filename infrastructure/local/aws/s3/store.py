"""Buckets and objects: the index, and the order in which index and contents change.

A content file is on disk before the index names it and deleted after the index has forgotten it, so
death at any line leaves at worst a stray file, which the next start sweeps.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from infrastructure.local.aws.database import Database
from infrastructure.local.aws.s3.contents import Content, ContentFolder
from infrastructure.local.aws.s3.errors import S3Error

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created REAL NOT NULL, cors TEXT);
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, modified REAL NOT NULL, headers TEXT NOT NULL, checksums TEXT NOT NULL,
    PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated REAL NOT NULL,
    headers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, modified REAL NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID
"""
_COLUMNS = "bucket, key, content, size, etag, modified, headers, checksums"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the index knows of an object; `etag` is without quotes, `modified` in Unix seconds."""

    bucket: str
    key: str
    content: str
    size: int
    etag: str
    modified: float
    headers: Mapping[str, str]
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteCondition:
    """`If-None-Match: *` and `If-Match` of a write."""

    must_be_new: bool = False
    must_match: str | None = None


class ObjectStore:
    """The buckets of one data folder."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.index = Database(root / "index.sqlite", _SCHEMA, synchronous="FULL")
        self.contents = ContentFolder(root / "contents")
        with self.index.read() as db:
            rows = db.execute("SELECT content FROM objects UNION ALL SELECT content FROM parts")
            self.contents.sweep(known={row[0] for row in rows})

    def create_bucket(self, name: str) -> bool:
        """Make the bucket; False when it was there."""
        with self.index.write() as db:
            done = db.execute("INSERT OR IGNORE INTO buckets VALUES (?, ?, NULL)", (name, time.time()))
            return done.rowcount == 1

    def delete_bucket(self, name: str) -> None:
        """Delete an empty bucket."""
        with self.index.write() as db:
            require_bucket(db, name)
            if db.execute("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", (name,)).fetchone():
                raise S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty")
            db.execute("DELETE FROM buckets WHERE name = ?", (name,))

    def buckets(self) -> list[tuple[str, float]]:
        """Names and times of creation, by name."""
        with self.index.read() as db:
            return [tuple(row) for row in db.execute("SELECT name, created FROM buckets ORDER BY name")]

    def require_bucket(self, name: str) -> None:
        """Raise NoSuchBucket unless it is there."""
        with self.index.read() as db:
            require_bucket(db, name)

    def cors(self, bucket: str) -> str | None:
        """The bucket's CORS rules as they were put, None without any or without such a bucket."""
        with self.index.read() as db:
            row = db.execute("SELECT cors FROM buckets WHERE name = ?", (bucket,)).fetchone()
            return row[0] if row else None

    def set_cors(self, bucket: str, rules: str | None) -> None:
        """Replace the bucket's CORS rules."""
        with self.index.write() as db:
            require_bucket(db, bucket)
            db.execute("UPDATE buckets SET cors = ? WHERE name = ?", (rules, bucket))

    def find(self, bucket: str, key: str) -> StoredObject:
        """The object. Raises NoSuchBucket or NoSuchKey."""
        with self.index.read() as db:
            found = _find(db, bucket, key)
            if found is None:
                require_bucket(db, bucket)
                raise _no_such_key()
            return found

    def open(self, bucket: str, key: str) -> tuple[StoredObject, BinaryIO]:
        """The object and its bytes, of one and the same version."""
        while True:
            found = self.find(bucket, key)
            with suppress(FileNotFoundError):  # replaced since we looked
                return found, self.contents.open(found.content)

    def put(
        self,
        bucket: str,
        key: str,
        content: Content,
        *,
        headers: Mapping[str, str],
        checksums: Mapping[str, str] | None = None,
        condition: WriteCondition | None = None,
        etag: str | None = None,
    ) -> StoredObject:
        """Make `content` the object, as a whole; a refused condition deletes the content."""
        stored = StoredObject(
            bucket,
            key,
            content.name,
            content.size,
            etag or content.md5,
            time.time(),
            headers,
            checksums or {},
        )
        try:
            with self.index.write() as db:
                replaced = insert_object(db, stored, condition or WriteCondition())
        except BaseException:
            self.contents.delete([content.name])
            raise
        self.contents.delete(replaced)
        return stored

    def delete(self, bucket: str, key: str) -> None:
        """Delete the object; one that is not there is no error."""
        with self.index.write() as db:
            require_bucket(db, bucket)
            found = _find(db, bucket, key)
            db.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))
        if found:
            self.contents.delete([found.content])

    def expire(self, bucket: str, prefix: str, *, before: float) -> int:
        """Delete what lies under the prefix and was last written before then; gives how many objects."""
        with self.index.write() as db:
            rows = db.execute(
                "DELETE FROM objects WHERE bucket = ? AND key >= ? AND key < ? AND modified < ?"
                " RETURNING content",
                (bucket, prefix, past(prefix), before),
            ).fetchall()
        self.contents.delete(row["content"] for row in rows)
        return len(rows)

    def walk(self, bucket: str, *, after: str, prefix: str, limit: int) -> list[StoredObject]:
        """Up to `limit` objects whose keys start with `prefix` and come after `after`, in key order."""
        low = max(after, prefix)
        at_least = ">=" if low == prefix and after < prefix else ">"
        sql = (
            f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key {at_least} ? AND key < ?"  # noqa: S608  # nosec B608
            " ORDER BY key LIMIT ?"
        )
        with self.index.read() as db:
            rows = db.execute(sql, (bucket, low, past(prefix), limit)).fetchall()
        return [_from_row(row) for row in rows]


def past(prefix: str) -> str:
    """A text after all keys that start with the prefix."""
    return prefix + "\U0010ffff"


def require_bucket(db: sqlite3.Connection, name: str) -> None:
    """Raise NoSuchBucket unless it is there."""
    if not db.execute("SELECT 1 FROM buckets WHERE name = ?", (name,)).fetchone():
        raise S3Error("NoSuchBucket", "The specified bucket does not exist")


def insert_object(db: sqlite3.Connection, stored: StoredObject, condition: WriteCondition) -> list[str]:
    """Write the object's row if the condition holds; gives the contents that it replaced."""
    require_bucket(db, stored.bucket)
    current = _find(db, stored.bucket, stored.key)
    if condition.must_be_new and current:
        raise precondition_failed("If-None-Match")
    if condition.must_match is not None:
        if current is None:
            raise _no_such_key()
        if not matches(condition.must_match, current.etag):
            raise precondition_failed("If-Match")
    db.execute(
        f"INSERT OR REPLACE INTO objects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # nosec B608
        (
            stored.bucket,
            stored.key,
            stored.content,
            stored.size,
            stored.etag,
            stored.modified,
            json.dumps(dict(stored.headers)),
            json.dumps(dict(stored.checksums)),
        ),
    )
    return [current.content] if current else []


def matches(condition: str, etag: str) -> bool:
    """Whether an If-Match or If-None-Match value names the etag."""
    return any(part.strip().strip('"') in ("*", etag) for part in condition.split(","))


def precondition_failed(name: str) -> S3Error:
    """A condition of the request does not hold."""
    return S3Error(
        "PreconditionFailed", f"At least one of the pre-conditions you specified did not hold: {name}"
    )


def _no_such_key() -> S3Error:
    return S3Error("NoSuchKey", "The specified key does not exist.")


def _find(db: sqlite3.Connection, bucket: str, key: str) -> StoredObject | None:
    sql = f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key = ?"  # noqa: S608  # nosec B608
    row = db.execute(sql, (bucket, key)).fetchone()
    return _from_row(row) if row else None


def _from_row(row: sqlite3.Row) -> StoredObject:
    return StoredObject(
        bucket=row["bucket"],
        key=row["key"],
        content=row["content"],
        size=row["size"],
        etag=row["etag"],
        modified=row["modified"],
        headers=json.loads(row["headers"]),
        checksums=json.loads(row["checksums"]),
    )
