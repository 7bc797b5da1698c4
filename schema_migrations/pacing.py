"""A DynamoDB client that keeps to a number of capacity units a second, whoever of several threads uses it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError

METERED = frozenset(
    {
        *("get_item", "batch_get_item", "query", "scan", "transact_get_items"),
        *("put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items"),
    }
)


class PacedClient:
    """A botocore client. What a request took is known when it is answered, and the next one waits for that.

    So the rate holds in the mean, and a large request is followed by a long pause. Writes to indexes count
    as DynamoDB itself counts them.
    """

    def __init__(
        self,
        client: Any,
        units_per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """No limit where `units_per_second` is 0."""
        self._client = client
        self._rate = units_per_second
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._free_at = clock()
        self.units = 0.0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name not in METERED:
            return call

        def paced(**request: Any) -> Any:
            self._wait()
            try:
                answer = call(**{"ReturnConsumedCapacity": "TOTAL", **request})
            except ClientError:
                self._charge(1.0)  # a condition that does not hold costs a write, too
                raise
            self._charge(_units(answer))
            return answer

        return paced

    def _wait(self) -> None:
        pause = self._free_at - self._clock()
        if pause > 0:
            self._sleep(pause)

    def _charge(self, units: float) -> None:
        with self._lock:
            self.units += units
            if self._rate:
                self._free_at = max(self._free_at, self._clock()) + units / self._rate


def _units(answer: Any) -> float:
    consumed = answer.get("ConsumedCapacity") or []
    parts = consumed if isinstance(consumed, list) else [consumed]
    return sum(float(part.get("CapacityUnits", 0)) for part in parts)
