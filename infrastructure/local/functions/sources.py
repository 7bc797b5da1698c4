"""Notices that the app's code was edited, so that instances are replaced without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_CHECK_EVERY_S = 1.0


def newest_change(root: Path) -> float:
    """When a Python file of the app was last changed, in Unix seconds; 0 without any."""
    files = [root / "app.py", *(root / "chalicelib").rglob("*.py")]
    return max((file.stat().st_mtime for file in files if file.is_file()), default=0)


def generation_of(root: Path) -> Callable[[], float]:
    """A function that gives a number which changes with the code, looking at most once a second."""
    seen, looked = newest_change(root), time.monotonic()

    def generation() -> float:
        nonlocal seen, looked
        if time.monotonic() - looked > _CHECK_EVERY_S:
            seen, looked = newest_change(root), time.monotonic()
        return seen

    return generation
