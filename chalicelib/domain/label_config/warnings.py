"""Doubts about a configuration that never refuse it: shown to whoever writes it, beside the editor.

The codes are shared with the front end's twin. At most `MAX_WARNINGS` are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.label_config.nearest import nearest
from chalicelib.domain.label_config.tags import EVERYWHERE, TAGS, AttributeSpec, TagSpec
from chalicelib.domain.label_config.xml import Element
from chalicelib.errors import Fault

if TYPE_CHECKING:
    from chalicelib.domain.label_config.config import Control, LabelConfig

MAX_WARNINGS = 100
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)")
_BOOLEANS = frozenset({"true", "false"})


def find_warnings(config: LabelConfig) -> list[Fault]:
    """Every doubt, in document order within each kind, the first `MAX_WARNINGS` of them."""
    return list(islice(_all(config), MAX_WARNINGS))


def _all(config: LabelConfig) -> Iterator[Fault]:
    for element in config.elements:
        yield from _element(element)
    for check in (_objects, _conditions, _hotkeys, _labels):
        yield from check(config)


def _element(element: Element) -> Iterator[Fault]:
    spec = element.spec
    if spec is None:
        if not _inside_markup(element):
            yield _unknown_tag(element)
        return
    for name, value in element.attributes.items():
        yield from _attribute(element, spec, name, value)
    yield from _missing(element, spec)
    if spec.parents is not None and not any(up in spec.parents for up in _ancestors(element)):
        words = " or ".join(spec.parents[:3]) + (" …" if len(spec.parents) > 3 else "")
        yield Fault(element.place, f"<{element.tag}> belongs in {words}.", "wrong_parent")


def _missing(element: Element, spec: TagSpec) -> Iterator[Fault]:
    for attribute in spec.attributes.values():
        if not attribute.required or element.find(attribute.name) is not None:
            continue
        if attribute.name == "toName" and spec.role == "control":
            continue  # told by `_objects`, which knows whether there is just one object to mean
        if attribute.name == "value" and (spec.content != "none" and (element.text or element.children)):
            continue
        yield Fault(element.place, f"<{element.tag}> needs {attribute.name}.", "missing_attribute")


def _inside_markup(element: Element) -> bool:
    above = element.parent
    while above is not None:
        if above.spec is not None and above.spec.content == "markup":
            return True
        above = above.parent
    return False


def _ancestors(element: Element) -> Iterator[str]:
    above = element.parent
    while above is not None:
        if above.spec is not None:
            yield above.spec.name
        above = above.parent


@cache
def _tag_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec.name for spec in TAGS.values()))


def _unknown_tag(element: Element) -> Fault:
    message = f"<{element.tag}> is not a tag Skylabel knows. What is inside it is shown."
    return Fault(element.place, message, "unknown_tag", nearest(element.tag, _tag_names()))


def _attribute(element: Element, spec: TagSpec, name: str, value: str) -> Iterator[Fault]:
    known = spec.attributes.get(name.lower())
    if known is None:
        if name.lower() in EVERYWHERE or ":" in name or name == "xmlns":
            return
        names = [attribute.name for attribute in spec.attributes.values()]
        message = f"<{element.tag}> has no attribute {name}."
        yield Fault(element.place, message, "unknown_attribute", nearest(name, names))
        return
    if known.name != name and known.name in {"name", "toName", "value", "valueList", "alias"}:
        message = f"{name} of <{element.tag}> is written {known.name}; servers look at the case."
        yield Fault(element.place, message, "wrong_case", known.name)
    problem = "" if "$" in value else _PROBLEMS.get(known.kind, _no_problem)(known, value)
    if problem:
        message = f'{name}="{value[:80]}" of <{element.tag}> {problem}.'
        yield Fault(element.place, message, "bad_value", nearest(value, known.values))


def _no_problem(_spec: AttributeSpec, _value: str) -> str:
    return ""


def _number_problem(_spec: AttributeSpec, value: str) -> str:
    return "" if _NUMBER.match(value) else "is not a number"


def _boolean_problem(_spec: AttributeSpec, value: str) -> str:
    return "" if value.lower() in _BOOLEANS else "must be true or false"


def _enum_problem(spec: AttributeSpec, value: str) -> str:
    known = {one.lower() for one in spec.values}
    return "" if value.strip().lower() in known else f"must be one of {', '.join(spec.values)}"


_PROBLEMS: Mapping[str, Callable[[AttributeSpec, str], str]] = {
    "number": _number_problem,
    "boolean": _boolean_problem,
    "enum": _enum_problem,
}


def _objects(config: LabelConfig) -> Iterator[Fault]:
    for element in config.elements:
        if element.spec is None or element.spec.role != "control":
            continue
        if not element.find("toName") and len(config.objects) != 1:
            message = f"<{element.tag}> does not say which object it labels (toName)."
            yield Fault(element.place, message, "no_object")
    for control in config.controls.values():
        yield from _wrong_objects(config, control)


def _wrong_objects(config: LabelConfig, control: Control) -> Iterator[Fault]:
    element = control.element
    if element.spec is not None and element.spec.self_reporting:
        return
    allowed = element.spec.objects if element.spec else None
    for name in control.to_names:
        target = config.objects.get(name)
        if target is None:
            message = f'<{element.tag}> labels "{name}", which shows no data.'
            yield Fault(element.place, message, "bad_object")
        elif allowed is not None and target.kind not in allowed:
            message = f"<{element.tag}> cannot work on <{target.kind}>; it works on {', '.join(allowed)}."
            yield Fault(element.place, message, "bad_object")


def _conditions(config: LabelConfig) -> Iterator[Fault]:
    """`whenTagName` that names nothing; labels and choices that nobody can pick."""
    pickable = _Pickable(config)
    for element in config.elements:
        name = element.find("whenTagName")
        control = config.controls.get(name) if name else None
        if name and control is None and name not in config.objects:
            message = f'whenTagName="{name}" of <{element.tag}> names no control: it is never shown.'
            yield Fault(element.place, message, "unreachable_condition", nearest(name, config.controls))
        for attribute in ("whenLabelValue", "whenChoiceValue"):
            wanted = element.find(attribute)
            if not wanted or "$" in wanted:
                continue
            for value in pickable.missing(wanted, control):
                message = f'{attribute}="{value}" of <{element.tag}> can never be chosen.'
                suggestion = nearest(value, pickable.labels(control))
                yield Fault(element.place, message, "unreachable_condition", suggestion)


class _Pickable:
    """What can be picked in a control, or anywhere; computed once for a configuration."""

    def __init__(self, config: LabelConfig) -> None:
        controls = config.controls.values()
        self.everything = frozenset(label for control in controls for label in control.accepted_labels)
        self.any_dynamic = any(control.dynamic for control in controls)

    def labels(self, control: Control | None) -> frozenset[str]:
        return control.accepted_labels if control else self.everything

    def missing(self, wanted: str, control: Control | None) -> list[str]:
        """The parts of a comma list that cannot be picked."""
        known = self.labels(control)
        if wanted in known or (control.dynamic if control else self.any_dynamic):
            return []
        return [part for part in map(str.strip, wanted.split(",")) if part not in known]


def _hotkeys(config: LabelConfig) -> Iterator[Fault]:
    taken: dict[str, Element] = {}
    for element in config.elements:
        for key in (element.find("hotkey") or "").split(","):
            combination = "+".join(sorted(key.strip().lower().split("+")))
            if not combination:
                continue
            if combination in taken:
                first = taken[combination]
                message = f'hotkey "{key.strip()}" of <{element.tag}> is taken by line {first.line}.'
                yield Fault(element.place, message, "duplicate_hotkey")
            taken.setdefault(combination, element)


def _labels(config: LabelConfig) -> Iterator[Fault]:
    """The same label twice in one list; nested choices may repeat."""
    for control in config.controls.values():
        if not control.element.spec or not control.element.spec.has_labels:
            continue
        seen: set[str] = set()
        for child in control.element.children:
            label = child.find("alias") or child.find("value") or ""
            if child.tag.lower() == "label" and label and "$" not in label:
                if label in seen:
                    yield Fault(child.place, f'The label "{label}" is there twice.', "duplicate_label")
                seen.add(label)
