"""Reading multipart/form-data bodies (RFC 7578): fields and files, bytes untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form; `name` is None for a field, else the sender's name of the file (never a path)."""

    field: str
    name: str | None
    content_type: str
    content: bytes


def read_parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of the body, in order. Raises ValueError with a client's message."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise ValueError("Multipart form parse error - Invalid boundary in multipart: None")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("utf-8", "replace"))
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ValueError("Multipart form parse error - the body ends before its last boundary")
    return list(_parts(pieces[1:-1]))


def _parts(pieces: list[bytes]) -> Iterator[Part]:
    for piece in pieces:
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError("Multipart form parse error - a part without an end to its headers")
        headers = HeaderParser().parsestr(head.decode("utf-8", "replace").lstrip("\r\n"))
        disposition = Message()
        disposition["Content-Disposition"] = str(headers.get("Content-Disposition", ""))
        field = disposition.get_param("name", "", header="content-disposition")
        yield Part(
            field=field if isinstance(field, str) else field[2],
            name=disposition.get_filename(),
            content_type=headers.get_content_type() if "Content-Type" in headers else "",
            content=content,
        )
