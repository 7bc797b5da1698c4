"""One run per data folder: a lock that the kernel lets go of, however its holder ends."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import IO


class AlreadyRunningError(Exception):
    """Somebody runs on this folder; the message says who and where."""


class FolderLock:
    """Held from `take` until the process ends or `release`."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file: IO[str] | None = None

    def take(self, url: str) -> None:
        """Become the one that runs, or raise `AlreadyRunningError`."""
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = _holder(file.read())
            file.close()
            raise AlreadyRunningError(f"Skylabel runs already on {self._path.parent}{holder}.") from error
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "url": url}))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let others run."""
        if self._file:
            self._file.close()
            self._file = None


def _holder(text: str) -> str:
    try:
        known = json.loads(text)
        return f": {known['url']} (process {known['pid']})"
    except (ValueError, KeyError, TypeError):
        return ""
