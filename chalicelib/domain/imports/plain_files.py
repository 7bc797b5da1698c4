"""Files without columns: text as a task a line, HTML as one task with its text, media as one address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from chalicelib.domain.imports.contract import UNNAMED, ImportOptions, TaskIn
from chalicelib.domain.imports.text import lines, text_chunks


def read_text(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn]:
    """A task a line; blank lines are passed over."""
    limits = options.limits
    chunks = text_chunks(stream, limit_bytes=limits.bytes)
    for number, line in enumerate(lines(chunks, limit_characters=limits.item_characters), 1):
        text = line.rstrip("\r\n")
        if text and not text.isspace():
            yield TaskIn(data={UNNAMED: text}, place=f"line {number}")


def read_document(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn]:
    """One task with the whole text, as HTML is imported."""
    text = "".join(text_chunks(stream, limit_bytes=min(options.limits.bytes, options.limits.item_characters)))
    yield TaskIn(data={UNNAMED: text})


def read_address(options: ImportOptions, name: str) -> Iterator[TaskIn]:
    """One task with the address of the stored file."""
    yield TaskIn(data={UNNAMED: options.address or name}, place=name)
