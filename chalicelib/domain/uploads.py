"""Uploaded files: what is remembered of one, and the name that it is stored under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from chalicelib.ids import ProjectId, UserId

MAX_NAME_LENGTH = 150
MAX_UPLOAD_BYTES = 5 * 1024**4
"""S3's own limit for one object: 5 TiB."""
_ODD = re.compile(r"[^\w.\-]+", re.UNICODE)
_CONTENT_TYPES = {
    ".bmp": "image/bmp",
    ".csv": "text/csv",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
ACTIVE_TYPES = frozenset({"text/html", "image/svg+xml", "application/xml", "application/xhtml+xml"})
"""Types that a browser would run scripts of; they are only ever given as a download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody put in a project. `handle` belongs to the blob store while bytes arrive."""

    id: int
    project: ProjectId
    created_by: UserId
    created_at: datetime
    name: str
    stored_name: str
    content_type: str
    size: int
    is_complete: bool = False
    handle: str = ""
    version: int = 1

    @property
    def key(self) -> str:
        """The blob's key."""
        return f"upload/{self.project}/{self.stored_name}"

    @property
    def url(self) -> str:
        """What task data holds for it: a path on this installation."""
        return f"/data/{self.key}"


def stored_name(name: str, prefix: str) -> str:
    """The name that a file is kept under: 8 hex characters, a dash, and its own name made harmless.

    Folders are dropped, white space becomes `_`, odd characters go; the extension survives.
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = _ODD.sub("", re.sub(r"\s+", "_", base.strip())).lstrip(".") or "file"
    stem, dot, extension = plain.rpartition(".")
    if dot and len(plain) > MAX_NAME_LENGTH:
        plain = f"{stem[: MAX_NAME_LENGTH - len(extension) - 1]}.{extension[:20]}"
    return f"{prefix}-{plain[:MAX_NAME_LENGTH]}"


def content_type_of(name: str) -> str:
    """The type that a file of this name is served as; never what its uploader claims."""
    dot = name.rfind(".")
    return _CONTENT_TYPES.get(name[dot:].lower() if dot >= 0 else "", "application/octet-stream")
