"""The queues of one data folder and the messages in them."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.local.aws.database import Database
from infrastructure.local.aws.sqs.errors import SqsError
from infrastructure.local.aws.sqs.messages import NewMessage, Queue

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queues (
    name TEXT PRIMARY KEY, created REAL NOT NULL, modified REAL NOT NULL, attributes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, sent REAL NOT NULL, visible_at REAL NOT NULL, receives INTEGER NOT NULL,
    first_received REAL, receipt TEXT, message_group TEXT, deduplication TEXT, trace TEXT);
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_at, number);
CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, message_group);
CREATE TABLE IF NOT EXISTS deduplications (
    queue TEXT NOT NULL, id TEXT NOT NULL, message TEXT NOT NULL, number INTEGER NOT NULL,
    until REAL NOT NULL, PRIMARY KEY (queue, id))
"""
_DEDUPLICATION_S = 300
# a group whose earliest message is in flight gives nothing: that is what keeps a FIFO queue in order
_FIFO_READY = """
SELECT * FROM messages AS m WHERE queue = :queue AND visible_at <= :now AND NOT EXISTS (
    SELECT 1 FROM messages AS before WHERE before.queue = m.queue
    AND before.message_group = m.message_group AND before.visible_at > :now)
ORDER BY number LIMIT :limit
"""
_READY = """
SELECT * FROM messages WHERE queue = :queue AND visible_at <= :now ORDER BY visible_at, number LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it is handed out; times in Unix seconds."""

    id: str
    number: int
    receipt: str
    body: str
    attributes: Mapping[str, Mapping[str, Any]]
    sent: float
    first_received: float
    receives: int
    group: str | None
    deduplication: str | None
    trace: str | None


