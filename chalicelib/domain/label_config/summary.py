"""`parsed_label_config` and the other summaries that servers of the field keep of a configuration.

These follow the servers' reading to the letter: the written case counts and tag names do not. What the
platform itself wants to know of controls is on `config.Control`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.label_config.xml import Document, Element

if TYPE_CHECKING:
    from chalicelib.domain.label_config.config import LabelConfig

LABEL_TAGS = frozenset({"Label", "Choice", "Relation"})
_DYNAMIC = re.compile(r"\$[A-Za-z_]+")
_CONDITIONS = (("tag", "whenTagName"), ("label", "whenLabelValue"), ("choice", "whenChoiceValue"))
_BULK_TAGS = frozenset({"Choices", "Taxonomy", "TextArea", "Rating", "Number", "DateTime"})


def is_control(element: Element) -> bool:
    """Whether servers count it as a control: a name and a target; any tag but Filter."""
    return element.tag != "Filter" and bool(element.get("name") and element.get("toName"))


def is_input(element: Element) -> bool:
    """Whether servers count it as an input: a name and a value, and no control."""
    return bool(
        element.get("name") and (element.get("value") or element.get("valueList"))
    ) and not is_control(element)


def stored_label(element: Element) -> str:
    """What a result stores for a Label, Choice or Relation: the alias, else the value."""
    return element.get("alias") or element.get("value") or element.get("valueList")


def summarize(document: Document) -> dict[str, dict[str, object]]:
    """`parsed_label_config`: control name to type, targets, inputs, labels and their attributes."""
    inputs = {element.get("name"): element for element in document.elements if is_input(element)}
    summary: dict[str, dict[str, object]] = {}
    labels: dict[str, dict[str, Mapping[str, str]]] = {}
    flags: dict[str, str] = {}
    for element in document.elements:
        if element.get("indexFlag"):
            flags[element.get("indexFlag")] = ".*"
        if is_control(element):
            name = element.get("name")
            labels[name] = {}
            summary[name] = _control(element, inputs, flags)
        if element.tag in LABEL_TAGS:
            _note_label(element, labels)
    for name, attributes in labels.items():
        summary[name]["labels"] = list(attributes)
        summary[name]["labels_attrs"] = attributes
    return summary


def _control(element: Element, inputs: Mapping[str, Element], flags: Mapping[str, str]) -> dict[str, object]:
    to_name = element.get("toName").split(",")
    control: dict[str, object] = {"type": element.tag, "to_name": to_name}
    if _DYNAMIC.fullmatch(element.get("value")) or element.get("apiUrl"):
        control["dynamic_labels"] = True
    if element.get("perRegion") == "true":
        for kind, attribute in _CONDITIONS:
            if element.get(attribute):
                control["conditionals"] = {"type": kind, "name": element.get(attribute)}
                break
    regex = {flag: anything for flag, anything in flags.items() if any(flag in name for name in to_name)}
    if regex:
        control["regex"] = regex
    control["inputs"] = [_input(inputs[name]) for name in to_name if name in inputs]
    return control


def _input(element: Element) -> dict[str, str | None]:
    key = "value" if element.get("value") else "valueList"
    value_type = element.attributes.get("valueType")
    return {"type": element.tag, "valueType": value_type, key: element.get(key).lstrip("$")}


def _note_label(element: Element, labels: Mapping[str, dict[str, Mapping[str, str]]]) -> None:
    label = stored_label(element)
    above = element.parent
    while above is not None and not is_control(above):
        above = above.parent
    if label and above is not None:
        labels[above.get("name")][label] = dict(element.attributes)


def default_control_weights(config: LabelConfig) -> dict[str, dict[str, object]]:
    """The weights that agreement starts from: 1.0 for every control and every label."""
    return {
        name: {"overall": 1.0, "type": control["type"], "labels": dict.fromkeys(_labels(control), 1.0)}
        for name, control in config.parsed.items()
    }


def _labels(control: Mapping[str, object]) -> list[str]:
    labels = control["labels"]
    return labels if isinstance(labels, list) else []


def suits_bulk_annotation(config: LabelConfig) -> bool:
    """Whether one answer can be given to many tasks at once.

    So it is when every control classifies whole tasks with options that do not come from the task.
    """
    controls = config.controls.values()
    return bool(controls) and all(
        control.kind in _BULK_TAGS
        and not (control.per_region or control.per_item or control.dynamic or control.in_repeater)
        and not control.element.flag("labeling")
        for control in controls
    )
