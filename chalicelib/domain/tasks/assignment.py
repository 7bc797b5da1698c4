"""Tasks assigned to people: who is asked for an answer, and which answers are kept for them. Pure.

A task wants at least as many answers as it has assignees. Each of them who has not answered has a *seat*: one
of the wanted answers that nobody else is given (`domain/queue/places.py`). The seats follow from the task's
state whenever it is settled (`rules.py`), so that nothing that happens to a task can leave a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.building import overlap_for
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import InvalidInputError
from chalicelib.ids import UserId

MAX_ASSIGNED = 20
"""To so many people a task may be assigned: each has a row that changes with the task."""


class Assigning(StrEnum):
    """What becomes of those a task is assigned to: others are added, put in their place, or removed."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


def assigned_to(task: Task, project: Project, users: Iterable[UserId], how: Assigning) -> Task:
    """The task assigned to others, to be settled; the same task where nothing changes.

    InvalidInputError past `MAX_ASSIGNED`. An overlap that was raised for those it was assigned to goes back
    to the project's when there are less of them.
    """
    named = tuple(dict.fromkeys(users))
    after = {
        Assigning.ADD: (*task.assigned, *(user for user in named if user not in task.assigned)),
        Assigning.REPLACE: named,
        Assigning.REMOVE: tuple(user for user in task.assigned if user not in named),
    }[how]
    if after == task.assigned:
        return task
    if len(after) > MAX_ASSIGNED:
        raise InvalidInputError.at("users", f"A task can be assigned to {MAX_ASSIGNED} people.", code="limit")
    overlap = task.overlap
    if overlap == len(task.assigned):
        overlap = min(overlap, overlap_for(project, task.inner_id))
    return replace(task, assigned=after, overlap=overlap)
