"""What the services need of exports and of the places they are put in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.exports import Export
from chalicelib.ids import ProjectId
from chalicelib.ports.blobs import BlobStore


class ExportTargets(Protocol):
    """Stores of the operator's that finished exports may be put in."""

    def check(self, address: str) -> None:
        """`InvalidInputError` for a place that may not be named."""

    def put(self, address: str, name: str, blobs: BlobStore, key: str, *, content_type: str) -> str:
        """Copy a blob there; gives where it is. Doing it again replaces it."""


class ExportStore(Protocol):
    """The rows of exports."""

    def save(self, export: Export) -> None:
        """Store a version of the export. StaleVersionError when another one was quicker."""

    def get(self, project: ProjectId, export_id: int) -> Export | None:
        """The export, or None."""

    def newest(self, project: ProjectId, limit: int) -> Sequence[Export]:
        """The newest first."""

    def delete(self, export: Export) -> None:
        """Forget the export."""
