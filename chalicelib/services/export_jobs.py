"""The jobs behind exports: one takes the snapshot and writes a file, the other writes one more format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
    wants_agreement,
    wants_labels,
    wants_task,
)
from chalicelib.domain.formats.contract import ExportContext, Format, LossReport
from chalicelib.domain.formats.contract import ExportOptions as FormatOptions
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.registry import fitting_format, survey_for
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.domain.snapshots import BlockHash, manifest
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.ports.blobs import BlobInfo, BlobStore
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.exports import ExportStore, ExportTargets
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import IdSource
from chalicelib.services.exports import amend, file_name, with_conversion
from chalicelib.services.projects import ProjectService
from chalicelib.services.snapshots import (
    UploadedMedia,
    join_parts,
    read_part,
    write_file,
    write_part,
    write_records,
)
from chalicelib.services.tasks import TaskService

TASKS_PER_PART = 2048

Authors = Callable[[OrganizationId, Iterable[UserId]], Mapping[UserId, Author]]
"""Gives the names of users of an organization."""
Actor = Callable[[OrganizationId, UserId], Principal]
"""Gives the principal that a job acts for."""


TasksOfView = Callable[[Principal, ProjectId, int], Iterable[TaskId]]
"""Gives the tasks that a view of the data manager shows."""


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
    tasks_of_view: TasksOfView
    targets: ExportTargets

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Neighbouring blocks of about 2,000 tasks together make a part."""
        principal, project_id = self.actor(job.organization, job.created_by), _project_of(job)
        export = self._export(job)
        amend(self.exports, export, _begun)
        summaries = self.tasks.blocks(principal, project_id)
        parts: list[dict[str, Any]] = []
        room = 0
        for summary in summaries:
            if room < summary.counts.tasks or not parts:
                parts.append({"blocks": []})
                room = TASKS_PER_PART
            parts[-1]["blocks"].append(summary.block)
            room -= summary.counts.tasks
        view = load_options(job.arguments["options"]).tasks.view
        if view is not None:
            ids = self.tasks_of_view(principal, project_id, view)
            self.blobs.put(_view_key(job), json.dumps(list(ids)).encode())
        alive()
        return Plan(parts, total=sum(summary.counts.tasks for summary in summaries))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Write the records of the part's blocks, and with them what of the file can be written already."""
        export = self._export(job)
        options = self._options(job)
        seen = 0

        def records() -> Iterator[Mapping[str, Any]]:
            nonlocal seen
            for block in _integers(part.arguments["blocks"]):
                alive()
                principal = self.actor(job.organization, job.created_by)
                tasks = self.tasks.of_block(principal, export.project, block)
                seen += len(tasks)
                chosen = [t for t in tasks if wants_task(t, options.tasks)]
                for record in self._block_records(job, chosen, options):
                    if wants_labels(record, options.tasks):
                        yield record

        written = write_records(self.blobs, export, part.number, records())
        alive()
        return PartResult(
            seen, {"blocks": [asdict(node) for node in written], **self._begin_file(export, job, part.number)}
        )

    def _begin_file(self, export: Export, job: Job, part: int) -> dict[str, object]:
        """The part of the file asked for, if it can be written by itself, or else what it is to know."""
        wanted, context = self._context(export, job, with_media=False)
        survey = survey_for(wanted, context)
        if survey is not None:
            survey.see(read_part(self.blobs, export, part))
            return {"survey": survey.as_dict()}
        if wanted.layout == "stream":
            write_part(self.blobs, export, wanted, part, context)
            return {"losses": context.losses.as_dict()}
        return {}

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Put the file together, say what the snapshot holds, and complete the export.

        The parts go last: whoever dies before finds them again, and whoever dies after finds it completed.
        """
        export = self._completed(job, parts, alive)
        (conversion,) = [c for c in export.conversions if c.job == job.id]
        pushed = self._push(export, job, conversion)
        written = self.blobs.keys(export.written_prefix(conversion.format))
        self.blobs.delete([*(info.key for info in written), _view_key(job)])
        return {
            "export": export.id,
            "format": conversion.format,
            "task_count": export.task_count,
            "losses": conversion.losses,
            **({"pushed_to": pushed} if pushed else {}),
        }

    def _completed(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Export:
        """The export with its file, which another worker may complete at the same time."""
        export = self._export(job)
        if export.status == "completed":
            return export
        try:
            return self._complete(export, job, parts, alive)
        except NotFoundError:
            # whoever was quicker has removed the parts
            now = self._export(job)
            if now.status != "completed":
                raise
            return now

    def _push(self, export: Export, job: Job, conversion: Conversion) -> str:
        """Put the file where it was asked for, if anywhere; gives where it is."""
        destination = str(job.arguments.get("destination") or "")
        if not destination:
            return ""
        name, kind = file_name(export, conversion), conversion.content_type
        return self.targets.put(destination, name, self.blobs, conversion.key, content_type=kind)

    def _complete(self, export: Export, job: Job, parts: Sequence[JobPart], alive: Alive) -> Export:
        options = load_options(job.arguments["options"])
        wanted, context = self._context(export, job, with_media=options.with_media)
        key = self._file_key(export, wanted)
        if wanted.layout == "stream" and wanted.survey is None:
            blob, md5 = join_parts(self.blobs, export, wanted, len(parts), context, key, alive)
            for part in parts:
                context.losses.merge(LossReport.of(_mapping(part.result["losses"])))
        else:
            if (survey := survey_for(wanted, context)) is not None:
                for part in parts:
                    survey.load(_mapping(part.result["survey"]))
                context.survey = survey
            blob, md5 = write_file(self.blobs, export, wanted, context, key, alive)
        conversion = self._conversion(export, job, wanted, context, blob, md5)
        said = self._say(export, context, [node for part in parts for node in _blocks(part)])
        return amend(
            self.exports,
            export,
            lambda now: replace(
                with_conversion(now, conversion),
                status="completed",
                finished_at=self.clock(),
                task_count=said["counts"]["tasks"],
                md5=conversion.md5,
                root=said["root"],
            ),
        )

    def _say(self, export: Export, context: ExportContext, blocks: Sequence[BlockHash]) -> dict[str, Any]:
        """Write the manifest and give it."""
        options = context.options
        said = manifest(blocks, project=export.project, config=options.label_config, options=options.filters)
        content = json.dumps(said, indent=1, sort_keys=True).encode() + b"\n"
        self.blobs.put(export.manifest_key(), content, content_type="application/json")
        return said

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
        wanted, context = self._context(export, job, with_media=with_media, format_id=format_id)
        blob, md5 = write_file(self.blobs, export, wanted, context, self._file_key(export, wanted), alive)
        return self._conversion(export, job, wanted, context, blob, md5)

    def _context(
        self, export: Export, job: Job, *, with_media: bool, format_id: str | None = None
    ) -> tuple[Format, ExportContext]:
        principal = self.actor(job.organization, job.created_by)
        project = self.projects.get(principal, export.project)
        controls = ControlTable(self.parse_config(project.label_config).parsed)
        wanted = fitting_format(format_id or str(job.arguments["format"]), controls)
        context = ExportContext(
            controls=controls,
            options=FormatOptions(
                project_id=export.project,
                now=export.created_at,
                with_media=with_media,
                label_config=project.label_config,
                filters=self._filters(export, job),
            ),
            media=UploadedMedia(self.blobs, export.project),
        )
        return wanted, context

    def _filters(self, export: Export, job: Job) -> Mapping[str, Any]:
        """What the export was asked to hold, as its manifest says; a conversion is of an earlier export."""
        if "options" in job.arguments:
            return _mapping(job.arguments["options"])
        if not export.root:
            return {}
        said: Mapping[str, Any] = json.loads(self.blobs.get(export.manifest_key()))
        return _mapping(said["filters"])

    def _file_key(self, export: Export, wanted: Format) -> str:
        return f"exports/{export.project}/{export.id}/{wanted.id}.{wanted.extension}"

    def _conversion(
        self, export: Export, job: Job, wanted: Format, context: ExportContext, blob: BlobInfo, md5: str
    ) -> Conversion:
        known = export.conversion(wanted.id)
        return Conversion(
            id=known.id if known else self.ids.next_id("conversion"),
            format=wanted.id,
            status="completed",
            key=blob.key,
            size=blob.size,
            md5=md5,
            extension=wanted.extension,
            content_type=wanted.content_type,
            losses=context.losses.as_dict(),
            job=job.id,
        )

    def _options(self, job: Job) -> ExportOptions:
        """What is wanted; the tasks of a view as they were when the job was planned."""
        options = load_options(job.arguments["options"])
        if options.tasks.view is None:
            return options
        ids = frozenset(TaskId(i) for i in json.loads(self.blobs.get(_view_key(job))))
        return replace(options, tasks=replace(options.tasks, ids=ids))

    def _block_records(
        self, job: Job, tasks: Sequence[Any], options: ExportOptions
    ) -> Iterator[Mapping[str, Any]]:
        families = list(self.tasks.with_families(tasks))
        authors: Mapping[UserId, Author] = {}
        if options.expand_authors:
            users = {a.completed_by for _, family in families for a in family.annotations}
            authors = self.authors(job.organization, users)
        for whole, family in families:
            if not wants_agreement(family.annotations, options):
                continue
            known = Family(family.annotations, family.drafts, family.predictions)
            yield task_record(whole, known, options, authors)

    def _export(self, job: Job) -> Export:
        export = self.exports.get(_project_of(job), _integer(job.arguments["export"]))
        if export is None:
            raise InvalidInputError.at("export", "The export was deleted.")
        return export


def _begun(export: Export) -> Export:
    """The export as being made, unless another worker has made it meanwhile."""
    return export if export.status == "completed" else replace(export, status="in_progress")


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


def _view_key(job: Job) -> str:
    return f"jobs/{job.id}/{job.run}/view.json"


def _blocks(part: JobPart) -> list[BlockHash]:
    listed = part.result["blocks"]
    return [BlockHash(**node) for node in listed] if isinstance(listed, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _integer(value: object) -> int:
    return value if isinstance(value, int) else int(str(value))


def _integers(value: object) -> list[int]:
    return [_integer(item) for item in value] if isinstance(value, list) else []
