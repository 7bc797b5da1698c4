"""DynamoDB on this machine: finds the dynoxide program and runs it, on a file or in memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.local.parent import tied_command
from infrastructure.local.ports import HOST, free_port, wait_until_listening

PACKAGES = Path(__file__).parent / "node_modules" / "@dynoxide"
_PLATFORMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}


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


@contextmanager
def running(database: Path | None = None) -> Iterator[str]:
    """Run a server on a free port while the block runs; gives its endpoint URL."""
    port = free_port()
    process = subprocess.Popen(
        tied_command(command(port=port, database=database)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    try:
        if not wait_until_listening(port):
            raise RuntimeError(f"dynoxide did not answer on port {port}")
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=10)
