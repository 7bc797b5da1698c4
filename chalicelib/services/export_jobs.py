"""The jobs behind exports: one takes the snapshot and writes a file, the other writes one more format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.exports import (
    Author,
    Conversion,
    Export,
    ExportOptions,
    Family,
    load_options,
    task_record,
    wants_task,
)
from chalicelib.domain.formats.contract import ExportContext
from chalicelib.domain.formats.contract import ExportOptions as FormatOptions
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.registry import fitting_format
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.errors import InvalidInputError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.ports import Alive, BlobStore, ConfigParser, ExportStore, IdSource
from chalicelib.services.exports import amend, with_conversion
from chalicelib.services.projects import ProjectService
from chalicelib.services.snapshots import UploadedMedia, write_file, write_records
from chalicelib.services.tasks import TaskService

TASKS_PER_PART = 2048

Authors = Callable[[OrganizationId, Iterable[UserId]], Mapping[UserId, Author]]
"""Gives the names of users of an organization."""
Actor = Callable[[OrganizationId, UserId], Principal]
"""Gives the principal that a job acts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """Takes the snapshot in parts of some blocks each, then writes the first file."""

    name: ClassVar = "export"
    queue: ClassVar = "exports"

    projects: ProjectService
    tasks: TaskService
    exports: ExportStore
    blobs: BlobStore
    authors: Authors
    actor: Actor
    clock: Clock
    ids: IdSource
    parse_config: ConfigParser

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Neighbouring blocks of about 2,000 tasks together make a part."""
        principal, project_id = self.actor(job.organization, job.created_by), _project_of(job)
        export = self._export(job)
        amend(self.exports, export, lambda now: replace(now, status="in_progress"))
        summaries = self.tasks.blocks(principal, project_id)
        parts: list[dict[str, Any]] = []
        room = 0
        for summary in summaries:
            if room < summary.counts.tasks or not parts:
                parts.append({"blocks": []})
                room = TASKS_PER_PART
            parts[-1]["blocks"].append(summary.block)
            room -= summary.counts.tasks
        alive()
        return Plan(parts, total=sum(summary.counts.tasks for summary in summaries))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Write the records of the part's blocks."""
        export = self._export(job)
        options = load_options(job.arguments["options"])
        seen = 0

        def records() -> Iterator[Mapping[str, Any]]:
            nonlocal seen
            for block in _integers(part.arguments["blocks"]):
                alive()
                principal = self.actor(job.organization, job.created_by)
                tasks = self.tasks.of_block(principal, export.project, block)
                seen += len(tasks)
                yield from self._block_records(
                    job, [t for t in tasks if wants_task(t, options.tasks)], options
                )

        written = write_records(self.blobs, export, part.number, records())
        return PartResult(seen, {"tasks": written})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Write the file of the format asked for, and complete the export."""
        export = self._export(job)
        options = load_options(job.arguments["options"])
        conversion = self.convert(
            export, job, str(job.arguments["format"]), with_media=options.with_media, alive=alive
        )
        count = sum(_integer(part.result["tasks"]) for part in parts)
        done = amend(
            self.exports,
            export,
            lambda now: replace(
                with_conversion(now, conversion),
                status="completed",
                finished_at=self.clock(),
                task_count=count,
                md5=conversion.md5,
            ),
        )
        return {
            "export": done.id,
            "format": conversion.format,
            "task_count": count,
            "losses": conversion.losses,
        }

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Drop the records and say that it failed."""
        export = self.exports.get(_project_of(job), _integer(job.arguments["export"]))
        if export is None:
            return
        self.blobs.delete([info.key for info in self.blobs.keys(export.records_prefix())])
        amend(self.exports, export, lambda now: replace(now, status="failed", finished_at=self.clock()))

    def convert(
        self, export: Export, job: Job, format_id: str, *, with_media: bool, alive: Alive
    ) -> Conversion:
        """Write the export's file in one format from its records."""
        principal = self.actor(job.organization, job.created_by)
        project = self.projects.get(principal, export.project)
        controls = ControlTable(self.parse_config(project.label_config).parsed)
        wanted = fitting_format(format_id, controls)
        context = ExportContext(
            controls=controls,
            options=FormatOptions(project_id=export.project, now=export.created_at, with_media=with_media),
            media=UploadedMedia(self.blobs, export.project),
        )
        key = f"exports/{export.project}/{export.id}/{wanted.id}.{wanted.extension}"
        blob, md5 = write_file(self.blobs, export, wanted, context, key, alive)
        known = export.conversion(wanted.id)
        return Conversion(
            id=known.id if known else self.ids.next_id("conversion"),
            format=wanted.id,
            status="completed",
            key=key,
            size=blob.size,
            md5=md5,
            extension=wanted.extension,
            content_type=wanted.content_type,
            losses=context.losses.as_dict(),
            job=job.id,
        )

    def _block_records(
        self, job: Job, tasks: Sequence[Any], options: ExportOptions
    ) -> Iterator[Mapping[str, Any]]:
        families = list(self.tasks.with_families(tasks))
        authors: Mapping[UserId, Author] = {}
        if options.expand_authors:
            users = {a.completed_by for _, family in families for a in family.annotations}
            authors = self.authors(job.organization, users)
        for whole, family in families:
            known = Family(family.annotations, family.drafts, family.predictions)
            yield task_record(whole, known, options, authors)

    def _export(self, job: Job) -> Export:
        export = self.exports.get(_project_of(job), _integer(job.arguments["export"]))
        if export is None:
            raise InvalidInputError.at("export", "The export was deleted.")
        return export


class ConversionKind:
    """Writes one more format of a completed export."""

    name = "conversion"
    queue = "exports"

    def __init__(self, exports: ExportStore, exporter: ExportKind) -> None:
        """Built by wiring."""
        self._exports = exports
        self._exporter = exporter

    def plan(self, job: Job, alive: Alive) -> Plan:
        """One part: the whole file."""
        export = self._export(job)
        return Plan([{}], total=export.task_count)

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Write the file."""
        export = self._export(job)
        format_id, with_media = str(job.arguments["format"]), bool(job.arguments["with_media"])
        conversion = self._exporter.convert(export, job, format_id, with_media=with_media, alive=alive)
        amend(self._exports, export, lambda now: with_conversion(now, conversion))
        return PartResult(export.task_count, {"losses": conversion.losses})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Say what was made."""
        return {"export": job.arguments["export"], "format": job.arguments["format"], **parts[0].result}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Say that it failed."""
        export = self._exports.get(_project_of(job), _integer(job.arguments["export"]))
        known = export.conversion(str(job.arguments["format"])) if export else None
        if export and known and known.status != "completed":
            problem = job.problems[0].message if job.problems else "cancelled"
            failed = replace(known, status="failed", problem=problem)
            amend(self._exports, export, lambda now: with_conversion(now, failed))

    def _export(self, job: Job) -> Export:
        export = self._exports.get(_project_of(job), _integer(job.arguments["export"]))
        if export is None:
            raise InvalidInputError.at("export", "The export was deleted.")
        return export


def _project_of(job: Job) -> ProjectId:
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return job.project


def _integer(value: object) -> int:
    return value if isinstance(value, int) else int(str(value))


def _integers(value: object) -> list[int]:
    return [_integer(item) for item in value] if isinstance(value, list) else []
