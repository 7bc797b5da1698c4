"""Between Python's values and DynamoDB's typed ones, for the kinds of values that we store.

A `None` is left out. Whole numbers come back as int, others as float.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SMALLEST = 1e-130
"""What is nearer to nothing than this, DynamoDB cannot hold; we store it as nothing."""

Plain = dict[str, Any]
"""An item in Python's values."""
Wire = dict[str, dict[str, Any]]
"""An item as DynamoDB's API has it."""


def to_wire(item: Mapping[str, Any]) -> Wire:
    """The item with typed values; attributes that are None are left out."""
    return {name: value_to_wire(value) for name, value in item.items() if value is not None}


def value_to_wire(value: Any) -> dict[str, Any]:
    """One typed value. TypeError for what cannot be stored."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, float):
        return {"N": "0" if abs(value) < SMALLEST else repr(value)}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, Mapping):
        return {"M": to_wire(value)}
    if isinstance(value, Sequence):
        return {"L": [value_to_wire(entry) for entry in value]}
    raise TypeError(f"cannot store a {type(value).__name__}")


def from_wire(item: Mapping[str, Mapping[str, Any]]) -> Plain:
    """The item in Python's values."""
    return {name: value_from_wire(value) for name, value in item.items()}


def value_from_wire(value: Mapping[str, Any]) -> Any:
    """One value in Python's terms."""
    kind, content = next(iter(value.items()))
    if kind == "N":
        return _number(content)
    if kind == "M":
        return from_wire(content)
    if kind == "L":
        return [value_from_wire(entry) for entry in content]
    if kind == "NULL":
        return None
    return content


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return int(number) if "E" in text.upper() and number.is_integer() else number