class QueueStore:
    """Queues over one SQLite file; safe for many threads of one process."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, synchronous="NORMAL")
        self._arrivals: defaultdict[str, threading.Condition] = defaultdict(threading.Condition)

    def create(self, name: str, attributes: Mapping[str, str]) -> Queue:
        """Make the queue, or give the one that is there if it is set the same."""
        now = time.time()
        with self._database.write() as db:
            current = _find(db, name)
            if current is None:
                row = (name, now, now, json.dumps(dict(attributes)))
                db.execute("INSERT INTO queues VALUES (?, ?, ?, ?)", row)
                return Queue(name, now, now, dict(attributes))
        if any(current.attributes.get(key) != value for key, value in attributes.items()):
            raise SqsError(
                "QueueNameExists", "A queue already exists with the same name and other attributes."
            )
        return current

    def get(self, name: str) -> Queue:
        """The queue. Raises QueueDoesNotExist."""
        with self._database.read() as db:
            return _require(db, name)

    def names(self, prefix: str) -> list[str]:
        """The queues whose names start so, by name."""
        with self._database.read() as db:
            rows = db.execute("SELECT name FROM queues ORDER BY name").fetchall()
        return [row["name"] for row in rows if row["name"].startswith(prefix)]

    def set_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """Change some settings; an empty value takes one away."""
        with self._database.write() as db:
            merged = {**_require(db, name).attributes, **attributes}
            kept = json.dumps({key: value for key, value in merged.items() if value != ""})
            db.execute(
                "UPDATE queues SET attributes = ?, modified = ? WHERE name = ?", (kept, time.time(), name)
            )

    def delete(self, name: str) -> None:
        """Delete the queue with all that is in it."""
        with self._database.write() as db:
            _require(db, name)
            db.execute("DELETE FROM queues WHERE name = ?", (name,))
            self._empty(db, name)

    def purge(self, name: str) -> None:
        """Delete all that is in the queue."""
        with self._database.write() as db:
            _require(db, name)
            self._empty(db, name)

    def counts(self, name: str) -> dict[str, int]:
        """How many messages are visible, in flight and delayed."""
        sql = (
            "SELECT SUM(visible_at <= :now), SUM(visible_at > :now AND receives > 0),"
            " SUM(visible_at > :now AND receives = 0) FROM messages WHERE queue = :queue"
        )
        with self._database.read() as db:
            row = db.execute(sql, {"now": time.time(), "queue": name}).fetchone()
        names = ("", "NotVisible", "Delayed")
        return {f"ApproximateNumberOfMessages{n}": row[i] or 0 for i, n in enumerate(names)}

    def send(self, name: str, messages: Iterable[NewMessage]) -> list[tuple[str, int]]:
        """Put messages in, all or none; gives their ids and sequence numbers."""
        with self._database.write() as db:
            queue = _require(db, name)
            sent = [_insert(db, queue, message) for message in messages]
        arrival = self._arrivals[name]
        with arrival:
            arrival.notify_all()
        return sent

    def receive(self, name: str, *, limit: int, visibility_s: int, wait_s: float) -> list[Received]:
        """Up to `limit` messages, hidden from others for `visibility_s`; waits for the first."""
        deadline = time.time() + wait_s
        arrival = self._arrivals[name]
        while True:
            with arrival:  # before looking, so that no arrival falls between the look and the wait
                found, next_visible = self._take(name, limit, visibility_s)
                left = deadline - time.time()
                if found or left <= 0:
                    return found
                arrival.wait(min(left, max(next_visible - time.time(), 0.005)) if next_visible else left)

    def delete_message(self, name: str, receipt: str) -> None:
        """Delete the message; an outdated receipt deletes nothing, as the message is another's now."""
        number, _ = _parse(receipt)
        with self._database.write() as db:
            queue = _require(db, name)
            done = db.execute(
                "DELETE FROM messages WHERE number = ? AND queue = ? AND receipt = ?", (number, name, receipt)
            )
        if queue.is_fifo and done.rowcount:
            arrival = self._arrivals[name]
            with arrival:
                arrival.notify_all()

    def change_visibility(self, name: str, receipt: str, visibility_s: int) -> None:
        """Hide the message for so long from now on; zero gives it back at once."""
        number, _ = _parse(receipt)
        now = time.time()
        with self._database.write() as db:
            _require(db, name)
            done = db.execute(
                "UPDATE messages SET visible_at = ? WHERE number = ? AND queue = ? AND receipt = ?"
                " AND visible_at > ?",
                (now + visibility_s, number, name, receipt, now),
            )
        if not done.rowcount:
            raise SqsError("MessageNotInflight", "The message referred to is not in flight.")
        arrival = self._arrivals[name]
        with arrival:
            arrival.notify_all()

    def release(self, name: str) -> int:
        """Give back all that is in flight, and void its receipts; gives how many messages that were.

        For a queue whose receivers are known to be gone, as after a restart of the whole stack: else a job
        that was cut off would wait for its visibility, which may be hours.
        """
        now = time.time()
        with self._database.write() as db:
            done = db.execute(
                "UPDATE messages SET visible_at = ?, receipt = NULL"
                " WHERE queue = ? AND visible_at > ? AND receives > 0",
                (now, name, now),
            )
            return done.rowcount

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _take(self, name: str, limit: int, visibility_s: int) -> tuple[list[Received], float | None]:
        now = time.time()
        with self._database.read() as db:
            queue = _require(db, name)
            earliest = db.execute("SELECT MIN(visible_at) FROM messages WHERE queue = ?", (name,)).fetchone()[
                0
            ]
        if earliest is None or earliest > now:
            return [], earliest
        moved = 0
        with self._database.write() as db:
            db.execute(
                "DELETE FROM messages WHERE queue = ? AND sent < ?",
                (name, now - queue.setting("MessageRetentionPeriod")),
            )
            rows = db.execute(
                _FIFO_READY if queue.is_fifo else _READY, {"queue": name, "now": now, "limit": limit}
            ).fetchall()
            taken = []
            for row in rows:
                if queue.redrive and row["receives"] >= queue.redrive[1]:
                    _move(db, row, queue.redrive[0], now)
                    moved += 1
                    continue
                taken.append(_hand_out(db, row, now, visibility_s))
        if moved and queue.redrive:
            target = self._arrivals[queue.redrive[0]]
            if target is not self._arrivals[name]:
                threading.Thread(target=_notify, args=(target,), daemon=True).start()
        # rows that went to the dead-letter queue may hide others: look again at once
        return taken, now if moved and not taken else None

    @staticmethod
    def _empty(db: sqlite3.Connection, name: str) -> None:
        db.execute("DELETE FROM messages WHERE queue = ?", (name,))
        db.execute("DELETE FROM deduplications WHERE queue = ?", (name,))


