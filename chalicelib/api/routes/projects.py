"""Projects: finding, making, changing and removing them, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from typing import Any, cast

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.config_faults import config_faults
from chalicelib.api.cursors import CursorPage, cursor_page, walk_of
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.numbers import read_number
from chalicelib.api.paging import Page, cut, envelope, page_number, page_size
from chalicelib.api.project_lists import matching
from chalicelib.api.schemas.people import UserRef, user_ref
from chalicelib.api.schemas.projects import (
    COUNTERS,
    NO_COUNTS,
    CountedProject,
    DeletedPredictions,
    ModelVersion,
    ModelVersions,
    Nothing,
    ProjectCountsRead,
    ProjectRead,
    ProjectWrite,
    StreamEntry,
    SummaryRead,
    render_counts,
    render_project,
    render_summary,
)
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId

PER_PAGE = 30
MOST_PER_PAGE = 100
READERS = 8


@route(
    "GET",
    "/api/projects/",
    parameters=("ids", "title", "search", "filter", "ordering", "include", "page", "page_size", "cursor"),
    action="project.read",
    answer=Page[ProjectRead] | CursorPage[ProjectRead],
    errors=(400, 404),
    summary="List projects",
)
def list_projects(call: Call) -> Page[ProjectRead] | CursorPage[ProjectRead]:
    """Pinned ones first, then the newest. `include` picks fields, so that only those are worked out.
    `cursor` walks through them by id."""
    found = matching(call)
    walk = walk_of(call, default=PER_PAGE, most=MOST_PER_PAGE)
    if walk is not None:
        by_id = sorted(found, key=attrgetter("id"))
        met = walk.cut(by_id, attrgetter("id"))
        return cursor_page(call, walk, met, attrgetter("id"), lambda shown: _included(call, shown))
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    shown = cut(found, number=number, size=size)
    return envelope(call.request, _included(call, shown), count=len(found), number=number, size=size)


@route(
    "GET",
    "/api/projects/counts/",
    parameters=("ids", "title", "search", "filter", "ordering", "page", "page_size"),
    action="project.read",
    answer=Page[CountedProject],
    errors=(404,),
    summary="List projects' counters",
)
def list_counts(call: Call) -> Page[CountedProject]:
    """The same list, with ids and counters alone."""
    found = matching(call)
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    shown = cut(found, number=number, size=size)
    results: list[CountedProject] = [
        {"id": project.id, **counted} for project, counted in zip(shown, _counted(call, shown), strict=True)
    ]
    return envelope(call.request, results, count=len(found), number=number, size=size)


@route(
    "POST",
    "/api/projects/",
    action="project.create",
    body=ProjectWrite,
    answer=ProjectRead,
    status=201,
    keeps_receipts=True,
    summary="Make a project",
)
def create_project(call: Call, *, body: ProjectWrite) -> Answer:
    """A project of the caller's organization."""
    with config_faults():
        project = wiring.projects().create(call.principal, body.given())
    return versioned(_plain(project), project.version, status=201)


@route(
    "GET", "/api/projects/{project_id}/", action="project.read", answer=ProjectRead, summary="Show a project"
)
def get_project(call: Call, *, project_id: int) -> Answer:
    """A project with its counters."""
    project = wiring.projects().get(call.principal, ProjectId(project_id))
    return versioned(_rendered(call, [project], with_counts=True)[0], project.version)


@route(
    "PATCH",
    "/api/projects/{project_id}/",
    action="project.update",
    body=ProjectWrite,
    answer=ProjectRead,
    guarded=True,
    summary="Change a project",
)
@route(
    "PUT",
    "/api/projects/{project_id}/",
    action="project.update",
    body=ProjectWrite,
    answer=ProjectRead,
    guarded=True,
    summary="Change a project",
)
def update_project(call: Call, *, project_id: int, body: ProjectWrite) -> Answer:
    """Changes the fields that are sent. `If-Match` guards against somebody else's edit."""
    with config_faults():
        project = wiring.projects().update(
            call.principal, ProjectId(project_id), body.given(), if_version=call.expected_version
        )
    return versioned(_plain(project), project.version)


@route(
    "DELETE", "/api/projects/{project_id}/", action="project.delete", status=204, summary="Delete a project"
)
def delete_project(call: Call, *, project_id: int) -> None:
    """Gone at once; what hung on it is erased by a job."""
    wiring.projects().delete(call.principal, ProjectId(project_id))


@route(
    "GET",
    "/api/projects/{project_id}/label-stream-history/",
    action="project.read",
    answer=list[StreamEntry],
    summary="What one has labeled lately",
)
def stream_history(call: Call, *, project_id: int) -> list[StreamEntry]:
    """The newest 100 tasks that the caller worked on, oldest first."""
    entries = wiring.next_task().stream_history(call.principal, ProjectId(project_id))
    return [
        {"taskId": task} if annotation is None else {"taskId": task, "annotationId": annotation}
        for task, annotation in entries
    ]


