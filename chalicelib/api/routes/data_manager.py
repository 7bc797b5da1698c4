"""The data manager: columns, views and actions on chosen tasks."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import error_body
from chalicelib.api.numbers import WRONG, read_number
from chalicelib.api.routes.tasks import none_left, render_next
from chalicelib.api.schemas.data_manager import (
    ActionOutcome,
    ActionRead,
    ActionWrite,
    Columns,
    FormRow,
    ProjectBrief,
    ViewOrder,
    ViewPatch,
    ViewRead,
    ViewWrite,
    form_of,
    render_action,
    render_view,
)
from chalicelib.api.schemas.tasks import NextTaskRead
from chalicelib.api.task_pages import query_of
from chalicelib.auth.policies import in_project, may
from chalicelib.domain.data_manager.columns import describe_columns
from chalicelib.domain.data_manager.queries import TaskQuery
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId
from chalicelib.services.task_actions import BY_ID, Ordered


@route(
    "GET",
    "/api/dm/columns/",
    parameters=("project",),
    action="view.read",
    answer=Columns,
    errors=(400, 404),
    summary="List the columns",
)
def list_columns(call: Call) -> Columns:
    """The columns of the project's data first, then those of every project."""
    project = wiring.projects().get(call.principal, project_of(call))
    config = wiring.known_config(project.label_config)
    shown_by = {
        key: config.objects[name].kind if name in config.objects else name
        for key, name in config.data_keys.items()
    }
    stored = wiring.projects().summary(call.principal, project.id).all_data_columns
    return {"columns": describe_columns(stored, shown_by)}  # type: ignore[typeddict-item]


@route(
    "GET",
    "/api/dm/project/",
    parameters=("project",),
    action="project.read",
    answer=ProjectBrief,
    errors=(400, 404),
    summary="Show a project",
)
def show_project(call: Call) -> ProjectBrief:
    """What the data manager asks of a project beside its settings."""
    principal, project = call.principal, wiring.projects().get(call.principal, project_of(call))
    counts = wiring.projects().counts(principal, project)
    acting = in_project(principal, project)
    return {
        "id": project.id,
        "title": project.title,
        "can_delete_tasks": may(acting, "task.delete"),
        "can_manage_annotations": may(acting, "annotation.update_any"),
        "can_manage_tasks": may(acting, "task.update"),
        "source_syncing": False,
        "target_syncing": False,
        "task_count": counts.task_number,
        "annotation_count": counts.total_annotations_number,
    }


@route(
    "GET",
    "/api/dm/views/",
    parameters=("project",),
    action="view.read",
    answer=list[ViewRead],
    errors=(400, 404),
    summary="List views",
)
def list_views(call: Call) -> list[ViewRead]:
    """Of a project, by their order."""
    return [render_view(view) for view in wiring.views().of_project(call.principal, project_of(call))]


@route(
    "POST",
    "/api/dm/views/",
    action="view.write",
    body=ViewWrite,
    answer=ViewRead,
    status=201,
    errors=(404, 413),
    keeps_receipts=True,
    summary="Save a view",
)
def create_view(call: Call, *, body: ViewWrite) -> ViewRead:
    """A view of the caller's, behind the others."""
    return render_view(wiring.views().create(call.principal, ProjectId(body.project), body.data))


@route("GET", "/api/dm/views/{view_id}/", action="view.read", answer=ViewRead, summary="Show a view")
def get_view(call: Call, *, view_id: int) -> ViewRead:
    """One view."""
    return render_view(wiring.views().get(call.principal, view_id))


@route(
    "PATCH",
    "/api/dm/views/{view_id}/",
    action="view.write",
    body=ViewPatch,
    answer=ViewRead,
    summary="Change a view",
)
@route(
    "PUT",
    "/api/dm/views/{view_id}/",
    action="view.write",
    body=ViewPatch,
    answer=ViewRead,
    summary="Change a view",
)
def update_view(call: Call, *, view_id: int, body: ViewPatch) -> ViewRead:
    """Replaces the data; filters and ordering that are absent from it stay."""
    return render_view(wiring.views().update(call.principal, view_id, body.data))


