"""JSON Schema of the results that a project can hold: what may be written under a configuration.

`results_schema` is what is published; `result_check` compiles the same parts, so what is published and what
is enforced cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.label_config.config import Control, LabelConfig, name_pattern
from chalicelib.domain.results.kinds import (
    DIRECTIONS,
    GEOMETRY,
    KINDS,
    NUMBER,
    ON_OBJECT,
    TEXT,
    Kind,
    Schema,
)

_TEXT_LIKE: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

RELATION: Schema = {
    "type": "object",
    "properties": {
        "type": {"const": "relation"},
        "from_id": TEXT,
        "to_id": TEXT,
        "direction": {"enum": list(DIRECTIONS)},
        "labels": {"type": "array", "items": TEXT},
    },
    "required": ["type", "from_id", "to_id"],
}


def results_schema(config: LabelConfig) -> dict[str, object]:
    """The JSON Schema (2020-12) of a `result` list under this configuration."""
    items: list[object] = [
        item_schema(control, type_, value)
        for control in config.controls.values()
        for type_, value in value_schemas(config, control).items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of this project",
        "type": "array",
        "items": {"anyOf": [*items, RELATION]},
    }


def item_schema(control: Control, type_: str, value: Schema) -> dict[str, object]:
    """The schema of one item of a control."""
    return {
        "type": "object",
        "properties": {
            "from_name": _name_schema([control.name], control.in_repeater, control),
            "to_name": _name_schema(allowed_targets(control), control.in_repeater, control),
            "type": {"const": type_},
            "value": value,
            **ITEM_FIELDS,
        },
        "required": ["from_name", "to_name", "type", "value"],
    }


ITEM_FIELDS: Mapping[str, Schema] = {
    "id": TEXT,
    "score": {"type": ["number", "null"]},
    "item_index": {"type": ["integer", "null"], "minimum": 0},
    "original_width": {"type": ["number", "null"], "minimum": 0},
    "original_height": {"type": ["number", "null"], "minimum": 0},
    "image_rotation": {"type": ["number", "null"]},
    "original_length": {"type": ["number", "null"], "minimum": 0},
    "parentID": {"type": ["string", "null"]},
}


def _name_schema(names: list[str], repeated: bool, control: Control) -> Schema:
    if not repeated:
        return {"enum": names} if len(names) > 1 else {"const": names[0]}
    patterns = "|".join(name_pattern(name, control.element) for name in names)
    return {"type": "string", "pattern": f"^(?:{patterns})$"}


def allowed_targets(control: Control) -> list[str]:
    """What `to_name` may be. Editors write a Pairwise with its own name, others with one of its objects."""
    own = [control.name] if control.kind in {"Pairwise", "ReactCode"} else []
    return list(dict.fromkeys([*control.to_names, *own]))


def value_schemas(config: LabelConfig, control: Control) -> dict[str, Schema]:
    """The schema of `value` for every `type` that the control's items may have."""
    kind = KINDS.get(control.result_type)
    if kind is None:
        return {control.result_type: {"type": "object"}}
    schemas = {kind.type: _value_schema(config, control, kind)}
    objects = object_kinds(config, control)
    if control.kind == "Labels" and "Video" in objects:
        for other in ("videorectangle", "videovectorlabels", "timelinelabels"):
            schemas[other] = _value_schema(config, control, KINDS[other])
    if control.kind == "VideoVector":
        schemas["videovectorlabels"] = _value_schema(config, control, KINDS["videovectorlabels"])
    return schemas


def object_kinds(config: LabelConfig, control: Control) -> set[str]:
    """The documented tag names of the objects that the control works on."""
    return {config.objects[name].kind for name in control.to_names if name in config.objects}


def _value_schema(config: LabelConfig, control: Control, kind: Kind) -> Schema:
    own = _PAYLOADS[kind.payload](config, control)
    properties = {kind.key: own} if kind.key else {}
    required = [kind.key] if kind.key and kind.payload not in {"labels", "optional-labels"} else []
    value: Schema = {"type": "object", "properties": properties, "required": required}
    shapes = kind.shapes or (_shapes_on(config, control) if control.makes_regions else ())
    if not shapes:
        return value
    if kind.payload == "taxonomy":
        return value
    geometry: Schema = (
        GEOMETRY[shapes[0]] if len(shapes) == 1 else {"anyOf": [GEOMETRY[shape] for shape in shapes]}
    )
    return {"type": "object", "allOf": [geometry, value]}


def _shapes_on(config: LabelConfig, control: Control) -> tuple[str, ...]:
    kinds = object_kinds(config, control)
    return tuple(shape for kind in sorted(kinds) for shape in ON_OBJECT.get(kind, ()))


def label_values(config: LabelConfig, control: Control) -> Schema:
    """One label. Without labels of its own, or with labels from the task, any text will do.

    A video's tool carries the labels of the Labels control beside it.
    """
    accepted, dynamic = control.accepted_labels, control.dynamic
    if not accepted and control.kind in {"VideoRectangle", "VideoVector"}:
        partners = [
            other
            for other in config.controls.values()
            if other.kind == "Labels" and set(other.to_names) & set(control.to_names)
        ]
        accepted = frozenset(label for other in partners for label in other.accepted_labels)
        dynamic = any(other.dynamic for other in partners)
    if dynamic or not accepted:
        return TEXT
    ordered = [label for label in control.labels if label in accepted]
    return {"enum": [*ordered, *sorted(accepted.difference(ordered))]}


def _labels(config: LabelConfig, control: Control) -> Schema:
    return {"type": "array", "items": label_values(config, control)}


def _choices(config: LabelConfig, control: Control) -> Schema:
    choice = label_values(config, control)
    return {"type": "array", "items": {"anyOf": [choice, {"type": "array", "items": choice}]}}


def _taxonomy(config: LabelConfig, control: Control) -> Schema:
    paths = {"type": "array", "items": label_values(config, control), "minItems": 1}
    return {"type": "array", "items": paths}


def _rating(_config: LabelConfig, control: Control) -> Schema:
    most = control.element.number("maxRating")
    return {"type": "number", "minimum": 0, **({"maximum": most} if most else {})}


def _number(_config: LabelConfig, control: Control) -> Schema:
    limits = {"minimum": control.element.number("min"), "maximum": control.element.number("max")}
    return {"type": "number", **{key: limit for key, limit in limits.items() if limit is not None}}


def _ranker(_config: LabelConfig, _control: Control) -> Schema:
    ids = {"type": "array", "items": {"type": ["string", "number"]}}
    return {"type": "object", "additionalProperties": ids}


def _chat_message(_config: LabelConfig, _control: Control) -> Schema:
    properties = {
        "role": TEXT,
        "content": {"type": ["string", "array", "object", "null"]},
        "createdAt": NUMBER,
    }
    return {"type": "object", "properties": properties, "required": ["role"]}


def _fixed(schema: Schema) -> Callable[[LabelConfig, Control], Schema]:
    return lambda _config, _control: schema


_PAYLOADS: Mapping[str, Callable[[LabelConfig, Control], Schema]] = {
    "none": _fixed({}),
    "labels": _labels,
    "optional-labels": _labels,
    "choices": _choices,
    "taxonomy": _taxonomy,
    "texts": _fixed(_TEXT_LIKE),
    "rating": _rating,
    "number": _number,
    "datetime": _fixed({"type": ["string", "integer"]}),
    "selected": _fixed({"enum": ["left", "right"]}),
    "ranker": _ranker,
    "chatmessage": _chat_message,
    "reactcode": _fixed({"type": "object"}),
}
