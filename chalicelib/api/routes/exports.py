"""Exports: at once for a download, or as snapshots that any format can be made of."""

from __future__ import annotations

from typing import cast

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.exports import (
    ConversionBegun,
    ConvertWrite,
    DownloadQuery,
    ExportFiles,
    ExportFormat,
    ExportQuery,
    ExportRead,
    ExportWrite,
    export_options,
    render_export,
)
from chalicelib.api.schemas.snapshots import DifferenceQuery, DifferenceRead, ManifestRead
from chalicelib.domain.exports import Export, ExportOptions, TaskFilter
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.services.exports import Download, ExportRequest, file_name
from chalicelib.settings import settings

HERE_S = 8.0
"""How long a request works on an export itself before it leaves it to the workers."""
INLINE_BYTES = 4 * 1024 * 1024
SMALL_PROJECT_TASKS = 2000


@route(
    "GET",
    "/api/projects/{project_id}/export/formats/",
    action="export.run",
    answer=list[ExportFormat],
    summary="List export formats",
)
def list_formats(call: Call, *, project_id: int) -> list[ExportFormat]:
    """Those that fit the labeling config first; the others have `disabled: true`."""
    found = wiring.exports().formats(call.principal, ProjectId(project_id))
    return [cast("ExportFormat", {**entry}) for entry in found]


@route(
    "GET",
    "/api/projects/{project_id}/export/",
    action="export.run",
    query=ExportQuery,
    media="application/octet-stream",
    errors=(303,),
    summary="Export a project as one file",
)
def export_now(call: Call, *, project_id: int, query: ExportQuery) -> Answer:
    """The file itself when it is small, else a redirect to it; a redirect here again while it is made."""
    project = ProjectId(project_id)
    service = wiring.exports()
    if query.export is not None:
        begun = service.get(call.principal, project, query.export)
    else:
        wanted = query.exportType or query.export_type or "JSON"
        request = ExportRequest(format_id=wanted, options=_options(query), is_listed=False)
        begun = service.create(call.principal, project, request, here=True)
    done = service.wait(call.principal, project, begun.id, until_s=HERE_S)
    if done.status == "failed":
        raise InvalidInputError("The export failed.")
    if done.status != "completed":
        return redirect(f"/api/projects/{project}/export?export={done.id}", status=303)
    return _file(service.download(call.principal, project, done.id, done.conversions[0].format))


@route(
    "GET",
    "/api/projects/{project_id}/exports/",
    action="export.run",
    answer=list[ExportRead],
    summary="List exports",
)
def list_exports(call: Call, *, project_id: int) -> list[ExportRead]:
    """The newest 100."""
    found = wiring.exports().list(call.principal, ProjectId(project_id))
    return [_render(call, export) for export in found]


@route(
    "POST",
    "/api/projects/{project_id}/exports/",
    action="export.run",
    body=ExportWrite,
    answer=ExportRead,
    status=201,
    keeps_receipts=True,
    summary="Begin an export",
)
def create_export(call: Call, *, project_id: int, body: ExportWrite) -> ExportRead:
    """A small project is exported before the answer; a large one goes on in the background."""
    project = ProjectId(project_id)
    service = wiring.exports()
    view = body.task_filter_options.view if body.task_filter_options else None
    if view is not None and wiring.views().get(call.principal, view).project_id != project:
        raise InvalidInputError.at("task_filter_options.view", "The view is of another project.")
    request = ExportRequest(
        format_id=body.export_type,
        title=body.title,
        options=export_options(body),
        body=body.model_dump(mode="json", exclude_unset=True),
        destination=body.destination,
    )
    small = wiring.project_size(call.principal, project) <= SMALL_PROJECT_TASKS
    export = service.create(call.principal, project, request, here=small)
    if small:
        export = service.wait(call.principal, project, export.id, until_s=HERE_S)
    return _render(call, export)


@route(
    "GET",
    "/api/projects/{project_id}/exports/{export_id}/",
    action="export.run",
    answer=ExportRead,
    summary="Show an export's progress",
)
def get_export(call: Call, *, project_id: int, export_id: int) -> ExportRead:
    """Its status, and which formats there are."""
    return _render(call, wiring.exports().get(call.principal, ProjectId(project_id), export_id))


@route(
    "GET",
    "/api/projects/{project_id}/exports/{export_id}/manifest/",
    action="export.run",
    answer=ManifestRead,
    errors=(409,),
    summary="Show what a snapshot holds",
)
def get_manifest(call: Call, *, project_id: int, export_id: int) -> ManifestRead:
    """Its hash tree, labeling config, filters and counts. Equal roots are equal snapshots."""
    said = wiring.exports().manifest(call.principal, ProjectId(project_id), export_id)
    return cast("ManifestRead", said)


