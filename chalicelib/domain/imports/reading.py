"""`read_tasks`: any file as tasks and problems, by the reader of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.delimited import read_delimited
from chalicelib.domain.imports.detection import HEAD_BYTES, FileKind, detect
from chalicelib.domain.imports.json_files import read_json, read_json_lines
from chalicelib.domain.imports.plain_files import read_address, read_document, read_text

Reader = Callable[[BinaryIO, ImportOptions], Iterable[TaskIn | Problem]]
_READERS: dict[FileKind, Reader] = {
    FileKind.JSON: read_json,
    FileKind.JSONL: read_json_lines,
    FileKind.CSV: read_delimited,
    FileKind.TSV: partial(read_delimited, delimiter="\t"),
    FileKind.TXT: read_text,
    FileKind.HTML: read_document,
}
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
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    kind = detect(name, head)
    if kind is FileKind.MEDIA or (kind in _TABLES_AND_TEXTS and not options.as_tasks_list):
        return read_address(options, name)
    reader = _READERS.get(kind)
    if reader is None:
        raise UnreadableError(f"{kind} files cannot be imported here", code="extension")
    return reader(stream, options)
