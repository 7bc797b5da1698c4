"""Comments as clients see them, in Label Studio Enterprise's form."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.annotations import Users
from chalicelib.clock import iso
from chalicelib.domain.annotations.rules import is_storable
from chalicelib.domain.comments.entities import LONGEST_REGION_REF, LONGEST_TEXT, Comment


class CommentAuthor(TypedDict):
    """Who made a comment, where that is asked for as an object."""

    id: int
    email: str
    first_name: str
    last_name: str


class CommentRead(TypedDict):
    """A comment; `annotation` is null for one on the whole task. `draft` is always null here."""

    id: int
    task: int
    project: int
    annotation: int | None
    draft: int | None
    region_ref: dict[str, Any] | None
    text: str
    is_resolved: bool
    resolved_at: str | None
    resolved_by: int | None
    created_by: CommentAuthor | int
    created_at: str
    updated_at: str
    version: int


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("This field may not be blank.")
    if not is_storable(text):
        raise ValueError("Half of a surrogate pair is not valid text.")
    return text.strip()


def _short(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is not None and (len(str(value)) > LONGEST_REGION_REF or not is_storable(str(value))):
        raise ValueError(f"Ensure this field has no more than {LONGEST_REGION_REF} characters.")
    return value


CommentText = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_said)]
RegionRef = Annotated[dict[str, Any] | None, AfterValidator(_short)]


class CommentWrite(Body):
    """A comment to be made, on an annotation or on a task."""

    text: CommentText
    annotation: int | None = Field(default=None, ge=1, le=2**53)
    task: int | None = Field(default=None, ge=1, le=2**53)
    region_ref: RegionRef = None


class CommentChange(Body):
    """What may be changed of a comment: its text by its author, whether it is resolved by all who comment."""

    text: CommentText | None = None
    is_resolved: bool | None = None


def render_comment(comment: Comment, users: Users, *, with_author: bool = False) -> CommentRead:
    """A comment; `with_author` tells who made it as an object, where they are known."""
    author = users.get(comment.created_by) if with_author else None
    told: CommentAuthor | int = (
        {
            "id": author.id,
            "email": author.email,
            "first_name": author.first_name,
            "last_name": author.last_name,
        }
        if author
        else comment.created_by
    )
    return {
        "id": comment.id,
        "task": comment.task_id,
        "project": comment.project_id,
        "annotation": comment.annotation_id,
        "draft": None,
        "region_ref": dict(comment.region_ref) if comment.region_ref is not None else None,
        "text": comment.text,
        "is_resolved": comment.is_resolved,
        "resolved_at": iso(comment.resolved_at) if comment.resolved_at else None,
        "resolved_by": comment.resolved_by,
        "created_by": told,
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "version": comment.version,
    }
