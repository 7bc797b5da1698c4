"""Whether a result fits its configuration: every fault with its place (`result[3].value.x`).

For predictions, imports and, where a project asks for it, annotations. Only proper checks: what real editors
and the field's SDK write passes, also the odd ways (paths in Choices, a Pairwise that targets itself).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from chalicelib.domain.label_config.config import Control, LabelConfig, name_pattern
from chalicelib.domain.label_config.nearest import nearest
from chalicelib.domain.label_config.result_schema import (
    ITEM_FIELDS,
    RELATION,
    allowed_targets,
    value_schemas,
)
from chalicelib.domain.results.schema_check import Check, compile_check
from chalicelib.errors import Fault

_ALIASES = {"htmllabels": "hypertextlabels"}
_RELATION = compile_check(RELATION)
_FIELDS = compile_check({"type": "object", "properties": ITEM_FIELDS, "required": []})
_COMPILED: WeakKeyDictionary[LabelConfig, dict[str, dict[str, Check]]] = WeakKeyDictionary()


def validate_result(config: LabelConfig, result: object, *, place: str = "result") -> list[Fault]:
    """Everything wrong with a `result` list under the configuration; empty when it fits."""
    if not isinstance(result, list):
        return [Fault(place, "must be a list", "wrong_type")]
    faults: list[Fault] = []
    ids = {
        item["id"]
        for item in result
        if isinstance(item, dict) and item.get("type") != "relation" and isinstance(item.get("id"), str)
    }
    for index, item in enumerate(result):
        where = f"{place}[{index}]"
        if not isinstance(item, dict):
            faults.append(Fault(where, "must be an object", "wrong_type"))
        elif item.get("type") == "relation":
            _check_relation(item, where, ids, faults)
        else:
            _check_item(config, item, where, faults)
    return faults


def _check_relation(item: Mapping[str, object], place: str, ids: set[str], faults: list[Fault]) -> None:
    before = len(faults)
    _RELATION(item, place, faults)
    if len(faults) > before:
        return
    for end in ("from_id", "to_id"):
        if item[end] not in ids:
            faults.append(Fault(f"{place}.{end}", f"no region has the id {item[end]!r}", "unknown_region"))


def _check_item(config: LabelConfig, item: dict[str, object], place: str, faults: list[Fault]) -> None:
    missing = [name for name in ("from_name", "to_name", "type", "value") if name not in item]
    if missing:
        faults.extend(Fault(place, f"lacks {name!r}", "missing") for name in missing)
        return
    _FIELDS(item, place, faults)
    from_name = item["from_name"]
    control = config.find_control(from_name) if isinstance(from_name, str) else None
    if control is None:
        suggestion = nearest(str(from_name), config.controls)
        message = f"the configuration has no control {from_name!r}"
        faults.append(Fault(f"{place}.from_name", message, "unknown_control", suggestion))
        return
    if not _fits_target(control, item["to_name"]):
        targets = ", ".join(allowed_targets(control))
        message = f"{control.name!r} works on {targets}, not on {item['to_name']!r}"
        faults.append(Fault(f"{place}.to_name", message, "wrong_target"))
    checks = _checks_of(config, control)
    type_ = item["type"]
    check = checks.get(_ALIASES.get(type_, type_)) if isinstance(type_, str) else None
    if check is None:
        message = f"{control.name!r} writes {' or '.join(checks)}, not {type_!r}"
        faults.append(Fault(f"{place}.type", message, "wrong_type_name", next(iter(checks))))
        return
    check(item["value"], f"{place}.value", faults)


def _fits_target(control: Control, to_name: object) -> bool:
    targets = allowed_targets(control)
    if to_name in targets:
        return True
    if not control.in_repeater or not isinstance(to_name, str):
        return False
    return any(re.fullmatch(name_pattern(name, control.element), to_name) for name in targets)


def _checks_of(config: LabelConfig, control: Control) -> dict[str, Check]:
    by_control = _COMPILED.setdefault(config, {})
    checks = by_control.get(control.name)
    if checks is None:
        schemas = value_schemas(config, control)
        checks = {type_: compile_check(schema) for type_, schema in schemas.items()}
        by_control[control.name] = checks
    return checks
