"""Example tasks: data that a configuration can show, made up from its tags alone.

Media are addresses of the bundled samples below `SAMPLES`. A JSON comment in the configuration wins.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from chalicelib.domain.label_config.config import LabelConfig, index_flags
from chalicelib.domain.label_config.xml import Element

SAMPLES = "/samples/"
_STEPS = re.compile(r"[^.\[\]]+")
_SENTENCE = "The ferry to Bergen leaves at nine, and Ingrid Solheim has two tickets."
_TIME_SERIES_ROWS = 100

_BY_NAME: Mapping[str, object] = {
    "ner": "Ada Lovelace wrote to Charles Babbage from London in the summer of 1843.",
    "ocr": f"{SAMPLES}receipt.svg",
    "captioning": f"{SAMPLES}harbour.svg",
    "longText": " ".join([_SENTENCE] * 12),
    "pdf": f"{SAMPLES}document.pdf",
    "website": "<article><h1>Harbour</h1><p>Two ferries will be <b>replaced</b> this year.</p></article>",
    "humanMachineDialogue": [
        {"author": "Visitor", "text": "When does the museum close today?"},
        {"author": "Assistant", "text": "At six. The last entry is at half past five."},
        {"author": "Visitor", "text": "And is the tower open?"},
    ],
}


def sample_task(config: LabelConfig) -> dict[str, object]:
    """Task data with every variable of the configuration, in document order."""
    data: dict[str, object] = {}
    for element in config.elements:
        for attribute in ("value", "valueList"):
            written = element.get(attribute)
            if len(written) < 2 or not written.startswith("$"):
                continue
            key = written.lstrip("$")
            example = _example(element, key)
            value = [example, example] if attribute == "valueList" else example
            _put(data, key, value, list(index_flags(element)))
    data.update(comment_sample(config))
    return data


def comment_sample(config: LabelConfig) -> dict[str, object]:
    """The data of the first comment that holds a JSON object; empty when there is none."""
    data = comment_task(config).get("data")
    return data if isinstance(data, dict) else {}


def comment_task(config: LabelConfig) -> dict[str, object]:
    """The task of the first comment that holds a JSON object: `data`, and what else is written there."""
    for comment in config.document.comments:
        text = comment[1:] if comment.startswith(" ") else comment
        if not text.startswith("{"):
            continue
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return found if "data" in found else {"data": found}
    return {}


def _put(data: dict[str, object], key: str, value: object, flags: list[str]) -> None:
    """Put the value under the key; a key with a Repeater's flag becomes two elements of nested lists."""
    if not any(flag in key for flag in flags):
        data.setdefault(key, value)
        return
    _put_path(data, ["#" if step in flags else step for step in _split(key, flags)], value)


def _split(key: str, flags: list[str]) -> list[str]:
    for number, flag in enumerate(flags):
        key = key.replace(flag, f"\0{number}")
    return [flags[int(step[1:])] if step.startswith("\0") else step for step in _STEPS.findall(key)]


def _put_path(target: dict[str, object], steps: list[str], value: object) -> None:
    head, *rest = steps
    if not rest:
        target.setdefault(head, value)
    elif rest[0] != "#":
        inner = target.setdefault(head, {})
        if isinstance(inner, dict):
            _put_path(inner, rest, value)
    else:
        _put_list(target, head, rest[1:], value)


def _put_list(target: dict[str, object], head: str, rest: list[str], value: object) -> None:
    if not rest:
        target.setdefault(head, [value, value])
        return
    rows = target.setdefault(head, [{}, {}])
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            _put_path(row, rest, value)


def _example(element: Element, key: str) -> object:
    name = element.spec.name if element.spec else element.tag
    make = _EXAMPLES.get(name)
    known = _BY_NAME.get(key)
    if known is not None and name in {"Text", "HyperText", "Image", "Paragraphs", "Pdf"}:
        return known
    if make is not None:
        return make(element)
    if name.endswith("Labels"):
        return [{"value": "First label"}, {"value": "Second label"}]
    return "Something"


def _text(element: Element) -> object:
    if element.find("valueType") == "url":
        return f"{SAMPLES}text.txt"
    return _SENTENCE


