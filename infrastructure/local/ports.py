"""Ports on 127.0.0.1: which are free, and which we used last time."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

from infrastructure.local.files import write_atomically

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Some port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def remembered_ports(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A port for each name: the one of the last run while it is free, else a new one, noted in `file`.

    URLs that carry a port (signed links in an open page, an ML job's queue URL) so outlive a restart.
    """
    try:
        known = {str(name): int(port) for name, port in json.loads(file.read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        known = {}
    ports = {name: known[name] if name in known and is_free(known[name]) else free_port() for name in names}
    if ports != known:
        write_atomically(file, json.dumps(ports).encode())
    return ports


def wait_until_listening(port: int, *, timeout_s: float = 10) -> bool:
    """Whether somebody accepts connections on the port before the time is up."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False
