"""What DynamoDB charges for a stretch of work, as it reports it itself.

The count is of the whole process: a worker function does one message at a time, so what is counted
between the beginning and the end of a step is that step's. Only in the local server, where threads share a
process, may requests that go on beside it be counted along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from chalicelib.domain.jobs import Spent

_READS = frozenset({"GetItem", "BatchGetItem", "Query", "TransactGetItems"})
_COUNTED = _READS | {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


class CapacityMeter:
    """`Meter` over one botocore client; it asks for the cost only while somebody measures."""

    def __init__(self, client: Any) -> None:
        """Hooks itself into the client, for good."""
        self._lock = Lock()
        self._measuring = 0
        self._read_units = 0.0
        self._write_units = 0.0
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._note)

    @contextmanager
    def __call__(self) -> Iterator[Callable[[], Spent]]:
        """While entered, what it gives tells what was spent since."""
        with self._lock:
            self._measuring += 1
            before = (self._read_units, self._write_units)
        try:
            yield lambda: Spent(self._read_units - before[0], self._write_units - before[1])
        finally:
            with self._lock:
                self._measuring -= 1

    def _ask(self, params: Mapping[str, Any], model: Any, **_: Any) -> Mapping[str, Any] | None:
        """What to send instead; None leaves it to others, since the first answer to this event counts."""
        if self._measuring and model.name in _COUNTED and "ReturnConsumedCapacity" not in params:
            return {**params, "ReturnConsumedCapacity": "TOTAL"}
        return None

    def _note(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity")
        if not self._measuring or not consumed:
            return
        parts = consumed if isinstance(consumed, list) else [consumed]
        units = sum(float(part.get("CapacityUnits", 0)) for part in parts)
        with self._lock:
            if model.name in _READS:
                self._read_units += units
            else:
                self._write_units += units
