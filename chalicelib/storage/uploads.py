"""Uploads in the `meta` table: `UP#<project>` / padded id, and `UI` pointers from an id to its project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.uploads import Upload
from chalicelib.ids import ProjectId, UserId
from chalicelib.storage.documents import Documents


class DynamoUploadStore:
    """The rows of uploaded files."""

    def __init__(self, documents: Documents) -> None:
        """`documents` is the `meta` table."""
        self._documents = documents

    def save(self, upload: Upload) -> None:
        """Store a version of the upload. `StaleVersionError` when another one was quicker."""
        body = asdict(upload) | {"created_at": iso(upload.created_at)}
        if upload.version == 1:
            self._documents.put(f"UI#{upload.id}", "-", {"project": upload.project}, version=1)
        self._documents.put(f"UP#{upload.project}", _padded(upload.id), body, version=upload.version)

    def get(self, upload_id: int) -> Upload | None:
        """The upload, whichever project it is of."""
        pointer = self._documents.get(f"UI#{upload_id}", "-")
        if pointer is None:
            return None
        found = self._documents.get(f"UP#{pointer[0]['project']}", _padded(upload_id))
        return None if found is None else _upload(found[0])

    def of_project(self, project: ProjectId) -> Sequence[Upload]:
        """The project's uploads, by id."""
        return [_upload(body) for body in self._documents.of(f"UP#{project}")]

    def delete(self, upload: Upload) -> None:
        """Forget the upload; its blob is removed by the service."""
        self._documents.delete(f"UP#{upload.project}", _padded(upload.id))
        self._documents.delete(f"UI#{upload.id}", "-")


def _padded(upload_id: int) -> str:
    return f"{upload_id:015d}"


def _upload(body: dict[str, Any]) -> Upload:
    return Upload(
        **body
        | {
            "project": ProjectId(body["project"]),
            "created_by": UserId(body["created_by"]),
            "created_at": from_iso(body["created_at"]),
        }
    )
