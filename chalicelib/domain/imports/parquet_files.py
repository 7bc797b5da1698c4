"""Parquet files as tasks, a row each, where pyarrow is installed; it is not part of what is deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError

ROWS_A_BATCH = 512


def read_parquet(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """A task a row; a row with bytes in it, or with numbers that JSON has no word for, is a problem."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        message = "Parquet cannot be read here (pyarrow is not installed): save the data as JSON lines or CSV"
        raise UnreadableError(message, code="extension") from None
    try:
        file = parquet.ParquetFile(stream)
        if file.metadata.num_rows > options.limits.tasks:
            raise UnreadableError(f"more than {options.limits.tasks} rows", code="too_many_tasks")
        row = 0
        for batch in file.iter_batches(batch_size=ROWS_A_BATCH):
            for data in batch.to_pylist():
                row += 1
                yield _task(data, row)
    except (ArrowException, OSError) as error:
        raise UnreadableError(f"not a valid Parquet file: {str(error)[:200]}", code="parquet") from None


def _task(data: dict[str, Any], row: int) -> TaskIn | Problem:
    plain = {name: _plain(value) for name, value in data.items()}
    try:
        json.dumps(plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        return Problem(message=f"row {row}: {str(error)[:200]}", line=row, code="parquet", stops=False)
    return TaskIn(data=plain, place=f"row {row}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
