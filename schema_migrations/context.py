"""What a migration may use: guarded access to the tables, pages with checkpoints, counts, a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFoundError, SkylabelError

WRITES = frozenset(
    {
        "put_item",
        "update_item",
        "delete_item",
        "batch_write_item",
        "transact_write_items",
        "update_table",
        "create_table",
        "delete_table",
        "update_time_to_live",
        "execute_statement",
        "execute_transaction",
        "batch_execute_statement",
    }
)
SEGMENTS = 4
TRIES = 8
PASSING = frozenset(
    {
        "TransactionConflictException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
    }
)
"""What trying again mends."""


class PausedError(SkylabelError):
    """The time that the run was given is over; it goes on from its checkpoint when it is called again."""

    code = "paused"
    retryable = True


class DryRunClient:
    """A botocore DynamoDB client that reads, counts what it would have written, and writes nothing."""

    def __init__(self, client: Any) -> None:
        """Wraps a client."""
        self._client = client
        self._lock = Lock()
        self.refused: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in WRITES:
            return getattr(self._client, name)

        def refuse(**_request: Any) -> dict[str, Any]:
            with self._lock:
                self.refused[name] = self.refused.get(name, 0) + 1
            return {}

        return refuse


def no_blobs(key: str) -> bytes:
    """Stands in for a bucket where there is none."""
    raise NotFoundError(f"There is no bucket to read {key} from.")


@dataclass(slots=True)
class Counts:
    """How many items a migration has seen and written so far, over all its runs."""

    seen: int = 0
    written: int = 0


@dataclass(slots=True)
class Context:
    """Given to `up` and `down`; may be used by several threads. `save` stores checkpoint and counts."""

    dynamodb: Any
    table: Callable[[str], str]
    checkpoint: dict[str, Any]
    save: Callable[[dict[str, Any]], None]
    log: Callable[[str], None]
    is_dry_run: bool = False
    counts: Counts = field(default_factory=Counts)
    should_pause: Callable[[], bool] = lambda: False
    must_stop: Callable[[], bool] = lambda: False
    sleep: Callable[[float], object] = time.sleep
    blob: Callable[[str], bytes] = no_blobs
    """Reads what was too large for a table, by its key in the bucket."""
    _lock: Lock = field(default_factory=Lock)
    _is_broken_off: Event = field(default_factory=Event)

    def each(
        self, table: str, work: Callable[[list[Any]], None], *, segments: int = SEGMENTS, **scan: Any
    ) -> None:
        """Call `work` with each page of the table's items, for `segments` pages at once, as `pages` does."""

        def walk(segment: int) -> None:
            for page in self.pages(table, segment=segment, segments=segments, **scan):
                work(page)

        with ThreadPoolExecutor(segments) as pool:
            walks = [pool.submit(walk, segment) for segment in range(segments)]
            try:
                for done in as_completed(walks):
                    done.result()
            except BaseException:
                self._is_broken_off.set()  # the others end with the page that they are at
                raise

    def pages(self, table: str, *, segment: int = 0, segments: int = 1, **scan: Any) -> Iterator[list[Any]]:
        """The table's items, page by page, from where an earlier run of this segment got to.

        The place is saved after the page was worked off, so a kill repeats at most one page of each segment.
        """
        key = f"{table}:{segment}/{segments}"
        place = self.checkpoint.get(key, {})
        while not place.get("done") and not self._is_broken_off.is_set():
            request = {"TableName": self.table(table), "Segment": segment, "TotalSegments": segments, **scan}
            if "after" in place:
                request["ExclusiveStartKey"] = place["after"]
            page = self.dynamodb.scan(**request)
            yield page["Items"]
            last = page.get("LastEvaluatedKey")
            place = {"done": True} if last is None else {"after": last}
            self._note(key, place, seen=page.get("ScannedCount", len(page["Items"])))

    def _note(self, key: str, place: dict[str, Any], *, seen: int) -> None:
        with self._lock:
            self.counts.seen += seen
            self.checkpoint[key] = place
            self.save(self.checkpoint)
        if self.should_pause():
            raise PausedError("The time is over; run it again to go on.")

    def breathe(self) -> None:
        """To be called within long pages: ends the run with `PausedError` when its time is well over.

        The page is then begun anew by the next run. `update` calls it itself.
        """
        if self.must_stop() or self._is_broken_off.is_set():
            raise PausedError("The time is over; run it again to go on.")

    def wrote(self, count: int = 1) -> None:
        """Count items that were changed; `status` shows it."""
        with self._lock:
            self.counts.written += count

    def update(self, **request: Any) -> bool:
        """`update_item`, counted; False where its condition does not hold, so that nothing was to be done.

        It is tried again while a transaction of the product is at the item.
        """
        self.breathe()
        rng = Random()  # noqa: S311  spreads retries, guards nothing
        for attempt in range(TRIES):
            try:
                self.dynamodb.update_item(**request)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ConditionalCheckFailedException":
                    return False
                if code not in PASSING or attempt == TRIES - 1:
                    raise
                self.sleep(rng.uniform(0, 0.02 * 2**attempt))
            else:
                break
        self.wrote()
        return True
