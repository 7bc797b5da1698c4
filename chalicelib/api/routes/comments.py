"""Comments on tasks, annotations and regions."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.numbers import number_of
from chalicelib.api.schemas.comments import CommentChange, CommentRead, CommentWrite, render_comment
from chalicelib.domain.comments.entities import Comment
from chalicelib.errors import InvalidInputError
from chalicelib.ids import AnnotationId, CommentId, TaskId
from chalicelib.services.comments import CommentPatch, NewComment


@route(
    "GET",
    "/api/comments/",
    parameters=("task", "annotation", "expand_created_by"),
    action="comment.read",
    answer=list[CommentRead],
    errors=(400, 404),
    summary="List the comments of a task or an annotation",
)
def list_comments(call: Call) -> list[CommentRead]:
    """By id. `expand_created_by=true` tells who made them as objects."""
    service = wiring.comments()
    task, annotation = number_of(call.request, "task"), number_of(call.request, "annotation")
    if annotation is not None:
        found = service.of_annotation(call.principal, AnnotationId(annotation))
    elif task is not None:
        found = service.of_task(call.principal, TaskId(task))
    else:
        raise InvalidInputError.at("task", "Give a task or an annotation.", code="required")
    expands = call.request.first("expand_created_by").lower() in ("true", "1")
    users = wiring.people().by_ids({each.created_by for each in found}) if expands else {}
    return [render_comment(each, users, with_author=expands) for each in found]


@route(
    "POST",
    "/api/comments/",
    action="comment.write",
    body=CommentWrite,
    answer=CommentRead,
    status=201,
    errors=(404,),
    keeps_receipts=True,
    summary="Comment on a task, an annotation or a region",
)
def create_comment(call: Call, *, body: CommentWrite) -> Answer:
    """`region_ref` names a region of the annotation: `{"regionId": "…"}`."""
    new = NewComment(
        text=body.text,
        task_id=None if body.task is None else TaskId(body.task),
        annotation_id=None if body.annotation is None else AnnotationId(body.annotation),
        region_ref=body.region_ref,
    )
    return _answer(wiring.comments().create(call.principal, new), status=201)


@route(
    "GET",
    "/api/comments/{comment_id}/",
    action="comment.read",
    answer=CommentRead,
    summary="Show a comment",
)
def get_comment(call: Call, *, comment_id: int) -> Answer:
    """One comment."""
    return _answer(wiring.comments().get(call.principal, CommentId(comment_id)))


@route(
    "PATCH",
    "/api/comments/{comment_id}/",
    action="comment.write",
    body=CommentChange,
    answer=CommentRead,
    errors=(412,),
    summary="Change a comment, resolve it, or open it again",
)
def change_comment(call: Call, *, comment_id: int, body: CommentChange) -> Answer:
    """403 for the text of somebody else's."""
    patch = CommentPatch(body.text, body.is_resolved)
    return _answer(
        wiring.comments().update(
            call.principal, CommentId(comment_id), patch, if_version=call.expected_version
        )
    )


@route(
    "DELETE",
    "/api/comments/{comment_id}/",
    action="comment.write",
    status=204,
    summary="Delete a comment",
)
def delete_comment(call: Call, *, comment_id: int) -> None:
    """One's own, or as a reviewer anybody's."""
    wiring.comments().delete(call.principal, CommentId(comment_id))


def _answer(comment: Comment, *, status: int = 200) -> Answer:
    return versioned(render_comment(comment, {}), comment.version, status=status)
