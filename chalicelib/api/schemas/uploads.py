"""Uploaded files as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.domain.uploads import Upload
from chalicelib.services.uploads import BegunUpload


class FileWrite(Body):
    """A file about to be uploaded; the size in bytes."""

    name: str
    size: int
    content_type: str = ""


class UploadsWrite(Body):
    """Files about to be uploaded."""

    files: list[FileWrite]


class PartRead(TypedDict):
    """Where the bytes `offset … offset + size` are to be PUT."""

    number: int
    url: str
    offset: int
    size: int


class BegunUploadRead(TypedDict):
    """An upload whose bytes are awaited."""

    id: int
    name: str
    method: Literal["PUT"]
    headers: dict[str, str]
    parts: list[PartRead]


class BegunUploads(TypedDict):
    """Uploads in the order of the files."""

    uploads: list[BegunUploadRead]


def render_begun(begun: BegunUpload) -> BegunUploadRead:
    """An upload whose bytes are awaited. A single PUT signs its content type, so it must be sent."""
    whole = any(part.size == begun.upload.size for part in begun.parts)
    return {
        "id": begun.upload.id,
        "name": begun.upload.name,
        "method": "PUT",
        "headers": {"Content-Type": begun.upload.content_type} if whole else {},
        "parts": [
            {"number": part.number, "url": part.url, "offset": part.offset, "size": part.size}
            for part in begun.parts
        ],
    }


class ArrivedRead(TypedDict):
    """A part that is there already; its tag is to be named when the upload is put together."""

    number: int
    etag: str


class ResumedUploadRead(BegunUploadRead):
    """An upload with the parts that are still missing, and those that have arrived."""

    arrived: list[ArrivedRead]
    is_complete: bool


def render_resumed(begun: BegunUpload, arrived: Mapping[int, str]) -> ResumedUploadRead:
    """What is left to do of an upload."""
    listed: list[ArrivedRead] = [{"number": n, "etag": etag} for n, etag in sorted(arrived.items())]
    return {**render_begun(begun), "arrived": listed, "is_complete": begun.upload.is_complete}


class EtagWrite(Body):
    """What the store answered to the PUT of one part."""

    number: int
    etag: str


class CompleteWrite(Body):
    """The parts that were put."""

    parts: list[EtagWrite] = Field(default_factory=list)


class UploadRead(TypedDict):
    """A complete upload; `file` is its path below `/data/`."""

    id: int
    file: str
    name: str
    size: int


def render_upload(upload: Upload) -> UploadRead:
    """An upload."""
    return {"id": upload.id, "file": upload.key, "name": upload.name, "size": upload.size}


class UploadsQuery(Body):
    """Which uploads: all of them, or a JSON list of ids as text."""

    all: bool = False
    ids: str | None = None


class UploadsDelete(Body):
    """Which uploads are to go; absent means all."""

    file_upload_ids: list[int] | None = None


class DeletedUploads(TypedDict):
    """How many uploads went."""

    deleted: int
