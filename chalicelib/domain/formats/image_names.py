"""Names of media files inside an export: recognisable, safe as paths, and never the same twice."""

from __future__ import annotations

import re
from hashlib import md5
from urllib.parse import parse_qs

STEM_BYTES = 200
"""File systems take 255 bytes for a name: room is left for an extension and for a task's mark."""
EXTENSION_CHARACTERS = 20
_QUERY = re.compile(r"[?#]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def file_name(address: object, *, original: bool = False) -> str:
    """The name for a file at this address.

    Of a web address the last part of its path, after eight characters of the address's MD5 unless
    `original`; of an uploaded file its stored name; of a local file the last part of its path.
    """
    if not isinstance(address, str) or not address:
        return "unnamed"
    plain = _QUERY.split(address, 1)[0] if "?" in address or "#" in address else address
    scheme, _, rest = plain.partition("://")
    path = rest.partition("/")[2] if rest else plain
    if plain.endswith("/local-files/"):
        path = (parse_qs(address.partition("?")[2]).get("d") or [""])[0]
    name = _UNSAFE.sub("_", path.rsplit("/", 1)[-1]) or "unnamed"
    if name[0] == "." and not name.strip("."):
        name = "unnamed"
    if scheme.lower() in ("http", "https") and rest and not original:
        return f"{md5(address.encode('utf-8', 'replace'), usedforsecurity=False).hexdigest()[:8]}__{name}"
    return name


def stem_of(name: str) -> str:
    """The name without its extension, cut to what a file system takes together with a new one."""
    return _split(name)[0]


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > EXTENSION_CHARACTERS or not extension.isascii():
        return cut_name(name, STEM_BYTES), ""
    return cut_name(stem, STEM_BYTES), dot + extension


def cut_name(text: str, size: int) -> str:
    """As many whole characters as fit into `size` bytes of UTF-8."""
    if len(text) * 4 <= size:
        return text
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


class UniqueNames:
    """Hands out each stem once: a name that is taken gets the task's id added.

    Stems are compared without case, as some file systems do; what is kept is a number of 8 bytes a name.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def take(self, name: str, task_id: int | None) -> str:
        """The name, or one near it that nobody has."""
        stem, extension = _split(name)
        tried, attempt = stem, 0
        while not self._add(tried):
            attempt += 1
            mark = f"-task-{task_id}" if attempt == 1 else f"-task-{task_id}-{attempt}"
            tried = cut_name(stem, STEM_BYTES - len(mark)) + mark
        return tried + extension

    def _add(self, stem: str) -> bool:
        digest = hash(stem.casefold())
        if digest in self._seen:
            return False
        self._seen.add(digest)
        return True
