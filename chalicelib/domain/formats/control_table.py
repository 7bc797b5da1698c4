"""The project's controls as formats look at them, made from `parsed_label_config`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

LABEL_SHAPES = {
    "RectangleLabels": "rectangle",
    "PolygonLabels": "polygon",
    "KeyPointLabels": "keypoint",
    "EllipseLabels": "ellipse",
    "BrushLabels": "brush",
}
PLAIN_SHAPES = {
    "Rectangle": "rectangle",
    "Polygon": "polygon",
    "KeyPoint": "keypoint",
    "Ellipse": "ellipse",
    "Brush": "brush",
    "MagicWand": "brush",
}


NEVER_SHAPES = ("TextArea", "Choices", "Rating", "Number", "Taxonomy", "DateTime")


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its tag, the objects it speaks of, their data keys, and its labels in order."""

    name: str
    type: str
    to_name: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    has_value_list: bool = False

    def speaks_of(self, *object_tags: str) -> bool:
        """Whether one of its objects is such a tag."""
        return any(tag in object_tags for tag, _ in self.inputs)


class ControlTable:
    """The controls by name, and what follows from them together.

    Names made by a Repeater (`label_{{idx}}`) match by pattern.
    """

    def __init__(self, parsed_config: Mapping[str, Any]) -> None:
        self.controls: dict[str, Control] = {}
        self._patterns: list[tuple[re.Pattern[str], Control]] = []
        self._by_answer: dict[str, Control | None] = {}
        for name, entry in parsed_config.items():
            control = _control(name, entry)
            self.controls[name] = control
            if entry.get("regex"):
                self._patterns.append((_pattern(name, entry["regex"]), control))

    def of(self, from_name: object) -> Control | None:
        """The control that answers under this name, or None if the config has none."""
        if not isinstance(from_name, str):
            return None
        found = self.controls.get(from_name)
        if found is not None or not self._patterns:
            return found
        if from_name not in self._by_answer:
            matches = (control for pattern, control in self._patterns if pattern.fullmatch(from_name))
            self._by_answer[from_name] = next(matches, None)
        return self._by_answer[from_name]

    def of_type(self, *tags: str) -> list[Control]:
        """The controls of these tags, in the config's order."""
        return [control for control in self.controls.values() if control.type in tags]

    @cached_property
    def drawing(self) -> dict[str, Control]:
        """The controls that may draw a shape, by their names: those that are no answers."""
        return {name: control for name, control in self.controls.items() if control.type not in NEVER_SHAPES}

    @cached_property
    def data_keys(self) -> list[str]:
        """The data keys of all objects that a control speaks of, each once, in order."""
        keys = (key for control in self.controls.values() for _, key in control.inputs)
        return list(dict.fromkeys(keys))

    def data_key_of(self, *object_tags: str) -> str | None:
        """The data key of the first object of such a tag."""
        for control in self.controls.values():
            for tag, key in control.inputs:
                if tag in object_tags:
                    return key
        return None

    @cached_property
    def shape_controls(self) -> list[Control]:
        """The controls whose labels name shapes on an image."""
        with_tools = bool(self.of_type(*PLAIN_SHAPES))
        return [
            control
            for control in self.controls.values()
            if control.type in LABEL_SHAPES
            or (with_tools and control.type == "Labels" and control.speaks_of("Image"))
        ]

    @property
    def reads_one_key(self) -> bool:
        """Whether all controls speak of the same data."""
        return len(self.data_keys) == 1

    def pairs(self, object_tags: Iterable[str], *control_tags: str) -> bool:
        """Whether some control of these tags speaks of some object of those."""
        tags = tuple(object_tags)
        return any(control.speaks_of(*tags) for control in self.of_type(*control_tags))


def value_at(data: Any, key: str) -> Any:
    """The task's data under a key of the config: as it stands, or followed along its dots; else None."""
    if type(data) is not dict and not isinstance(data, Mapping):
        return None
    if key in data:
        return data[key]
    found: Any = data
    for step in key.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def _control(name: str, entry: Mapping[str, Any]) -> Control:
    inputs = [item for item in entry.get("inputs") or () if item.get("value") or item.get("valueList")]
    return Control(
        name=name,
        type=str(entry.get("type", "")),
        to_name=tuple(entry.get("to_name") or ()),
        inputs=tuple((str(item.get("type", "")), _key(item)) for item in inputs),
        labels=tuple(entry.get("labels") or ()),
        attributes=entry.get("labels_attrs") or {},
        has_value_list=any(item.get("valueList") for item in inputs),
    )


def _key(item: Mapping[str, Any]) -> str:
    return str(item.get("value") or item.get("valueList")).removeprefix("$")


def _pattern(name: str, flags: Mapping[str, str]) -> re.Pattern[str]:
    text = re.escape(name)
    for flag, expression in flags.items():
        text = text.replace(re.escape(flag), expression)
    return re.compile(text)
