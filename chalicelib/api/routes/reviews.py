"""Reviewing: the next task that waits for a verdict. Verdicts are transitions (`states.py`)."""

from __future__ import annotations

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib import wiring
from chalicelib.api.bodies import Body
from chalicelib.api.endpoint import Call, route
from chalicelib.ids import ProjectId, TaskId


class ReviewWrite(Body):
    """Where to look on: behind the task of this id. 0 begins with the first."""

    after: int = Field(default=0, ge=0, le=2**53)


class ReviewRead(TypedDict):
    """A task to review, null when none was found; with `goes_on_after` it is worth asking again from there.

    `waiting` counts the project's tasks that wait for a verdict, one's own work among them.
    """

    task: int | None
    waiting: int
    goes_on_after: int | None


@route(
    "POST",
    "/api/projects/{project_id}/review/next/",
    action="task.transition",
    body=ReviewWrite,
    answer=ReviewRead,
    summary="Get the next task to review",
)
def next_review(call: Call, *, project_id: int, body: ReviewWrite) -> ReviewRead:
    """Begins its review, where the workflow knows such a transition: two who ask at once get two tasks."""
    found = wiring.reviews().next(call.principal, ProjectId(project_id), after=TaskId(body.after))
    return {"task": found.task_id, "waiting": found.waiting, "goes_on_after": found.goes_on_after}
