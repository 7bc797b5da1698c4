"""Building a runner for the tables that the environment names; the command line and the function share it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from uuid import uuid4

from botocore.config import Config
from botocore.session import get_session

from chalicelib.clock import iso, system_clock
from chalicelib.settings import settings
from schema_migrations.ledger import BusyError, Ledger
from schema_migrations.modules import discover
from schema_migrations.runner import APPLIED, UNITS_PER_SECOND, Estimate, Limits, Runner, Standing

CONNECTIONS = 32
WAIT_STEP_S = 1.0


def client() -> Any:
    """A DynamoDB client for all segments of a migration at once."""
    chosen = settings()
    config = Config(max_pool_connections=CONNECTIONS, retries={"mode": "standard", "total_max_attempts": 8})
    return get_session().create_client(
        "dynamodb",
        region_name=chosen.region,
        endpoint_url=chosen.dynamodb_endpoint or None,
        config=config,
    )


def build(log: Callable[[str], None], limits: Limits, dynamodb: Any = None) -> tuple[Runner, Ledger]:
    """The runner of this installation, and the ledger that it writes."""
    chosen, dynamodb = settings(), dynamodb or client()
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    ledger = Ledger(dynamodb, chosen.table("migrations"), owner, system_clock)
    return Runner(discover(), ledger, dynamodb, chosen.table, log, limits, blob=_blob), ledger


def _blob(key: str) -> bytes:
    """What the bucket holds. Large results are few, and few migrations look at any."""
    chosen = settings()
    content: bytes = _bucket_client().get_object(Bucket=chosen.bucket, Key=key)["Body"].read()
    return content


@cache
def _bucket_client() -> Any:
    chosen = settings()
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"} if chosen.s3_endpoint else None)
    return get_session().create_client(
        "s3", region_name=chosen.region, endpoint_url=chosen.s3_endpoint or None, config=config
    )


def patiently(work: Callable[[], object], wait_s: float) -> None:
    """Do the work; while another runner is at it wait for up to `wait_s` seconds, then `BusyError`."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            work()
        except BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(WAIT_STEP_S)
        else:
            return


def told_status(runner: Runner, ledger: Ledger) -> Iterator[str]:
    """A line for each migration, and who is at work."""
    for standing in runner.status():
        yield _told_standing(standing)
    holder = ledger.holder()
    if holder is not None:
        at_work = "at work" if holder.until > system_clock() else "gone without a word; its lease has run out"
        yield f"runner     {holder.owner}, lease until {iso(holder.until)}: {at_work}"


def _told_standing(standing: Standing) -> str:
    line, entry = f"{standing.state:10} {standing.migration.name}", standing.entry
    if entry is None:
        return f"{line}: {standing.migration.stage}, {standing.migration.summary}"
    when = f"since {iso(entry.started_at)}, last sign {iso(entry.changed_at)}"
    if entry.state == APPLIED:
        when = f"{iso(entry.started_at)} to {iso(entry.changed_at)}"
    error = f"\n           {entry.error}" if entry.error else ""
    return f"{line}: {entry.seen} items seen, {entry.written} written, {when}{error}"


def told_estimate(estimate: Estimate, units_per_second: float = UNITS_PER_SECOND) -> str:
    """A line for a migration that is to be applied."""
    migration = estimate.migration
    line = f"{migration.name} ({migration.stage}): {migration.summary}"
    back = "cannot be taken back" if migration.down is None else "can be taken back"
    if not migration.walks:
        return f"{line}; {back}"
    size = (
        f"{estimate.items:,} items, {estimate.size_bytes / 1e6:,.1f} MB, {estimate.read_units:,} read units"
    )
    seconds = f", {estimate.read_units / units_per_second:,.0f} s of reading" if units_per_second else ""
    return f"{line}; walks {', '.join(migration.walks)}: about {size}{seconds}; {back}"
