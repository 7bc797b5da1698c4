"""CloudFront's part: the built single-page app, with its headers and cache rules."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from infrastructure.content_policy import content_policy
from infrastructure.local.http_server import Answer, Request

_COMPRESSED = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")
_MIN_COMPRESSED = 1024
_NOT_BUILT = b"""<!doctype html><title>Skylabel</title><h1>The front end is not built</h1>
<p>Run <code>make run</code>, or <code>npm run build</code> in <code>frontend/</code>, and reload.</p>"""
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("font/woff2", ".woff2")


def security_headers(media_origin: str) -> list[tuple[str, str]]:
    """The headers of every page; plain http, for a store or pictures on this machine, is allowed as media."""
    return [
        ("Content-Security-Policy", content_policy(f"{media_origin} http:")),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]


@dataclass(frozen=True, slots=True)
class _File:
    changed: float
    content: bytes
    compressed: bytes | None
    kind: str
    etag: str


class Site:
    """Serves a folder of built files; every other path gets its index.html."""

    def __init__(self, folder: Path, *, media_origin: str) -> None:
        self._folder = folder.resolve()
        self._headers = security_headers(media_origin)
        self._files: dict[Path, _File] = {}

    def __call__(self, request: Request) -> Answer:
        """The file, the page, or why not."""
        if request.method == "OPTIONS":
            return Answer(204, [("Allow", "GET, HEAD, OPTIONS")])
        if request.method not in ("GET", "HEAD"):
            return Answer(405, [("Allow", "GET, HEAD, OPTIONS")])
        path = self._path(unquote(request.path))
        file = self._file(path) if path else None
        if file is None and _is_asset(request.path):
            return Answer(404, [("Content-Type", "text/plain")], b"Not found")
        if file is None:
            file = self._file(self._folder / "index.html")
        if file is None:
            return Answer(503, [("Content-Type", "text/html; charset=utf-8"), *self._headers], _NOT_BUILT)
        return self._answer(request, file)

    def _path(self, path: str) -> Path | None:
        """The file that the path names, None outside the folder or for a dot-file."""
        if "\0" in path or "/." in path:
            return None
        candidate = (self._folder / path.lstrip("/")).resolve()
        return candidate if candidate.is_relative_to(self._folder) and candidate.is_file() else None

    def _file(self, path: Path) -> _File | None:
        try:
            changed = path.stat().st_mtime
        except OSError:
            return None
        known = self._files.get(path)
        if known is None or known.changed != changed:
            known = self._files[path] = _load(path, changed)
        return known

    def _answer(self, request: Request, file: _File) -> Answer:
        hashed = request.path.startswith("/assets/")
        headers = [
            ("Content-Type", file.kind),
            ("ETag", file.etag),
            ("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache"),
            ("Vary", "Accept-Encoding"),
            *self._headers,
        ]
        if file.etag in request.header("If-None-Match"):
            return Answer(304, headers)
        if file.compressed is not None and "gzip" in request.header("Accept-Encoding"):
            return Answer(200, [*headers, ("Content-Encoding", "gzip")], file.compressed)
        return Answer(200, headers, file.content)


def _load(path: Path, changed: float) -> _File:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    compressible = kind.startswith(_COMPRESSED) and len(content) >= _MIN_COMPRESSED
    return _File(
        changed=changed,
        content=content,
        compressed=gzip.compress(content, 6, mtime=0) if compressible else None,
        kind=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        etag=f'"{hashlib.sha256(content).hexdigest()[:24]}"',
    )


def _is_asset(path: str) -> bool:
    """Whether the path can only mean a file: a page's address has no dot in its last part."""
    return path.startswith("/assets/") or "." in path.rpartition("/")[2]
