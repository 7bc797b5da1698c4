"""Exports: a job takes a snapshot of a project's tasks, and any format is made from it, then or later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from chalicelib.auth.policies import require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock, iso
from chalicelib.domain.exports import (
    Conversion,
    Export,
    ExportOptions,
    dump_options,
)
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.registry import fitting_format, format_list
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.snapshots import differences
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError, StaleVersionError
from chalicelib.ids import JobId, ProjectId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.exports import ExportStore, ExportTargets
from chalicelib.ports.projects import IdSource
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.projects import ProjectService
from chalicelib.services.snapshots import read_records

SAVE_ATTEMPTS = 6
MAX_CHANGES = 500
DIFFERENCE_SECONDS = 15.0
HERE_DELAY_S = 30
DOWNLOAD_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What somebody asks for. `body` is their own words, kept to be read back; `destination` a place of the
    operator's that the file is put in as well."""

    format_id: str | None = None
    title: str = ""
    options: ExportOptions = field(default_factory=ExportOptions)
    body: Mapping[str, Any] = field(default_factory=dict)
    is_listed: bool = True
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A finished file and where it can be read for a while."""

    filename: str
    content_type: str
    key: str
    url: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportService:
    """Everything that is asked about exports; the work itself is `ExportKind`'s."""

    projects: ProjectService
    exports: ExportStore
    blobs: BlobStore
    jobs: Jobs
    ids: IdSource
    clock: Clock
    parse_config: ConfigParser
    targets: ExportTargets
    may_push: Callable[[Principal], bool] = lambda _: True
    """Whether exports may leave for stores of the operator's; a switch that stays."""

    def formats(self, principal: Principal, project_id: ProjectId) -> Sequence[Mapping[str, Any]]:
        """Every format, those that fit the project's config first."""
        return format_list(self._controls(self._project(principal, project_id)))

    def create(
        self, principal: Principal, project_id: ProjectId, request: ExportRequest, *, here: bool = False
    ) -> Export:
        """Begin an export. `InvalidInputError` for a format that is unknown or does not fit.

        With `here` the caller goes on to `wait`, and a worker takes over only after a while.
        """
        project = self._project(principal, project_id)
        wanted = fitting_format(request.format_id or "JSON", self._controls(project))
        if request.destination:
            self._check_destination(principal, request.destination)
        export = Export(
            id=self.ids.next_id("export"),
            project=project_id,
            created_by=principal.user_id,
            created_at=self.clock(),
            title=request.title or f"{project.title or 'project'} at {iso(self.clock())[:16]}",
            request=request.body,
            is_listed=request.is_listed,
        )
        self.exports.save(export)
        arguments = {
            "export": export.id,
            "format": wanted.id,
            "options": dump_options(request.options),
            "destination": request.destination,
        }
        job = self.jobs.create(
            JobRequest("export", principal.organization_id, project_id, principal.user_id, arguments),
            delay_s=HERE_DELAY_S if here else 0,
        )
        return amend(self.exports, export, lambda now: replace(now, job=job.id))

    def _check_destination(self, principal: Principal, destination: str) -> None:
        if not self.may_push(principal):
            raise InvalidInputError.at("destination", "Exports to other stores are switched off at present.")
        self.targets.check(destination)

    def get(self, principal: Principal, project_id: ProjectId, export_id: int) -> Export:
        """The export as it is now."""
        self._project(principal, project_id)
        return self._found(project_id, export_id)

    def list(self, principal: Principal, project_id: ProjectId, *, limit: int = 100) -> list[Export]:
        """The newest first, without those made for a single download."""
        self._project(principal, project_id)
        return [export for export in self.exports.newest(project_id, limit) if export.is_listed]

    def delete(self, principal: Principal, project_id: ProjectId, export_id: int) -> None:
        """Remove the export and its files."""
        export = self.get(principal, project_id, export_id)
        keys = [info.key for info in self.blobs.keys(f"exports/{project_id}/{export_id}/")]
        self.blobs.delete(keys)
        self.exports.delete(export)

    def convert(
        self, principal: Principal, project_id: ProjectId, export_id: int, format_id: str, *, with_media: bool
    ) -> Conversion:
        """Begin a conversion. `InvalidInputError` for a bad format or one that was asked for before."""
        project = self._project(principal, project_id)
        export = self._found(project_id, export_id)
        wanted = fitting_format(format_id, self._controls(project))
        if export.status != "completed":
            raise ConflictError("The export is not completed yet.")
        known = export.conversion(wanted.id)
        if known is not None and not _is_unbegun(known):
            raise InvalidInputError.at("export_type", f"This export was converted to {wanted.id} before.")
        conversion = known or Conversion(
            id=self.ids.next_id("conversion"), format=wanted.id, status="created"
        )
        if known is None:
            amend(self.exports, export, lambda now: with_conversion(now, conversion))
        arguments = {"export": export_id, "format": wanted.id, "with_media": with_media}
        job = self.jobs.create(
            JobRequest("conversion", principal.organization_id, project_id, principal.user_id, arguments)
        )
        amend(self.exports, export, lambda now: _with_job(now, wanted.id, job.id))
        return replace(conversion, job=job.id)

    def download(
        self, principal: Principal, project_id: ProjectId, export_id: int, format_id: str | None
    ) -> Download:
        """A file of a completed export. `NotFoundError` while there is none in that format."""
        export = self.get(principal, project_id, export_id)
        done = [c for c in export.conversions if c.status == "completed"]
        wanted = (format_id or "JSON").upper()
        found = next((c for c in done if c.format == wanted), None)
        if found is None:
            raise NotFoundError(f"Export {export_id} has no file in the format {wanted}.")
        name = file_name(export, found)
        url = self.blobs.signed_get(
            found.key, expires_s=DOWNLOAD_SECONDS, filename=name, content_type=found.content_type
        )
        return Download(name, found.content_type, found.key, url, found.size)

    def manifest(self, principal: Principal, project_id: ProjectId, export_id: int) -> Mapping[str, Any]:
        """What a completed snapshot says of itself: its hash tree, config, filters and counts."""
        export = self._completed(principal, project_id, export_id)
        if not export.root:
            raise NotFoundError(f"Export {export_id} was made before exports had manifests.")
        said: Mapping[str, Any] = json.loads(self.blobs.get(export.manifest_key()))
        return said

    def difference(
        self,
        principal: Principal,
        project_id: ProjectId,
        before_id: int,
        after_id: int,
        *,
        after_task: int = 0,
        until_s: float = DIFFERENCE_SECONDS,
    ) -> Mapping[str, Any]:
        """What changed between two completed snapshots, task by task; of each up to `MAX_CHANGES` at once.

        `next` is the task after which to go on where there was too much, or too little time; else None.
        """
        before = self._completed(principal, project_id, before_id)
        after = self._completed(principal, project_id, after_id)
        counts = {"added": 0, "removed": 0, "changed": 0, "same": 0}
        changes: list[Mapping[str, Any]] = []
        found = {"before": before_id, "after": after_id, "counts": counts, "changes": changes, "next": None}
        if before.root and before.root == after.root:
            counts["same"] = after.task_count
            return found
        deadline = self.clock() + timedelta(seconds=until_s)
        records = [_after(read_records(self.blobs, export), after_task) for export in (before, after)]
        for seen, change in enumerate(differences(*records), start=1):
            counts[str(change["change"]) if change else "same"] += 1
            if change is not None:
                changes.append(change)
            if change and (len(changes) >= MAX_CHANGES or (seen % 256 == 0 and self.clock() >= deadline)):
                return found | {"next": change["task"]}
        return found

    def wait(self, principal: Principal, project_id: ProjectId, export_id: int, *, until_s: float) -> Export:
        """Work on the export here and now, for as long as it takes or `until_s` seconds at most.

        Small projects are done within a request this way, without waiting for a worker; what is not
        done in time goes on in the background.
        """
        export = self.get(principal, project_id, export_id)
        jobs = [export.job, *(c.job for c in export.conversions if c.status != "completed")]
        for job in jobs:
            if job is not None:
                self.jobs.run_here(job, until_s=until_s)
        return self.get(principal, project_id, export_id)

    def _completed(self, principal: Principal, project_id: ProjectId, export_id: int) -> Export:
        export = self.get(principal, project_id, export_id)
        if export.status != "completed":
            raise ConflictError("The export is not completed yet.")
        return export

    def _project(self, principal: Principal, project_id: ProjectId) -> Project:
        project = self.projects.get(principal, project_id)
        require_in(principal, project, "export.run")
        return project

    def _controls(self, project: Project) -> ControlTable:
        return ControlTable(self.parse_config(project.label_config).parsed)

    def _found(self, project_id: ProjectId, export_id: int) -> Export:
        export = self.exports.get(project_id, export_id)
        if export is None:
            raise NotFoundError("No Export matches the given query.")
        return export