def _notify(condition: threading.Condition) -> None:
    with condition:
        condition.notify_all()


def _insert(db: sqlite3.Connection, queue: Queue, message: NewMessage) -> tuple[str, int]:
    now = time.time()
    deduplication = _deduplication_of(queue, message)
    if deduplication:
        db.execute("DELETE FROM deduplications WHERE until < ?", (now,))
        seen = db.execute(
            "SELECT message, number FROM deduplications WHERE queue = ? AND id = ?",
            (queue.name, deduplication),
        ).fetchone()
        if seen:
            return seen["message"], seen["number"]
    message_id = str(uuid.uuid4())
    number = db.execute(
        "INSERT INTO messages (queue, id, body, attributes, sent, visible_at, receives, message_group,"
        " deduplication, trace) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
        (
            queue.name,
            message_id,
            message.body,
            json.dumps(message.attributes),
            now,
            now + message.delay_s,
            message.group,
            deduplication,
            message.trace,
        ),
    ).lastrowid
    if deduplication:
        db.execute(
            "INSERT INTO deduplications VALUES (?, ?, ?, ?, ?)",
            (queue.name, deduplication, message_id, number, now + _DEDUPLICATION_S),
        )
    return message_id, int(number or 0)


def _deduplication_of(queue: Queue, message: NewMessage) -> str | None:
    if not queue.is_fifo:
        return None
    if not message.group:
        raise SqsError("MissingParameter", "The request must contain the parameter MessageGroupId.")
    if message.deduplication:
        return message.deduplication
    if queue.attributes.get("ContentBasedDeduplication") != "true":
        raise SqsError(
            "InvalidParameterValue",
            "The queue needs ContentBasedDeduplication or the message a MessageDeduplicationId.",
        )
    return hashlib.sha256(message.body.encode()).hexdigest()


def _hand_out(db: sqlite3.Connection, row: sqlite3.Row, now: float, visibility_s: int) -> Received:
    receipt = f"{row['number']}.{secrets.token_urlsafe(24)}"
    first = row["first_received"] or now
    db.execute(
        "UPDATE messages SET receives = receives + 1, first_received = ?, receipt = ?, visible_at = ?"
        " WHERE number = ?",
        (first, receipt, now + visibility_s, row["number"]),
    )
    return Received(
        id=row["id"],
        number=row["number"],
        receipt=receipt,
        body=row["body"],
        attributes=json.loads(row["attributes"]),
        sent=row["sent"],
        first_received=first,
        receives=row["receives"] + 1,
        group=row["message_group"],
        deduplication=row["deduplication"],
        trace=row["trace"],
    )


def _move(db: sqlite3.Connection, row: sqlite3.Row, target: str, now: float) -> None:
    _require(db, target)
    db.execute(
        "UPDATE messages SET queue = ?, visible_at = ?, receives = 0, receipt = NULL WHERE number = ?",
        (target, now, row["number"]),
    )


def _parse(receipt: str) -> tuple[int, str]:
    number, _, token = receipt.partition(".")
    if not number.isdigit() or not token:
        raise SqsError("ReceiptHandleIsInvalid", f'The input receipt handle "{receipt}" is not valid.')
    return int(number), token


def _find(db: sqlite3.Connection, name: str) -> Queue | None:
    row = db.execute("SELECT * FROM queues WHERE name = ?", (name,)).fetchone()
    return Queue(row["name"], row["created"], row["modified"], json.loads(row["attributes"])) if row else None


def _require(db: sqlite3.Connection, name: str) -> Queue:
    queue = _find(db, name)
    if queue is None:
        raise SqsError("QueueDoesNotExist", "The specified queue does not exist.")
    return queue
