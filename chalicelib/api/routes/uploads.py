"""Uploaded files: where their bytes go, which there are, and reading them."""

from __future__ import annotations

import json
import re

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.files import FilesWrite
from chalicelib.api.schemas.uploads import (
    BegunUploads,
    CompleteWrite,
    DeletedUploads,
    ResumedUploadRead,
    UploadRead,
    UploadsDelete,
    UploadsQuery,
    UploadsWrite,
    render_begun,
    render_resumed,
    render_upload,
)
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId
from chalicelib.services.uploads import NewFile

UPLOADED = re.compile(r"/?(?:data/)?upload/(?P<project>[0-9]{1,15})/(?P<name>[^/]+)")
"""A stored path, as task data and exports write it."""


@route(
    "POST",
    "/api/projects/{project_id}/uploads/",
    action="upload.write",
    body=UploadsWrite,
    answer=BegunUploads,
    status=201,
    keeps_receipts=True,
    summary="Begin uploading files straight to the store",
)
def begin_uploads(call: Call, *, project_id: int, body: UploadsWrite) -> BegunUploads:
    """For each file the addresses that its bytes are to be PUT to."""
    files = [NewFile(file.name, file.size) for file in body.files]
    begun = wiring.uploads().begin(call.principal, ProjectId(project_id), files)
    return {"uploads": [render_begun(upload) for upload in begun]}


@route(
    "POST",
    "/api/projects/{project_id}/uploads/{upload_id}/resume/",
    action="upload.write",
    answer=ResumedUploadRead,
    summary="Go on with an upload that broke off",
)
def resume_upload(call: Call, *, project_id: int, upload_id: int) -> ResumedUploadRead:
    """Fresh addresses for the parts that have not arrived; the tags of those that have."""
    begun, arrived = wiring.uploads().resume(call.principal, ProjectId(project_id), upload_id)
    return render_resumed(begun, arrived)


@route(
    "POST",
    "/api/projects/{project_id}/uploads/{upload_id}/complete/",
    action="upload.write",
    body=CompleteWrite,
    answer=UploadRead,
    summary="Put the parts of an upload together",
)
def complete_upload(call: Call, *, project_id: int, upload_id: int, body: CompleteWrite) -> UploadRead:
    """400 while bytes are missing; asking again gives the same."""
    etags = {part.number: part.etag for part in body.parts}
    done = wiring.uploads().complete(call.principal, ProjectId(project_id), upload_id, etags)
    return render_upload(done)


@route(
    "GET",
    "/api/projects/{project_id}/file-uploads/",
    action="upload.read",
    query=UploadsQuery,
    answer=list[UploadRead],
    summary="List uploaded files",
)
def list_uploads(call: Call, *, project_id: int, query: UploadsQuery) -> list[UploadRead]:
    """All of them with `all=true`, some with `ids=[1,2]`; none without either."""
    found = wiring.uploads().list(call.principal, ProjectId(project_id))
    wanted = None if query.all else _ids(query.ids or "[]")
    return [render_upload(upload) for upload in found if wanted is None or upload.id in wanted]


@route(
    "DELETE",
    "/api/projects/{project_id}/file-uploads/",
    action="upload.write",
    body=UploadsDelete,
    answer=DeletedUploads,
    summary="Delete uploaded files",
)
def delete_uploads(call: Call, *, project_id: int, body: UploadsDelete) -> DeletedUploads:
    """Those named, or all."""
    count = wiring.uploads().delete(call.principal, ProjectId(project_id), body.file_upload_ids)
    return {"deleted": count}


@route(
    "GET",
    "/api/import/file-upload/{upload_id}/",
    action="upload.read",
    answer=UploadRead,
    summary="Show an uploaded file",
)
def get_upload(call: Call, *, upload_id: int) -> UploadRead:
    """Its path and size."""
    return render_upload(wiring.uploads().find(call.principal, upload_id))


@route(
    "PATCH",
    "/api/import/file-upload/{upload_id}/",
    action="upload.write",
    sent=FilesWrite,
    answer=UploadRead,
    errors=(412,),
    summary="Replace an uploaded file",
)
def replace_upload(call: Call, *, upload_id: int) -> UploadRead:
    """A multipart body with one file of the same type; tasks that name it show the new one."""
    files = call.request.files
    if files:
        kept = wiring.uploads().replace_file(call.principal, upload_id, files[0].name, files[0].content)
        return render_upload(kept)
    upload = render_upload(wiring.uploads().find(call.principal, upload_id, action="upload.write"))
    body = call.request.parsed if call.request.body else {}
    named = body.get("file") if isinstance(body, dict) else None
    if named not in (None, upload["file"]):
        message = "The submitted data was not a file. Check the encoding type on the form."
        raise InvalidInputError.at("file", message)
    return upload


@route(
    "DELETE",
    "/api/import/file-upload/{upload_id}/",
    action="upload.write",
    status=204,
    summary="Delete an uploaded file",
)
def delete_upload(call: Call, *, upload_id: int) -> None:
    """The file goes; tasks that show it stay."""
    upload = wiring.uploads().find(call.principal, upload_id)
    wiring.uploads().delete(call.principal, upload.project, [upload.id])


@route(
    "GET",
    "/data/upload/{project_id}/{name}",
    action="upload.read",
    texts=("name",),
    status=303,
    summary="Read an uploaded file",
)
def read_file(call: Call, *, project_id: int, name: str) -> Answer:
    """Sends the client to a short-lived address on the store's own origin."""
    return redirect(wiring.uploads().read_url(call.principal, ProjectId(project_id), name), status=303)


@route(
    "GET",
    "/storage-data/uploaded/",
    parameters=("filepath",),
    action="upload.read",
    status=303,
    errors=(400, 404),
    summary="Read an uploaded file by its path",
)
def read_uploaded(call: Call) -> Answer:
    """`filepath` is what the file's address has after `/data/`: `upload/<project>/<name>`."""
    path = call.request.first("filepath")
    if not path:
        raise InvalidInputError.at("filepath", "This field is required.", code="required")
    found = UPLOADED.fullmatch(path)
    if found is None:
        raise NotFoundError("No such file.")
    project_id, name = ProjectId(int(found["project"])), found["name"]
    return redirect(wiring.uploads().read_url(call.principal, project_id, name), status=303)


def _ids(text: str) -> set[int]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(i, int) for i in found):
        raise InvalidInputError.at("ids", "must be a JSON list of ids")
    return set(found)
