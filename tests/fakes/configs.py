"""Short notation for configurations in tests of what is not about them, read by the real compiler."""

from __future__ import annotations

from functools import cache

from chalicelib.domain.label_config import LabelConfig, parse
from chalicelib.errors import InvalidInputError


@cache
def parse_fake_config(text: str) -> LabelConfig:
    """`keys text,image; sentiment Choices text a,b` says two objects and one control; XML stays."""
    if text.startswith("<View>"):
        return parse(text)
    if not text.startswith("keys "):
        raise InvalidInputError.at("label_config", "not a configuration")
    keys, *controls = (part.strip() for part in text.split(";"))
    objects = [f'<Text name="{key}" value="${key}"/>' for key in keys[5:].split(",")]
    return parse(f"<View>{''.join([*objects, *map(_control, controls)])}</View>")


def _control(text: str) -> str:
    name, kind, to_name, *labels = text.split(" ")
    item = "Label" if kind.endswith("Labels") else "Choice"
    items = [f'<{item} value="{label}"/>' for label in (labels[0].split(",") if labels else [])]
    return f'<{kind} name="{name}" toName="{to_name}">{"".join(items)}</{kind}>'
