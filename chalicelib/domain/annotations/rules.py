"""The rules that results and the fields beside them keep, however they come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.errors import FaultList

LONGEST_NAME = 256
"""How many characters a unique id or the name of a model version may have."""

Check = Callable[[object], str | None]
"""What is wrong with a value, or None."""


def _is_list(value: object) -> str | None:
    return None if isinstance(value, list | tuple) else "Expected a list of items."


def _is_bool(value: object) -> str | None:
    return None if isinstance(value, bool) else "Must be a valid boolean."


def _is_id(value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 53
    return None if value is None or whole else "A valid id is required."


def _is_whole(value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
    return None if value is None or whole else "A valid integer is required."


def _is_number(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "A valid number is required."
    return None if abs(value) < 1e100 else "A finite number is required."


def _is_name(value: object) -> str | None:
    if not isinstance(value, str) or not is_storable(value):
        return "Not a valid string."
    return None if len(value) <= LONGEST_NAME else f"At most {LONGEST_NAME} characters are allowed."


def _is_name_or_none(value: object) -> str | None:
    return None if value is None else _is_name(value)


def is_storable(text: str) -> bool:
    """Whether the text can be encoded: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_anything(value: object) -> str | None:  # noqa: ARG001
    return None


ANNOTATION_FIELDS: Mapping[str, Check] = {
    "result": _is_list,
    "was_cancelled": _is_bool,
    "ground_truth": _is_bool,
    "lead_time": _is_number,
    "completed_by": _is_id,
    "parent_prediction": _is_id,
    "parent_annotation": _is_id,
}
NEW_ANNOTATION_FIELDS: Mapping[str, Check] = {
    **ANNOTATION_FIELDS,
    "draft_id": _is_id,
    "unique_id": _is_name_or_none,
    "import_id": _is_whole,
    "last_action": _is_name_or_none,
}
DRAFT_FIELDS: Mapping[str, Check] = {"result": _is_list, "lead_time": _is_number, "was_postponed": _is_bool}
PREDICTION_FIELDS: Mapping[str, Check] = {
    "result": _is_anything,
    "score": _is_number,
    "model_version": _is_name,
    "mislabeling": _is_number,
    "cluster": _is_whole,
    "neighbors": _is_anything,
}
_EMPTY: Mapping[str, object] = {"result": [], "mislabeling": 0.0, "model_version": "undefined"}


def read_fields(fields: Mapping[str, object], known: Mapping[str, Check]) -> dict[str, Any]:
    """Those of the fields that are known, a missing result as an empty one; the rest is ignored.

    Raises InvalidInputError with every fault.
    """
    faults = FaultList()
    given: dict[str, object] = {}
    for name, check in known.items():
        if name not in fields:
            continue
        value = fields[name]
        given[name] = _EMPTY.get(name) if value is None else value
        message = check(given[name])
        if message:
            faults.add(name, message)
    faults.raise_if_any()
    return given


def find_faults(faults: FaultList, new: object, known: Mapping[str, Check], *, place: str = "") -> None:
    """Note what is wrong with the attributes of something to be made."""
    for name, check in known.items():
        message = check(getattr(new, name, None)) if hasattr(new, name) else None
        if message:
            faults.add(f"{place}{name}", message)


def check_new(new: object, known: Mapping[str, Check]) -> None:
    """Raise InvalidInputError with every fault in the attributes of something to be made."""
    faults = FaultList()
    find_faults(faults, new, known)
    faults.raise_if_any()


_VALUE_KEYS: Mapping[str, str] = {"TextArea": "text", "HyperTextLabels": "hypertextlabels"}
_IN_LISTS = frozenset({"choices", "text", "taxonomy"})


def as_result(value: object, parsed: Mapping[str, Mapping[str, object]]) -> list[Any]:
    """A prediction's result as a list of items; a plain value becomes one item of the only control.

    `parsed` are the controls of the configuration by name. Raises InvalidInputError when a plain value
    meets none or several of them.
    """
    if isinstance(value, list | tuple):
        return list(value)
    faults = FaultList()
    if value is None:
        faults.add("result", "This field is required.", code="required")
    elif len(parsed) != 1:
        faults.add("result", "A plain value needs a configuration with exactly one control.")
    faults.raise_if_any()
    name, control = next(iter(parsed.items()))
    kind = str(control.get("type", ""))
    names = control.get("to_name")
    key = _VALUE_KEYS.get(kind, kind.lower())
    content = [value] if key in _IN_LISTS else value
    return [
        {
            "from_name": name,
            "to_name": names[0] if isinstance(names, list | tuple) and names else "",
            "type": kind.lower(),
            "value": value if isinstance(value, Mapping) else {key: content},
        }
    ]
