"""Drafts: unfinished work, saved as it goes."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.schemas.annotations import DraftRead, DraftWrite, render_draft
from chalicelib.clock import system_clock
from chalicelib.domain.annotations.entities import Draft
from chalicelib.domain.tasks.changes import NewDraft
from chalicelib.ids import AnnotationId, DraftId, TaskId


@route(
    "GET",
    "/api/tasks/{task_id}/drafts/",
    action="draft.read",
    answer=list[DraftRead],
    summary="List a task's drafts",
)
def list_drafts(call: Call, *, task_id: int) -> list[DraftRead]:
    """Everybody's."""
    return _rendered(list(wiring.drafts().of_task(call.principal, TaskId(task_id))))


@route(
    "POST",
    "/api/tasks/{task_id}/drafts/",
    action="draft.write",
    body=DraftWrite,
    answer=DraftRead,
    status=201,
    keeps_receipts=True,
    summary="Start a draft",
)
def create_draft(call: Call, *, task_id: int, body: DraftWrite) -> Answer:
    """A draft of the caller's."""
    return _answer(wiring.drafts().create(call.principal, TaskId(task_id), _new(body)), status=201)


@route(
    "GET",
    "/api/tasks/{task_id}/annotations/{annotation_id}/drafts/",
    action="draft.read",
    answer=list[DraftRead],
    summary="List an annotation's drafts",
)
def list_annotation_drafts(call: Call, *, task_id: int, annotation_id: int) -> list[DraftRead]:
    """The drafts bound to an annotation."""
    service = wiring.drafts()
    return _rendered(
        list(service.of_annotation(call.principal, TaskId(task_id), AnnotationId(annotation_id)))
    )


@route(
    "POST",
    "/api/tasks/{task_id}/annotations/{annotation_id}/drafts/",
    action="draft.write",
    body=DraftWrite,
    answer=DraftRead,
    status=201,
    keeps_receipts=True,
    summary="Start a draft of changes to an annotation",
)
def create_annotation_draft(call: Call, *, task_id: int, annotation_id: int, body: DraftWrite) -> Answer:
    """A draft of the caller's, bound to an annotation."""
    draft = wiring.drafts().create(
        call.principal, TaskId(task_id), _new(body), annotation_id=AnnotationId(annotation_id)
    )
    return _answer(draft, status=201)


@route("GET", "/api/drafts/{draft_id}/", action="draft.read", answer=DraftRead, summary="Show a draft")
def get_draft(call: Call, *, draft_id: int) -> Answer:
    """One draft."""
    return _answer(wiring.drafts().get(call.principal, DraftId(draft_id)))


@route(
    "PATCH",
    "/api/drafts/{draft_id}/",
    action="draft.write",
    body=DraftWrite,
    answer=DraftRead,
    guarded=True,
    summary="Change a draft",
)
def update_draft(call: Call, *, draft_id: int, body: DraftWrite) -> Answer:
    """Changes the fields that are sent, of one's own draft."""
    changes = body.given()
    if changes.get("result", ()) is None:
        changes["result"] = []
    return _answer(
        wiring.drafts().update(call.principal, DraftId(draft_id), changes, if_version=call.expected_version)
    )


@route("DELETE", "/api/drafts/{draft_id}/", action="draft.write", status=204, summary="Delete a draft")
def delete_draft(call: Call, *, draft_id: int) -> None:
    """One's own."""
    wiring.drafts().delete(call.principal, DraftId(draft_id))


def _new(body: DraftWrite) -> NewDraft:
    return NewDraft(result=body.result or [], lead_time=body.lead_time, was_postponed=body.was_postponed)


def _answer(draft: Draft, *, status: int = 200) -> Answer:
    return versioned(_rendered([draft])[0], draft.version, status=status)


def _rendered(drafts: list[Draft]) -> list[DraftRead]:
    users = wiring.people().by_ids({draft.user_id for draft in drafts})
    now = system_clock()
    return [render_draft(draft, users, now) for draft in drafts]
