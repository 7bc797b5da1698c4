"""Checks values against the part of JSON Schema that results need, fast and with every fault's place.

Understood: type, const, enum, properties, required, items, minItems, maxItems, minimum, maximum, pattern,
anyOf, additionalProperties (as a schema). A schema is compiled once into functions; full validators are
many times slower and are used in the tests only, to prove that both agree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from chalicelib.domain.results.kinds import Schema
from chalicelib.errors import Fault

Check = Callable[[object, str, list[Fault]], None]
"""Takes the value, its place and the list that faults are added to."""

_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and float(cast(float, value)).is_integer(),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def compile_check(schema: Schema) -> Check:
    """The check that a schema stands for."""
    if _is_bytes(schema):
        return _check_bytes(schema)
    parts = [make(schema) for keyword, make in _PARTS.items() if keyword in schema]
    type_check = _check_type(schema["type"]) if "type" in schema else None

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if type_check is not None:
            before = len(faults)
            type_check(value, place, faults)
            if len(faults) > before:
                return
        for part in parts:
            part(value, place, faults)

    return check


def _check_type(types: object) -> Check:
    names = [types] if isinstance(types, str) else list(cast(Iterable[str], types))
    tests = [_TYPES[name] for name in names]
    words = " or ".join(_NAMES[name] for name in names)

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if not any(test(value) for test in tests):
            faults.append(Fault(place, f"must be {words}", "wrong_type"))

    return check


def _check_const(schema: Schema) -> Check:
    expected = schema["const"]

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if value != expected:
            faults.append(Fault(place, f"must be {expected!r}", "wrong_value"))

    return check


def _check_enum(schema: Schema) -> Check:
    allowed = list(cast(Iterable[object], schema["enum"]))
    texts = frozenset(value for value in allowed if isinstance(value, str))
    shown = ", ".join(repr(value) for value in allowed[:10]) + (", …" if len(allowed) > 10 else "")

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if value not in (texts if isinstance(value, str) else allowed):
            faults.append(Fault(place, f"{value!r} is none of {shown}", "unknown_value"))

    return check


def _check_fields(schema: Schema) -> Check:
    properties = cast(Mapping[str, Schema], schema.get("properties", {}))
    checks = {name: compile_check(inner) for name, inner in properties.items()}
    required = tuple(cast(Iterable[str], schema.get("required", ())))
    others = schema.get("additionalProperties")
    check_other = compile_check(cast(Schema, others)) if isinstance(others, Mapping) else None

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if not isinstance(value, dict):
            return
        for name in required:
            if name not in value:
                faults.append(Fault(place, f"lacks {name!r}", "missing"))
        for name, inner in value.items():
            field_check = checks.get(name, check_other)
            if field_check is not None:
                field_check(inner, f"{place}.{name}", faults)

    return check


def _check_items(schema: Schema) -> Check:
    inner = compile_check(cast(Schema, schema["items"]))

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                inner(item, f"{place}[{index}]", faults)

    return check


def _check_count(schema: Schema) -> Check:
    least = cast(int, schema.get("minItems", 0))
    most = cast(float, schema.get("maxItems", math.inf))

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if isinstance(value, list) and not least <= len(value) <= most:
            words = f"at least {least}" if len(value) < least else f"at most {most}"
            faults.append(Fault(place, f"must have {words} items", "wrong_count"))

    return check


def _check_range(schema: Schema) -> Check:
    least = cast(float, schema.get("minimum", -math.inf))
    most = cast(float, schema.get("maximum", math.inf))

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if _is_number(value) and not least <= cast(float, value) <= most:
            words = f"at least {least:g}" if cast(float, value) < least else f"at most {most:g}"
            faults.append(Fault(place, f"must be {words}", "out_of_range"))

    return check


def _check_pattern(schema: Schema) -> Check:
    pattern = re.compile(cast(str, schema["pattern"]))

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if isinstance(value, str) and not pattern.search(value):
            faults.append(Fault(place, f"must match {pattern.pattern}", "wrong_value"))

    return check


_ANOTHER_SHAPE = frozenset({"missing", "wrong_type"})
"""Faults that tell that an option of `anyOf` was probably not the one meant."""


def _check_any(schema: Schema) -> Check:
    checks = [compile_check(option) for option in cast(Iterable[Schema], schema["anyOf"])]

    def check(value: object, place: str, faults: list[Fault]) -> None:
        best: list[Fault] | None = None
        best_rank = (True, math.inf)
        for option in checks:
            found: list[Fault] = []
            option(value, place, found)
            if not found:
                return
            rank = (any(fault.code in _ANOTHER_SHAPE for fault in found), len(found))
            if rank < best_rank:
                best, best_rank = found, rank
        faults.extend(best or ())

    return check


def _check_all(schema: Schema) -> Check:
    checks = [compile_check(part) for part in cast(Iterable[Schema], schema["allOf"])]

    def check(value: object, place: str, faults: list[Fault]) -> None:
        for part in checks:
            part(value, place, faults)

    return check


_PARTS: dict[str, Callable[[Schema], Check]] = {
    "const": _check_const,
    "enum": _check_enum,
    "properties": _check_fields,
    "additionalProperties": lambda schema: _nothing if "properties" in schema else _check_fields(schema),
    "required": lambda schema: _nothing if "properties" in schema else _check_fields(schema),
    "items": _check_items,
    "minItems": _check_count,
    "maxItems": lambda schema: _nothing if "minItems" in schema else _check_count(schema),
    "minimum": _check_range,
    "maximum": lambda schema: _nothing if "minimum" in schema else _check_range(schema),
    "pattern": _check_pattern,
    "anyOf": _check_any,
    "allOf": _check_all,
}


def _nothing(_value: object, _place: str, _faults: list[Fault]) -> None:
    """The keyword is checked together with its partner."""


def _is_bytes(schema: Schema) -> bool:
    items = schema.get("items")
    return isinstance(items, Mapping) and dict(items) == {"type": "integer", "minimum": 0, "maximum": 255}


def _check_bytes(schema: Schema) -> Check:
    """Lists of bytes are long (a mask): one pass in C when all is well, item by item to tell what is not."""
    count, item = _check_count(schema), compile_check(cast(Schema, schema["items"]))

    def check(value: object, place: str, faults: list[Fault]) -> None:
        if not isinstance(value, list):
            faults.append(Fault(place, "must be a list", "wrong_type"))
            return
        count(value, place, faults)
        try:
            bytes(value)
        except (TypeError, ValueError):
            for index, number in enumerate(value):
                item(number, f"{place}[{index}]", faults)

    return check
