"""Parquet files as tasks, a row each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.parquet import ParquetError, ParquetFile

HELD_BYTES = 200 * 1024 * 1024


def read_parquet(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """A task a row; a row with bytes in it, or with numbers that JSON has no word for, is a problem."""
    limits = options.limits
    total = 0
    try:
        file = ParquetFile(stream, max_bytes=HELD_BYTES)
        if file.row_count > limits.tasks:
            raise UnreadableError(f"more than {limits.tasks} rows", code="too_many_tasks")
        for row, data in enumerate(file.rows(), start=1):
            try:
                size = len(json.dumps(data, allow_nan=False))
            except (TypeError, ValueError) as error:
                yield Problem(message=f"row {row}: {str(error)[:200]}", line=row, code="parquet", stops=False)
                continue
            total += size
            if size > limits.item_characters or total > limits.bytes:
                raise UnreadableError(f"row {row}: the file expands to more than it may", code="bomb")
            yield TaskIn(data=data, place=f"row {row}")
    except ParquetError as error:
        raise UnreadableError(f"not a valid Parquet file: {str(error)[:200]}", code="parquet") from None