@route(
    "GET",
    "/api/projects/{project_id}/summary/",
    action="project.read",
    answer=SummaryRead,
    summary="What data and annotations contain",
)
def get_summary(call: Call, *, project_id: int) -> SummaryRead:
    """Columns, controls and labels with their counts."""
    return render_summary(wiring.projects().summary(call.principal, ProjectId(project_id)))


@route(
    "POST",
    "/api/projects/{project_id}/summary/reset/",
    action="project.update",
    answer=Nothing,
    summary="Count the summary again",
)
def reset_summary(call: Call, *, project_id: int) -> Nothing:
    """The next summary counts everything anew."""
    wiring.projects().reset_summary(call.principal, ProjectId(project_id))
    return {}


@route(
    "GET",
    "/api/projects/{project_id}/model-versions/",
    action="prediction.read",
    parameters=("extended", "include_live_models", "limit"),
    answer=dict[str, int] | ModelVersions,
    summary="Count predictions by model version",
)
def model_versions(call: Call, *, project_id: int) -> dict[str, int] | ModelVersions:
    """Versions with their counts; with `extended=true` as a list under `static`."""
    versions = wiring.projects().model_versions(call.principal, ProjectId(project_id))
    limit = call.request.first("limit")
    items = sorted(versions.items(), key=lambda item: (-item[1], item[0]))
    items = items[: read_number(limit)]
    if not _is_on(call, "extended"):
        return dict(items)
    static: list[ModelVersion] = [
        {"model_version": name, "count": count, "latest": None} for name, count in items
    ]
    return {"static": static, "live": []} if _is_on(call, "include_live_models") else {"static": static}


@route(
    "DELETE",
    "/api/projects/{project_id}/model-versions/",
    action="prediction.write",
    parameters=("model_version",),
    answer=DeletedPredictions,
    errors=(400, 413, 415),
    summary="Delete a model version's predictions",
)
def delete_model_version(call: Call, *, project_id: int) -> DeletedPredictions:
    """All predictions of `model_version` in the project."""
    wiring.projects().get(call.principal, ProjectId(project_id))
    sent = call.request.parsed
    version = sent.get("model_version") if isinstance(sent, dict) else None
    version = version or call.request.first("model_version")
    if not isinstance(version, str) or not version:
        raise InvalidInputError.at("model_version", "This field is required.", code="required")
    deleted = wiring.predictions().delete_version(call.principal, ProjectId(project_id), version)
    return {"deleted_predictions": deleted}


@route(
    "GET",
    "/api/projects/{project_id}/annotators/",
    action="project.read",
    answer=list[UserRef],
    summary="List who has annotated",
)
def annotators(call: Call, *, project_id: int) -> list[UserRef]:
    """The users with an annotation in the project, by id."""
    ids = wiring.projects().annotators(call.principal, ProjectId(project_id))
    users = wiring.people().by_ids({*ids})
    return [user_ref(user_id, users) for user_id in sorted(ids)]


def _plain(project: Project) -> ProjectRead:
    users = wiring.people().by_ids({project.created_by})
    return render_project(project, NO_COUNTS, config=wiring.known_config(project.label_config), users=users)


def _rendered(call: Call, projects: Sequence[Project], *, with_counts: bool) -> list[ProjectRead]:
    users = wiring.people().by_ids({project.created_by for project in projects})
    counts = _counted(call, projects) if with_counts else [NO_COUNTS] * len(projects)
    return [
        render_project(project, counted, config=wiring.known_config(project.label_config), users=users)
        for project, counted in zip(projects, counts, strict=True)
    ]


def _counted(call: Call, projects: Sequence[Project]) -> list[ProjectCountsRead]:
    """The counters of each project; several projects are read at once."""
    service, principal = wiring.projects(), call.principal
    if len(projects) < 2:
        return [render_counts(service.counts(principal, project)) for project in projects]
    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(lambda project: render_counts(service.counts(principal, project)), projects))


def _included(call: Call, projects: Sequence[Project]) -> list[ProjectRead]:
    """The projects, with no more than the fields that are asked for."""
    wanted = [name for name in call.request.first("include").split(",") if name]
    results: list[Any] = _rendered(call, projects, with_counts=not wanted or bool({*wanted} & {*COUNTERS}))
    if not wanted:
        return results
    parts = [{name: body[name] for name in wanted if name in body} for body in results]
    return cast("list[ProjectRead]", parts)


def _is_on(call: Call, name: str) -> bool:
    return call.request.first(name).lower() in ("true", "1", "yes")
