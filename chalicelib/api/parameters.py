"""Query parameters that handlers read themselves, for the documentation: what they are and what they take."""

from __future__ import annotations

from typing import Any

_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1}
_TEXT: dict[str, Any] = {"type": "string"}
_YES: dict[str, Any] = {"type": "boolean"}

PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "contributed_to_projects": (_YES, "With the projects that each has worked in."),
    "annotation": (_NUMBER, "Of which annotation."),
    "cursor": (
        _TEXT,
        "Walks through the list by id in the place of pages: empty for the beginning, then `next_cursor`.",
    ),
    "expand": ({"type": "string", "enum": ["", "label"]}, "Shows the label in the place of its id."),
    "expand_created_by": (
        {"type": "string", "enum": ["", "true", "false"]},
        "Shows authors as objects in the place of their ids.",
    ),
    "fields": ({"type": "string", "enum": ["", "all"]}, "`all` shows what hangs on the tasks as well."),
    "extended": (_YES, "As a list under `static`."),
    "filepath": (_TEXT, "What a file's address has after `/data/`."),
    "filter": ({"type": "string", "enum": ["all", "pinned_only", "exclude_pinned"]}, "By being pinned."),
    "id": (_TEXT, "The action."),
    "ids": (_TEXT, "Ids with commas between them."),
    "include_live_models": (_YES, "With `live`, which is empty."),
    "include": (_TEXT, "The fields that are wanted, with commas between them."),
    "limit": (_NUMBER, "How many at most."),
    "model_version": (_TEXT, "The version of a model."),
    "name": (_TEXT, "What is meant, by its name."),
    "next": (_YES, "The answer carries the next task as well."),
    "ordering": (_TEXT, "The field to order by, with `-` before it the other way."),
    "page": (_NUMBER, "From 1."),
    "page_size": ({"type": "integer"}, "How many entries a page has at most."),
    "project": (_NUMBER, "Of which project."),
    "query": (_TEXT, "JSON of `filters`, `ordering` and `selectedItems`."),
    "search": (_TEXT, "A part of the title."),
    "task": (_NUMBER, "Of which task."),
    "title": (_TEXT, "A part of the title."),
    "warnings": (_YES, "The doubts about what is right are told."),
    "was_cancelled": (_YES, "The task is skipped."),
    "users": (_TEXT, "Ids of users with commas between them."),
    "view": (_NUMBER, "The saved view whose filters and ordering are meant."),
}
"""By name: the schema, and what it is for. Routes name those that they read."""
