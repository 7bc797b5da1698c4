"""Labels of organizations and their links to projects, in the `meta` table.

LABELS#<organization>   L#<id, padded>             a label
LABELS#<organization>   N#<sha256 of the title>    the claim of a label on its title
LABELS#<organization>   K#<id, padded>             a link
LABELS#<organization>   U#<project>#<label>        the claim of a link on its project and label
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.labels import Label, LabelLink
from chalicelib.errors import ContentionError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.storage.dynamo import ConditionError, Dynamo, Write, delete, put, update

META = "meta"
SCHEMA_VERSION = 1


class DynamoLabelStore:
    """`chalicelib.ports.labels.LabelStore`."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def labels(self, organization: OrganizationId) -> list[Label]:
        """All labels of the organization, by id: one query."""
        return [_label(row) for row in self._rows(organization, "L#")]

    def links(self, organization: OrganizationId) -> list[LabelLink]:
        """All links of the organization, by id: one query."""
        return [_link(row) for row in self._rows(organization, "K#")]

    def label(self, organization: OrganizationId, label_id: int) -> Label | None:
        """The label, or None."""
        row = self._dynamo.get(META, _label_key(organization, label_id))
        return _label(row) if row else None

    def link(self, organization: OrganizationId, link_id: int) -> LabelLink | None:
        """The link, or None."""
        row = self._dynamo.get(META, _link_key(organization, link_id))
        return _link(row) if row else None

    def add(self, label: Label) -> None:
        """Store a new label with the claim on its title."""
        self._write([put(self._meta, _label_row(label), only_new=True), self._claim(label)])

    def replace(self, before: Label, after: Label) -> None:
        """Store an edit; another title is claimed and the old one freed in the same step."""
        key, row = _label_key(before.organization_id, before.id), _label_row(after)
        values = {name: value for name, value in row.items() if name not in ("pk", "sk")}
        writes = [update(self._meta, key, setting=values, only_if={"version": before.version})]
        if after.title != before.title:
            writes += [self._claim(after), delete(self._meta, _title_key(before))]
        self._write(writes)

    def remove(self, label: Label) -> None:
        """Forget the label and free its title."""
        key = _label_key(label.organization_id, label.id)
        still = {"version": label.version}
        self._write([delete(self._meta, key, only_if=still), delete(self._meta, _title_key(label))])

    def tie(self, link: LabelLink) -> None:
        """Store a new link, while its label is there."""
        label = _label_key(link.organization_id, link.label_id)
        claim = {**_pair_key(link), "sv": SCHEMA_VERSION, "link": link.id}
        self._write(
            [
                update(self._meta, label, setting={"sv": SCHEMA_VERSION}, only_if={"id": link.label_id}),
                put(self._meta, _link_row(link), only_new=True),
                put(self._meta, claim, only_new=True),
            ]
        )

    def retie(self, link: LabelLink) -> None:
        """Store a link's other control."""
        key = _link_key(link.organization_id, link.id)
        self._write([update(self._meta, key, setting={"from_name": link.from_name}, only_if={"id": link.id})])

    def untie(self, link: LabelLink) -> None:
        """Forget the link and its claim; harmless when they are gone."""
        keys = (_link_key(link.organization_id, link.id), _pair_key(link))
        self._dynamo.transact([delete(self._meta, key) for key in keys])

    def _claim(self, label: Label) -> Write:
        return put(self._meta, {**_title_key(label), "sv": SCHEMA_VERSION, "label": label.id}, only_new=True)

    def _rows(self, organization: OrganizationId, prefix: str) -> Sequence[Mapping[str, Any]]:
        return list(self._dynamo.query(META, _partition(organization), sk=("begins_with", [prefix])))

    def _write(self, writes: Sequence[Write]) -> None:
        try:
            self._dynamo.transact(writes)
        except ConditionError as error:
            raise ContentionError("The labels were changed meanwhile.") from error


def _partition(organization: int) -> str:
    return f"LABELS#{organization}"


def _label_key(organization: int, label_id: int) -> dict[str, str]:
    return {"pk": _partition(organization), "sk": f"L#{label_id:012d}"}


def _title_key(label: Label) -> dict[str, str]:
    digest = sha256(label.title.encode("utf-8", "surrogatepass")).hexdigest()
    return {"pk": _partition(label.organization_id), "sk": f"N#{digest}"}


def _link_key(organization: int, link_id: int) -> dict[str, str]:
    return {"pk": _partition(organization), "sk": f"K#{link_id:012d}"}


def _pair_key(link: LabelLink) -> dict[str, str]:
    return {"pk": _partition(link.organization_id), "sk": f"U#{link.project_id}#{link.label_id}"}


def _label_row(label: Label) -> dict[str, Any]:
    return {
        **_label_key(label.organization_id, label.id),
        "sv": SCHEMA_VERSION,
        "id": label.id,
        "organization": label.organization_id,
        "title": label.title,
        "body": json.dumps({"value": label.value, "description": label.description}, ensure_ascii=False),
        "created_by": label.created_by,
        "created_at": iso(label.created_at),
        "updated_at": iso(label.updated_at),
        "approved_by": label.approved_by,
        "version": label.version,
    }


def _label(row: Mapping[str, Any]) -> Label:
    approved_by = row.get("approved_by")
    return Label(
        id=row["id"],
        organization_id=OrganizationId(row["organization"]),
        title=row["title"],
        created_by=UserId(row["created_by"]),
        created_at=from_iso(row["created_at"]),
        updated_at=from_iso(row["updated_at"]),
        approved_by=UserId(approved_by) if approved_by is not None else None,
        version=row["version"],
        **json.loads(row["body"]),
    )


def _link_row(link: LabelLink) -> dict[str, Any]:
    return {
        **_link_key(link.organization_id, link.id),
        "sv": SCHEMA_VERSION,
        "id": link.id,
        "organization": link.organization_id,
        "project": link.project_id,
        "label": link.label_id,
        "from_name": link.from_name,
    }


def _link(row: Mapping[str, Any]) -> LabelLink:
    return LabelLink(
        id=row["id"],
        organization_id=OrganizationId(row["organization"]),
        project_id=ProjectId(row["project"]),
        label_id=row["label"],
        from_name=row["from_name"],
    )
