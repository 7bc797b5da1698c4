"""What kind of file this is, by its name and its first bytes together.

The extension decides, in any case; the bytes have a veto where they are plainly something else.
Files without a known extension go by their bytes.
"""

from __future__ import annotations

import re
from enum import StrEnum

from chalicelib.domain.imports.contract import UnreadableError
from chalicelib.domain.imports.text import encoding_of

HEAD_BYTES = 1 << 16


class FileKind(StrEnum):
    """The kinds of file that can be imported."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    TXT = "txt"
    HTML = "html"
    XML = "xml"
    MEDIA = "media"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    PARQUET = "parquet"
    COCO = "coco"
    CONLL = "conll"


_EXTENSIONS = {
    "json": FileKind.JSON,
    "jsonl": FileKind.JSONL,
    "ndjson": FileKind.JSONL,
    "csv": FileKind.CSV,
    "tsv": FileKind.TSV,
    "txt": FileKind.TXT,
    "htm": FileKind.HTML,
    "html": FileKind.HTML,
    "xml": FileKind.XML,
    "zip": FileKind.ZIP,
    "tar": FileKind.TAR,
    "tgz": FileKind.TAR,
    "gz": FileKind.GZIP,
    "parquet": FileKind.PARQUET,
    "conll": FileKind.CONLL,
}
IMAGES = frozenset(["bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"])
RASTERS = IMAGES - {"svg"}
SOUNDS_AND_FILMS = frozenset(["flac", "m4a", "mp3", "mp4", "ogg", "wav", "webm"])
MEDIA = IMAGES | SOUNDS_AND_FILMS | {"pdf"}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"PAR1", "parquet"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"BZh", "bz2"),
    (b"7z\xbc\xaf'\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xfd7zXZ\x00", "xz"),
)
_COCO_KEYS = re.compile(rb'"(images|annotations|categories)"\s*:\s*\[')
_TEXT_KINDS = frozenset(
    (
        FileKind.JSON,
        FileKind.JSONL,
        FileKind.CSV,
        FileKind.TSV,
        FileKind.TXT,
        FileKind.HTML,
        FileKind.XML,
        FileKind.CONLL,
    )
)


def detect(name: str, head: bytes) -> FileKind:
    """The kind of the file; `head` is its first 64 KB or fewer. Raises `UnreadableError`."""
    extension = extension_of(name)
    if not head:
        raise UnreadableError("the file is empty", code="empty")
    seen = sniffed(head)
    kind = _EXTENSIONS.get(extension) or (FileKind.MEDIA if extension in MEDIA else None)
    if kind is None:
        if extension:
            raise UnreadableError(f".{extension} extension is not supported", code="extension")
        kind = _by_content(seen, head)
    if kind in _TEXT_KINDS and seen is not None:
        raise _mismatch(extension, seen)
    if kind is FileKind.MEDIA and extension:
        _check_media(extension, seen)
    if kind is FileKind.GZIP and name.lower().endswith(".tar.gz"):
        return FileKind.TAR
    if kind is FileKind.JSON and len(set(_COCO_KEYS.findall(head))) > 1:
        return FileKind.COCO
    return kind


_TYPES = {
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/html": "html",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/x-tar": "tar",
    "application/vnd.apache.parquet": "parquet",
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/svg+xml": "svg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


def named_by_type(name: str, content_type: str) -> str:
    """The name, with the extension of the MIME type where it has none that we know.

    A name speaks before a type, for servers call much `text/plain`; unknown types change nothing.
    """
    known = extension_of(name) in _EXTENSIONS or extension_of(name) in MEDIA
    extension = _TYPES.get(content_type.split(";", 1)[0].strip().lower())
    return name if known or extension is None else f"{name}.{extension}"


def extension_of(name: str) -> str:
    """The part after the last dot of the last part of the path, in lower case, without the dot."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, extension = last.rpartition(".")
    return extension.lower() if dot and stem else ""


def sniffed(head: bytes) -> str | None:
    """The extension that the first bytes speak for, if they are of a binary kind."""
    for magic, extension in _MAGIC:
        if head.startswith(magic):
            return extension
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" else "mp4"
    if head[257:262] == b"ustar":
        return "tar"
    if head[:2] == b"BM" and b"\0" in head[:32] and encoding_of(head) == ("utf-8", 0):
        return "bmp"
    return None


def _by_content(seen: str | None, head: bytes) -> FileKind:
    if seen in MEDIA:
        return FileKind.MEDIA
    if seen is not None:
        found = _EXTENSIONS.get(seen)
        if found is None:
            raise UnreadableError(f".{seen} extension is not supported", code="extension")
        return found
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return FileKind.JSON if start in (b"[", b"{") else FileKind.TXT


def _check_media(extension: str, seen: str | None) -> None:
    family = _family(extension)
    if seen is None and extension not in RASTERS:
        return
    if seen is None or _family(seen) != family:
        raise _mismatch(extension, seen)


def _family(extension: str) -> str:
    if extension in IMAGES:
        return "image"
    return "sound or film" if extension in SOUNDS_AND_FILMS else extension


def _mismatch(extension: str, seen: str | None) -> UnreadableError:
    found = f"a .{seen} file" if seen else "something else"
    return UnreadableError(f"called .{extension}, but its content is {found}", code="mismatch")