def _after(records: Iterator[Mapping[str, Any]], task: int) -> Iterator[Mapping[str, Any]]:
    return (record for record in records if record["id"] > task)


def amend(store: ExportStore, export: Export, change: Callable[[Export], Export]) -> Export:
    """Apply a change to the export as it is now, however many others change it at the same time."""
    for _ in range(SAVE_ATTEMPTS):
        now = store.get(export.project, export.id)
        if now is None:
            raise NotFoundError("No Export matches the given query.")
        after = replace(change(now), version=now.version + 1)
        try:
            store.save(after)
        except StaleVersionError:
            continue
        return after
    raise StaleVersionError(f"Export {export.id} is being changed by too many at once.")


def with_conversion(export: Export, conversion: Conversion) -> Export:
    """The export with this conversion in the place of an earlier one of its format."""
    others = tuple(c for c in export.conversions if c.format != conversion.format)
    return replace(export, conversions=(*others, conversion))


def _is_unbegun(conversion: Conversion) -> bool:
    """Whether it was asked for by a request that died before its job was there."""
    return conversion.status == "created" and conversion.job is None


def _with_job(export: Export, format_id: str, job: JobId) -> Export:
    """The export whose conversion knows its job, unless a worker has made it meanwhile."""
    known = export.conversion(format_id)
    if known is None or not _is_unbegun(known):
        return export
    return with_conversion(export, replace(known, job=job))


def file_name(export: Export, conversion: Conversion) -> str:
    """`project-<id>-at-<Y-m-d-H-M>-<8 hex of the content>.<extension>`, as Label Studio names its files."""
    moment = export.created_at.strftime("%Y-%m-%d-%H-%M")
    return f"project-{export.project}-at-{moment}-{conversion.md5[:8]}.{conversion.extension}"
