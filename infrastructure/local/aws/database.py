"""SQLite as both services use it: one writer at a time, any number of readers, no lost commit."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from typing import Literal


class Database:
    """A SQLite file in WAL mode, shared by the threads of one process."""

    def __init__(self, path: Path, schema: str, *, synchronous: Literal["NORMAL", "FULL"]) -> None:
        """Open or make the file. NORMAL survives the death of the process, FULL also of the machine."""
        self._path = path
        self._synchronous = synchronous
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._writing = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.write() as connection:
            # executescript would commit first; a schema is a few statements without inner semicolons
            for statement in schema.split(";"):
                connection.execute(statement)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=256
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        return connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading; what it reads is committed."""
        connection = self._idle.get_nowait() if self._idle.qsize() else self._connect()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a write transaction: committed at the end, rolled back by an exception."""
        with self._writing, self.read() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle.qsize():
            self._idle.get_nowait().close()
