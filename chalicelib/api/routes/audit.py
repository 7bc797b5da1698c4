"""The audit log of an organization: reading and exporting it."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.audit import (
    AuditFilter,
    AuditKeyRead,
    AuditPageRead,
    AuditSealed,
    ExportFilter,
    render_page,
    to_query,
)


@route(
    "GET",
    "/api/audit/",
    action="audit.read",
    query=AuditFilter,
    answer=AuditPageRead,
    summary="List what was done in the organization",
)
def list_audit(call: Call, *, query: AuditFilter) -> AuditPageRead:
    """The newest first; a change is sealed into the log within a minute. Go on with `before`."""
    page = wiring.audit().page(call.principal, to_query(query))
    people = {record.body["user"] for record in page.records if record.body["user"] is not None}
    known = wiring.people().by_ids(people)
    return render_page(page, {int(number): user.email for number, user in known.items()})


@route(
    "GET",
    "/api/audit/export/",
    action="audit.read",
    query=ExportFilter,
    media="application/jsonl",
    summary="Export the audit log",
)
def export_audit(call: Call, *, query: ExportFilter) -> Answer:
    """At most 10,000 records after a number, as lines of JSON that `skylabel verify-audit` verifies offline.

    The last line is signed and says at which record the next part goes on.
    """
    text = "".join(wiring.audit().export(call.principal, after=query.after))
    name = f"audit-{call.principal.organization_id}-{query.after + 1}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(200, text.encode(), "application/jsonl", headers=headers)


@route(
    "POST",
    "/api/audit/seal/",
    action="audit.read",
    answer=AuditSealed,
    summary="Seal what has happened into the audit log now",
)
def seal_audit(call: Call) -> AuditSealed:
    """What was done until two seconds ago; otherwise it happens every minute."""
    return {"sealed": wiring.audit().seal_now(call.principal)}


@route(
    "GET", "/api/audit/key/", action="audit.read", answer=AuditKeyRead, summary="The audit log's public key"
)
def audit_key(call: Call) -> AuditKeyRead:
    """Keep it where who runs the installation cannot change it; give it to `skylabel verify-audit --key`."""
    return {"key": wiring.audit().public_key(call.principal)}