def _hypertext(element: Element) -> object:
    if element.find("valueType") == "url":
        return f"{SAMPLES}page.html"
    return "<div><h2>Harbour news</h2><p>The ferry <b>Solveig</b> sails again on <i>Monday</i>.</p></div>"


def _paragraphs(element: Element) -> object:
    if element.find("valueType") == "url":
        return f"{SAMPLES}dialogue.json"
    author, text = element.find("nameKey") or "author", element.find("textKey") or "text"
    lines = [("Mira", "Did you see the new timetable?"), ("Jon", "Yes, the first boat is at six now.")]
    return [
        {author: who, text: words, "start": 2.0 * at, "end": 2.0 * at + 1.8}
        for at, (who, words) in enumerate(lines)
    ]


def _time_series(element: Element) -> object:
    time = element.find("timeColumn") or "time"
    channels = [
        child.find("column") or ""
        for child in _below(element)
        if child.spec is not None and child.spec.name == "Channel"
    ]
    columns = [column for column in channels if column] or ["value"]
    if element.find("valueType") == "json":
        series: dict[str, object] = {
            column: [round(math.sin((row + 7 * at) / 8), 4) for row in range(_TIME_SERIES_ROWS)]
            for at, column in enumerate(columns)
        }
        return {time: list(range(_TIME_SERIES_ROWS)), **series}
    query = {"time": time, "values": ",".join(columns), "sep": element.find("sep") or ","}
    if element.find("timeFormat"):
        query["tf"] = element.find("timeFormat") or ""
    return f"{SAMPLES}time-series.csv?{urlencode(query)}"


def time_series_csv(
    *, time: str = "time", values: str = "value", separator: str = ",", time_format: str = ""
) -> str:
    """The table behind `/samples/time-series.csv?time=…&values=a,b&sep=…&tf=…`: one row a minute."""
    columns = values.split(",")
    rows = [separator.join([time, *columns])]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for row in range(_TIME_SERIES_ROWS):
        moment = (start + timedelta(minutes=row)).strftime(time_format) if time_format else str(row)
        waves = (f"{math.sin((row + 7 * at) / 8):.4f}" for at in range(len(columns)))
        rows.append(separator.join([moment, *waves]))
    return "\n".join(rows) + "\n"


def _below(element: Element) -> list[Element]:
    found = []
    stack = list(reversed(element.children))
    while stack:
        child = stack.pop()
        found.append(child)
        stack.extend(reversed(child.children))
    return found


def _choices(element: Element) -> object:
    if element.flag("allowNested"):
        inner = [{"value": "Ferry"}, {"value": "Sailing boat"}]
        return [{"value": "Boat", "children": inner}, {"value": "Harbour"}]
    return [{"value": "First choice"}, {"value": "Second choice"}]


def _taxonomy(_element: Element) -> object:
    return [
        {"value": "Boat", "children": [{"value": "Ferry"}, {"value": "Sailing boat"}]},
        {"value": "Harbour"},
    ]


def _list(_element: Element) -> object:
    words = ("quick and clear", "long but thorough", "off the point")
    return [{"id": f"item-{at}", "title": f"Answer {at}", "body": body} for at, body in enumerate(words, 1)]


def _fixed(value: object) -> Callable[[Element], object]:
    return lambda _element: value


_EXAMPLES: Mapping[str, Callable[[Element], object]] = {
    "Text": _text,
    "HyperText": _hypertext,
    "Header": _fixed("Which answer is better?"),
    "Markdown": _fixed("**Read** the text, then choose."),
    "Image": _fixed(f"{SAMPLES}harbour.svg"),
    "Audio": _fixed(f"{SAMPLES}speech.wav"),
    "Video": _fixed(f"{SAMPLES}boats.mp4"),
    "Pdf": _fixed(f"{SAMPLES}document.pdf"),
    "Paragraphs": _paragraphs,
    "TimeSeries": _time_series,
    "Table": _fixed({"Port": "Bergen", "Berth": 4, "Passengers": 212}),
    "List": _list,
    "Choices": _choices,
    "Taxonomy": _taxonomy,
    "Chat": _fixed(
        [
            {"role": "user", "content": "When does the ferry leave?"},
            {"role": "assistant", "content": "At nine o'clock, from berth four."},
        ]
    ),
}
