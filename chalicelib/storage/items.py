"""DynamoDB's typed values to Python's and back, for repositories that use the plain client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]


def encode(value: object) -> dict[str, Any]:
    """One value as DynamoDB writes it. Raises TypeError for what it has no type for."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, Mapping):
        return {"M": {str(name): encode(inner) for name, inner in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [encode(inner) for inner in value]}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def decode(typed: Mapping[str, Any]) -> Any:
    """One value as Python has it: whole numbers are ints."""
    ((kind, value),) = typed.items()
    if kind == "N":
        return int(value) if value.lstrip("-").isdigit() else float(value)
    if kind == "NULL":
        return None
    if kind == "M":
        return {name: decode(inner) for name, inner in value.items()}
    if kind == "L":
        return [decode(inner) for inner in value]
    return value


def encode_item(values: Mapping[str, object]) -> Item:
    """A row's attributes as DynamoDB writes them; those that are None are left out."""
    return {name: encode(value) for name, value in values.items() if value is not None}


def decode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """A row's attributes as Python has them."""
    return {name: decode(typed) for name, typed in item.items()}


def is_condition_failure(error: ClientError) -> bool:
    """Whether a write's condition did not hold (alone or as the reason of a cancelled transaction)."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        reasons = error.response.get("CancellationReasons", [])
        return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)
    return bool(code == "ConditionalCheckFailedException")
