"""Imports: small ones within the request, as Label Studio's clients send them, large ones as jobs."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route
from chalicelib.api.request import FORM, MULTIPART, parse_json
from chalicelib.api.schemas.imports import (
    ImportCounts,
    ImportQuery,
    ImportRead,
    ImportStatus,
    ImportsWrite,
    ReimportWrite,
    TasksWrite,
    render_import,
    render_import_status,
)
from chalicelib.api.schemas.jobs import JobRead, render_job
from chalicelib.domain.imports.detection import named_by_type
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import JobId, ProjectId
from chalicelib.services.imports import ImportRequest


def _import(call: Call, *, project_id: int, query: ImportQuery) -> ImportRead:
    project = ProjectId(project_id)
    fields = [name for text in query.preannotated_from_fields for name in text.split(",") if name]
    request = ImportRequest(preannotated_from=fields, commit=query.commit_to_project)
    service = wiring.imports()
    if call.request.content_type == MULTIPART:
        files = call.request.files
        if not files:
            raise InvalidInputError.at("", "load_tasks: No data found in DATA or in FILES", code="empty")
        uploads = [
            wiring.uploads().keep(call.principal, project, named_by_type(f.name, f.content_type), f.content)
            for f in files
        ]
        summary = service.add_uploads(call.principal, project, uploads, request)
    elif (url := _address(call)) is not None:
        summary = service.add_url(call.principal, project, url, request)
    else:
        summary = service.add_items(call.principal, project, _items(call), request)
    return render_import(summary, with_ids=query.return_task_ids)


def _address(call: Call) -> str | None:
    """The web address that a form names, if it names one rather than tasks."""
    if call.request.content_type != FORM:
        return None
    text = str(call.request.parsed.get("url", "")).strip()
    return text if text and not text.startswith(("{", "[")) else None


def _items(call: Call) -> Any:
    """The tasks of a JSON body, or those written into a form's `url` field as text."""
    if call.request.content_type != FORM:
        if not call.request.body:
            raise InvalidInputError.at("", "load_tasks: No data found in DATA or in FILES", code="empty")
        return call.request.parsed
    text = str(call.request.parsed.get("url", "")).strip()
    if text.startswith(("{", "[")):
        return parse_json(text)
    raise InvalidInputError.at("url", '"url" is not found in request data')


@route(
    "POST",
    "/api/projects/{project_id}/import/",
    action="import.run",
    query=ImportQuery,
    sent=TasksWrite,
    answer=ImportRead,
    status=201,
    keeps_receipts=True,
    summary="Import tasks at once",
)
def import_tasks(call: Call, *, project_id: int, query: ImportQuery) -> ImportRead:
    """A JSON list or object, or files. All or nothing: every fault of every task is told."""
    return _import(call, project_id=project_id, query=query)


@route(
    "POST",
    "/api/projects/{project_id}/tasks/bulk/",
    action="import.run",
    query=ImportQuery,
    sent=TasksWrite,
    answer=ImportRead,
    status=201,
    keeps_receipts=True,
    summary="Import tasks at once (older address)",
)
def import_bulk(call: Call, *, project_id: int, query: ImportQuery) -> ImportRead:
    """The same as `import`."""
    return _import(call, project_id=project_id, query=query)


@route(
    "POST",
    "/api/projects/{project_id}/imports/",
    action="import.run",
    body=ImportsWrite,
    answer=JobRead,
    status=202,
    errors=(409,),
    keeps_receipts=True,
    summary="Import uploaded files, or files at web addresses, of any size in the background",
)
def start_import(call: Call, *, project_id: int, body: ImportsWrite) -> JobRead:
    """The job; its problems name each line that cannot be taken, and then nothing is stored."""
    request = ImportRequest(
        preannotated_from=body.preannotated_from_fields,
        commit=not body.dry_run,
        as_tasks_list=body.as_tasks_list,
        on_problem=body.on_problem,
    )
    service, project = wiring.imports(), ProjectId(project_id)
    job = service.start(call.principal, project, body.upload_ids, request, urls=body.urls)
    return render_job(job)


@route(
    "POST",
    "/api/projects/{project_id}/reimport/",
    action="import.run",
    body=ReimportWrite,
    answer=ImportCounts,
    also={201: ImportRead},
    summary="Make the tasks of uploaded files anew",
)
def reimport(call: Call, *, project_id: int, body: ReimportWrite) -> Answer:
    """201 with what was imported; 200 and zeros when no upload is named."""
    if not body.file_upload_ids:
        return Answer(200, {"task_count": 0, "annotation_count": 0, "prediction_count": 0, "duration": 0})
    project = ProjectId(project_id)
    uploads = [wiring.uploads().get(call.principal, project, i) for i in body.file_upload_ids]
    request = ImportRequest(as_tasks_list=body.files_as_tasks_list)
    summary = wiring.imports().add_uploads(call.principal, project, uploads, request)
    return Answer(201, render_import(summary, with_ids=False))


@route(
    "GET",
    "/api/projects/{project_id}/imports/{job_id}/",
    action="job.read",
    answer=ImportStatus,
    summary="Show how an import stands",
)
def import_status(call: Call, *, project_id: int, job_id: int) -> ImportStatus:
    """Of an import that was begun in the background: its id is that of its job."""
    return _status(call, project_id, job_id)


@route(
    "GET",
    "/api/projects/{project_id}/reimports/{job_id}/",
    action="job.read",
    answer=ImportStatus,
    summary="Show how an import stands (of files read again)",
)
def reimport_status(call: Call, *, project_id: int, job_id: int) -> ImportStatus:
    """The same as of the first import."""
    return _status(call, project_id, job_id)


def _status(call: Call, project_id: int, job_id: int) -> ImportStatus:
    job = wiring.project_jobs().get(call.principal, JobId(job_id))
    if job.kind != "import" or job.project != project_id:
        raise NotFoundError("No Import matches the given query.")
    return render_import_status(job)
