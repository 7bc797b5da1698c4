"""What a migration may use: guarded access to the tables, checkpoints, a rate limit, a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

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


class DryRunClient:
    """A botocore DynamoDB client that reads, counts what it would have written, and writes nothing."""

    def __init__(self, client: Any) -> None:
        """Wraps a client."""
        self._client = client
        self.refused: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in WRITES:
            return getattr(self._client, name)

        def refuse(**_request: Any) -> dict[str, Any]:
            self.refused[name] = self.refused.get(name, 0) + 1
            return {}

        return refuse


@dataclass(slots=True)
class Context:
    """Given to `up` and `down`. `save` stores the checkpoint and renews the runner's lease."""

    dynamodb: Any
    table: Callable[[str], str]
    checkpoint: dict[str, Any]
    save: Callable[[dict[str, Any]], None]
    log: Callable[[str], None]
    is_dry_run: bool = False
    pages_per_second: float = 20.0
    _last_page: float = field(default=0.0)

    def pages(self, table: str, *, segment: int = 0, segments: int = 1, **scan: Any) -> Iterator[list[Any]]:
        """The table's items, page by page, from where an earlier run of this segment got to.

        The place is saved after the page was worked off, so a kill repeats at most one page.
        """
        key = f"{table}:{segment}/{segments}"
        place = self.checkpoint.get(key, {})
        if place.get("done"):
            return
        start = place.get("after")
        while True:
            self._pace()
            request = {"TableName": self.table(table), "Segment": segment, "TotalSegments": segments, **scan}
            if start is not None:
                request["ExclusiveStartKey"] = start
            page = self.dynamodb.scan(**request)
            yield page["Items"]
            start = page.get("LastEvaluatedKey")
            self.checkpoint[key] = {"done": True} if start is None else {"after": start}
            self.save(self.checkpoint)
            if start is None:
                return

    def _pace(self) -> None:
        wait = self._last_page + 1 / self.pages_per_second - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._last_page = time.monotonic()
