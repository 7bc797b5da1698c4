"""Annotations: submitting, skipping, changing, removing them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.cursors import CursorPage, cursor_page, walk_of
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.routes.tasks import render_next
from chalicelib.api.schemas.annotations import (
    AnnotationRead,
    AnnotationWrite,
    DraftRead,
    render_annotation,
    render_draft,
)
from chalicelib.api.schemas.tasks import AnnotationMade
from chalicelib.clock import system_clock
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.tasks.changes import NewAnnotation
from chalicelib.ids import AnnotationId, DraftId, PredictionId, TaskId, UserId

PER_PAGE = 100
MOST_PER_PAGE = 1000
TRUE = frozenset({"1", "true", "yes"})
KEY_NAMESPACE = uuid.UUID("0f3f4a06-4d0c-5d5c-9d43-6a8a5e1b5a55")
UPDATABLE = frozenset(
    {
        *("result", "was_cancelled", "ground_truth", "lead_time", "completed_by"),
        *("parent_prediction", "parent_annotation", "last_action"),
    }
)


@route(
    "GET",
    "/api/tasks/{task_id}/annotations/",
    parameters=("page_size", "cursor"),
    action="annotation.read",
    answer=list[AnnotationRead] | CursorPage[AnnotationRead],
    errors=(400,),
    summary="List a task's annotations",
)
def list_annotations(call: Call, *, task_id: int) -> list[AnnotationRead] | CursorPage[AnnotationRead]:
    """By id, skips left out. `cursor` walks through them."""
    walk = walk_of(call, default=PER_PAGE, most=MOST_PER_PAGE)
    found = wiring.annotations().of_task(call.principal, TaskId(task_id))
    if walk is None:
        return _rendered(found)
    return cursor_page(call, walk, walk.cut(found, attrgetter("id")), attrgetter("id"), _rendered)


@route(
    "POST",
    "/api/tasks/{task_id}/annotations/",
    action="annotation.create",
    body=AnnotationWrite,
    parameters=("next", "was_cancelled"),
    answer=AnnotationMade,
    status=201,
    errors=(409,),
    summary="Submit an annotation, or skip",
)
def create_annotation(call: Call, *, task_id: int, body: AnnotationWrite) -> Answer:
    """With `?next=true` the answer carries the next task. `Idempotency-Key` makes repeating it harmless."""
    key = call.request.headers.get("idempotency-key", "")
    created = wiring.annotations().create(
        call.principal, TaskId(task_id), _new(call, body, key), replay=bool(key) and body.unique_id is None
    )
    rendered: dict[str, Any] = {**_render(created)}
    if call.request.first("next").lower() in TRUE:
        following = wiring.next_task().next(call.principal, created.project_id)
        rendered["next_task"] = render_next(following) if following else None
    return versioned(rendered, created.version, status=201)


@route(
    "GET",
    "/api/annotations/{annotation_id}/",
    action="annotation.read",
    answer=AnnotationRead,
    summary="Show an annotation",
)
def get_annotation(call: Call, *, annotation_id: int) -> Answer:
    """One annotation."""
    found = wiring.annotations().get(call.principal, AnnotationId(annotation_id))
    return versioned(_render(found), found.version)


@route(
    "PATCH",
    "/api/annotations/{annotation_id}/",
    action="annotation.update_own",
    body=AnnotationWrite,
    answer=AnnotationRead,
    guarded=True,
    summary="Change an annotation",
)
@route(
    "PUT",
    "/api/annotations/{annotation_id}/",
    action="annotation.update_own",
    body=AnnotationWrite,
    answer=AnnotationRead,
    guarded=True,
    summary="Change an annotation",
)
def update_annotation(call: Call, *, annotation_id: int, body: AnnotationWrite) -> Answer:
    """Changes the fields that are sent; the earlier version is kept."""
    changes = annotation_changes(body)
    changed = wiring.annotations().update(
        call.principal, AnnotationId(annotation_id), changes, if_version=call.expected_version
    )
    return versioned(_render(changed), changed.version)


@route(
    "DELETE",
    "/api/annotations/{annotation_id}/",
    action="annotation.delete_own",
    status=204,
    guarded=True,
    summary="Delete an annotation",
)
def delete_annotation(call: Call, *, annotation_id: int) -> None:
    """Gone from the task; its versions stay readable."""
    wiring.annotations().delete(call.principal, AnnotationId(annotation_id), if_version=call.expected_version)


@route(
    "POST",
    "/api/annotations/{annotation_id}/convert-to-draft/",
    action="annotation.update_own",
    answer=DraftRead,
    status=201,
    keeps_receipts=True,
    summary="Turn an annotation into a draft",
)
def convert_to_draft(call: Call, *, annotation_id: int) -> DraftRead:
    """The annotation is gone, a draft of its author's in its place."""
    draft = wiring.annotations().convert_to_draft(call.principal, AnnotationId(annotation_id))
    return render_draft(draft, wiring.people().by_ids({draft.user_id}), system_clock())


def annotation_changes(body: AnnotationWrite) -> dict[str, Any]:
    """The fields that are to be changed."""
    changes = {name: value for name, value in body.given().items() if name in UPDATABLE}
    if changes.get("result", ()) is None:
        changes["result"] = []
    return changes


def _new(call: Call, body: AnnotationWrite, key: str) -> NewAnnotation:
    new = new_annotation(body)
    if call.request.first("was_cancelled").lower() in TRUE:
        new = replace(new, was_cancelled=True)
    if key and new.unique_id is None:
        named = f"{call.principal.user_id}:{call.request.path}:{key}"
        new = replace(new, unique_id=str(uuid.uuid5(KEY_NAMESPACE, named)))
    return new


def new_annotation(body: AnnotationWrite) -> NewAnnotation:
    """The annotation as the service takes it."""
    return NewAnnotation(
        result=body.result or [],
        was_cancelled=body.was_cancelled,
        ground_truth=body.ground_truth,
        lead_time=body.lead_time,
        completed_by=UserId(body.completed_by) if body.completed_by else None,
        draft_id=DraftId(body.draft_id) if body.draft_id else None,
        parent_prediction=PredictionId(body.parent_prediction) if body.parent_prediction else None,
        parent_annotation=AnnotationId(body.parent_annotation) if body.parent_annotation else None,
        unique_id=str(body.unique_id) if body.unique_id else None,
        last_action=body.last_action,
    )


def _rendered(annotations: Sequence[Annotation]) -> list[AnnotationRead]:
    users = wiring.people().by_ids({annotation.completed_by for annotation in annotations})
    now = system_clock()
    return [render_annotation(annotation, users, now) for annotation in annotations]


def _render(annotation: Annotation) -> AnnotationRead:
    users = wiring.people().by_ids({annotation.completed_by})
    return render_annotation(annotation, users, system_clock())
