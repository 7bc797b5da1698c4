"""Whether items suit the project: the data keys that its config reads, and the form of a task.

Every fault of every item is told, in the words that clients of Label Studio know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.formats.control_table import ControlTable, value_at
from chalicelib.domain.imports.contract import UNNAMED
from chalicelib.domain.imports.items import is_wrapped
from chalicelib.domain.tasks.fields import holds

ECHOED_CHARACTERS = 300
_STR: tuple[type, ...] = (str,)
_TYPES: dict[str, tuple[type, ...]] = {
    "Text": (str, int, float, list),
    "Header": (str, int, float),
    "Image": (str, list),
    "Paragraphs": (list, str),
    "Chat": (list, str),
    "List": (list, str),
    "Ranker": (list, str),
    "Table": (dict, list, str),
    "TimeSeries": (dict, list, str),
    "Choices": (str, list),
    "Taxonomy": (str, list, type(None)),
}
_ONLY_TEXT = frozenset(("HyperText", "Audio", "AudioPlus", "Video", "Pdf"))
_ROOT = 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'


@dataclass(frozen=True, slots=True)
class ItemFault:
    """One fault of one item, by its index from 0."""

    index: int
    message: str


def data_types(controls: ControlTable) -> dict[str, str]:
    """The data keys that the config reads, each with the tag of its object."""
    return {key: tag for control in controls.controls.values() for tag, key in control.inputs}


def check_items(items: Iterable[Any], data_keys: Mapping[str, str]) -> list[ItemFault]:
    """All faults of the items, in order; none if all can be imported.

    `data_keys` maps each key that the config reads to the tag of its object (see `data_types`).
    """
    return [
        ItemFault(index, f"Error at item {index}: {fault} :: {_echo(item)}")
        for index, item in enumerate(items)
        for fault in item_faults(item, data_keys)
    ]


def item_faults(item: Any, data_keys: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one item, without its number."""
    if not isinstance(item, dict):
        yield _ROOT
        return
    wrapped = is_wrapped(item)
    yield from _data_faults(item["data"] if wrapped else item, data_keys, wrapped=wrapped)
    if wrapped:
        yield from _frame_faults(item)


def _data_faults(data: Any, data_keys: Mapping[str, str], *, wrapped: bool) -> Iterator[str]:
    if not isinstance(data, dict | list):
        yield "Task[data] must be dict or list"
        return
    if isinstance(data, list):
        return
    if UNNAMED in data and len(data_keys) == 1:
        return
    for key, tag in data_keys.items():
        if not holds(data, key):
            yield _missing(key, data, wrapped=wrapped)
            continue
        value = value_at(data, key.split("[", 1)[0])
        allowed = _STR if tag in _ONLY_TEXT else _TYPES.get(tag, ())
        if "[" not in key and allowed and not _is_of(value, allowed):
            names = [kind.__name__ for kind in allowed]
            yield (
                f"data['{key}']={_echo(value)} is of type '{type(value).__name__}', "
                f"but the object tag {tag} expects the following types: {names}"
            )


def _is_of(value: Any, allowed: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in allowed
    return isinstance(value, allowed)


def _missing(key: str, data: Mapping[str, Any], *, wrapped: bool) -> str:
    root = 'item["data"] = task root with values' if wrapped else "item as is = task root with values"
    found = ", ".join(f'"{name}"' for name in list(data)[:10])
    hint = f" [found: {found[:ECHOED_CHARACTERS]}]" if found else ""
    return f'"{key}" key is expected in task data [assume: {root}]{hint}'


def _frame_faults(item: Mapping[str, Any]) -> Iterator[str]:
    for name in ("annotations", "predictions", "drafts"):
        listed = item.get(name)
        if listed is None:
            continue
        if not isinstance(listed, list):
            yield f"Task[{name}] must be list"
            continue
        for number, entry in enumerate(listed):
            fault = _entry_fault(name, entry)
            if fault:
                yield f"{name}[{number}]: {fault}" if number else fault
    meta = item.get("meta")
    if meta is not None and not isinstance(meta, dict | list):
        yield "Task[meta] must be dict or list"


def _entry_fault(name: str, entry: Any) -> str | None:
    kind = name.removesuffix("s").capitalize()
    if not isinstance(entry, dict):
        return f"{kind} must be dict"
    if "result" not in entry:
        return f'{kind} must have "result" fields'
    if name == "annotations" and not isinstance(entry["result"], list):
        return '"result" field in annotation must be list'
    if isinstance(entry["result"], list) and not all(isinstance(part, dict) for part in entry["result"]):
        return f'"result" field in {kind.lower()} must be list of dict'
    return None


def _echo(value: Any) -> str:
    """The value as JSON, cut; people need to recognise it, not to read it whole."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):
        text = type(value).__name__
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= ECHOED_CHARACTERS else f"{text[:ECHOED_CHARACTERS]}…"
