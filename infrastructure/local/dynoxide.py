"""DynamoDB on this machine: finds the dynoxide program and runs it, on a file or in memory."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from infrastructure.local.parent import tied_command
from infrastructure.local.ports import HOST, free_port, wait_until_listening

PACKAGES = Path(__file__).parent / "node_modules" / "@dynoxide"
_PLATFORMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}
_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108  a file system in memory, where there is one
_STREAM_KEPT_S = 24 * 3600
"""How long DynamoDB keeps the records of a stream."""
_NEXT_OF_STREAM = """
    CREATE INDEX IF NOT EXISTS skylabel_next_of_stream
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))
"""
_TRIM_STREAMS = """
    DELETE FROM _stream_records WHERE created_at < ?
    AND id NOT IN (SELECT MAX(id) FROM _stream_records GROUP BY table_name)
"""


class DynoxideMissingError(Exception):
    """The program is not installed; the message says what to do."""


def binary() -> Path:
    """Where the program is: `SKYLABEL_DYNOXIDE` when set, else where npm put it."""
    named = os.environ.get("SKYLABEL_DYNOXIDE")
    if named:
        if Path(named).is_file():
            return Path(named)
        raise DynoxideMissingError(f"SKYLABEL_DYNOXIDE names {named}, which is not there.")
    system = _PLATFORMS.get(sys.platform, sys.platform)
    processor = _PROCESSORS.get(platform.machine().lower(), platform.machine())
    name = "dynoxide.exe" if system == "win32" else "dynoxide"
    path = PACKAGES / f"{system}-{processor}" / name
    if not path.is_file():
        raise DynoxideMissingError(
            f"dynoxide for {system}-{processor} is not installed: run `make setup`, "
            "or name a copy of it in SKYLABEL_DYNOXIDE."
        )
    return path


def command(*, port: int, database: Path | None) -> list[str]:
    """The command line of a server on the port, in memory when there is no database file."""
    line = [str(binary()), "--host", HOST, "--port", str(port)]
    return line if database is None else [*line, "--db-path", str(database)]


def tune(database: Path) -> None:
    """Let a running server's streams neither slow its writes down nor grow for ever.

    Before each write to a table with a stream it looks for the table's newest record, without an index for
    it: after 15,000 records a transaction of a hundred items took ten times as long as at first. It never
    forgets a record either; what is older than on AWS goes, but for each table's newest, from which the
    next one is numbered.
    """
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(_NEXT_OF_STREAM)
        connection.execute(_TRIM_STREAMS, [int(time.time()) - _STREAM_KEPT_S])


@contextmanager
def running(database: Path | None = None) -> Iterator[str]:
    """Run a server on a free port while the block runs; gives its endpoint URL.

    Without a database file it keeps nothing (its own way of keeping nothing cannot be tuned).
    """
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        file = database or Path(folder) / "database.sqlite"
        port = free_port()
        process = subprocess.Popen(
            tied_command(command(port=port, database=file)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        try:
            if not wait_until_listening(port):
                raise RuntimeError(f"dynoxide did not answer on port {port}")
            tune(file)
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=10)
