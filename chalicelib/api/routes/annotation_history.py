"""The versions of an annotation: listed, compared, restored."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.schemas.annotation_history import (
    VersionDifferenceRead,
    VersionRead,
    render_difference,
    render_version,
)
from chalicelib.api.schemas.annotations import AnnotationRead, render_annotation
from chalicelib.clock import system_clock
from chalicelib.ids import AnnotationId, TaskId


@route(
    "GET",
    "/api/annotations/{annotation_id}/versions/",
    action="annotation.read",
    answer=list[VersionRead],
    summary="List an annotation's versions",
)
def list_versions(call: Call, *, annotation_id: int) -> list[VersionRead]:
    """Oldest first, the present one last. Those of a deleted annotation stay while its task does."""
    history = wiring.annotation_history().history(call.principal, AnnotationId(annotation_id))
    users = wiring.people().by_ids({version.completed_by for version in history.versions})
    now = system_clock()
    present = None if history.is_deleted else history.newest
    return [
        render_version(version, users, now, is_present=version is present) for version in history.versions
    ]


@route(
    "GET",
    "/api/tasks/{task_id}/removed-annotations/",
    action="annotation.read",
    answer=list[VersionRead],
    summary="List a task's annotations that were removed",
)
def list_removed(call: Call, *, task_id: int) -> list[VersionRead]:
    """Each as it was last. Restoring that version puts it into its task again."""
    removed = wiring.annotation_history().removed(call.principal, TaskId(task_id))
    users = wiring.people().by_ids({version.completed_by for version in removed})
    now = system_clock()
    return [render_version(version, users, now, is_present=False) for version in removed]


@route(
    "GET",
    "/api/annotations/{annotation_id}/versions/{number}/difference/{later_id}/",
    action="annotation.read",
    answer=VersionDifferenceRead,
    summary="Compare two versions of an annotation",
)
def compare_versions(call: Call, *, annotation_id: int, number: int, later_id: int) -> VersionDifferenceRead:
    """By item of the result and by field. Either may be the earlier version."""
    found = wiring.annotation_history().difference(
        call.principal, AnnotationId(annotation_id), number, later_id
    )
    return render_difference(found, annotation_id, number, later_id)


@route(
    "POST",
    "/api/annotations/{annotation_id}/versions/{number}/restore/",
    action="annotation.update_own",
    answer=AnnotationRead,
    errors=(409,),
    guarded=True,
    summary="Restore an earlier version of an annotation",
)
def restore_version(call: Call, *, annotation_id: int, number: int) -> Answer:
    """A new version that says what the earlier one said. A deleted annotation is in its task again.

    409 for the version that is the present one, and where another annotation has taken the deleted one's
    `unique_id`; 400 where the result no longer fits the configuration.
    """
    restored = wiring.annotation_history().restore(
        call.principal, AnnotationId(annotation_id), number, if_version=call.expected_version
    )
    users = wiring.people().by_ids({restored.completed_by})
    return versioned(render_annotation(restored, users, system_clock()), restored.version)
