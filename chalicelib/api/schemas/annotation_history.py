"""Versions of annotations and what they differ in, as clients see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.schemas.annotations import AnnotationRead, Users, render_annotation
from chalicelib.domain.annotations.differences import Absent, Difference, FieldChange, ItemChange
from chalicelib.domain.annotations.entities import Annotation


class VersionRead(AnnotationRead):
    """A version of an annotation; `edited_by` made it at `updated_at`. A deleted one has no present one."""

    edited_by: int
    is_present: bool


class FieldChangeRead(TypedDict):
    """A value that became another; without `before` or `after` where there was none. `[]` is the whole."""

    path: list[str]
    before: NotRequired[Any]
    after: NotRequired[Any]


class ItemChangeRead(TypedDict):
    """What happened to an item of the result; `before` and `after` are its places, null where it is not."""

    kind: Literal["added", "removed", "changed", "moved"]
    region: Any
    control: Any
    type: Any
    before: int | None
    after: int | None
    is_moved: bool
    fields: list[FieldChangeRead]


class VersionDifferenceRead(TypedDict):
    """What version `to_version` has other than version `from_version`."""

    annotation: int
    from_version: int
    to_version: int
    items: Sequence[ItemChangeRead]
    fields: Sequence[FieldChangeRead]


def render_version(version: Annotation, users: Users, now: datetime, *, is_present: bool) -> VersionRead:
    """A version."""
    editor = version.updated_by or version.completed_by
    return {**render_annotation(version, users, now), "edited_by": editor, "is_present": is_present}


def render_difference(
    found: Difference, annotation: int, from_version: int, to_version: int
) -> VersionDifferenceRead:
    """What two versions differ in."""
    return {
        "annotation": annotation,
        "from_version": from_version,
        "to_version": to_version,
        "items": [_item(change) for change in found.items],
        "fields": [_field(change) for change in found.fields],
    }


def _item(change: ItemChange) -> ItemChangeRead:
    return {
        "kind": change.kind,
        "region": change.region,
        "control": change.control,
        "type": change.type,
        "before": change.before,
        "after": change.after,
        "is_moved": change.is_moved,
        "fields": [_field(each) for each in change.fields],
    }


def _field(change: FieldChange) -> FieldChangeRead:
    told: FieldChangeRead = {"path": list(change.path)}
    if not isinstance(change.before, Absent):
        told["before"] = change.before
    if not isinstance(change.after, Absent):
        told["after"] = change.after
    return told
