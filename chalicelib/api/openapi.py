"""The OpenAPI 3.1 document, made from the registry of routes at build time, in tests and when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from inspect import cleandoc
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from chalicelib.api.endpoint import ROUTES, Route
from chalicelib.api.errors import COMPATIBLE_VERSION
from chalicelib.api.parameters import PARAMETERS
from chalicelib.api.request import FORM, JSON, MULTIPART
from chalicelib.api.routes import load_all
from chalicelib.api.schemas.files import FilesWrite
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
HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "Idempotency-Key": (
        {"type": "string", "maxLength": 255},
        "Repeating the request under the same key gives the first answer.",
    ),
    "If-Match": (
        {"type": "string"},
        'The version that is to be changed, as its `ETag` or as `"<version>"`; `*` is any.',
    ),
}
TEXT = {"type": "string"}
MEDIA = {"application/octet-stream": {"type": "string", "format": "binary"}}
"""The schemas of what is no JSON; of all others it is text."""
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
        "transition": {
            "type": "object",
            "description": "What a workflow allows in the place of what it refused.",
            "additionalProperties": True,
        },
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
    refusals = {status for declared in shown for status in declared.refusals}
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
            "responses": {_refusal(status): _shared(status) for status in sorted(refusals)},
            "securitySchemes": SCHEMES,
        },
    }


Schemas = dict[tuple[str, str], Any]


class _Untitled(GenerateJsonSchema):
    """Schemas whose fields have no titles, which would say their names again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _schemas(routes: Iterable[Route]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of each body, query and answer by its key, and the definitions that they share."""
    inputs: dict[tuple[str, Any], tuple[str, Any, TypeAdapter[Any]]] = {}
    for declared in routes:
        for kind in (declared.body, declared.sent, declared.query):
            if kind is not None:
                inputs.setdefault((_key(kind), "validation"), (_key(kind), "validation", TypeAdapter(kind)))
        for kind in (declared.answer, *declared.also.values(), *declared.refused.values()):
            if kind is not None:
                key = _key(kind)
                inputs.setdefault((key, "serialization"), (key, "serialization", TypeAdapter(kind)))
    found, extra = TypeAdapter.json_schemas(
        list(inputs.values()), ref_template=REFERENCE, schema_generator=_Untitled
    )
    return {(key, str(mode)): schema for (key, mode), schema in found.items()}, extra.get("$defs", {})


def _key(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}:{kind!r}"


def _operation(declared: Route, schemas: Schemas) -> dict[str, Any]:
    module = declared.handler.__module__.rpartition(".")[2]
    operation: dict[str, Any] = {
        "operationId": f"{module}_{declared.handler.__name__}" + ("_put" if declared.method == "PUT" else ""),
        "tags": [module],
        "summary": declared.summary,
        "description": cleandoc(declared.handler.__doc__ or ""),
        "parameters": [
            *_path_parameters(declared),
            *_query_parameters(declared),
            *_header_parameters(declared),
        ],
        "responses": _responses(declared, schemas),
        "security": [] if declared.is_public else SECURITY,
    }
    if declared.action:
        operation["x-action"] = declared.action
        operation["x-roles"] = sorted(ROLES_FOR[declared.action])
    if declared.reads_body:
        schema = schemas[_key(declared.body or declared.sent), "validation"]
        operation["requestBody"] = {"content": {kind: {"schema": schema} for kind in _kinds(declared)}}
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
    properties = TypeAdapter(declared.query).json_schema(schema_generator=_Untitled).get("properties", {})
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()] + known


def _header_parameters(declared: Route) -> list[dict[str, Any]]:
    read = {"Idempotency-Key": declared.keeps_receipts, "If-Match": declared.guarded}
    return [
        {"name": name, "in": "header", "schema": schema, "description": text}
        for name, (schema, text) in HEADERS.items()
        if read[name]
    ]


def _kinds(declared: Route) -> tuple[str, ...]:
    """The content types of the bodies that a route reads."""
    if declared.sent is FilesWrite:
        return (MULTIPART,)
    return (JSON, FORM, MULTIPART) if declared.body is not None else (JSON,)


def _responses(declared: Route, schemas: Schemas) -> dict[str, Any]:
    never = declared.status >= HTTPStatus.BAD_REQUEST
    shapes = {} if never else {declared.status: declared.answer, **declared.also}
    given = {str(status): _given(declared, status, shape, schemas) for status, shape in shapes.items()}
    refused = {str(status): _refused(declared, status, schemas) for status in sorted(declared.refusals)}
    return {**given, **refused}


def _given(declared: Route, status: int, shape: Any, schemas: Schemas) -> dict[str, Any]:
    """What comes back when all went well."""
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status == HTTPStatus.NO_CONTENT or status >= HTTPStatus.MULTIPLE_CHOICES:
        return described
    schema = MEDIA.get(declared.media, TEXT) if shape is None else schemas[_key(shape), "serialization"]
    return {**described, "content": {declared.media: {"schema": schema}}}


def _refused(declared: Route, status: int, schemas: Schemas) -> dict[str, Any]:
    """What comes back in its place: the same of every route, or a shape of its own as well."""
    shape = declared.refused.get(status)
    if shape is None:
        return {"$ref": f"#/components/responses/{_refusal(status)}"}
    schema = {"anyOf": [schemas[_key(shape), "serialization"], ERROR]}
    return {"description": HTTPStatus(status).phrase, "content": {JSON: {"schema": schema}}}


def _refusal(status: int) -> str:
    """The name under which routes share the answer with a status."""
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def _shared(status: int) -> dict[str, Any]:
    """The answer with a status that is the same of every route: an error, or nothing."""
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status < HTTPStatus.BAD_REQUEST:
        return described
    return {**described, "content": {JSON: {"schema": ERROR}}}
