"""What refuses a configuration: the rules of the field's servers, in their order, nothing stricter.

The rules look at some tags only (Views from the root, and what they directly hold); warnings about the rest
are in `warnings.py`. The front end's `config/validate.ts` is the twin; `tests/cases/label_config` binds both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from chalicelib.domain.label_config.nearest import nearest
from chalicelib.domain.label_config.xml import Document, Element
from chalicelib.errors import Fault

MAX_FAULTS = 100
MAX_CONTROLS = 5_000
_NAMES_IN_MESSAGE = 50
_LEAST_SPEED, _MOST_SPEED = 0.05, 10.0


def find_faults(document: Document) -> list[Fault]:
    """Every reason to refuse the document, the first `MAX_FAULTS` of them; empty when it is accepted."""
    faults: list[Fault] = []
    for check in (_count, _structure, _unique_names, _targets, _videos):
        for fault in check(document):
            faults.append(fault)
            if len(faults) >= MAX_FAULTS:
                return faults
    return faults


def _count(document: Document) -> Iterator[Fault]:
    """No person works with so many controls; a limit of ours, as everything derived grows with them."""
    named = [element for element in document.elements if "toName" in element.attributes]
    if len(named) > MAX_CONTROLS:
        message = f"The configuration has more than {MAX_CONTROLS:,} controls."
        yield Fault(named[MAX_CONTROLS].place, message, "too_long")


def _structure(document: Document) -> Iterator[Fault]:
    if document.root.tag == "View":
        yield from _view(document.root, "View", inner=False)


def _view(view: Element, path: str, *, inner: bool) -> Iterator[Fault]:
    counts: Counter[str] = Counter()
    for element in view.children:
        counts[element.tag] += 1
        where = f"{path}/{element.tag}[{counts[element.tag]}]"
        if element.tag in _STRUCTURE:
            yield from _STRUCTURE[element.tag](element, where)
        elif inner and element.tag in {"Label", "Choice"}:
            yield from _required(element, where, "value")
        if element.tag == "View":
            yield from _view(element, where, inner=True)
        elif element.tag in {"Choices", "Labels"}:
            for child in element.children:
                if child.tag == "View":
                    yield from _view(child, f"{where}/View", inner=True)


def _required(element: Element, path: str, *names: str) -> Iterator[Fault]:
    for name in names:
        if name not in element.attributes:
            suggestion = name if element.find(name) is not None else ""
            message = f"Validation failed on {path}: '{name}' is a required property"
            yield Fault(element.place, message, "missing_attribute", suggestion)


def _offers(item: str) -> Callable[[Element, str], Iterator[Fault]]:
    def check(element: Element, path: str) -> Iterator[Fault]:
        yield from _required(element, path, "name", "toName")
        items = [child for child in element.children if child.tag == item]
        has_view = any(child.tag == "View" for child in element.children)
        if not (items or has_view or "value" in element.attributes):
            message = f"Validation failed on {path}: '{item}' is a required property"
            yield Fault(element.place, message, "missing_items")
        for child in items:
            yield from _required(child, f"{path}/{item}", "value")

    return check


def _shows_data(element: Element, path: str) -> Iterator[Fault]:
    yield from _required(element, path, "name")
    written = [name for name in ("value", "valueList") if name in element.attributes]
    if len(written) == 2:
        message = f"Validation failed on {path}: either 'value' or 'valueList', not both"
        yield Fault(element.place, message, "conflicting_attributes")
    elif not written:
        yield from _required(element, path, "value")


def _is_named(element: Element, path: str) -> Iterator[Fault]:
    yield from _required(element, path, "name", "toName")


_STRUCTURE: dict[str, Callable[[Element, str], Iterator[Fault]]] = {
    "Choices": _offers("Choice"),
    "Labels": _offers("Label"),
    "TextArea": _is_named,
    "Number": _is_named,
    "Image": _shows_data,
    "Text": _shows_data,
    "HyperText": _shows_data,
}


def names_in(element: Element) -> list[str]:
    """The names an element takes: attributes whose written name ends in `name`, even `toname`.

    Servers of the field search the text for `name="…"`, so `toname="t"` beside `name="t"` clashes.
    """
    return [value for key, value in element.attributes.items() if key.endswith("name")]


def _unique_names(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for element in document.elements:
        for name in names_in(element):
            if name in seen:
                message = f'Label config contains non-unique names: "{name}"'
                yield Fault(element.place, message, "duplicate_name")
            seen.add(name)


def _targets(document: Document) -> Iterator[Fault]:
    names = dict.fromkeys(name for element in document.elements for name in names_in(element))
    listed = ", ".join(f"'{name}'" for name in list(names)[:_NAMES_IN_MESSAGE])
    if len(names) > _NAMES_IN_MESSAGE:
        listed += ", …"
    for element in document.elements:
        if "toName" not in element.attributes:
            continue
        for target in element.attributes["toName"].split(","):
            if target not in names:
                message = f'toName="{target}" not found in names: [{listed}]'
                yield Fault(element.place, message, "unknown_to_name", nearest(target, names))


def _videos(document: Document) -> Iterator[Fault]:
    for element in document.elements:
        if element.tag == "Video":
            problem = _speed_problem(element)
            if problem:
                message = f'Video tag "{element.get("name")}": {problem}'
                yield Fault(element.place, message, "bad_video_speed")


def _speed_problem(element: Element) -> str:
    speeds = {"defaultPlaybackSpeed": 1.0, "minPlaybackSpeed": 0.25}
    for name in speeds:
        if name not in element.attributes:
            continue
        try:
            speeds[name] = float(element.attributes[name])
        except ValueError:
            speeds[name] = 0.0
        if not _LEAST_SPEED <= speeds[name] <= _MOST_SPEED:
            return f"{name} must be a number from {_LEAST_SPEED} to {_MOST_SPEED:g}"
    if speeds["minPlaybackSpeed"] > speeds["defaultPlaybackSpeed"]:
        return "minPlaybackSpeed must not be above defaultPlaybackSpeed"
    return ""
