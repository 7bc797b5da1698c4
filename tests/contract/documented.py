"""The committed OpenAPI document as tests ask it: operations, their statuses, whether an answer is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.contract.client import Response

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs/api/openapi.json").read_text())


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    told: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def statuses(self) -> list[int]:
        return sorted(map(int, self.told["responses"]))

    @property
    def is_public(self) -> bool:
        return not self.told["security"]

    @property
    def names(self) -> list[str]:
        """The open parts of the path."""
        return [one["name"] for one in self.told["parameters"] if one["in"] == "path"]

    def takes(self, where: str, name: str) -> bool:
        """Whether it has a parameter in the query or a header."""
        return any((one["in"], one["name"]) == (where, name) for one in self.told["parameters"])

    @property
    def body(self) -> Mapping[str, Any]:
        """The schema of its body, where that may be JSON; else empty."""
        content = self.told.get("requestBody", {}).get("content", {})
        return resolved(content.get("application/json", {}).get("schema", {}))


def operations() -> list[Operation]:
    """All of them, as the document lists them."""
    return [
        Operation(method.upper(), path, told)
        for path, item in DOCUMENT["paths"].items()
        for method, told in item.items()
    ]


def resolved(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference refers to; anything else is itself."""
    while "$ref" in told:
        section, name = told["$ref"].split("/")[-2:]
        told = DOCUMENT["components"][section][name]
    return told


def differences(operation: Operation, answer: Response) -> list[str]:
    """In what an answer is other than documented: its content type, missing, wrong and unknown fields."""
    told = resolved(operation.told["responses"][str(answer.status)])
    content = told.get("content", {})
    if not content:
        return [f"{len(answer.content)} bytes"] if answer.content else []
    (kind, media), given = next(iter(content.items())), answer.headers.get("content-type", "")
    if kind != "application/json":
        is_file = kind == "application/octet-stream"
        return [] if is_file or given.partition(";")[0] == kind else [given]
    schema = json.dumps(media["schema"], sort_keys=True)
    return [f"{error.instance_path}: {error.message}"[:300] for error in _faults(schema, answer.json())]


def _faults(schema: str, body: Any) -> Iterator[Any]:
    return iter(_validator(schema).iter_errors(body))


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = {**json.loads(schema), "components": _closed(DOCUMENT["components"])}
    return jsonschema_rs.Draft202012Validator(whole)


def _closed(told: Any) -> Any:
    """The schemas with every object closed that lists its fields: what is not documented is a difference."""
    if isinstance(told, list):
        return [_closed(one) for one in told]
    if not isinstance(told, dict):
        return told
    closed = {name: _closed(one) for name, one in told.items()}
    if isinstance(told.get("properties"), dict) and told.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
