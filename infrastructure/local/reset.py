"""`make reset`: empties the data folder, after asking, and never under a running stack."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from infrastructure.local.environment import DataFolder
from infrastructure.local.lock import AlreadyRunningError, FolderLock

# what a run leaves; a folder with none of it is not ours to empty
_OURS = {"aws", "dynamodb.sqlite", "run.lock", "ports.json", "secrets.key", "logs"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Empty the folder; gives the exit status."""
    parser = argparse.ArgumentParser(prog="make reset")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--force", action="store_true")
    options = parser.parse_args(arguments)
    folder = DataFolder(options.data_dir)
    if not folder.root.is_dir() or not any(folder.root.iterdir()):
        print(f"{folder.root} is empty already.")
        return 0
    if not any((folder.root / name).exists() for name in _OURS):
        print(f"error: {folder.root} holds no Skylabel data; it stays as it is.", file=sys.stderr)
        return 1
    lock = FolderLock(folder.lock_file)
    try:
        lock.take("")
    except AlreadyRunningError as error:
        print(f"error: {error} Stop it first.", file=sys.stderr)
        return 1
    if not options.force and not _agreed(folder.root):
        print("Nothing was deleted.")
        return 1
    for entry in folder.root.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    lock.release()
    print(f"{folder.root} is empty.")
    return 0


def _agreed(root: Path) -> bool:
    try:
        answer = input(f"Delete all data in {root}? All projects and annotations are lost. [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


if __name__ == "__main__":
    sys.exit(main())
