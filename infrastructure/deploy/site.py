"""The application's files in their bucket: browsers keep hashed names for ever and ask for all others.

Files of the last deployments stay for a while, because open pages still load them; `index.html` comes last,
when everything that it names is there.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
HASHED = "assets/"
OLD_AFTER = timedelta(days=14)
MAX_DELETED_AT_ONCE = 1000
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


def sync(s3: Any, bucket: str, folder: Path, *, now: datetime) -> list[str]:
    """Bring the bucket to what the folder holds; gives the names whose content must not be cached further."""
    there = {entry["Key"]: entry for entry in _listing(s3, bucket)}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if _is_served(path)}
    for name in sorted(files, key=_place):
        if name.startswith(HASHED) and name in there:
            continue
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=files[name].read_bytes(),
            ContentType=content_type(name),
            CacheControl=FOR_EVER if name.startswith(HASHED) else ASK_EACH_TIME,
        )
    _delete(
        s3, bucket, [k for k, e in there.items() if k not in files and now - e["LastModified"] > OLD_AFTER]
    )
    return sorted(f"/{name}" for name in files if not name.startswith(HASHED))


def content_type(name: str) -> str:
    """The type that a file is served as."""
    suffix = Path(name).suffix
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def invalidate(cloudfront: Any, distribution: str, paths: list[str], *, reference: str) -> None:
    """Have CloudFront ask for these paths anew."""
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def _is_served(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _place(name: str) -> tuple[bool, bool, str]:
    return name == "index.html", not name.startswith(HASHED), name


def _listing(s3: Any, bucket: str) -> Iterable[dict[str, Any]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from page.get("Contents", ())


def _delete(s3: Any, bucket: str, keys: list[str]) -> None:
    for start in range(0, len(keys), MAX_DELETED_AT_ONCE):
        objects = [{"Key": key} for key in keys[start : start + MAX_DELETED_AT_ONCE]]
        s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
