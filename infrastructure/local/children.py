"""The processes of a run: started, watched, started again when they crash, stopped in order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
_KEPT_LOG_BYTES = 5 * 1024 * 1024


@dataclass
class Child:
    """A process that should always be there.

    It gets a session of its own, so that Ctrl-C reaches only the supervisor, and a pipe as standard
    input, whose end tells it that the supervisor is gone.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    stop_s: float = 10.0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pause_s: float = _FIRST_PAUSE_S
    _not_before: float = 0.0

    def start(self) -> None:
        """Start it; its output goes to the end of its log."""
        _trim(self.log)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        self._started = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self._process is not None and self._process.poll() is None

    def watch(self, say: Callable[[str], None]) -> None:
        """Start it again if it has ended, after a pause that doubles while it keeps ending."""
        if self.is_running:
            return
        now = time.monotonic()
        if self._process is not None:
            code = self._process.wait()
            self._close()
            if now - self._started > _STEADY_S:
                self._pause_s = _FIRST_PAUSE_S
            self._not_before = now + self._pause_s
            say(f"{self.name} ended ({how_ended(code)}); again in {self._pause_s:g} s. See {self.log}")
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
        elif now >= self._not_before:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process and self.is_running:
            self._process.terminate()

    def wait_stopped(self) -> None:
        """Wait until it has ended, for as long as it may take, then kill it."""
        if self._process is None:
            return
        try:
            self._process.wait(self.stop_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def last_lines(self, count: int = 15) -> list[str]:
        """The end of its log."""
        return last_lines(self.log, count)

    def _close(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
        self._process = None


@dataclass
class Family:
    """The children of a run, in the order in which they depend on each other."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> Child:
        """Start a child and watch it from now on."""
        child.start()
        self.children.append(child)
        return child

    def watch(self) -> None:
        """Look after all of them once."""
        for child in self.children:
            child.watch(self.say)

    def stop(self) -> None:
        """Stop those that came last first, as they use the others."""
        for child in reversed(self.children):
            child.ask_to_stop()
            child.wait_stopped()


def how_ended(code: int) -> str:
    """An exit status in words."""
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def last_lines(log: Path, count: int) -> list[str]:
    """The end of a log file, empty without one."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 64 * 1024))
            return file.read().decode("utf-8", "replace").splitlines()[-count:]
    except OSError:
        return []


def _trim(log: Path) -> None:
    """Begin a new log when the old one is long; the one before is kept."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _KEPT_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
