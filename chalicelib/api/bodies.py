"""Bodies and queries into validated models: unknown fields are passed over, every fault is told.

The messages are those that Label Studio's clients and scripts know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.errors import Fault, InvalidInputError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from chalicelib.api.request import Request


class Body(BaseModel):
    """The base of all bodies and queries. Their validators are built at first use, not at import."""

    model_config = ConfigDict(extra="ignore", defer_build=True, coerce_numbers_to_str=True, frozen=True)

    def given(self) -> dict[str, Any]:
        """The fields that the client sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


M = TypeVar("M", bound=Body)

_MESSAGES = {
    "missing": "This field is required.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "int_parsing_size": "A valid integer is required.",
    "float_type": "A valid number is required.",
    "float_parsing": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "string_type": "Not a valid string.",
    "uuid_parsing": "Must be a valid UUID.",
    "uuid_type": "Must be a valid UUID.",
    "datetime_parsing": "Datetime has wrong format. Use an ISO 8601 date and time.",
    "datetime_from_date_parsing": "Datetime has wrong format. Use an ISO 8601 date and time.",
}
_KINDS = {"list_type": "a list of items", "dict_type": "a dictionary of items"}


def read_body(model: type[M], request: Request) -> M:
    """The request's body as a model. Raises InvalidInputError with every fault."""
    data = request.parsed
    if not isinstance(data, Mapping):
        kind = type(data).__name__
        raise InvalidInputError.at("", f"Invalid data. Expected a dictionary, but got {kind}.")
    return validate(model, _from_form(data) if request.is_form else data)


def read_query(model: type[M], request: Request) -> M:
    """The request's query as a model: the last of repeated values, all of them for fields that are lists."""
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        sent = request.query.get(field.alias or name) or request.query.get(f"{field.alias or name}[]")
        if sent and sent != [""]:
            values[name] = sent if "list" in str(field.annotation).lower() else sent[-1]
    return validate(model, values)


def validate(model: type[M], data: Mapping[str, Any]) -> M:
    """The data as a model. Raises InvalidInputError with every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInputError(faults=[_fault(detail, data) for detail in error.errors()]) from None


def _from_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values, with those that are JSON objects or lists read as such."""
    return {name: _structure(value) for name, value in data.items()}


def _structure(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _fault(detail: ErrorDetails, data: Mapping[str, Any]) -> Fault:
    steps = _steps(detail["loc"], data, is_missing=detail["type"] == "missing")
    return Fault(place(steps), _message(detail), _code(detail["type"]))


def _steps(named: tuple[int | str, ...], data: Any, *, is_missing: bool) -> tuple[int | str, ...]:
    """The way to a value within the data: without the names of a union's branches, which lead nowhere."""
    steps: list[int | str] = []
    for step in named:
        if isinstance(data, Mapping) and (step in data or (is_missing and step == named[-1])):
            steps.append(step)
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            steps.append(step)
            data = data[step]
    return tuple(steps)


def place(steps: tuple[int | str, ...]) -> str:
    """The path of a value within a body: `result[3].value`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _message(detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    if given is None and kind != "missing":
        return "This field may not be null."
    if kind == "string_too_short" and given == "":
        return "This field may not be blank."
    if kind == "string_too_short":
        return f"Ensure this field has at least {context['min_length']} characters."
    if kind == "string_too_long":
        return f"Ensure this field has no more than {context['max_length']} characters."
    if kind == "greater_than_equal":
        return f"Ensure this value is greater than or equal to {context['ge']}."
    if kind == "less_than_equal":
        return f"Ensure this value is less than or equal to {context['le']}."
    if kind in _KINDS:
        return f'Expected {_KINDS[kind]} but got type "{type(given).__name__}".'
    if kind in ("literal_error", "enum"):
        return f'"{given}" is not a valid choice.'
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    return _MESSAGES.get(kind, detail["msg"])


def _code(kind: str) -> str:
    return {"missing": "required", "literal_error": "invalid_choice", "enum": "invalid_choice"}.get(
        kind, "invalid"
    )
