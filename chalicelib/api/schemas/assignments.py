"""To whom tasks are assigned, as Label Studio's clients see it (`client.projects.assignments`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.domain.tasks.assignment import MAX_ASSIGNED, Assigning


class AssignmentRead(TypedDict):
    """That one task is assigned to one user; `id` is made of both, `AN` means to annotate."""

    id: int
    task: int
    assignee: int
    type: Literal["AN"]
    created_at: str | None


class AssigneesRead(TypedDict):
    """To whom a task is assigned; `assignee` is the first of them."""

    task: int
    assignee: int | None
    assignees: list[int]
    type: Literal["AN"]


AssignedRead = TypedDict(
    "AssignedRead", {"assignments": int, "async": bool, "task_ids": list[int], "job": int | None}
)
"""How many tasks changed, and which are meant (at most 1,000 of them); `job` goes on with more."""


class AssigneesWrite(Body):
    """To whom."""

    type: Literal["AN"] = "AN"
    users: list[int] = Field(max_length=MAX_ASSIGNED)


class AssignmentsWrite(AssigneesWrite):
    """To whom which tasks are assigned; `mode` says whether others stay."""

    mode: Assigning = Assigning.ADD
    selectedItems: dict[str, Any]  # noqa: N815  (Label Studio's name)
    filters: dict[str, Any] | None = None


def render_assignments(task: int, users: Sequence[int]) -> list[AssignmentRead]:
    """Each user's."""
    return [
        {"id": task * 10**6 + user, "task": task, "assignee": user, "type": "AN", "created_at": None}
        for user in users
    ]


def render_assignees(task: int, users: Sequence[int]) -> AssigneesRead:
    """All of them."""
    return {"task": task, "assignee": users[0] if users else None, "assignees": [*users], "type": "AN"}