@route("DELETE", "/api/dm/views/{view_id}/", action="view.write", status=204, summary="Delete a view")
def delete_view(call: Call, *, view_id: int) -> None:
    """The tasks stay."""
    wiring.views().delete(call.principal, view_id)


@route(
    "POST",
    "/api/dm/views/order/",
    action="view.write",
    body=ViewOrder,
    media="text/plain",
    errors=(404,),
    summary="Put views in order",
)
def order_views(call: Call, *, body: ViewOrder) -> Answer:
    """As the ids say."""
    wiring.views().reorder(call.principal, ProjectId(body.project), body.ids)
    return Answer(200, None, "text/plain")


@route(
    "DELETE",
    "/api/dm/views/reset/",
    parameters=("project",),
    action="view.write",
    status=204,
    errors=(400, 404, 413, 415),
    summary="Delete all views",
)
def reset_views(call: Call) -> None:
    """Of a project, named in the body or the query."""
    wiring.views().reset(call.principal, project_of(call))


@route(
    "GET",
    "/api/dm/actions/",
    parameters=("project",),
    action="view.read",
    answer=list[ActionRead],
    errors=(400, 404),
    summary="List the actions",
)
def list_actions(call: Call) -> list[ActionRead]:
    """Those that the caller may run."""
    project = wiring.projects().get(call.principal, project_of(call))
    return [render_action(action) for action in wiring.task_actions().offered(call.principal, project)]


@route(
    "GET",
    "/api/dm/actions/{action_id}/form/",
    parameters=("project",),
    action="view.read",
    answer=list[FormRow],
    errors=(400,),
    texts=("action_id",),
    summary="Show an action's form",
)
def action_form(call: Call, *, action_id: str) -> list[FormRow]:
    """The fields that the action takes."""
    wiring.projects().get(call.principal, project_of(call))
    if action_id not in BY_ID:
        raise NotFoundError("No Action matches the given query.")
    return form_of(BY_ID[action_id])


@route(
    "POST",
    "/api/dm/actions/",
    parameters=("id", "project", "view"),
    action="action.run",
    sent=ActionWrite,
    answer=ActionOutcome | NextTaskRead,
    also={202: ActionOutcome},
    errors=(404, 409, 422),
    keeps_receipts=True,
    summary="Run an action on chosen tasks",
)
def run_action(call: Call) -> Any:
    """`id` names the action; the body's `selectedItems`, `filters` and `ordering` choose the tasks. More than
    1,000 tasks are worked off by a job. What takes longer than a request may is answered with 202 and what
    was done so far; `job` names what goes on, and can be cancelled. 409 when it fails."""
    action_id, project_id = call.request.first("id"), project_of(call)
    if not action_id:
        return Answer(422, error_body(422, "No action id provided.", code="action_id"))
    query = query_of(call)
    if action_id == "next_task":
        return _next(call, project_id, query)
    sent = call.request.parsed
    fields = sent if isinstance(sent, dict) else {}
    ids = wiring.data_manager().ids(call.principal, project_id, query)
    ordered = Ordered(project_id=project_id, action=action_id, fields=fields)
    outcome, is_done = wiring.task_action_jobs().run(call.principal, ordered, ids)
    return Answer(200 if is_done else 202, outcome)


def project_of(call: Call) -> ProjectId:
    """The project that the query or the body names. Raises InvalidInputError without one."""
    named: Any = call.request.first("project")
    if not named and call.request.body:
        sent = call.request.parsed
        named = sent.get("project") if isinstance(sent, dict) else None
    if not named:
        raise InvalidInputError.at("project", "This field is required.", code="required")
    number = read_number(str(named))
    if number is None:
        raise InvalidInputError.at("project", WRONG)
    return ProjectId(number)


def _next(call: Call, project_id: ProjectId, query: TaskQuery) -> Any:
    chosen = None if query.is_plain else wiring.data_manager().ids(call.principal, project_id, query)
    given = wiring.next_task().next(call.principal, project_id, selection=chosen)
    if given is None:
        raise none_left(call.principal)
    return render_next(given)
