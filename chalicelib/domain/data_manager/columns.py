"""The columns of the data manager: those that every project has, and those of its data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BUILT_IN: tuple[tuple[str, str, str], ...] = (
    ("id", "ID", "Number"),
    ("inner_id", "Inner ID", "Number"),
    ("state", "State", "String"),
    ("completed_at", "Completed", "Datetime"),
    ("total_annotations", "Annotations", "Number"),
    ("cancelled_annotations", "Cancelled", "Number"),
    ("total_predictions", "Predictions", "Number"),
    ("annotators", "Annotated by", "List"),
    ("annotations_results", "Annotation results", "String"),
    ("annotations_ids", "Annotation IDs", "String"),
    ("predictions_score", "Prediction score", "Number"),
    ("predictions_model_versions", "Prediction model versions", "List"),
    ("predictions_results", "Prediction results", "String"),
    ("file_upload", "Upload filename", "String"),
    ("storage_filename", "Storage filename", "String"),
    ("created_at", "Created at", "Datetime"),
    ("updated_at", "Updated at", "Datetime"),
    ("updated_by", "Updated by", "List"),
    ("avg_lead_time", "Lead time", "Time"),
    ("draft_exists", "Drafts", "Boolean"),
    ("assigned", "Assigned to", "List"),
)
"""Id, title and type of the columns that every project has, in their order."""

SHOWN_FIRST = frozenset({"id", "completed_at", "total_annotations", "cancelled_annotations", "annotators"})
MEDIA_TYPES = frozenset({"Image", "Audio", "AudioPlus", "Video"})
COUNTERS = frozenset({"total_annotations", "cancelled_annotations", "total_predictions"})
NAMES = frozenset(name for name, _, _ in BUILT_IN)


def is_column(name: str) -> bool:
    """Whether tasks can be filtered and ordered by the name; `data.<key>` always."""
    return name in NAMES or (name.startswith("data.") and len(name) > len("data."))


def data_type(tag: str | None) -> str:
    """The column type of a data key that a tag shows; `Unknown` for a key that no tag shows."""
    if tag is None:
        return "Unknown"
    return tag if tag in MEDIA_TYPES else "String"


def describe_columns(data_keys: Iterable[str], shown_by: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every column of a project, data first; `shown_by` says which tag shows a data key."""
    keys = list(dict.fromkeys([*shown_by, *data_keys]))
    data = [
        {
            "id": key,
            "title": key,
            "type": data_type(shown_by.get(key)),
            "target": "tasks",
            "parent": "data",
            "visibility_defaults": {"explore": True, "labeling": key in shown_by},
            "project_defined": True,
        }
        for key in keys
    ]
    built_in = [
        {
            "id": name,
            "title": title,
            "type": kind,
            "target": "tasks",
            "visibility_defaults": {"explore": name in SHOWN_FIRST, "labeling": name == "id"},
            "project_defined": False,
        }
        for name, title, kind in BUILT_IN
    ]
    parent = {
        "id": "data",
        "title": "data",
        "type": "List",
        "target": "tasks",
        "children": keys,
        "visibility_defaults": {"explore": True, "labeling": True},
        "project_defined": False,
    }
    return [*data, *built_in, parent]
