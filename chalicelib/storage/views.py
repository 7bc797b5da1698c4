"""Views of the data manager, in the `meta` table.

VIEWS#<project>   <id, padded>   the view; `body` is its data as JSON
VIEW#<id>         PROJECT        which project it belongs to
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.data_manager.views import View
from chalicelib.errors import LimitExceededError
from chalicelib.ids import ProjectId, UserId
from chalicelib.storage.dynamo import ConditionError, Dynamo, delete, put, update

META = "meta"
SCHEMA_VERSION = 1
MAX_BODY = 300_000


class DynamoViewStore:
    """Views in DynamoDB."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def project_of(self, view_id: int) -> ProjectId | None:
        """Which project the view belongs to, or None."""
        row = self._dynamo.get(META, _pointer_key(view_id))
        return ProjectId(row["project"]) if row else None

    def get(self, project_id: ProjectId, view_id: int) -> View | None:
        """The view, or None."""
        row = self._dynamo.get(META, _key(project_id, view_id))
        return _view(project_id, row) if row else None

    def of_project(self, project_id: ProjectId) -> list[View]:
        """The project's views by order, then id: one query."""
        rows = self._dynamo.query(META, f"VIEWS#{project_id}")
        return sorted((_view(project_id, row) for row in rows), key=lambda view: (view.order, view.id))

    def insert(self, view: View) -> None:
        """Store a new view. LimitExceededError when it is too large."""
        row = {"sv": SCHEMA_VERSION, "user": view.user_id, "order": view.order, "body": _body(view)}
        pointer = {"sv": SCHEMA_VERSION, "project": view.project_id}
        self._dynamo.transact(
            [
                put(self._meta, {**_key(view.project_id, view.id), **row}),
                put(self._meta, {**_pointer_key(view.id), **pointer}),
            ]
        )

    def save_data(self, view: View) -> bool:
        """Store the view's data alone, while it is there. LimitExceededError when it is too large."""
        return self._set(view, {"body": _body(view)})

    def save_order(self, view: View) -> bool:
        """Store the view's place among the others alone, while it is there."""
        return self._set(view, {"order": view.order})

    def _set(self, view: View, setting: Mapping[str, Any]) -> bool:
        key, still = _key(view.project_id, view.id), {"user": view.user_id}
        try:
            self._dynamo.write(update(self._meta, key, setting=setting, only_if=still))
        except ConditionError:
            return False
        return True

    def delete(self, view: View) -> None:
        """Forget the view; harmless when it is gone."""
        keys = (_key(view.project_id, view.id), _pointer_key(view.id))
        self._dynamo.transact([delete(self._meta, key) for key in keys])


def _body(view: View) -> str:
    body = json.dumps(view.data, separators=(",", ":"))
    if len(body) > MAX_BODY:
        raise LimitExceededError(f"A view may have {MAX_BODY} characters.")
    return body


def _key(project_id: int, view_id: int) -> dict[str, Any]:
    return {"pk": f"VIEWS#{project_id}", "sk": f"{view_id:012d}"}


def _pointer_key(view_id: int) -> dict[str, Any]:
    return {"pk": f"VIEW#{view_id}", "sk": "PROJECT"}


def _view(project_id: ProjectId, row: Mapping[str, Any]) -> View:
    return View(
        id=int(row["sk"]),
        project_id=project_id,
        user_id=UserId(row["user"]),
        data=json.loads(row["body"]),
        order=row["order"],
    )
