"""Our own snapshots: tasks as they were exported, with every hash checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.domain.imports.archives import Archive
from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.items import task_of
from chalicelib.domain.imports.json_values import strict_value
from chalicelib.domain.snapshots import (
    CONFIG_FILE,
    MANIFEST_FILE,
    MANIFEST_KIND,
    TASKS_FILE,
    TreeHasher,
    manifest,
)

MAX_MANIFEST_BYTES = 64 * 1024 * 1024
_SPELT_OUT = ("annotations", "predictions", "drafts")


def is_snapshot(names: Sequence[str]) -> bool:
    """Whether these are the files of a snapshot."""
    return {MANIFEST_FILE, CONFIG_FILE, TASKS_FILE} <= set(names)


def read_snapshot(archive: Archive, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """The tasks, and at the end a problem if they are not what the manifest says."""
    said = _said(archive)
    tree = TreeHasher()
    with archive.open(TASKS_FILE) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(options.limits.item_characters), b""), 1):
            if not line.endswith(b"\n"):
                raise UnreadableError("the snapshot's tasks are cut off", line=number, code="snapshot")
            record = strict_value(line.decode("utf-8", "replace"), number, options.limits)
            if not isinstance(record, dict) or type(record.get("id")) is not int:
                raise UnreadableError("a task without its id", line=number, code="snapshot")
            tree.add(record, line)
            yield _task(record, number)
    with archive.open(CONFIG_FILE) as stream:
        config = stream.read(MAX_MANIFEST_BYTES).decode("utf-8", "replace")
    found = manifest(tree.blocks, project=said["project"], config=config, options=said["filters"])
    if found["root"] != said.get("root"):
        message = "the snapshot is not what its manifest says: it was changed after it was made"
        yield Problem(message=message, code="snapshot", stops=False)


def _said(archive: Archive) -> dict[str, Any]:
    with archive.open(MANIFEST_FILE) as stream:
        content = stream.read(MAX_MANIFEST_BYTES)
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("kind") != MANIFEST_KIND or "project" not in said:
        raise UnreadableError(f"{MANIFEST_FILE} is not the manifest of a snapshot", code="snapshot")
    if said.get("version") != 1 or not isinstance(said.get("filters"), dict):
        raise UnreadableError("the snapshot was made by a newer version", code="snapshot")
    return said


def _task(record: dict[str, Any], number: int) -> TaskIn:
    """The task; what the export gave as ids alone is not there to be read."""
    for name in _SPELT_OUT:
        listed = record.get(name)
        if isinstance(listed, list):
            record[name] = [entry for entry in listed if isinstance(entry, dict)]
    return task_of(record, f"line {number}")
