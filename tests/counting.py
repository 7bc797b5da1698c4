"""Counts DynamoDB requests and capacity units, as the database itself reports them.

with Counting(client) as count:
    ...
assert count.requests <= 5 and count.write_units <= 12
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

_READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
_COUNTED = _READS | {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


@dataclass(frozen=True)
class Request:
    """One request and the units it took."""

    operation: str
    units: float
    failed: bool = False

    @property
    def is_read(self) -> bool:
        return self.operation in _READS


@dataclass
class Counting:
    """While entered, notes every request that a botocore client makes."""

    client: Any
    made: list[Request] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.made)

    @property
    def operations(self) -> list[str]:
        return [request.operation for request in self.made]

    @property
    def read_units(self) -> float:
        return sum(request.units for request in self.made if request.is_read)

    @property
    def write_units(self) -> float:
        return sum(request.units for request in self.made if not request.is_read)

    def __enter__(self) -> Counting:
        events = self.client.meta.events
        events.register("provide-client-params.dynamodb", self._ask, unique_id=f"ask-{id(self)}")
        events.register("after-call.dynamodb", self._note, unique_id=f"note-{id(self)}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        events = self.client.meta.events
        events.unregister("provide-client-params.dynamodb", unique_id=f"ask-{id(self)}")
        events.unregister("after-call.dynamodb", unique_id=f"note-{id(self)}")

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        if model.name in _COUNTED:
            return {**params, "ReturnConsumedCapacity": "TOTAL"}
        return params

    def _note(self, http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name not in _COUNTED:
            return
        consumed = parsed.get("ConsumedCapacity", [])
        parts = consumed if isinstance(consumed, list) else [consumed]
        units = sum(float(part.get("CapacityUnits", 0)) for part in parts)
        self.made.append(Request(model.name, units, failed=http_response.status_code >= 400))
