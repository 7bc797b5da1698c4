"""Pages of a bucket's keys: prefix, delimiter and continuation."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from infrastructure.local.aws.s3.errors import S3Error
from infrastructure.local.aws.s3.store import ObjectStore, StoredObject, past


@dataclass(slots=True)
class Page:
    """One page; `after` is where the next one begins, None at the end."""

    objects: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    after: str | None = None

    @property
    def count(self) -> int:
        """How many entries it has, prefixes included."""
        return len(self.objects) + len(self.prefixes)


def list_page(
    store: ObjectStore, bucket: str, *, prefix: str, delimiter: str, after: str, limit: int
) -> Page:
    """Up to `limit` objects and common prefixes that come after `after`, in key order.

    Keys behind a common prefix are jumped over, so a folder costs one index lookup, however full.
    """
    page = Page()
    if limit == 0:
        return page
    while True:
        rows = store.walk(bucket, after=after, prefix=prefix, limit=limit + 1 - page.count)
        if not rows:
            return page
        for row in rows:
            if page.count == limit:
                page.after = after
                return page
            end = row.key.find(delimiter, len(prefix)) if delimiter else -1
            if end < 0:
                page.objects.append(row)
                after = row.key
                continue
            common = row.key[: end + len(delimiter)]
            page.prefixes.append(common)
            after = past(common)
            break


def token_for(after: str) -> str:
    """A position as a continuation token."""
    return base64.urlsafe_b64encode(after.encode()).decode()


def position_of(token: str) -> str:
    """The position that a continuation token names. Raises InvalidArgument."""
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeError) as error:
        raise S3Error("InvalidArgument", "The continuation token provided is incorrect") from error
