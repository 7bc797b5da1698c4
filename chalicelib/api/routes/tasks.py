"""Tasks: pages of them, one of them, and the next one to do."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.cursors import CursorPage, walk_of
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.errors import Detail
from chalicelib.api.paging import INVALID_PAGE, page_number, page_size
from chalicelib.api.schemas.tasks import (
    LeaseRead,
    NextTaskRead,
    TaskAheadRead,
    TaskListed,
    TaskPageRead,
    TaskPatch,
    TaskRead,
    TaskWrite,
    people_of,
    render_task,
)
from chalicelib.api.task_pages import page_of_tasks, project_tasks, walked_tasks
from chalicelib.auth.principals import Principal
from chalicelib.clock import iso, system_clock
from chalicelib.domain.tasks.changes import NewTask
from chalicelib.errors import ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.services.next_task import NextTask
from chalicelib.services.tasks import TaskDetail

PER_PAGE = 100
MOST_PER_PAGE = 1000


@route(
    "GET",
    "/api/tasks/",
    parameters=("project", "view", "query", "fields", "page", "page_size", "cursor"),
    action="task.read",
    answer=TaskPageRead | CursorPage[TaskListed],
    errors=(400, 404),
    refused={404: Detail},
    summary="List tasks of a project or view",
)
def list_tasks(call: Call) -> TaskPageRead | CursorPage[TaskListed] | Answer:
    """`project` or `view` says which; `query` filters, orders or selects; `fields=all` gives everything.
    `cursor` walks through them by id."""
    return page_of_tasks(call)


@route(
    "POST",
    "/api/tasks/",
    action="task.create",
    body=TaskWrite,
    answer=TaskRead,
    status=201,
    keeps_receipts=True,
    summary="Add a task",
)
def create_task(call: Call, *, body: TaskWrite) -> Answer:
    """A task of the project that the body names."""
    if body.project is None:
        raise InvalidInputError.at("project", "This field is required.", code="required")
    return _create(call, body.project, body)


@route(
    "GET",
    "/api/projects/{project_id}/tasks/",
    parameters=("page", "page_size", "cursor"),
    action="task.read",
    answer=list[TaskRead] | CursorPage[TaskRead],
    errors=(400,),
    summary="List a project's tasks",
)
def list_project_tasks(call: Call, *, project_id: int) -> list[TaskRead] | CursorPage[TaskRead]:
    """A bare list, the most recently updated first; a project without tasks has no pages. `cursor` walks
    through them by id."""
    walk = walk_of(call, default=PER_PAGE, most=MOST_PER_PAGE)
    if walk is not None:
        return walked_tasks(call, ProjectId(project_id), walk)
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    found = project_tasks(call.principal, ProjectId(project_id), number=number, size=size)
    if not found:
        raise NotFoundError(INVALID_PAGE)
    return found


@route(
    "POST",
    "/api/projects/{project_id}/tasks/",
    action="task.create",
    body=TaskWrite,
    answer=TaskRead,
    status=201,
    keeps_receipts=True,
    summary="Add a task to a project",
)
def create_project_task(call: Call, *, project_id: int, body: TaskWrite) -> Answer:
    """A task of the project."""
    return _create(call, project_id, body)


@route(
    "DELETE",
    "/api/projects/{project_id}/tasks/",
    action="task.delete",
    status=204,
    summary="Delete all tasks of a project",
)
def delete_project_tasks(call: Call, *, project_id: int) -> None:
    """All tasks with what hangs on them, a block at a time, so that it can be repeated if it breaks off."""
    project, service = ProjectId(project_id), wiring.tasks()
    for summary in service.blocks(call.principal, project):
        ids = [whole.task.id for whole in service.of_block(call.principal, project, summary.block)]
        service.delete_many(call.principal, project, ids)
    wiring.projects().reset_summary(call.principal, project)


@route("GET", "/api/tasks/{task_id}/", action="task.read", answer=TaskRead, summary="Show a task")
def get_task(call: Call, *, task_id: int) -> Answer:
    """The task with annotations, predictions and the caller's drafts."""
    return _answer(wiring.tasks().get(call.principal, TaskId(task_id)))


