"""Runs a command in the environment of a running local stack.

`python -m infrastructure.local.run_in DATA_DIR COMMAND …`: what the app sees, the command sees.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from infrastructure.local.environment import DataFolder, process_environment
from infrastructure.local.lock import AlreadyRunningError, FolderLock


def main(data_dir: str, command: list[str]) -> NoReturn:
    """Become the command; ends with status 1 when the stack does not run."""
    folder = DataFolder(Path(data_dir))
    if not is_running(folder):
        sys.exit(f"error: Skylabel does not run on {data_dir}. Start it with: make run")
    variables = json.loads(folder.environment_file.read_text())
    os.execvpe(command[0], command, process_environment(variables))  # noqa: S606


def is_running(folder: DataFolder) -> bool:
    """Whether a stack runs on the folder."""
    if not folder.lock_file.exists() or not folder.environment_file.exists():
        return False
    lock = FolderLock(folder.lock_file)
    try:
        lock.take("")
    except AlreadyRunningError:
        return True
    lock.release()
    return False


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
