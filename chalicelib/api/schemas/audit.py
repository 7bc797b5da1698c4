"""The audit log as clients see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.clock import iso
from chalicelib.domain.audit.chain import SealedRecord
from chalicelib.services.audit import MAX_PAGE, PAGE, AuditPage, AuditQuery


class AuditFilter(Body):
    """What to look for. `before` is the number that an earlier page gave to go on with."""

    before: int | None = Field(default=None, ge=1)
    page_size: int = Field(default=PAGE, ge=1, le=MAX_PAGE)
    user: int | None = None
    kind: str | None = Field(default=None, max_length=40)
    id: str | None = Field(default=None, max_length=80)
    operation: str | None = Field(default=None, max_length=100)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class ExportFilter(Body):
    """The number of the record after which the export begins."""

    after: int = Field(default=0, ge=0)


class AuditChangeRead(TypedDict):
    """What happened to one thing; SHA-256 of what is stored, before and after."""

    kind: str
    id: str
    verb: Literal["created", "updated", "deleted"]
    before: str | None
    after: str | None


class AuditRecordRead(TypedDict):
    """One record. `changes` are the first of `count`; `email` is empty when the person is gone."""

    seq: int
    hash: str
    at: str
    user: int | None
    email: str
    operation: str
    request: str
    address: str | None
    agent: str | None
    changes: list[AuditChangeRead]
    count: int


class AuditPageRead(TypedDict):
    """A page of records, the newest first, and where the chain ends and was signed last."""

    results: list[AuditRecordRead]
    before: int | None
    total: int
    signed: int
    signed_at: str | None


class AuditSealed(TypedDict):
    """How many records found their place in a chain."""

    sealed: int


class AuditKeyRead(TypedDict):
    """The public key that checkpoints are signed with (Ed25519), as hex."""

    key: str


def to_query(query: AuditFilter) -> AuditQuery:
    """What the service is asked."""
    return AuditQuery(
        before=query.before,
        limit=query.page_size,
        user=query.user,
        kind=query.kind or None,
        thing=query.id or None,
        operation=query.operation or None,
        since=iso(query.since) if query.since else None,
        until=iso(query.until) if query.until else None,
    )


def render_page(page: AuditPage, addresses: Mapping[int, str]) -> AuditPageRead:
    """The page; `addresses` are the e-mail addresses of people by id."""
    return {
        "results": [_record(record, addresses) for record in page.records],
        "before": page.before,
        "total": page.state.head.seq,
        "signed": page.state.signed,
        "signed_at": page.state.signed_at or None,
    }


def _record(record: SealedRecord, addresses: Mapping[int, str]) -> AuditRecordRead:
    body: Mapping[str, Any] = record.body
    where = record.whereabouts or {}
    return {
        "seq": record.seq,
        "hash": record.hash,
        "at": body["at"],
        "user": body["user"],
        "email": addresses.get(body["user"], "") if body["user"] is not None else "",
        "operation": body["operation"],
        "request": body["request"],
        "address": where.get("address"),
        "agent": where.get("agent"),
        "changes": list(body["changes"]),
        "count": body["count"],
    }
