"""Saved views: what somebody looks at in the data manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.ids import ProjectId, UserId

KEPT_WHEN_ABSENT = ("filters", "ordering", "selectedItems")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view of a project. `data` is free-form; the filters, ordering and selection in it are checked."""

    id: int
    project_id: ProjectId
    user_id: UserId
    data: Mapping[str, Any]
    order: int = 0


def replaced(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """New data in the place of old; the filters, ordering and selection that are absent from it stay."""
    kept = {name: old[name] for name in KEPT_WHEN_ABSENT if name in old}
    return {**kept, **new}