@route(
    "PATCH",
    "/api/tasks/{task_id}/",
    action="task.update",
    body=TaskPatch,
    answer=TaskRead,
    guarded=True,
    summary="Change a task",
)
@route(
    "PUT",
    "/api/tasks/{task_id}/",
    action="task.update",
    body=TaskPatch,
    answer=TaskRead,
    guarded=True,
    summary="Change a task",
)
def update_task(call: Call, *, task_id: int, body: TaskPatch) -> Answer:
    """Changes the fields that are sent. `If-Match` guards against somebody else's edit."""
    changes = task_changes(body)
    return _answer(
        wiring.tasks().update(call.principal, TaskId(task_id), changes, if_version=call.expected_version)
    )


@route(
    "DELETE",
    "/api/tasks/{task_id}/",
    action="task.delete",
    status=204,
    guarded=True,
    summary="Delete a task",
)
def delete_task(call: Call, *, task_id: int) -> None:
    """The task and all that hangs on it."""
    wiring.tasks().delete(call.principal, TaskId(task_id), if_version=call.expected_version)


@route(
    "GET", "/api/tasks/{task_id}/agreement/", action="task.read", status=403, summary="Agreement on a task"
)
def agreement(call: Call, *, task_id: int) -> Answer:
    """Not served, as in the community edition."""
    wiring.tasks().project_of(call.principal, TaskId(task_id))
    raise ForbiddenError("Agreement is not available through this route.")


@route(
    "GET",
    "/api/projects/{project_id}/next/",
    action="annotation.create",
    answer=NextTaskRead,
    summary="Get the next task to do",
)
def next_task(call: Call, *, project_id: int) -> NextTaskRead:
    """Leases the caller a task; asking again gives the same one. 404 when nothing is left."""
    given = wiring.next_task().next(call.principal, ProjectId(project_id))
    if given is None:
        raise none_left(call.principal)
    return render_next(given)


@route(
    "GET",
    "/api/projects/{project_id}/next/ahead/",
    action="annotation.create",
    answer=TaskAheadRead,
    summary="See which task is likely to come after the next",
)
def task_ahead(call: Call, *, project_id: int) -> TaskAheadRead:
    """After the task that the caller holds. Nothing is leased, and `task` is null where nothing is in sight;
    meant for fetching ahead what the task will show."""
    found = wiring.look_ahead().ahead(call.principal, ProjectId(project_id))
    return {"task": {"id": found.task.id, "data": found.body.data} if found else None}


@route(
    "POST",
    "/api/tasks/{task_id}/release/",
    action="annotation.create",
    status=204,
    summary="Give a task back",
)
def release(call: Call, *, task_id: int) -> None:
    """Ends the caller's lease; harmless without one."""
    wiring.next_task().release(call.principal, TaskId(task_id))


@route(
    "POST",
    "/api/tasks/{task_id}/heartbeat/",
    action="annotation.create",
    answer=LeaseRead,
    errors=(409,),
    summary="Keep a task for longer",
)
def heartbeat(call: Call, *, task_id: int) -> LeaseRead:
    """Extends the caller's lease."""
    return {"lease_until": iso(wiring.next_task().heartbeat(call.principal, TaskId(task_id)))}


def none_left(principal: Principal) -> NotFoundError:
    """That there is nothing to do, in the words that clients know."""
    return NotFoundError(f"There are no tasks for {principal.email}")


def render_next(given: NextTask) -> NextTaskRead:
    """A task given to an annotator."""
    users = wiring.people().by_ids(people_of([given.family]))
    return {
        **render_task(given.whole, given.family, users, system_clock()),
        "unique_lock_id": given.lock_id,
        "queue": given.queue,
        "lease_until": iso(given.lease_until),
    }


def new_task(body: TaskWrite) -> NewTask:
    """The task as the service takes it."""
    return NewTask(data=body.data, meta=body.meta, overlap=body.overlap, allow_skip=body.allow_skip)


def task_changes(body: TaskPatch) -> dict[str, Any]:
    """The fields that are to be changed. Raises InvalidInputError for data that is to be nothing."""
    changes = body.given()
    if "data" in changes and changes["data"] is None:
        raise InvalidInputError.at("data", "This field may not be null.", code="null")
    return changes


def _create(call: Call, project_id: int, body: TaskWrite) -> Answer:
    return _answer(wiring.tasks().create(call.principal, ProjectId(project_id), new_task(body)), status=201)


def _answer(detail: TaskDetail, *, status: int = 200) -> Answer:
    users = wiring.people().by_ids(people_of([detail.family]))
    body = render_task(detail.whole, detail.family, users, system_clock())
    return versioned(body, detail.whole.task.version, status=status)
