"""XML files: `<tasks>`, as the XML export writes it, or one task with the text of the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Limits, TaskIn, UnreadableError
from chalicelib.domain.imports.json_values import strict_value
from chalicelib.domain.imports.plain_files import read_document
from chalicelib.domain.imports.safe_xml import elements, root_tag

_PLAIN = {
    "completed_by": "json",
    "was_cancelled": "json",
    "ground_truth": "json",
    "lead_time": "json",
    "score": "json",
}
_JSON_TYPES = ("int", "float", "bool", "json")


def read_xml(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn]:
    """The tasks of a `<tasks>` document, or the whole file as the text of one."""
    if root_tag(stream) != "tasks":
        yield from read_document(stream, options)
        return
    for element in elements(stream, "task"):
        yield _task(element, options.limits)


def _task(element: Any, limits: Limits) -> TaskIn:
    return TaskIn(
        data=_fields(element.find("data"), limits),
        meta=_fields(element.find("meta"), limits),
        annotations=[_answer(found, limits) for found in element.iterfind("annotations/annotation")],
        predictions=[_answer(found, limits) for found in element.iterfind("predictions/prediction")],
        wrapped=True,
        place=f"line {element.sourceline}",
    )


def _fields(element: Any, limits: Limits) -> dict[str, Any]:
    if element is None:
        return {}
    return {field.get("name", ""): _value(field, limits) for field in element.iterfind("field")}


def _answer(element: Any, limits: Limits) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for name, text in element.attrib.items():
        if name == "id":
            answer["id"] = int(text) if text.isdecimal() and len(text) < 17 else text
        else:
            answer[name] = _number_or_text(text) if name in _PLAIN else text
    answer["result"] = [_result(found, limits) for found in element.iterfind("result")]
    return answer


def _result(element: Any, limits: Limits) -> dict[str, Any]:
    item: dict[str, Any] = dict(element.attrib)
    value = element.find("value")
    if value is not None:
        item["value"] = _value(value, limits)
    item.update(_fields(element, limits))
    return item


def _value(element: Any, limits: Limits) -> Any:
    kind, text = element.get("type", "str"), element.text or ""
    if kind == "null":
        return None
    if kind == "str":
        return text
    if kind not in _JSON_TYPES:
        raise UnreadableError(f'"{kind[:40]}" is no type of a field', line=element.sourceline, code="xml")
    return strict_value(text, element.sourceline, limits)


def _number_or_text(text: str) -> Any:
    """`5`, `4.2`, `true` as what they are; an e-mail as text."""
    loads: Callable[[str], Any] = json.loads
    try:
        found = loads(text)
    except ValueError:
        return text
    return found if isinstance(found, int | float) else text
