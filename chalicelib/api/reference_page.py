"""The API reference as a page: made from the OpenAPI document, without scripts, under a strict policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--muted:#777}
body{margin:0;font:14px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:220px minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:16px;box-sizing:border-box}
nav{border-right:1px solid var(--line)}
nav a{display:block;padding:3px 0;text-decoration:none;color:inherit}
nav a:hover{text-decoration:underline}
main{padding:16px 32px 64px;max-width:960px}
h2{margin:32px 0 8px;text-transform:capitalize}
details{border:1px solid var(--line);border-radius:6px;margin:6px 0}
summary{padding:8px 12px;cursor:pointer;display:flex;gap:12px;align-items:baseline;flex-wrap:wrap}
summary:focus-visible{outline:2px solid #06c}
.method{font:600 12px ui-monospace,monospace;width:52px}
.get{color:#0a7d3c}.post{color:#0b62c4}.put,.patch{color:#a15c00}.delete{color:#c0262d}
@media(prefers-color-scheme:dark){
.get{color:#4ec27f}.post{color:#6db0ff}.put,.patch{color:#e5a64b}.delete{color:#ff7b80}}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.about{padding:0 12px 12px}
.muted{color:var(--muted)}
table{border-collapse:collapse;width:100%;margin:4px 0 12px;table-layout:fixed}
caption{text-align:left;font-weight:600;padding:8px 0 2px}
td:nth-child(1){width:180px}td:nth-child(2){width:220px}
td,th{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--line)}
@media(max-width:720px){body{display:block}nav{position:static;height:auto;border:0}}
"""
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)


def reference_page(document: Mapping[str, Any]) -> str:
    """The whole page for an OpenAPI document, grouped by tag, with every parameter, field and status."""
    components = document.get("components", {})
    schemas, shared = components.get("schemas", {}), components.get("responses", {})
    groups: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                tag = (item[method].get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append((method, path, _resolved(item[method], shared)))
    links = "".join(f'<a href="#{escape(tag)}">{escape(_words(tag))}</a>' for tag in sorted(groups))
    sections = "".join(_section(tag, groups[tag], schemas) for tag in sorted(groups))
    info = document["info"]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Skylabel API</title>'
        f"<style>{STYLE}</style><nav><strong>Skylabel API</strong>{links}"
        '<p><a href="/docs/api/schema/json/">OpenAPI, JSON</a>'
        '<a href="/docs/api/schema/yaml/">OpenAPI, YAML</a></nav>'
        f"<main><h1>API reference</h1><p>{escape(info.get('description', ''))}"
        "<p>Send <code>Authorization: Token …</code> or <code>Authorization: Bearer …</code>; "
        "errors tell every fault with its place."
        f"{sections}</main></html>"
    )


def _resolved(operation: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The operation with the answers that it shares with others in their places."""
    answers = operation.get("responses", {})
    told = {status: shared.get(_ref(answer), answer) for status, answer in answers.items()}
    return {**operation, "responses": told}


def _words(tag: str) -> str:
    return tag.replace("_", " ")


def _section(
    tag: str, operations: Iterable[tuple[str, str, Mapping[str, Any]]], schemas: Mapping[str, Any]
) -> str:
    inner = "".join(_operation(*each, schemas) for each in operations)
    return f'<section id="{escape(tag)}"><h2>{escape(_words(tag))}</h2>{inner}</section>'


def _operation(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    roles = operation.get("x-roles")
    who = f"Open to {', '.join(roles)}." if roles else "Open to anybody."
    parts = [
        f"<p>{escape(operation.get('description', ''))}<p class=muted>{escape(who)}",
        _table("Parameters", map(_parameter, operation.get("parameters", ()))),
        _table("Body", _fields(_schema_of(operation.get("requestBody", {})), schemas)),
        _table("Answers", _answers(operation.get("responses", {}), schemas)),
    ]
    return (
        f'<details id="{escape(operation.get("operationId", ""))}"><summary>'
        f'<span class="method {method}">{method.upper()}</span><code>{escape(path)}</code>'
        f"<span class=muted>{escape(operation.get('summary', ''))}</span></summary>"
        f'<div class="about">{"".join(parts)}</div></details>'
    )


Cells = tuple[str, str, str]


def _table(title: str, rows: Iterable[Cells]) -> str:
    body = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{escape(kind)}<td>{escape(about)}"
        for name, kind, about in rows
    )
    return f"<table><caption>{title}</caption>{body}</table>" if body else ""


def _parameter(parameter: Mapping[str, Any]) -> Cells:
    needed = "required" if parameter.get("required") else "optional"
    where = f"{parameter.get('in', '')}, {needed}"
    return (
        parameter.get("name", ""),
        f"{_kind(parameter.get('schema', {}))} ({where})",
        parameter.get("description", ""),
    )


def _schema_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    content = body.get("content", {})
    found: Mapping[str, Any] = content.get("application/json") or next(iter(content.values()), {})
    schema: Mapping[str, Any] = found.get("schema", {})
    return schema


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Cells]:
    """A row for each field of an object; one row for anything else."""
    resolved = schemas.get(_ref(schema), schema)
    if not schema:
        return
    properties = resolved.get("properties")
    if not properties:
        yield "", _kind(schema), resolved.get("description", "")
        return
    required = set(resolved.get("required", ()))
    for name, field in properties.items():
        kind = f"{_kind(field)}{'' if name in required else ', optional'}"
        yield name, kind, field.get("description", "")


def _answers(responses: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Cells]:
    for status, answer in responses.items():
        schema = _schema_of(answer)
        fields = schemas.get(_ref(schema), {}).get("properties", {}) if status.startswith("2") else {}
        yield status, f"{answer.get('description', '')} {_kind(schema)}".strip(), ", ".join(fields)


def _ref(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema's type in a few words."""
    if "$ref" in schema:
        return _ref(schema)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(filter(None, map(_kind, schema[several]))))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {})) or 'anything'}"
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    return re.sub(r"[\[\]']", "", str(schema.get("type", "")))
