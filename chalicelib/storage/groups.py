"""Groups of members in the `meta` table.

ORG#<id>           GROUP#<id>     a group
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.people import Group
from chalicelib.ids import OrganizationId
from chalicelib.storage.allocation import next_number
from chalicelib.storage.dynamo import Dynamo, delete, put

META = "meta"
SCHEMA_VERSION = 1


class DynamoGroupRepository:
    """`chalicelib.auth.ports.GroupRepository`."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def next_id(self) -> int:
        """An id that no group had before."""
        return next_number(self._dynamo, "group")

    def of_organization(self, organization_id: int) -> list[Group]:
        """All groups of an organization, by id: one query."""
        rows = self._dynamo.query(META, f"ORG#{organization_id}", sk=("begins_with", ["GROUP#"]))
        return [_group(row) for row in rows]

    def group(self, organization_id: int, group_id: int) -> Group | None:
        """The group, or None."""
        row = self._dynamo.get(META, _key(organization_id, group_id))
        return _group(row) if row else None

    def save(self, group: Group) -> None:
        """Store the group, new or changed."""
        values = {"id": group.id, "name": group.name, "created_at": iso(group.created_at)}
        key = _key(group.organization_id, group.id)
        row = {**key, "sv": SCHEMA_VERSION, "organization_id": group.organization_id, **values}
        self._dynamo.write(put(self._meta, row))

    def remove(self, group: Group) -> None:
        """Forget the group; harmless when it is gone."""
        self._dynamo.write(delete(self._meta, _key(group.organization_id, group.id)))


def _key(organization_id: int, group_id: int) -> dict[str, Any]:
    return {"pk": f"ORG#{organization_id}", "sk": f"GROUP#{group_id:012d}"}


def _group(row: Mapping[str, Any]) -> Group:
    return Group(row["id"], OrganizationId(row["organization_id"]), row["name"], from_iso(row["created_at"]))
