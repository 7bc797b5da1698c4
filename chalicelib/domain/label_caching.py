"""The labels of a task as one text among its data, so that tasks can be filtered and ordered by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.json_values import JsonList, JsonObject
from chalicelib.domain.label_config import LabelConfig
from chalicelib.errors import FaultList

SOURCES = {"annotations": "cache", "predictions": "cache_predictions"}
"""Whose labels can be cached, and how the names of their columns begin."""
EVERYTHING = "ALL"
MAX_CONTROL = 200
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheOrder:
    """Which labels are wanted: of one control, or with "" of all."""

    control: str = ""
    source: str = "annotations"
    with_counters: bool = True

    @property
    def column(self) -> str:
        """The key of the data that the text is kept under."""
        return f"{SOURCES[self.source]}_{self.control or 'all'}"


def read_order(fields: JsonObject) -> CacheOrder:
    """The order that a form or a client gives. InvalidInputError with every fault."""
    faults = FaultList()
    named = fields.get("custom_control_tag") or fields.get("control_tag") or EVERYTHING
    source = str(fields.get("source") or "annotations").lower()
    counters = _YES.get(str(fields.get("with_counters", "yes")).lower())
    if not isinstance(named, str) or len(named) > MAX_CONTROL:
        faults.add("control_tag", f"Must be a text of at most {MAX_CONTROL} characters.")
    if source not in SOURCES:
        faults.add("source", f'"{source[:100]}" is not a valid choice.', code="invalid_choice")
    if counters is None:
        faults.add("with_counters", "Must be a valid boolean.")
    faults.raise_if_any()
    control = "" if named == EVERYTHING else str(named)
    return CacheOrder(control=control, source=source, with_counters=bool(counters))


@dataclass(frozen=True, slots=True)
class LabelReader:
    """Reads the labels out of results, as the configuration shows them."""

    config: LabelConfig
    order: CacheOrder
    separators: Mapping[str, str | None] = field(init=False)
    """How the paths of each taxonomy are joined; None shows their last step alone."""

    def __post_init__(self) -> None:
        shown = {name: control.element for name, control in self.config.controls.items()}
        separators = {
            name: (element.get("pathSeparator") or "/")
            if element.get("showFullPath").lower() == "true"
            else None
            for name, element in shown.items()
        }
        object.__setattr__(self, "separators", separators)

    def text(self, results: Iterable[JsonList]) -> str:
        """All labels of the results by name, with how often each is used where that is wanted."""
        found = Counter(label for result in results for label in self._labels(result))
        return ", ".join(
            sorted(f"{label}: {n}" if self.order.with_counters else label for label, n in found.items())
        )

    def _labels(self, result: JsonList) -> Iterator[str]:
        for item in result:
            value = item.get("value") if isinstance(item, Mapping) else None
            name = str(item.get("from_name")) if isinstance(item, Mapping) else ""
            if isinstance(value, Mapping) and self.order.control in ("", name):
                yield from self._labels_of(name, value)

    def _labels_of(self, name: str, value: Mapping[str, Any]) -> Iterator[str]:
        """What the first of the value's lists that holds words says."""
        for key, own in value.items():
            if not isinstance(own, list) or not own:
                continue
            if key == "taxonomy":
                yield from (self._path(name, path) for path in own if isinstance(path, list) and path)
                return
            if isinstance(own[0], str):
                yield from map(str, own)
                return

    def _path(self, name: str, path: list[object]) -> str:
        separator = self.separators.get(name, "/")
        return str(path[-1]) if separator is None else separator.join(map(str, path))
