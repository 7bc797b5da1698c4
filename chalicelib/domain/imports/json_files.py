"""JSON and JSON lines files as tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.items import task_of
from chalicelib.domain.imports.json_values import json_values, strict_value
from chalicelib.domain.imports.text import lines, text_chunks


def read_json(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn]:
    """The tasks of a list, of one object, or of objects that stand one after the other."""
    limits = options.limits
    for line, item in json_values(text_chunks(stream, limit_bytes=limits.bytes), limits):
        yield task_of(item, f"line {line}")


def read_json_lines(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """A task a line; blank lines are passed over, and a bad line is told without stopping at it."""
    limits = options.limits
    chunks = text_chunks(stream, limit_bytes=limits.bytes)
    for number, text in enumerate(lines(chunks, limit_characters=limits.item_characters), 1):
        if text.isspace():
            continue
        try:
            yield task_of(strict_value(text, number, limits), f"line {number}")
        except UnreadableError as error:
            yield Problem(message=error.message, line=number, code=error.code, stops=False)
