"""Example annotations: for every control one item that it could have written on a sample task.

For the preview of a configuration and for `sample-task`; drawn from the generator that the caller gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from chalicelib.domain.label_config.config import Control, LabelConfig
from chalicelib.domain.label_config.result_schema import object_kinds, value_schemas
from chalicelib.domain.label_config.sample import comment_task, sample_task
from chalicelib.domain.label_config.variables import fill_in
from chalicelib.domain.results.kinds import KINDS, ON_OBJECT

Value = dict[str, object]
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_ONE_PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    "SUVORK5CYII="
)


def sample_task_with_results(config: LabelConfig, rng: Random) -> dict[str, object]:
    """`{data, annotations, predictions}`: what a comment in the configuration gives, made up for the rest."""
    task = {"data": sample_task(config), **_from_comment(config)}
    task.setdefault("annotations", [{"result": sample_result(config, rng)}])
    prediction = {"result": sample_result(config, rng), "model_version": "sample", "score": 0.8}
    task.setdefault("predictions", [prediction])
    return task


def _from_comment(config: LabelConfig) -> dict[str, object]:
    written = comment_task(config)
    return {key: written[key] for key in ("annotations", "predictions") if key in written}


def sample_result(config: LabelConfig, rng: Random) -> list[dict[str, object]]:
    """One fitting item for every control that stands outside Repeaters and needs no region of another."""
    data = sample_task(config)
    return [
        item
        for control in config.controls.values()
        if not (control.in_repeater or control.per_region)
        for item in _items(config, control, data, rng)
    ]


def _items(
    config: LabelConfig, control: Control, data: Mapping[str, object], rng: Random
) -> list[dict[str, object]]:
    kind = KINDS.get(control.result_type)
    if kind is None or control.result_type not in value_schemas(config, control):
        return []
    shapes = kind.shapes
    if not shapes and control.makes_regions:
        kinds = object_kinds(config, control)
        shapes = tuple(shape for name in sorted(kinds) for shape in ON_OBJECT.get(name, ()))
        if not shapes:
            return []
    value: Value = _SHAPES[rng.choice(shapes)](rng) if shapes else {}
    make = _PAYLOADS[kind.payload]
    own = make(control, _options(control, data), rng)
    if own is not None and kind.key:
        value[kind.key] = own
    target = control.name if control.kind == "Pairwise" else control.to_names[0]
    if not value and kind.payload != "none":
        return []
    region = "".join(rng.choices(_LETTERS, k=10))
    per_item = {"item_index": 0} if control.per_item else {}
    names = {"from_name": control.name, "to_name": target, "type": control.result_type}
    return [{"id": region, **names, **per_item, "value": value}]


def _options(control: Control, data: Mapping[str, object]) -> list[str]:
    """The labels or choices to pick from, those of the data included."""
    listed = fill_in(control.element.find("value") or "", data)
    found = [*control.labels]
    for option in listed if isinstance(listed, list) else []:
        if isinstance(option, dict) and option.get("value"):
            found.append(str(option.get("alias") or option["value"]))
    return found


def _number(rng: Random, most: float) -> float:
    return round(rng.uniform(0, most), 2)


def _box(rng: Random) -> Value:
    return {
        "x": _number(rng, 60),
        "y": _number(rng, 60),
        "width": _number(rng, 40),
        "height": _number(rng, 40),
    }


def _turned_box(rng: Random) -> Value:
    return {**_box(rng), "rotation": 0}


def _ellipse(rng: Random) -> Value:
    return {"x": 50, "y": 50, "radiusX": _number(rng, 40), "radiusY": _number(rng, 40), "rotation": 0}


def _polygon(rng: Random) -> Value:
    return {"points": [[_number(rng, 100), _number(rng, 100)] for _ in range(4)], "closed": True}


def _vertices(rng: Random) -> Value:
    first = {
        "id": "a",
        "x": _number(rng, 100),
        "y": _number(rng, 100),
        "prevPointId": None,
        "isBezier": False,
    }
    second = {
        "id": "b",
        "x": _number(rng, 100),
        "y": _number(rng, 100),
        "prevPointId": "a",
        "isBezier": False,
    }
    return {"vertices": [first, second], "closed": False}


def _video_box(rng: Random) -> Value:
    frames = [{"frame": at, "enabled": True, "time": at / 25, **_turned_box(rng)} for at in (1, 26)]
    return {"framesCount": 100, "duration": 4, "sequence": frames}


def _fixed(value: Value) -> Callable[[Random], Value]:
    return lambda _rng: dict(value)


_HTML_NODE = "/div[1]/p[1]/text()[1]"
_SHAPES: Mapping[str, Callable[[Random], Value]] = {
    "rectangle": _turned_box,
    "ellipse": _ellipse,
    "polygon": _polygon,
    "keypoint": lambda rng: {"x": _number(rng, 100), "y": _number(rng, 100), "width": 0.5},
    "brush": _fixed({"format": "rle", "rle": [0, 0, 0, 64, 57, 27, 254, 63, 255]}),
    "bitmask": _fixed({"imageDataURL": _ONE_PIXEL}),
    "vector": _vertices,
    "text": _fixed({"start": 0, "end": 9}),
    "hypertext": _fixed({"start": _HTML_NODE, "end": _HTML_NODE, "startOffset": 0, "endOffset": 9}),
    "hypertext-plain": _fixed({"start": 0, "end": 9}),
    "hypertext-rescue": _fixed({"globalOffsets": {"start": 0, "end": 9}}),
    "paragraphs": _fixed({"start": "0", "end": "0", "startOffset": 0, "endOffset": 7}),
    "audio": lambda rng: {"start": _number(rng, 1), "end": 1 + _number(rng, 2), "channel": 0},
    "timeseries": _fixed({"start": 10, "end": 20, "instant": False}),
    "timeline": _fixed({"ranges": [{"start": 10, "end": 40}]}),
    "videorectangle": _video_box,
    "videovector": lambda rng: {"sequence": [{"frame": 1, "enabled": True, **_vertices(rng)}]},
    "ocr": _fixed({"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.05, "rotation": 0, "pageIndex": 1}),
    "cube": _turned_box,
}


def _pick(_control: Control, options: list[str], rng: Random) -> object:
    return [rng.choice(options)] if options else None


def _path(control: Control, options: list[str], rng: Random) -> object:
    """A path from the top of the tree to one of its choices."""
    tops = [child for child in control.element.children if child.tag.lower() == "choice"]
    if not tops:
        return [[rng.choice(options)]] if options else None
    path = []
    while tops:
        chosen = rng.choice(tops)
        path.append(chosen.find("alias") or chosen.find("value") or "")
        tops = [child for child in chosen.children if child.tag.lower() == "choice"]
    return [path]


def _rating(control: Control, _options: list[str], rng: Random) -> object:
    return rng.randint(1, int(control.element.number("maxRating") or 5) or 1)


def _bounded(control: Control, _options: list[str], rng: Random) -> object:
    least = control.element.number("min")
    most = control.element.number("max")
    low = least if least is not None else min(0.0, most or 0.0)
    return low if most is None or most < low else round(rng.uniform(low, most), 2)


def _order(control: Control, _options: list[str], _rng: Random) -> object:
    return {control.name: ["item-1", "item-2", "item-3"]}


def _message(_control: Control, _options: list[str], _rng: Random) -> object:
    return {"role": "user", "content": "And on Sundays?", "createdAt": 1_700_000_000_000}


_PAYLOADS: Mapping[str, Callable[[Control, list[str], Random], object]] = {
    "none": lambda _control, _options, _rng: None,
    "labels": _pick,
    "optional-labels": _pick,
    "choices": _pick,
    "taxonomy": _path,
    "texts": lambda _control, _options, _rng: ["An example"],
    "rating": _rating,
    "number": _bounded,
    "datetime": lambda _control, _options, _rng: "2024-02-29",
    "selected": lambda _control, _options, rng: rng.choice(["left", "right"]),
    "ranker": _order,
    "chatmessage": _message,
    "reactcode": lambda _control, _options, _rng: {},
}
