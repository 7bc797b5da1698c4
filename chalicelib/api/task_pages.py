"""Pages of tasks, as the data manager and scripts ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.cursors import CursorPage, Walk, cursor_page, walk_of
from chalicelib.api.endpoint import Call
from chalicelib.api.errors import Detail
from chalicelib.api.numbers import number_of
from chalicelib.api.paging import INVALID_PAGE, page_number, page_size
from chalicelib.api.request import parse_json
from chalicelib.api.schemas.tasks import (
    TaskListed,
    TaskPageRead,
    TaskRead,
    people_of,
    render_fields,
    render_listed,
    render_task,
)
from chalicelib.auth.principals import Principal
from chalicelib.clock import system_clock
from chalicelib.domain.data_manager.queries import TaskQuery, read_query
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.errors import NotFoundError
from chalicelib.ids import ProjectId, TaskId

PER_PAGE = 100
MOST_PER_PAGE = 1000
QUERY_PARTS = ("filters", "ordering", "selectedItems", "columnsDisplayType")
NEITHER: Detail = {"detail": "Neither project nor view id specified"}


def page_of_tasks(call: Call) -> TaskPageRead | CursorPage[TaskListed] | Answer:
    """The page that a request for tasks means."""
    project_id = _project_id(call)
    if project_id is None:
        return Answer(404, NEITHER)
    everything = call.request.first("fields") == "all"
    walk = walk_of(call, default=PER_PAGE, most=MOST_PER_PAGE)
    if walk is not None:
        met = wiring.data_manager().after(
            call.principal, project_id, query_of(call), after=TaskId(walk.after), limit=walk.size + 1
        )
        return cursor_page(
            call, walk, met, _task_id, lambda tasks: listed(call.principal, tasks, everything=everything)
        )
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    found = wiring.data_manager().page(
        call.principal, project_id, query_of(call), offset=(number - 1) * size, limit=size
    )
    if not found.tasks and number > 1:
        raise NotFoundError(INVALID_PAGE)
    return {
        "tasks": listed(call.principal, found.tasks, everything=everything),
        "total": found.total,
        "total_annotations": found.annotations,
        "total_predictions": found.predictions,
    }


def query_of(call: Call) -> TaskQuery:
    """What the view, the query and the body of a request say about which tasks are meant; the last wins."""
    view_id = number_of(call.request, "view")
    said: dict[str, Any] = dict(wiring.views().get(call.principal, view_id).data) if view_id else {}
    text = call.request.first("query")
    for more in (parse_json(text) if text else {}, call.request.parsed if call.request.body else {}):
        if isinstance(more, dict):
            said |= {name: value for name, value in more.items() if name in QUERY_PARTS}
    return read_query(said)


def listed(principal: Principal, tasks: Sequence[TaskWithBody], *, everything: bool) -> list[TaskListed]:
    """Tasks of a page; with `everything` what hangs on them too (of drafts the caller's own)."""
    if not everything:
        return [cast(TaskListed, render_fields(whole)) for whole in tasks]
    pairs = list(wiring.tasks().with_families(tasks))
    users = wiring.people().by_ids(people_of(family for _, family in pairs))
    now = system_clock()
    return [_own_drafts(render_listed(whole, family, users, now), principal) for whole, family in pairs]


def project_tasks(principal: Principal, project_id: ProjectId, *, number: int, size: int) -> list[TaskRead]:
    """A page of a project's tasks with what hangs on them, the most recently updated of the page first."""
    found = wiring.tasks().page(principal, project_id, offset=(number - 1) * size, limit=size)
    return whole_tasks(sorted(found.tasks, key=lambda whole: whole.task.updated_at, reverse=True))


def whole_tasks(tasks: Sequence[TaskWithBody]) -> list[TaskRead]:
    """The tasks, in their order, with what hangs on them."""
    pairs = list(wiring.tasks().with_families(tasks))
    users = wiring.people().by_ids(people_of(family for _, family in pairs))
    now = system_clock()
    return [render_task(whole, family, users, now, with_authors=False) for whole, family in pairs]


def walked_tasks(call: Call, project_id: ProjectId, walk: Walk) -> CursorPage[TaskRead]:
    """Where a walk through a project's tasks goes on."""
    found = wiring.tasks().after(call.principal, project_id, TaskId(walk.after), walk.size + 1)
    return cursor_page(call, walk, found, _task_id, whole_tasks)


def _task_id(whole: TaskWithBody) -> int:
    return whole.task.id


def _own_drafts(body: TaskRead, principal: Principal) -> Any:
    return {**body, "drafts": [draft for draft in body["drafts"] if draft["user"] == principal.email]}


def _project_id(call: Call) -> ProjectId | None:
    project_id = number_of(call.request, "project")
    if project_id is not None:
        return ProjectId(project_id)
    view_id = number_of(call.request, "view")
    return wiring.views().get(call.principal, view_id).project_id if view_id else None
