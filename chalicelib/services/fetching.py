"""Files that come from a web address instead of a browser: announced as an upload, fetched under guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from chalicelib.auth.principals import Principal
from chalicelib.domain.imports.detection import named_by_type
from chalicelib.domain.uploads import Upload
from chalicelib.ids import ProjectId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.uploads import OutsideFiles, UploadStore
from chalicelib.services.uploads import NewFile, UploadService

BEAT_EVERY_BYTES = 8 * 1024 * 1024
FROM_URL = "url:"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlFetcher:
    """Brings the file of an address into the store; what comes of it is an upload like any other."""

    uploads: UploadService
    store: UploadStore
    blobs: BlobStore
    outside: OutsideFiles

    def announce(self, principal: Principal, project_id: ProjectId, url: str) -> Upload:
        """An upload that waits to be fetched. `InvalidInputError` for an address that may not be asked."""
        self.outside.check(url)
        name = PurePosixPath(unquote(urlsplit(url).path)).name or "file"
        return self.uploads.announce(principal, project_id, NewFile(name, 0), handle=f"{FROM_URL}{url}")

    def fetch(
        self,
        upload: Upload,
        *,
        max_bytes: int | None = None,
        total_s: float | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> Upload:
        """The upload, complete; one that is complete is given as it is.

        A name without an extension gets the one that the type of the answer speaks for.
        """
        if upload.is_complete or not upload.handle.startswith(FROM_URL):
            return upload
        url = upload.handle.removeprefix(FROM_URL)
        writer = self.blobs.writer(upload.key, content_type=upload.content_type)
        size = 0

        def write(chunk: bytes) -> None:
            nonlocal size
            if size // BEAT_EVERY_BYTES != (size + len(chunk)) // BEAT_EVERY_BYTES:
                alive()
            size += len(chunk)
            writer.write(chunk)

        try:
            headers, _ = self.outside.copy(url, write, max_bytes=max_bytes, total_s=total_s)
            writer.close()
        except BaseException:
            writer.abort()
            raise
        name = named_by_type(upload.name, headers.get("content-type", ""))
        done = replace(upload, name=name, is_complete=True, size=size, version=upload.version + 1)
        self.store.save(done)
        return done