@route(
    "GET",
    "/api/projects/{project_id}/exports/{export_id}/difference/{later_id}/",
    action="export.run",
    query=DifferenceQuery,
    answer=DifferenceRead,
    errors=(409,),
    summary="Compare two snapshots",
)
def compare_exports(
    call: Call, *, project_id: int, export_id: int, later_id: int, query: DifferenceQuery
) -> DifferenceRead:
    """Tasks added, removed and changed, with the annotations and regions that changed; 500 at a time."""
    found = wiring.exports().difference(
        call.principal, ProjectId(project_id), export_id, later_id, after_task=query.after_task
    )
    return cast("DifferenceRead", found)


@route(
    "DELETE",
    "/api/projects/{project_id}/exports/{export_id}/",
    action="export.run",
    status=204,
    summary="Delete an export",
)
def delete_export(call: Call, *, project_id: int, export_id: int) -> None:
    """With all its files."""
    wiring.exports().delete(call.principal, ProjectId(project_id), export_id)


@route(
    "POST",
    "/api/projects/{project_id}/exports/{export_id}/convert/",
    action="export.run",
    body=ConvertWrite,
    answer=ConversionBegun,
    errors=(409,),
    summary="Convert an export to one more format",
)
def convert_export(call: Call, *, project_id: int, export_id: int, body: ConvertWrite) -> ConversionBegun:
    """400 for a format that is unknown, does not fit, or was asked for before."""
    conversion = wiring.exports().convert(
        call.principal,
        ProjectId(project_id),
        export_id,
        body.export_type,
        with_media=body.download_resources,
    )
    return {"export_type": conversion.format, "converted_format": conversion.id}


@route(
    "GET",
    "/api/projects/{project_id}/exports/{export_id}/download/",
    action="export.run",
    query=DownloadQuery,
    media="application/octet-stream",
    errors=(303,),
    summary="Download an export",
)
def download_export(call: Call, *, project_id: int, export_id: int, query: DownloadQuery) -> Answer:
    """404 while it is not completed; a format that was not asked for before is made now."""
    project = ProjectId(project_id)
    service = wiring.exports()
    wanted = (query.exportType or query.export_type or "JSON").upper()
    export = service.get(call.principal, project, export_id)
    if export.status == "completed" and export.conversion(wanted) is None:
        service.convert(call.principal, project, export_id, wanted, with_media=False)
        service.wait(call.principal, project, export_id, until_s=HERE_S)
    return _file(service.download(call.principal, project, export_id, wanted))


@route(
    "GET",
    "/api/projects/{project_id}/export/files/",
    action="export.run",
    answer=ExportFiles,
    summary="List the files of a project's exports",
)
def export_files(call: Call, *, project_id: int) -> ExportFiles:
    """The newest exports first, each format of each."""
    found = wiring.exports().list(call.principal, ProjectId(project_id))
    base = f"/api/projects/{project_id}/exports"
    return {
        "export_files": [
            {
                "name": file_name(export, conversion),
                "url": f"{base}/{export.id}/download/?exportType={conversion.format}",
            }
            for export in found
            if export.status == "completed"
            for conversion in export.conversions
        ]
    }


def _options(query: ExportQuery) -> ExportOptions:
    ids = frozenset(TaskId(i) for i in query.ids) if query.ids else None
    tasks = TaskFilter(ids=ids, with_annotations=not query.download_all_tasks)
    return ExportOptions(
        tasks=tasks,
        with_media=query.download_resources,
        interpolate_key_frames=query.interpolate_key_frames,
    )


def _file(download: Download) -> Answer:
    """The bytes with Label Studio's headers when they fit in an answer, else where to fetch them."""
    is_archive = download.content_type == "application/zip"
    if download.size > INLINE_BYTES or (is_archive and not settings().binary_answers):
        return redirect(download.url, status=303)
    headers = {
        "Content-Disposition": f'attachment; filename="{download.filename}"',
        "filename": download.filename,
    }
    content = wiring.blobs().get(download.key)
    kind = "application/zip" if is_archive else f"application/.{_suffix(download)}"
    return Answer(200, content, kind, headers)


def _suffix(download: Download) -> str:
    extension = download.filename.rpartition(".")[2]
    return "csv" if extension == "tsv" else extension


def _render(call: Call, export: Export) -> ExportRead:
    job = None
    if export.job is not None and export.status not in {"completed", "failed"}:
        job = wiring.jobs().get(call.principal.organization_id, export.job)
    return render_export(export, wiring.author_of(call.principal, export.created_by), job)
