"""Exports in the `meta` table: `EX#<project>` / padded id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.exports import Conversion, Export
from chalicelib.ids import JobId, ProjectId, UserId
from chalicelib.storage.documents import Documents


class DynamoExportStore:
    """The rows of exports."""

    def __init__(self, documents: Documents) -> None:
        """`documents` is the `meta` table."""
        self._documents = documents

    def save(self, export: Export) -> None:
        """Store a version of the export. `StaleVersionError` when another one was quicker."""
        body = _plain(export) | {
            "created_at": iso(export.created_at),
            "finished_at": iso(export.finished_at) if export.finished_at else None,
            "request": dict(export.request),
            "conversions": [_plain(c) | {"losses": dict(c.losses)} for c in export.conversions],
        }
        self._documents.put(f"EX#{export.project}", f"{export.id:015d}", body, version=export.version)

    def get(self, project: ProjectId, export_id: int) -> Export | None:
        """The export, or None."""
        found = self._documents.get(f"EX#{project}", f"{export_id:015d}")
        return None if found is None else _export(found[0])

    def newest(self, project: ProjectId, limit: int) -> Sequence[Export]:
        """The newest first."""
        return [_export(body) for body in self._documents.of(f"EX#{project}", newest_first=True, limit=limit)]

    def delete(self, export: Export) -> None:
        """Forget the export; its blobs are removed by the service."""
        self._documents.delete(f"EX#{export.project}", f"{export.id:015d}")


def _plain(stored: Export | Conversion) -> dict[str, Any]:
    """The fields by their names. `asdict` would copy the mappings among them, which cannot be copied."""
    return {field.name: getattr(stored, field.name) for field in fields(stored)}


def _export(body: dict[str, Any]) -> Export:
    finished = body["finished_at"]
    return Export(
        **body
        | {
            "project": ProjectId(body["project"]),
            "created_by": UserId(body["created_by"]),
            "created_at": from_iso(body["created_at"]),
            "finished_at": from_iso(finished) if finished else None,
            "job": JobId(body["job"]) if body["job"] else None,
            "conversions": tuple(Conversion(**c) for c in body["conversions"]),
        }
    )
