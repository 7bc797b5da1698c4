"""Small documents in the `meta` table: one item each, JSON in one attribute, a version to guard edits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.errors import StaleVersionError
from chalicelib.storage.dynamo import ConditionError, Dynamo, delete, put, update

META = "meta"
SCHEMA_VERSION = 1


class Documents:
    """Documents by a pair of keys."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._table = dynamo.table(META)

    def get(self, pk: str, sk: str) -> tuple[dict[str, Any], int] | None:
        """The document and its version, read consistently, or None."""
        row = self._dynamo.get(META, {"pk": pk, "sk": sk})
        return None if row is None else (json.loads(row["body"]), int(row["version"]))

    def of(
        self, pk: str, *, newest_first: bool = False, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """The documents below one key, in the order of the other."""
        for row in self._dynamo.query(META, pk, forward=not newest_first, limit=limit):
            yield {**json.loads(row["body"]), "version": int(row["version"])}

    def put(self, pk: str, sk: str, body: Mapping[str, Any], *, version: int) -> None:
        """Store version `version`. `StaleVersionError` unless the stored one is the version before it."""
        key = {"pk": pk, "sk": sk}
        values = {"version": version, "body": json.dumps(body, ensure_ascii=False, default=str)}
        if version == 1:
            write = put(self._table, {**key, "sv": SCHEMA_VERSION, **values}, only_new=True)
        else:
            write = update(self._table, key, setting=values, only_if={"version": version - 1})
        try:
            self._dynamo.write(write)
        except ConditionError as error:
            raise StaleVersionError("It was changed meanwhile; read it again.") from error

    def delete(self, pk: str, sk: str) -> None:
        """Remove the document; an absent one is no error."""
        self._dynamo.write(delete(self._table, {"pk": pk, "sk": sk}))
