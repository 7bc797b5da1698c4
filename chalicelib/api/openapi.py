"""The OpenAPI 3.1 document, made from the registry of routes at build time, in tests and when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.errors import COMPATIBLE_VERSION
from chalicelib.api.parameters import PARAMETERS
from chalicelib.api.routes import load_all
from chalicelib.auth.policies import ROLES_FOR

REFERENCE = "#/components/schemas/{model}"
ERROR = {"$ref": "#/components/schemas/Error"}
SECURITY: list[dict[str, list[str]]] = [{"Token": []}, {"Bearer": []}, {"Session": []}]
SCHEMES = {
    "Token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A legacy token: `Authorization: Token <40 hex digits>`.",
    },
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token from POST /api/token/refresh/.",
    },
    "Session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "skylabel_session",
        "description": "A browser that has signed in; unsafe methods also need X-Skylabel-Client.",
    },
}
ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "status_code", "version", "detail", "exc_info"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Names this error in our logs."},
        "status_code": {"type": "integer"},
        "version": {"type": "string"},
        "detail": {"type": "string"},
        "exc_info": {"type": "null"},
        "code": {"type": "string", "description": "What went wrong, as a stable word."},
        "validation_errors": {
            "type": "object",
            "description": "Messages by field, nested as the fields are; the rest as non_field_errors.",
            "additionalProperties": True,
        },
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["place", "message", "code", "suggestion"],
    "properties": {name: {"type": "string"} for name in ("place", "message", "code", "suggestion")},
}


@cache
def document() -> dict[str, Any]:
    """The document for every route that is not hidden."""
    load_all()
    shown = [declared for declared in ROUTES if not declared.hidden]
    schemas, definitions = _schemas(shown)
    paths: dict[str, dict[str, Any]] = {}
    for declared in sorted(shown, key=lambda declared: (declared.path, declared.method)):
        paths.setdefault(declared.path, {})[declared.method.lower()] = _operation(declared, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skylabel",
            "version": COMPATIBLE_VERSION,
            "description": "Label Studio's API, and what Skylabel adds. Every path is served with and "
            "without its closing slash.",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Error": ERROR_SCHEMA, "Fault": FAULT_SCHEMA},
            "securitySchemes": SCHEMES,
        },
    }


Schemas = dict[tuple[str, str], Any]


def _schemas(routes: Iterable[Route]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of each body, query and answer by its key, and the definitions that they share."""
    inputs: dict[tuple[str, Any], tuple[str, Any, TypeAdapter[Any]]] = {}
    for declared in routes:
        for kind in (declared.body, declared.query):
            if kind is not None:
                inputs.setdefault((_key(kind), "validation"), (_key(kind), "validation", TypeAdapter(kind)))
        if declared.answer is not None:
            key = _key(declared.answer)
            inputs.setdefault((key, "serialization"), (key, "serialization", TypeAdapter(declared.answer)))
    found, extra = TypeAdapter.json_schemas(list(inputs.values()), ref_template=REFERENCE)
    return {(key, str(mode)): schema for (key, mode), schema in found.items()}, extra.get("$defs", {})


def _key(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}:{kind!r}"


def _operation(declared: Route, schemas: Schemas) -> dict[str, Any]:
    module = declared.handler.__module__.rpartition(".")[2]
    operation: dict[str, Any] = {
        "operationId": f"{module}_{declared.handler.__name__}" + ("_put" if declared.method == "PUT" else ""),
        "tags": [module],
        "summary": declared.summary,
        "description": (declared.handler.__doc__ or "").strip(),
        "parameters": [*_path_parameters(declared), *_query_parameters(declared)],
        "responses": _responses(declared, schemas),
        "security": [] if declared.is_public else SECURITY,
    }
    if declared.action:
        operation["x-action"] = declared.action
        operation["x-roles"] = sorted(ROLES_FOR[declared.action])
    if declared.body is not None:
        schema = schemas[_key(declared.body), "validation"]
        kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
        operation["requestBody"] = {"content": {kind: {"schema": schema} for kind in kinds}}
    if declared.keeps_receipts:
        operation["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "maxLength": 255},
                "description": "Repeating the request under the same key gives the first answer.",
            }
        )
    return operation


def _path_parameters(declared: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"} if name in declared.texts else {"type": "integer", "minimum": 0},
        }
        for name in declared.names
    ]


def _query_parameters(declared: Route) -> list[dict[str, Any]]:
    read = [(name, *PARAMETERS[name]) for name in declared.parameters]
    known = [
        {"name": name, "in": "query", "schema": schema, "description": text} for name, schema, text in read
    ]
    if declared.query is None:
        return known
    properties = TypeAdapter(declared.query).json_schema().get("properties", {})
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()] + known


def _responses(declared: Route, schemas: Schemas) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(declared.status).phrase}
    if declared.answer is not None:
        schema = schemas[_key(declared.answer), "serialization"]
        success["content"] = {declared.media: {"schema": schema}}
    elif declared.status not in (204, 302):
        success["content"] = {declared.media: {}}
    statuses = {400, *declared.errors}
    if not declared.is_public:
        statuses |= {401, 403}
    if declared.names:
        statuses.add(404)
    if declared.keeps_receipts:
        statuses.add(409)
    errors = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": ERROR}},
        }
        for status in sorted(statuses)
    }
    also = {str(status): {**success, "description": HTTPStatus(status).phrase} for status in declared.also}
    return {str(declared.status): success, **also, **errors}
