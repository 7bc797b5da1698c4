"""The migrations of this package, as values."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import schema_migrations
from chalicelib.errors import InvalidInputError
from schema_migrations.context import Context

NAME = re.compile(r"m\d{4}_[a-z0-9_]+")
EXPAND = "expand"
"""Harmless to the code that serves now: runs before a deployment moves traffic to the new code."""
BACKFILL = "backfill"
"""Needs every writer to write the new shape: runs when the new code serves alone."""
CONTRACT = "contract"
"""Takes away what no code reads any more: a release after the backfill, when the new code serves alone."""
STAGES = (EXPAND, BACKFILL, CONTRACT)


@dataclass(frozen=True, slots=True)
class Migration:
    """One module of this package. `walks` are the tables that it reads from end to end."""

    name: str
    summary: str
    checksum: str
    up: Callable[[Context], None]
    down: Callable[[Context], None] | None
    irreversible: str
    stage: str = EXPAND
    walks: tuple[str, ...] = ()


def discover(package: ModuleType = schema_migrations) -> list[Migration]:
    """The package's migrations, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if NAME.fullmatch(m.name))
    return [_migration(name, importlib.import_module(f"{package.__name__}.{name}")) for name in names]


def _migration(name: str, module: ModuleType) -> Migration:
    down = getattr(module, "down", None)
    why = getattr(module, "IRREVERSIBLE", "")
    stage = getattr(module, "STAGE", EXPAND)
    if (down is None) == (not why):
        raise InvalidInputError.at(name, "needs either down(context) or IRREVERSIBLE")
    if stage not in STAGES:
        raise InvalidInputError.at(name, f"STAGE must be one of {', '.join(STAGES)}")
    checksum = hashlib.sha256(inspect.getsource(module).encode()).hexdigest()
    walks = tuple(getattr(module, "WALKS", ()))
    return Migration(name, module.SUMMARY, checksum, module.up, down, why, stage, walks)
