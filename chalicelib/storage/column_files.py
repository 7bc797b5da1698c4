"""The packed columns of projects' tasks: bytes in S3, named by their content, and a row that names them.

The row lies in `tasks`, so that it is restored to the same moment as the counts that it is compared with.
Bytes are there before the row that names them; those that no row names any more go after a month by a rule of
the bucket.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib.ids import ProjectId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.column_files import ColumnFile, PackedBlock
from chalicelib.storage import keys
from chalicelib.storage.dynamo import ConditionError, Dynamo, delete, put
from chalicelib.storage.task_items import microseconds, moment

TASKS = "tasks"
SCHEMA_VERSION = 1
FOLDER = "columns"


class DynamoColumnFileStore:
    """`chalicelib.ports.column_files.ColumnFileStore`."""

    def __init__(self, dynamo: Dynamo, blobs: BlobStore) -> None:
        self._dynamo = dynamo
        self._blobs = blobs

    def files(self, project: ProjectId) -> Sequence[ColumnFile]:
        """What there is, by block: one query."""
        return [_file_of(project, row) for row in self._dynamo.query(TASKS, keys.column_files(project))]

    def read(self, file: ColumnFile) -> bytes:
        """The packed columns."""
        return self._blobs.get(file.key)

    def save(self, file: ColumnFile, data: bytes) -> ColumnFile:
        """The bytes first, then the row."""
        key = f"{FOLDER}/{file.project}/{hashlib.sha256(data).hexdigest()}"
        self._blobs.put(key, data)
        row = {
            **keys.column_file(file.project, file.blocks[0].block),
            "sv": SCHEMA_VERSION,
            "e": [[each.block, each.edits, each.tasks] for each in file.blocks],
            "y": file.layout,
            "c": microseconds(file.made_at),
            "bk": key,
        }
        self._dynamo.write(put(self._dynamo.table(TASKS), row))
        return ColumnFile(file.project, file.blocks, file.layout, file.made_at, key)

    def forget(self, old: Sequence[ColumnFile], *, kept: Sequence[ColumnFile]) -> None:
        """The rows, save those that name other bytes by now, then the bytes."""
        firsts, used = {file.blocks[0].block for file in kept}, {file.key for file in kept}
        table = self._dynamo.table(TASKS)
        for file in old:
            first = file.blocks[0].block
            if first not in firsts:
                key = keys.column_file(file.project, first)
                with suppress(ConditionError):
                    self._dynamo.write(delete(table, key, only_if={"bk": file.key}))
        self._blobs.delete([file.key for file in old if file.key not in used])


def _file_of(project: ProjectId, row: Mapping[str, Any]) -> ColumnFile:
    blocks = tuple(PackedBlock(*each) for each in row["e"])
    return ColumnFile(project, blocks, row["y"], moment(row["c"]), row["bk"])
