"""Small documents in the `meta` table: one item each, JSON in one attribute, a version to guard edits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError
from pynamodb.models import Model

from chalicelib.errors import StaleVersionError

SCHEMA_VERSION = 1


class _Row(Model):
    class Meta:
        table_name = "skylabel-meta"
        region = "us-east-1"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    sv = NumberAttribute(default=SCHEMA_VERSION)
    version = NumberAttribute(default=1)
    body = UnicodeAttribute()


class Documents:
    """Documents by a pair of keys."""

    def __init__(self, table_name: str, *, region: str, endpoint: str | None = None) -> None:
        """`endpoint` is the local engine's address; None means AWS."""
        meta = type("Meta", (), {"table_name": table_name, "region": region, "host": endpoint})
        self._row: type[_Row] = type("Documents", (_Row,), {"Meta": meta, "__module__": __name__})

    def get(self, pk: str, sk: str) -> tuple[dict[str, Any], int] | None:
        """The document and its version, read consistently, or None."""
        try:
            row = self._row.get(pk, sk, consistent_read=True)
        except DoesNotExist:
            return None
        return cast(dict[str, Any], json.loads(row.body)), int(row.version)

    def of(
        self, pk: str, *, newest_first: bool = False, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """The documents below one key, in the order of the other."""
        rows = self._row.query(pk, scan_index_forward=not newest_first, limit=limit, consistent_read=True)
        for row in rows:
            yield cast(dict[str, Any], json.loads(row.body)) | {"version": int(row.version)}

    def put(self, pk: str, sk: str, body: Mapping[str, Any], *, version: int) -> None:
        """Store version `version`. `StaleVersionError` unless the stored one is the version before it."""
        row = self._row(pk, sk, version=version, body=json.dumps(body, ensure_ascii=False, default=str))
        expected = self._row.pk.does_not_exist() if version == 1 else self._row.version == version - 1
        try:
            row.save(condition=expected)
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise StaleVersionError("It was changed meanwhile; read it again.") from error
            raise

    def delete(self, pk: str, sk: str) -> None:
        """Remove the document; an absent one is no error."""
        try:
            self._row(pk, sk).delete()
        except DeleteError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
