"""Tasks assigned to people, by the addresses that Label Studio's enterprise clients know."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route
from chalicelib.api.numbers import WRONG, read_number
from chalicelib.api.schemas.assignments import (
    AssignedRead,
    AssigneesRead,
    AssigneesWrite,
    AssignmentRead,
    AssignmentsWrite,
    render_assignees,
    render_assignments,
)
from chalicelib.api.task_pages import query_of
from chalicelib.domain.tasks.assignment import Assigning
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.services.task_actions import Ordered

MOST_TOLD = 1000


@route(
    "POST",
    "/api/projects/{project_id}/tasks/assignees/",
    action="task.assign",
    body=AssignmentsWrite,
    answer=AssignedRead,
    also={202: AssignedRead},
    errors=(409,),
    keeps_receipts=True,
    summary="Assign tasks to members",
)
def assign_tasks(call: Call, *, project_id: int, body: AssignmentsWrite) -> Answer:
    """`selectedItems` and `filters` choose the tasks, as for actions. `mode` `add` (or nothing) leaves those
    they are assigned to, `replace` puts the users in their place, `remove` takes them off. More than 1,000
    tasks are worked off by a job."""
    project = ProjectId(project_id)
    ids = wiring.data_manager().ids(call.principal, project, query_of(call))
    ordered = Ordered(
        project_id=project,
        action="assign_annotators",
        fields={"users": body.users, "mode": body.mode.value},
    )
    outcome, is_done = wiring.task_action_jobs().run(call.principal, ordered, ids)
    told: AssignedRead = {
        "assignments": int(outcome["processed_items"]),
        "async": not is_done,
        "task_ids": [*ids[:MOST_TOLD]],
        "job": outcome.get("job"),
    }
    return Answer(200 if is_done else 202, told)


@route(
    "GET",
    "/api/projects/{project_id}/tasks/{task_id}/assignees/",
    action="task.read",
    answer=list[AssignmentRead],
    summary="To whom a task is assigned",
)
def list_assignees(call: Call, *, project_id: int, task_id: int) -> list[AssignmentRead]:
    """In the order in which they were named. Somebody who may not see others' work learns of themselves."""
    return render_assignments(task_id, _assignees(call, project_id, task_id))


@route(
    "POST",
    "/api/projects/{project_id}/tasks/{task_id}/assignees/",
    action="task.assign",
    body=AssigneesWrite,
    answer=AssigneesRead,
    summary="Assign a task to more members",
)
def add_assignees(call: Call, *, project_id: int, task_id: int, body: AssigneesWrite) -> AssigneesRead:
    """Those it is assigned to already stay."""
    return _assign(call, project_id, task_id, body.users, Assigning.ADD)


@route(
    "PATCH",
    "/api/projects/{project_id}/tasks/{task_id}/assignees/",
    action="task.assign",
    body=AssigneesWrite,
    answer=AssigneesRead,
    summary="Assign a task to others",
)
def replace_assignees(call: Call, *, project_id: int, task_id: int, body: AssigneesWrite) -> AssigneesRead:
    """To these, and nobody else."""
    return _assign(call, project_id, task_id, body.users, Assigning.REPLACE)


@route(
    "DELETE",
    "/api/projects/{project_id}/tasks/{task_id}/assignees/",
    parameters=("users",),
    action="task.assign",
    status=204,
    summary="Take members off a task",
)
def remove_assignees(call: Call, *, project_id: int, task_id: int) -> None:
    """`users` are their ids, separated by commas; without it nobody is left."""
    text = call.request.first("users")
    if not text:
        _assign(call, project_id, task_id, [], Assigning.REPLACE)
        return
    numbers = [read_number(part.strip()) for part in text.split(",")]
    users = [number for number in numbers if number is not None]
    if len(users) != len(numbers):
        raise InvalidInputError.at("users", WRONG)
    _assign(call, project_id, task_id, users, Assigning.REMOVE)


def _assign(call: Call, project_id: int, task_id: int, users: list[int], how: Assigning) -> AssigneesRead:
    named = [UserId(user) for user in users]
    wiring.assignments().assign_one(call.principal, ProjectId(project_id), TaskId(task_id), named, how)
    return render_assignees(task_id, _assignees(call, project_id, task_id))


def _assignees(call: Call, project_id: int, task_id: int) -> list[int]:
    return [*wiring.assignments().of_task(call.principal, ProjectId(project_id), TaskId(task_id))]
