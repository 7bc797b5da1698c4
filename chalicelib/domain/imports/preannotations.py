"""`preannotated_from_fields`: fields of the data that hold a model's answers become predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.errors import Fault, FaultList

MODEL_VERSION = "preannotated"
_PLAIN = ("rating", "number", "datetime")
_KEYS = {"textarea": "text", "pairwise": "selected"}


def absent_fields(data: Any, fields: Sequence[str], place: str) -> list[Fault]:
    """A fault for each named field that the data has not."""
    faults = FaultList()
    for field in fields:
        if not isinstance(data, Mapping) or field not in data:
            found = ", ".join(f'"{name}"' for name in list(data)[:10]) if isinstance(data, Mapping) else ""
            message = f'preannotated_from_fields: "{field}" is not in the task data'
            faults.add(place, message, code="field_absent", suggestion=f"one of {found}" if found else "")
    return faults.faults


def predictions_from(
    data: Mapping[str, Any], fields: Sequence[str], controls: ControlTable
) -> list[dict[str, Any]]:
    """A prediction for each field, of score 1; the fields stay in the data.

    The control is the one named like the field, else a Choices called so on an object called `text`.
    """
    return [
        {"model_version": MODEL_VERSION, "score": 1.0, "result": [_item(field, data[field], controls)]}
        for field in fields
    ]


def _item(field: str, value: Any, controls: ControlTable) -> dict[str, Any]:
    control = controls.of(field)
    kind = control.type.lower() if control else "choices"
    if kind not in _PLAIN and not isinstance(value, list):
        value = [value]
    return {
        "from_name": field,
        "to_name": control.to_name[0] if control and control.to_name else "text",
        "type": kind,
        "value": {_KEYS.get(kind, kind): value},
    }
