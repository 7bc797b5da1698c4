"""How a child process notices that its parent is gone, however the parent went.

Our own children hold the reading end of a pipe as standard input and stop when it closes, which works
on every system. A program that is not ours (`python -m infrastructure.local.parent PROGRAM …`) is
tied by the kernel on Linux, and elsewhere run under a small watcher that does the same.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
import sys
import threading
from typing import IO, NoReturn

_PR_SET_PDEATHSIG = 1


def stop_when_parent_is_gone(stream: IO[bytes] | None = None) -> None:
    """End this process at once when its standard input closes; the watching costs one idle thread."""
    source = stream or sys.stdin.buffer
    threading.Thread(target=_wait_for_end, args=(source,), name="parent-watch", daemon=True).start()


def _wait_for_end(source: IO[bytes]) -> None:
    # os.read, as a reader of the buffered object would hold its lock while the interpreter shuts down
    while os.read(source.fileno(), 4096):
        pass
    os._exit(0)


def tied_command(command: list[str]) -> list[str]:
    """The command that runs `command` so that it ends when the process that starts it does.

    Start it from a thread that lives as long as the process: Linux counts the thread as the parent.
    """
    return [sys.executable, "-m", __name__, *command]


def main(command: list[str]) -> NoReturn:
    """Become `command`, or on systems without a kernel tie run it and watch standard input."""
    if platform.system() == "Linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(0)
        os.execv(command[0], command)  # noqa: S606
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=_end_with_input, args=(child,), daemon=True).start()
    sys.exit(child.wait())


def _end_with_input(child: subprocess.Popen[bytes]) -> None:
    while os.read(0, 4096):
        pass
    child.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
