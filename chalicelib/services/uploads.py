"""Uploaded files: browsers put bytes straight into the blob store; small files may come with a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.auth.policies import require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.uploads import (
    ACTIVE_TYPES,
    MAX_UPLOAD_BYTES,
    Upload,
    content_type_of,
    stored_name,
)
from chalicelib.errors import FaultList, InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId
from chalicelib.ports.blobs import BlobStore, SignedPart
from chalicelib.ports.projects import IdSource
from chalicelib.ports.uploads import UploadStore
from chalicelib.services.projects import ProjectService

MAX_FILES = 500
READ_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that somebody is about to upload; the size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class BegunUpload:
    """An upload with the places that its bytes are to be PUT to."""

    upload: Upload
    parts: Sequence[SignedPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadService:
    """Everything that is done with uploaded files."""

    projects: ProjectService
    uploads: UploadStore
    blobs: BlobStore
    ids: IdSource
    clock: Clock
    random_hex: Callable[[], str]
    """Gives 8 hex characters that nobody can guess."""

    def begin(
        self, principal: Principal, project_id: ProjectId, files: Sequence[NewFile]
    ) -> Sequence[BegunUpload]:
        """Make room for files. `InvalidInputError` with every file that cannot be taken."""
        self._project(principal, project_id, "upload.write")
        _check(files)
        return [self._begin(principal, project_id, file) for file in files]

    def resume(
        self, principal: Principal, project_id: ProjectId, upload_id: int
    ) -> tuple[BegunUpload, Mapping[int, str]]:
        """Places for what has not arrived of an upload, and the tags of what has."""
        upload = self.get(principal, project_id, upload_id, action="upload.write")
        if upload.is_complete:
            return BegunUpload(upload, ()), {}
        missing, arrived = self.blobs.resumed_put(
            upload.key, upload.handle, upload.size, content_type=upload.content_type
        )
        return BegunUpload(upload, missing), arrived

    def complete(
        self, principal: Principal, project_id: ProjectId, upload_id: int, etags: Mapping[int, str]
    ) -> Upload:
        """Put the bytes together once they are all there; asking again gives the same."""
        upload = self.get(principal, project_id, upload_id, action="upload.write")
        if upload.is_complete:
            return upload
        blob = self.blobs.complete_put(upload.key, upload.handle, etags)
        done = replace(upload, is_complete=True, size=blob.size, version=upload.version + 1)
        self.uploads.save(done)
        return done

    def keep(self, principal: Principal, project_id: ProjectId, name: str, content: bytes) -> Upload:
        """Store a small file that came with a request."""
        self._project(principal, project_id, "upload.write")
        _check([NewFile(name, len(content))])
        upload = self._new(principal, project_id, NewFile(name, len(content)))
        self.blobs.put(upload.key, content, content_type=upload.content_type)
        done = replace(upload, is_complete=True)
        self.uploads.save(done)
        return done

    def announce(self, principal: Principal, project_id: ProjectId, file: NewFile, *, handle: str) -> Upload:
        """A row for a file whose bytes the server will bring itself; `handle` says where from."""
        self._project(principal, project_id, "upload.write")
        _check([file])
        announced = replace(self._new(principal, project_id, file), handle=handle)
        self.uploads.save(announced)
        return announced

    def get(
        self, principal: Principal, project_id: ProjectId, upload_id: int, *, action: str = "upload.read"
    ) -> Upload:
        """An upload of this project."""
        self._project(principal, project_id, action)
        found = self.uploads.get(upload_id)
        if found is None or found.project != project_id:
            raise NotFoundError("No FileUpload matches the given query.")
        return found

    def find(self, principal: Principal, upload_id: int, *, action: str = "upload.read") -> Upload:
        """An upload of whichever project of the caller's organization."""
        found = self.uploads.get(upload_id)
        if found is None:
            raise NotFoundError("No FileUpload matches the given query.")
        return self.get(principal, found.project, upload_id, action=action)

    def replace_file(self, principal: Principal, upload_id: int, name: str, content: bytes) -> Upload:
        """The upload with other bytes, at the same address: of the same kind, so that it stays what it is."""
        upload = self.find(principal, upload_id, action="upload.write")
        _check([NewFile(name, len(content))])
        if content_type_of(name) != upload.content_type:
            message = f"The file must be of the same type as {upload.name}."
            raise InvalidInputError.at("file", message)
        self.blobs.put(upload.key, content, content_type=upload.content_type)
        done = replace(upload, is_complete=True, name=name, size=len(content), version=upload.version + 1)
        self.uploads.save(done)
        return done

    def list(self, principal: Principal, project_id: ProjectId) -> list[Upload]:
        """The complete uploads of a project, by id."""
        self._project(principal, project_id, "upload.read")
        return [upload for upload in self.uploads.of_project(project_id) if upload.is_complete]

    def delete(self, principal: Principal, project_id: ProjectId, upload_ids: Sequence[int] | None) -> int:
        """Remove these uploads, or all of the project's; gives how many went."""
        self._project(principal, project_id, "upload.write")
        mine = self.uploads.of_project(project_id)
        doomed = [u for u in mine if upload_ids is None or u.id in set(upload_ids)]
        self.blobs.delete([upload.key for upload in doomed])
        for upload in doomed:
            self.uploads.delete(upload)
        return len(doomed)

    def read_url(self, principal: Principal, project_id: ProjectId, name: str) -> str:
        """Where a file of the project can be read for an hour, by its stored name.

        What a browser would run (HTML, SVG) is given as a download, so that it never acts as this site.
        """
        self._project(principal, project_id, "upload.read")
        key = f"upload/{project_id}/{name}"
        if self.blobs.info(key) is None:
            raise NotFoundError("No such file.")
        content_type = content_type_of(name)
        download = name if content_type in ACTIVE_TYPES else None
        return self.blobs.signed_get(
            key, expires_s=READ_SECONDS, filename=download, content_type=content_type
        )

    def _begin(self, principal: Principal, project_id: ProjectId, file: NewFile) -> BegunUpload:
        upload = self._new(principal, project_id, file)
        handle, parts = self.blobs.signed_put(upload.key, file.size, content_type=upload.content_type)
        begun = replace(upload, handle=handle)
        self.uploads.save(begun)
        return BegunUpload(begun, parts)

    def _new(self, principal: Principal, project_id: ProjectId, file: NewFile) -> Upload:
        return Upload(
            id=self.ids.next_id("upload"),
            project=project_id,
            created_by=principal.user_id,
            created_at=self.clock(),
            name=file.name,
            stored_name=stored_name(file.name, self.random_hex()),
            content_type=content_type_of(file.name),
            size=file.size,
        )

    def _project(self, principal: Principal, project_id: ProjectId, action: str) -> Project:
        project = self.projects.get(principal, project_id)
        require_in(principal, project, action)
        return project


def _check(files: Sequence[NewFile]) -> None:
    faults = FaultList()
    if not files:
        faults.add("files", "There must be at least one file.")
    if len(files) > MAX_FILES:
        faults.add("files", f"There may be at most {MAX_FILES} files at once, not {len(files)}.")
    for index, file in enumerate(files[:MAX_FILES]):
        if not file.name.strip():
            faults.add(f"files[{index}].name", "A file needs a name.")
        if not 0 <= file.size <= MAX_UPLOAD_BYTES:
            faults.add(f"files[{index}].size", f"The size must be 0 to {MAX_UPLOAD_BYTES} bytes.")
    faults.raise_if_any()
