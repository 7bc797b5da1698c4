"""`$variables`: values that a configuration takes from a task's data.

A variable that is the whole attribute keeps its JSON type; inside other text it is put in as text. A key of
the data that equals the whole name (with its dots) comes before a path through nested values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(\w(?:[\w.\[\]{}]*[\w\]}])?)")
_STEPS = re.compile(r"[.\[\]]+")


def variable_name(text: str) -> str:
    """The name when the text is one variable and nothing else, else an empty text."""
    found = _VARIABLE.fullmatch(text.strip())
    return found[1] if found else ""


def variable_names(text: str) -> list[str]:
    """All names of variables in a text, in order."""
    return _VARIABLE.findall(text) if "$" in text else []


def look_up(data: Mapping[str, object], path: str) -> object:
    """The value at `a.b`, `pages[0].url` or a literal key; None when there is none."""
    if path in data:
        return data[path]
    value: object = data
    for step in filter(None, _STEPS.split(path)):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def fill_in(text: str, data: Mapping[str, object]) -> object:
    """The text with its variables filled in from the data; a missing value is an empty text."""
    name = variable_name(text)
    if name:
        value = look_up(data, name)
        return "" if value is None else value
    return _VARIABLE.sub(lambda found: _as_text(look_up(data, found[1])), text)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
