"""CoNLL files as tasks, one per sentence: tokens joined by blanks, runs of B- and I- tags as spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.domain.imports.contract import ImportOptions, Problem, TaskIn
from chalicelib.domain.imports.datasets.drawing import Pen
from chalicelib.domain.imports.text import lines, text_chunks

Token = tuple[str, str]


def read_conll(stream: BinaryIO, options: ImportOptions) -> Iterator[TaskIn | Problem]:
    """A task per run of lines; the token is the first column and the tag the last."""
    limits = options.limits
    pen = Pen(options)
    sentence: list[Token] = []
    begun = 1
    chunks = text_chunks(stream, limit_bytes=limits.bytes)
    for number, line in enumerate(lines(chunks, limit_characters=limits.item_characters), 1):
        columns = line.split()
        if not columns or columns[0] == "-DOCSTART-":
            if sentence:
                yield _task(sentence, begun, pen)
            sentence = []
        elif len(columns) < 2:
            yield Problem(message="a token without a tag", line=number, code="conll", stops=False)
        else:
            if not sentence:
                begun = number
            sentence.append((columns[0], columns[-1]))
    if sentence:
        yield _task(sentence, begun, pen)


def _task(sentence: list[Token], line: int, pen: Pen) -> TaskIn:
    text = " ".join(token for token, _ in sentence)
    items: list[dict[str, Any]] = [
        pen.span(start, end, text[start:end], label) for start, end, label in _spans(sentence)
    ]
    return pen.task({pen.text_key: text}, items, place=f"line {line}", labeled=True)


def _spans(sentence: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Start, end and label of each run; an I- tag after another label begins a run, as IOB1 has it."""
    at, start, end, label = 0, 0, 0, ""
    for token, tag in sentence:
        kind, _, named = tag.partition("-")
        inside = kind in ("I", "E") and named == label
        if label and not inside:
            yield start, end, label
            label = ""
        if kind in ("B", "I", "E", "S") and named:
            if not label:
                start, label = at, named
            end = at + len(token)
        at += len(token) + 1
    if label:
        yield start, end, label
