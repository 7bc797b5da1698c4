"""`LabelConfig`: a checked configuration and what the platform asks of it.

Objects show data, controls write results. Derived parts are computed when first asked for and kept, for
many requests need only one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from chalicelib.domain.label_config import summary
from chalicelib.domain.label_config.variables import variable_names
from chalicelib.domain.label_config.xml import Document, Element
from chalicelib.errors import Fault

_LABEL_PARTS = frozenset({"label", "choice"})


@dataclass(frozen=True, slots=True)
class ObjectTag:
    """A tag that shows data. `kind` is the documented tag name, `value` the attribute as written."""

    name: str
    kind: str
    value: str
    is_list: bool
    element: Element


@dataclass(frozen=True, slots=True)
class Control:
    """A tag that writes results.

    `kind` is the documented tag name; `result_type` what its items carry as `type`. `labels` are the stored
    names (alias, else value) in order; `accepted_labels` those and the shown ones. `dynamic`: labels or
    choices come from the task or from a URL as well, so the lists are not complete.
    """

    name: str
    kind: str
    result_type: str
    to_names: tuple[str, ...]
    labels: tuple[str, ...]
    accepted_labels: frozenset[str]
    dynamic: bool
    per_region: bool
    per_item: bool
    required: bool
    makes_regions: bool
    in_repeater: bool
    element: Element


class LabelConfig:
    """A configuration that was accepted. Made by `parsing.parse`."""

    def __init__(self, *, text: str, document: Document) -> None:
        self.text = text
        self.document = document

    @property
    def root(self) -> Element:
        """The outermost tag."""
        return self.document.root

    @property
    def elements(self) -> tuple[Element, ...]:
        """All tags in document order."""
        return self.document.elements

    @cached_property
    def parsed(self) -> dict[str, dict[str, object]]:
        """`parsed_label_config`, as servers of the field answer it."""
        return summary.summarize(self.document)

    @cached_property
    def objects(self) -> Mapping[str, ObjectTag]:
        """What shows data, by name, in document order."""
        return {tag.name: tag for tag in map(_object, self.elements) if tag is not None}

    @cached_property
    def controls(self) -> Mapping[str, Control]:
        """What writes results, by name, in document order: also Chat, and controls without a target
        when there is just one object to mean.
        """
        only = next(iter(self.objects)) if len(self.objects) == 1 else ""
        found = (_control(element, only) for element in self.elements)
        return {control.name: control for control in found if control is not None}

    @cached_property
    def has_controls(self) -> bool:
        """`config_has_control_tags`."""
        return bool(self.parsed)

    @cached_property
    def suitable_for_bulk(self) -> bool:
        """`config_suitable_for_bulk_annotation`."""
        return summary.suits_bulk_annotation(self)

    @cached_property
    def data_keys(self) -> Mapping[str, str]:
        """The variables that `value` and `valueList` take from a task, each with the tag that shows it.

        Keys as written without `$` (`a.b`, `pages[{{idx}}].url`); Video wins where several tags share one,
        objects win over other tags. Which keys a task must have: `required_columns`.
        """
        keys: dict[str, str] = {}
        for element in sorted(self.elements, key=_rank):
            for value in (element.get("value"), element.get("valueList")):
                if len(value) > 1 and value.startswith("$"):
                    keys.setdefault(value.lstrip("$"), element.tag)
        return keys

    @cached_property
    def required_columns(self) -> Mapping[str, str]:
        """The top-level keys of task data that objects need, each with the kind of object."""
        columns: dict[str, str] = {}
        for element in sorted(self.elements, key=_rank):
            if element.spec is None or element.spec.role != "object":
                continue
            for value in (element.find("value") or "", element.find("valueList") or ""):
                for name in variable_names(value):
                    columns.setdefault(re.split(r"[.\[{]", name)[0], element.spec.name)
        return columns

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """Doubts that never refuse: unknown attributes, conditions that cannot come true, …"""
        from chalicelib.domain.label_config.warnings import find_warnings

        return tuple(find_warnings(self))

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(
            (re.compile(name_pattern(control.name, control.element)), control.name)
            for control in self.controls.values()
            if control.in_repeater
        )

    def find_control(self, name: str) -> Control | None:
        """The control that writes `from_name`: by its name, or by the pattern of a Repeater (`box_3`)."""
        control = self.controls.get(name)
        if control is not None:
            return control
        for pattern, own in self._patterns:
            if pattern.fullmatch(name):
                return self.controls[own]
        return None


def _rank(element: Element) -> int:
    kind = element.spec
    if kind is None or kind.role != "object":
        return 2
    return 0 if kind.name == "Video" else 1


def _object(element: Element) -> ObjectTag | None:
    spec = element.spec
    name = element.find("name")
    if not name or (spec is not None and spec.role != "object"):
        return None
    if spec is None and not summary.is_input(element):
        return None
    value_list = element.find("valueList")
    value = element.find("value") or value_list or element.find("data") or ""
    return ObjectTag(name, spec.name if spec else element.tag, value, bool(value_list), element)


def _control(element: Element, only_object: str) -> Control | None:
    spec = element.spec
    name = element.find("name")
    if not name or not _writes(element):
        return None
    to_names = tuple((element.find("toName") or "").split(","))
    if spec is not None and spec.self_reporting:
        to_names = (name,)
    elif to_names == ("",):
        if not only_object:
            return None
        to_names = (only_object,)
    labels = _labels(element)
    return Control(
        name=name,
        kind=spec.name if spec else element.tag,
        result_type=spec.result_type if spec and spec.result_type else element.tag.lower(),
        to_names=to_names,
        labels=tuple(dict.fromkeys(stored for stored, _ in labels if stored)),
        accepted_labels=frozenset(label for pair in labels for label in pair if label),
        dynamic=_is_dynamic(element),
        per_region=element.flag("perRegion"),
        per_item=element.flag("perItem"),
        required=element.flag("required"),
        makes_regions=bool(spec and spec.makes_regions) or element.flag("labeling"),
        in_repeater=any(True for _ in index_flags(element)),
        element=element,
    )


def _writes(element: Element) -> bool:
    spec = element.spec
    if spec is None:
        return summary.is_control(element)
    return spec.role == "control" or spec.self_reporting


def _is_dynamic(element: Element) -> bool:
    if (element.find("value") or "").startswith("$") or element.find("apiUrl"):
        return True
    if element.find("legacy") and element.flag("legacy"):
        return True
    return any(
        (child.find("value") or "").startswith("$")
        for child in _items(element)
        if child.tag.lower() in _LABEL_PARTS
    )


def _items(element: Element) -> Iterator[Element]:
    """Everything below, down to the next control."""
    stack = list(reversed(element.children))
    while stack:
        child = stack.pop()
        if _writes(child) and child.find("name"):
            continue
        yield child
        stack.extend(reversed(child.children))


def _labels(element: Element) -> list[tuple[str, str]]:
    """(stored, shown) of every Label and Choice of the control."""
    found = []
    for child in _items(element):
        if child.tag.lower() in _LABEL_PARTS:
            shown = child.find("value") or ""
            found.append((child.find("alias") or shown, shown))
    return found


def index_flags(element: Element) -> Iterator[str]:
    """The flags of the Repeaters that the element stands in, innermost first."""
    above = element.parent
    while above is not None:
        if above.spec is not None and above.spec.name == "Repeater":
            yield above.find("indexFlag") or "{{idx}}"
        above = above.parent


def name_pattern(name: str, element: Element) -> str:
    """A regular expression for a name inside Repeaters: their flags stand for an index.

    At most four flags and six digits each, so that no name, however made, is slow to compare.
    """
    pattern = _SPECIAL.sub(r"\\\g<0>", name)
    for flag in islice(index_flags(element), _MOST_FLAGS):
        pattern = pattern.replace(_SPECIAL.sub(r"\\\g<0>", flag), "[0-9]{1,6}", 1)
    return pattern


_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")
"""What JavaScript's expressions take for more than itself; the published schema is read there, too."""
_MOST_FLAGS = 4
