"""Query parameters that handlers read themselves, for the documentation: what they are and what they take."""

from __future__ import annotations

from typing import Any

_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1}
_TEXT: dict[str, Any] = {"type": "string"}

PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "cursor": (
        _TEXT,
        "Walks through the list by id in the place of pages: empty for the beginning, then `next_cursor`.",
    ),
    "expand": ({"type": "string", "enum": ["", "label"]}, "Shows the label in the place of its id."),
    "fields": ({"type": "string", "enum": ["", "all"]}, "`all` shows what hangs on the tasks as well."),
    "filepath": (_TEXT, "What a file's address has after `/data/`."),
    "filter": ({"type": "string", "enum": ["all", "pinned_only", "exclude_pinned"]}, "By being pinned."),
    "id": (_TEXT, "The action."),
    "ids": (_TEXT, "Ids with commas between them."),
    "include": (_TEXT, "The fields that are wanted, with commas between them."),
    "ordering": (_TEXT, "The field to order by, with `-` before it the other way."),
    "page": (_NUMBER, "From 1."),
    "page_size": (_NUMBER, "How many entries a page has at most."),
    "project": (_NUMBER, "Of which project."),
    "query": (_TEXT, "JSON of `filters`, `ordering` and `selectedItems`."),
    "search": (_TEXT, "A part of the title."),
    "task": (_NUMBER, "Of which task."),
    "title": (_TEXT, "A part of the title."),
    "view": (_NUMBER, "The saved view whose filters and ordering are meant."),
}
"""By name: the schema, and what it is for. Routes name those that they read."""
