"""Applies migrations in order, one runner at a time, each to its end, from where it was interrupted."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import schema_migrations
from chalicelib.errors import ConflictError, InvalidInputError
from schema_migrations.context import Context, DryRunClient
from schema_migrations.ledger import Entry, Ledger

NAME = re.compile(r"m\d{4}_[a-z0-9_]+")
APPLIED = "applied"
RUNNING = "running"
FAILED = "failed"
REVERTING = "reverting"


@dataclass(frozen=True, slots=True)
class Migration:
    """One module of this package."""

    name: str
    summary: str
    checksum: str
    up: Callable[[Context], None]
    down: Callable[[Context], None] | None
    irreversible: str


def discover(package: ModuleType = schema_migrations) -> list[Migration]:
    """The package's migrations, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if NAME.fullmatch(m.name))
    return [_migration(name, importlib.import_module(f"{package.__name__}.{name}")) for name in names]


def _migration(name: str, module: ModuleType) -> Migration:
    down = getattr(module, "down", None)
    why = getattr(module, "IRREVERSIBLE", "")
    if (down is None) == (not why):
        raise InvalidInputError.at(name, "needs either down(context) or IRREVERSIBLE")
    checksum = hashlib.sha256(inspect.getsource(module).encode()).hexdigest()
    return Migration(name, module.SUMMARY, checksum, module.up, down, why)


class Runner:
    """Brings stored data to the shape that this code expects, or back."""

    def __init__(
        self,
        migrations: Iterable[Migration],
        ledger: Ledger,
        dynamodb: Any,
        table: Callable[[str], str],
        log: Callable[[str], None],
    ) -> None:
        """`table` gives a table's full name; `log` takes a line for people."""
        self._migrations = list(migrations)
        self._ledger = ledger
        self._db = dynamodb
        self._table = table
        self._log = log

    def status(self) -> list[tuple[str, str]]:
        """Each migration with its state, `pending` where the ledger has none."""
        entries = self._ledger.entries()
        return [(m.name, entries[m.name].state if m.name in entries else "pending") for m in self._migrations]

    def pending(self, to: str | None = None) -> list[Migration]:
        """What `up` would apply. `ConflictError` when the ledger and the code disagree."""
        entries = self._ledger.entries()
        self._check(entries)
        wanted = [m for m in self._migrations if to is None or m.name <= to]
        return [m for m in wanted if m.name not in entries or entries[m.name].state != APPLIED]

    def up(self, to: str | None = None, *, dry_run: bool = False) -> list[str]:
        """Apply what is pending, in order; gives the names. A failed one stops the run."""
        if dry_run:
            return [self._rehearse(migration) for migration in self.pending(to)]
        self._ledger.lock()
        try:
            return [self._apply(migration) for migration in self.pending(to)]
        finally:
            self._ledger.unlock()

    def down(self, to: str) -> list[str]:
        """Take back every applied migration after `to`, newest first."""
        self._ledger.lock()
        try:
            entries = self._ledger.entries()
            self._check(entries)
            undone = [m for m in reversed(self._migrations) if m.name > to and m.name in entries]
            for migration in undone:
                if migration.down is None:
                    raise ConflictError(f"{migration.name} cannot be taken back: {migration.irreversible}")
            return [self._revert(migration, entries[migration.name]) for migration in undone]
        finally:
            self._ledger.unlock()

    def _apply(self, migration: Migration) -> str:
        entry = self._ledger.entries().get(migration.name)
        checkpoint = entry.checkpoint if entry is not None and entry.state in {RUNNING, FAILED} else {}
        self._log(f"{migration.name}: {migration.summary}")
        self._work(migration, migration.up, RUNNING, checkpoint)
        self._ledger.write(migration.name, APPLIED, migration.checksum, {})
        return migration.name

    def _revert(self, migration: Migration, entry: Entry) -> str:
        assert migration.down is not None  # noqa: S101  checked by the caller
        checkpoint = entry.checkpoint if entry.state == REVERTING else {}
        self._log(f"{migration.name}: taking back")
        self._work(migration, migration.down, REVERTING, checkpoint)
        self._ledger.forget(migration.name)
        return migration.name

    def _work(
        self, migration: Migration, step: Callable[[Context], None], state: str, checkpoint: dict[str, Any]
    ) -> None:
        def save(place: dict[str, Any]) -> None:
            self._ledger.lock()
            self._ledger.write(migration.name, state, migration.checksum, place)

        save(checkpoint)
        context = Context(self._db, self._table, checkpoint, save, self._log)
        try:
            step(context)
        except Exception:
            failed = FAILED if state == RUNNING else state
            self._ledger.write(migration.name, failed, migration.checksum, context.checkpoint)
            raise

    def _rehearse(self, migration: Migration) -> str:
        client = DryRunClient(self._db)
        context = Context(client, self._table, {}, lambda _place: None, self._log, is_dry_run=True)
        migration.up(context)
        writes = ", ".join(f"{name} × {count}" for name, count in sorted(client.refused.items())) or "nothing"
        self._log(f"{migration.name}: would write {writes}")
        return migration.name

    def _check(self, entries: dict[str, Entry]) -> None:
        known = {m.name: m for m in self._migrations}
        for name, entry in sorted(entries.items()):
            if name not in known:
                raise ConflictError(f"The ledger knows {name}, this code does not; deploy the newer code.")
            if entry.state == APPLIED and entry.checksum != known[name].checksum:
                raise ConflictError(f"{name} was edited after it was applied; write a new migration instead.")
        applied = [m.name in entries and entries[m.name].state == APPLIED for m in self._migrations]
        if applied != sorted(applied, reverse=True):
            gap = self._migrations[applied.index(False)].name
            raise ConflictError(f"{gap} is older than applied migrations; number it after them.")
