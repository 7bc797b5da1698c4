"""A configuration parser for tests of what is not about configurations: `text:Name/label,label` per line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.errors import InvalidInputError


@dataclass(frozen=True)
class FakeConfig:
    """What services ask of a configuration."""

    data_keys: tuple[str, ...] = ()
    parsed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def parse_fake_config(text: str) -> FakeConfig:
    """`keys text,image; sentiment Choices text a,b` says two data keys and one control."""
    if text.startswith("<View>"):
        return FakeConfig()
    if not text.startswith("keys "):
        raise InvalidInputError.at("label_config", "not a configuration")
    keys, *controls = (part.strip() for part in text.split(";"))
    parsed: dict[str, Mapping[str, object]] = {}
    for control in controls:
        name, kind, to_name, *labels = control.split(" ")
        parsed[name] = {"type": kind, "to_name": [to_name], "labels": labels[0].split(",") if labels else []}
    return FakeConfig(tuple(keys[5:].split(",")), parsed)
