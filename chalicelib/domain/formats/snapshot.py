"""A snapshot as one file: every task as the export holds it, the labeling config, and hashes of all of it.

Stored, not packed: so the same project state gives the same bytes on every machine, whichever zlib it has.
It can be imported again, and what was changed or cut off on the way is found out by its hashes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.snapshots import (
    CONFIG_FILE,
    MANIFEST_FILE,
    TASKS_FILE,
    TreeHasher,
    manifest,
    record_line,
)


class SnapshotWriter:
    """The tasks, then what is to be said of them, in one pass."""

    def __init__(self, context: ExportContext) -> None:
        self._options = context.options
        self._tree = TreeHasher()

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """`label_config.xml`, `tasks.jsonl`, `manifest.json`."""
        yield Entry(CONFIG_FILE, self._options.label_config.encode("utf-8", "replace"), compress=False)
        yield Entry(TASKS_FILE, self._lines(source), compress=False)
        said = manifest(
            self._tree.blocks,
            project=self._options.project_id,
            config=self._options.label_config,
            options=self._options.filters,
        )
        yield Entry(
            MANIFEST_FILE, json.dumps(said, indent=1, sort_keys=True).encode() + b"\n", compress=False
        )

    def _lines(self, source: TaskSource) -> Iterator[bytes]:
        for task in source():
            line = record_line(task)
            self._tree.add(task, line)
            yield line


SNAPSHOT = Format(
    id="SNAPSHOT",
    title="Snapshot",
    description="Everything of the tasks with the labeling config and a hash tree; can be imported again.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    open=SnapshotWriter,
)
