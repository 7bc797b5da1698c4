"""What the services need of uploaded files and of files at addresses of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from chalicelib.domain.uploads import Upload
from chalicelib.ids import ProjectId


class UploadStore(Protocol):
    """The rows of uploaded files."""

    def save(self, upload: Upload) -> None:
        """Store a version of the upload. StaleVersionError when another one was quicker."""

    def get(self, upload_id: int) -> Upload | None:
        """The upload, whichever project it is of."""

    def of_project(self, project: ProjectId) -> Sequence[Upload]:
        """The project's uploads, by id."""

    def delete(self, upload: Upload) -> None:
        """Forget the upload."""


class OutsideFiles(Protocol):
    """Files at web addresses of others, read under guard (`integrations/outside.py`)."""

    def check(self, url: str) -> object:
        """`InvalidInputError` for an address that may not be asked."""

    def copy(
        self,
        url: str,
        write: Callable[[bytes], object],
        *,
        max_bytes: int | None = None,
        total_s: float | None = None,
    ) -> tuple[Mapping[str, str], str]:
        """Hand the bytes to `write`; gives headers and last address. `SkylabelError` when it fails."""
