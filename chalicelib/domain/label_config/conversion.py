"""Results made from simpler things: a model's plain answer, or columns of the task's own data."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.label_config.config import Control, LabelConfig
from chalicelib.domain.results.kinds import KINDS
from chalicelib.errors import InvalidInputError

_LISTS = frozenset({"choices", "texts", "labels"})


def result_from_plain_value(config: LabelConfig, value: object) -> list[dict[str, object]]:
    """The one region that a plain answer stands for: `"neg"` → choices, `4` → rating.

    Raises `InvalidInputError` unless the configuration has exactly one control.
    """
    controls = list(config.controls.values())
    if len(controls) != 1:
        words = f"a plain value needs a configuration with one control; this one has {len(controls)}"
        raise InvalidInputError.at("result", words)
    return [item_from_value(controls[0], value)]


def item_from_value(control: Control, value: object) -> dict[str, object]:
    """A result item of the control that holds the value, wrapped as its type wants it."""
    kind = KINDS.get(control.result_type)
    key = (kind.key if kind else "") or control.result_type
    return {
        "from_name": control.name,
        "to_name": control.to_names[0],
        "type": control.result_type,
        "value": {key: _payload(kind.payload if kind else "", control, value)},
    }


def _payload(payload: str, control: Control, value: object) -> object:
    if payload in _LISTS:
        return [str(one) for one in value] if isinstance(value, list) else [_as_text(value)]
    if payload == "taxonomy":
        return _paths(value)
    if payload == "ranker" and isinstance(value, list):
        return {control.name: value}
    if payload in {"rating", "number"} and isinstance(value, str):
        return _as_number(value)
    return value


def _paths(value: object) -> object:
    if not isinstance(value, list):
        return [[_as_text(value)]]
    if all(isinstance(one, list) for one in value):
        return value
    return [[_as_text(one) for one in value]]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _as_number(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def preannotated_from_fields(
    config: LabelConfig, data: Mapping[str, object], fields: list[str]
) -> list[dict[str, object]]:
    """One item for each field of the data, written by the control of that name.

    A field that no control is named after becomes a choice of the object `text`, as elsewhere in the field.
    Raises `InvalidInputError` naming every field that the data lacks.
    """
    missing = [name for name in fields if name not in data]
    if missing:
        raise InvalidInputError.at("data", f"lacks {', '.join(map(repr, missing))}", code="missing")
    return [_field_item(config, name, data[name]) for name in fields if data[name] is not None]


def _field_item(config: LabelConfig, name: str, value: object) -> dict[str, object]:
    control = config.controls.get(name)
    if control is not None:
        return item_from_value(control, value)
    return {
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": value if isinstance(value, list) else [_as_text(value)]},
    }
