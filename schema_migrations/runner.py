"""Applies migrations in order, one runner at a time, each to its end, from where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.clock import system_clock
from chalicelib.errors import ConflictError
from schema_migrations.context import Context, Counts, DryRunClient, PausedError, no_blobs
from schema_migrations.ledger import BusyError, Entry, Ledger
from schema_migrations.modules import STAGES, Migration
from schema_migrations.pacing import PacedClient

APPLIED = "applied"
RUNNING = "running"
FAILED = "failed"
REVERTING = "reverting"
PENDING = "pending"
UNITS_PER_SECOND = 500.0
"""Reads and writes together, of all segments."""
MAX_ERROR_CHARACTERS = 1000
SCAN_BYTES_PER_UNIT = 8192
"""A unit reads 4 KB, or twice that where it need not be the newest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A migration with what the ledger knows of it: nothing of one that is pending."""

    migration: Migration
    entry: Entry | None

    @property
    def state(self) -> str:
        """`pending`, `running`, `failed`, `reverting` or `applied`."""
        return self.entry.state if self.entry else PENDING


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a migration will have to read, as DynamoDB counts its tables every six hours."""

    migration: Migration
    items: int
    size_bytes: int

    @property
    def read_units(self) -> int:
        """The units of the walk; what is written comes on top (a dry run counts it)."""
        return -(-self.size_bytes // SCAN_BYTES_PER_UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How quick and how long a run may be. `units_per_second` 0 sets no limit.

    A run ends after the page at which it `should_pause`, and within a page when it `must_stop`.
    """

    units_per_second: float = UNITS_PER_SECOND
    should_pause: Callable[[], bool] = lambda: False
    must_stop: Callable[[], bool] = lambda: False


class Runner:
    """Brings stored data to the shape that this code expects, or back."""

    def __init__(
        self,
        migrations: Iterable[Migration],
        ledger: Ledger,
        dynamodb: Any,
        table: Callable[[str], str],
        log: Callable[[str], None],
        limits: Limits | None = None,
        *,
        blob: Callable[[str], bytes] = no_blobs,
    ) -> None:
        """`table` gives a table's full name, `blob` what the bucket holds; `log` takes a line for people."""
        self._migrations = list(migrations)
        self._ledger = ledger
        self._db = dynamodb
        self._table = table
        self._log = log
        self._limits = limits or Limits()
        self._blob = blob

    def status(self) -> list[Standing]:
        """Each migration with its state, counts and error."""
        entries = self._ledger.entries()
        return [Standing(migration, entries.get(migration.name)) for migration in self._migrations]

    def pending(self, to: str | None = None, *, stages: Collection[str] = STAGES) -> list[Migration]:
        """What `up` would apply. `ConflictError` when the ledger and the code disagree."""
        entries = self._ledger.entries()
        self._check(entries)
        wanted = [m for m in self._migrations if (to is None or m.name <= to) and m.stage in stages]
        return [m for m in wanted if m.name not in entries or entries[m.name].state != APPLIED]

    def plan(self, to: str | None = None, *, stages: Collection[str] = STAGES) -> list[Estimate]:
        """What `up` would apply, with the size of what each walks through. Reads no items."""
        return [self._estimate(migration) for migration in self.pending(to, stages=stages)]

    def _estimate(self, migration: Migration) -> Estimate:
        names = (self._table(name) for name in migration.walks)
        tables = [self._db.describe_table(TableName=name)["Table"] for name in names]
        items, size = (
            sum(int(table.get(key, 0)) for table in tables) for key in ("ItemCount", "TableSizeBytes")
        )
        return Estimate(migration, items, size)

    def up(
        self, to: str | None = None, *, dry_run: bool = False, stages: Collection[str] = STAGES
    ) -> list[str]:
        """Apply what is pending, in order; gives the names. A failed one stops the run.

        `BusyError` while another runner is at it; `PausedError` when the time was over before the work was.
        """
        if dry_run:
            return [self._rehearse(migration) for migration in self.pending(to, stages=stages)]
        with self._ledger.held():
            return [self._apply(migration) for migration in self.pending(to, stages=stages)]

    def down(self, to: str) -> list[str]:
        """Take back every applied migration after `to`, newest first. Errors as for `up`."""
        with self._ledger.held():
            entries = self._ledger.entries()
            self._check(entries)
            undone = [m for m in reversed(self._migrations) if m.name > to and m.name in entries]
            for migration in undone:
                if migration.down is None:
                    raise ConflictError(f"{migration.name} cannot be taken back: {migration.irreversible}")
            return [self._revert(migration) for migration in undone]

    def _apply(self, migration: Migration) -> str:
        self._log(f"{migration.name}: {migration.summary}")
        done = self._work(migration, migration.up, RUNNING)
        self._ledger.write(replace(done, state=APPLIED, checkpoint={}))
        self._log(f"{migration.name}: applied, {done.seen} items seen, {done.written} written")
        return migration.name

    def _revert(self, migration: Migration) -> str:
        assert migration.down is not None  # noqa: S101  checked by the caller
        self._log(f"{migration.name}: taking back")
        self._work(migration, migration.down, REVERTING)
        self._ledger.forget(migration.name)
        return migration.name

    def _work(self, migration: Migration, step: Callable[[Context], None], state: str) -> Entry:
        """Do the step from where it was; gives its row as it is at the end."""
        entry = self._begun(migration, state)
        self._ledger.write(entry)
        counts = Counts(entry.seen, entry.written)

        def now(place: dict[str, Any]) -> Entry:
            return replace(entry, checkpoint=place, seen=counts.seen, written=counts.written)

        context = self._context(
            self._db, entry.checkpoint, lambda place: self._ledger.write(now(place)), counts
        )
        try:
            step(context)
        except BusyError:
            raise
        except PausedError:
            self._ledger.write(now(context.checkpoint))
            raise
        except Exception as error:
            failed = FAILED if state == RUNNING else state
            told = f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARACTERS]
            self._ledger.write(replace(now(context.checkpoint), state=failed, error=told))
            raise
        return now(context.checkpoint)

    def _begun(self, migration: Migration, state: str) -> Entry:
        """The row to begin with: that of a broken-off run of the same code, else a new one."""
        known = self._ledger.entries().get(migration.name)
        goes_on = {RUNNING, FAILED} if state == RUNNING else {REVERTING}
        if known is not None and known.state in goes_on and known.checksum == migration.checksum:
            self._log(f"{migration.name}: going on after {known.seen} items")
            return replace(known, state=state, error="")
        now = system_clock()
        return Entry(migration.name, state, migration.checksum, now, {}, started_at=now)

    def _context(
        self, client: Any, checkpoint: dict[str, Any], save: Callable[[dict[str, Any]], None], counts: Counts
    ) -> Context:
        return Context(
            PacedClient(client, self._limits.units_per_second),
            self._table,
            checkpoint,
            save,
            self._log,
            counts=counts,
            should_pause=self._limits.should_pause,
            must_stop=self._limits.must_stop,
            blob=self._blob,
        )

    def _rehearse(self, migration: Migration) -> str:
        context = self._context(self._db, {}, lambda _place: None, Counts())
        client = DryRunClient(context.dynamodb)
        context.dynamodb, context.is_dry_run = client, True
        migration.up(context)
        writes = ", ".join(f"{name} × {count}" for name, count in sorted(client.refused.items())) or "nothing"
        self._log(f"{migration.name}: {context.counts.seen} items seen, would write {writes}")
        return migration.name

    def _check(self, entries: dict[str, Entry]) -> None:
        known = {m.name: m for m in self._migrations}
        for name, entry in sorted(entries.items()):
            if name not in known:
                raise ConflictError(f"The ledger knows {name}, this code does not; deploy the newer code.")
            if entry.state == APPLIED and entry.checksum != known[name].checksum:
                raise ConflictError(f"{name} was edited after it was applied; write a new migration instead.")
        for gap in self._gaps(entries):
            raise ConflictError(f"{gap} is older than applied migrations; number it after them.")

    def _gaps(self, entries: dict[str, Entry]) -> Iterator[str]:
        """Migrations that are not applied although a later one of their stage is."""
        for stage in STAGES:
            own = [m for m in self._migrations if m.stage == stage]
            applied = [m.name in entries and entries[m.name].state == APPLIED for m in own]
            if applied != sorted(applied, reverse=True):
                yield own[applied.index(False)].name
