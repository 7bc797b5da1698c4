"""`read_tasks`: any file as tasks and problems, by the reader of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from chalicelib.domain.imports.archives import TarArchive, ZipArchive, gunzipped
from chalicelib.domain.imports.bundles import read_bundle
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.datasets.coco import read_coco
from chalicelib.domain.imports.datasets.conll import read_conll
from chalicelib.domain.imports.delimited import read_delimited
from chalicelib.domain.imports.detection import HEAD_BYTES, FileKind, detect
from chalicelib.domain.imports.json_files import read_json, read_json_lines
from chalicelib.domain.imports.parquet_files import read_parquet
from chalicelib.domain.imports.plain_files import read_address, read_document, read_text
from chalicelib.domain.imports.xml_files import read_xml

Reader = Callable[[BinaryIO, ImportOptions], Iterable[TaskIn | Problem]]
_READERS: dict[FileKind, Reader] = {
    FileKind.JSON: read_json,
    FileKind.JSONL: read_json_lines,
    FileKind.CSV: read_delimited,
    FileKind.TSV: partial(read_delimited, delimiter="\t"),
    FileKind.TXT: read_text,
    FileKind.HTML: read_document,
    FileKind.XML: read_xml,
    FileKind.COCO: read_coco,
    FileKind.CONLL: read_conll,
    FileKind.PARQUET: read_parquet,
}
_ARCHIVES = (FileKind.ZIP, FileKind.TAR, FileKind.GZIP)
_TABLES_AND_TEXTS = (FileKind.CSV, FileKind.TSV, FileKind.TXT)


def read_tasks(name: str, stream: BinaryIO, *, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """The file's tasks in order, with problems where they are met; a problem that stops comes last.

    The stream must be able to seek. Nothing is promised about the file before the last item: whoever
    wants all or nothing keeps the tasks aside until then.
    """
    count = 0
    try:
        for found in _found(name, stream, options):
            if isinstance(found, Problem):
                yield replace(found, file=found.file or name)
                continue
            count += 1
            if count > options.limits.tasks:
                message = f"Maximum task number is {options.limits.tasks}, current task number is more"
                raise UnreadableError(message, code="too_many_tasks")
            yield found
        if not count:
            yield Problem(message="load_tasks: No tasks added", file=name, code="empty", stops=False)
    except UnreadableError as error:
        yield error.problem(name)


def _found(name: str, stream: BinaryIO, options: ImportOptions) -> Iterable[TaskIn | Problem]:
    kind = _kind(name, stream)
    if kind is FileKind.ZIP:
        return read_bundle(ZipArchive(stream, options.limits), options, _plainly)
    if kind is FileKind.TAR:
        return read_bundle(TarArchive(stream, options.limits), options, _plainly)
    if kind is FileKind.GZIP:
        inner, inner_name = gunzipped(stream, options.limits), name[: -len(".gz")]
        if _kind(inner_name, inner) in _ARCHIVES:
            raise UnreadableError("an archive within an archive", code="bomb")
        return _plainly(inner_name, inner, options)
    return _plainly(name, stream, options)


def _plainly(name: str, stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """Read a file that is no archive."""
    kind = _kind(name, stream)
    if kind is FileKind.MEDIA or (kind in _TABLES_AND_TEXTS and not options.as_tasks_list):
        yield from read_address(options, name)
        return
    yield from _READERS[kind](stream, options)


def _kind(name: str, stream: BinaryIO) -> FileKind:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return detect(name, head)
