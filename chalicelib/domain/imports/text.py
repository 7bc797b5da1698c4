"""Bytes as text and lines: UTF-8, or what a byte order mark says, and nothing guessed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from chalicelib.domain.imports.contract import UnreadableError

READ_BYTES = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes tell, and how many of them are its mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def text_chunks(stream: BinaryIO, *, limit_bytes: int) -> Iterator[str]:
    """The stream's text piece by piece, without a mark; raises `UnreadableError` with the line."""
    chunk = stream.read(READ_BYTES)
    encoding, mark = encoding_of(chunk)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    chunk = chunk[mark:]
    line, read = 1, 0
    while True:
        read += len(chunk)
        if read > limit_bytes:
            raise UnreadableError(f"the file is larger than {limit_bytes} bytes", code="too_large")
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise UnreadableError(_undecodable(encoding, error), line=line, code="encoding") from None
        if "\0" in text:
            line += text[: text.index("\0")].count("\n")
            raise UnreadableError("holds NUL characters; is this a text file?", line=line, code="encoding")
        line += text.count("\n")
        if text:
            yield text
        if not chunk:
            return
        chunk = stream.read(READ_BYTES)


def lines(chunks: Iterable[str], *, limit_characters: int) -> Iterator[str]:
    """Lines with their ends: `\\n`, `\\r\\n` and `\\r` only; raises `UnreadableError` for endless ones."""
    number, rest = 1, ""
    waiting: list[str] = []  # pieces of a line whose end has not come yet; joined once, however long it is
    size = 0
    for chunk in chunks:
        if "\n" not in chunk and "\r" not in chunk and not rest.endswith("\r"):
            waiting.append(chunk)
            size += len(chunk)
            if size + len(rest) > limit_characters:
                message = f"a line is longer than {limit_characters} characters"
                raise UnreadableError(message, line=number, code="too_large")
            continue
        text = "".join([rest, *waiting, chunk])
        waiting, size = [], 0
        held = len(text) - 1 if text.endswith("\r") else len(text)
        rest = ""
        for line in io.StringIO(text[:held], newline=""):
            if line.endswith(("\n", "\r")):
                number += 1
                yield line
            else:
                rest = line
        rest += text[held:]
        if len(rest) > limit_characters:
            message = f"a line is longer than {limit_characters} characters"
            raise UnreadableError(message, line=number, code="too_large")
    if last := "".join([rest, *waiting]):
        yield last


def _undecodable(encoding: str, error: UnicodeDecodeError) -> str:
    byte = error.object[error.start : error.start + 1].hex()
    if encoding == "utf-8":
        return f"not valid UTF-8 (byte 0x{byte}): save the file as UTF-8, or as UTF-16 with a byte order mark"
    return f"not valid {encoding.upper()} (byte 0x{byte})"
