"""What a data folder needs before anybody can sign in: migrated tables and an administrator.

Both are commands of the product (`python -m schema_migrations up`, `python -m chalicelib.cli bootstrap`);
they run again only when the migrations have changed, so that a second start is quick.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from infrastructure.local.children import last_lines
from infrastructure.local.environment import DataFolder
from infrastructure.local.files import write_atomically

_TIMEOUT_S = 300
MIGRATE = ("up", "--units-per-second", "0", "--wait", "90")
"""As quickly as this machine can; after the lease of a run that was killed has ended."""


class PreparationError(Exception):
    """A command failed; the message is one line, `details` the end of what it printed."""

    def __init__(self, message: str, details: list[str]) -> None:
        super().__init__(message)
        self.details = details


def prepare(
    folder: DataFolder, environment: Mapping[str, str], *, root: Path, say: Callable[[str], None]
) -> None:
    """Apply migrations and make the administrator, unless the last start did just that."""
    state = _wanted_state(root)
    if folder.access_file.exists() and folder.database.exists() and _noted_state(folder) == state:
        return
    _run(folder, environment, "tables", ["infrastructure.local.tables"])
    if _can_run("schema_migrations"):
        say("Preparing the database")
        _run(folder, environment, "migrations", ["schema_migrations", *MIGRATE])
    if _can_run("chalicelib.cli"):
        _run(
            folder,
            environment,
            "bootstrap",
            ["chalicelib.cli", "bootstrap", "--access-file", str(folder.access_file.resolve())],
        )
    write_atomically(folder.prepared_file, json.dumps({"state": state}).encode())


def _run(folder: DataFolder, environment: Mapping[str, str], name: str, command: list[str]) -> None:
    log = folder.logs / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                [sys.executable, "-m", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PreparationError(f"{name}: no end after {_TIMEOUT_S} s", last_lines(log, 10)) from error
    if done.returncode:
        raise PreparationError(f"{name} failed. See {log}", last_lines(log, 10))


def _can_run(module: str) -> bool:
    """Whether `python -m module` means something."""
    try:
        spec = importlib.util.find_spec(module)
        if spec is None or spec.submodule_search_locations is None:
            return spec is not None
        return importlib.util.find_spec(f"{module}.__main__") is not None
    except ModuleNotFoundError:
        return False


def _wanted_state(root: Path) -> str:
    digest = hashlib.sha256()
    files = [*(root / "schema_migrations").rglob("*.py"), root / "chalicelib" / "storage" / "tables.py"]
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _noted_state(folder: DataFolder) -> str | None:
    try:
        return str(json.loads(folder.prepared_file.read_text())["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_prepared(folder: DataFolder, root: Path) -> bool:
    """Whether the last start left everything ready, so that the app can start beside the engines."""
    files = folder.access_file, folder.database
    return all(file.exists() for file in files) and _noted_state(folder) == _wanted_state(root)
