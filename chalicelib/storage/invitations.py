"""Invitations and password resets in the `meta` table; of secrets only hashes.

ORG#<id>           INVITATION#<id>   an invitation, for listing
INVITATION#<hash>  INVITATION        the same, for whoever has the secret
RESET#<hash>       RESET             that a new password may be set

All are gone after `expires_at`, sooner or later; who reads them looks at the moment itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.people import Invitation, PasswordReset
from chalicelib.ids import OrganizationId, UserId
from chalicelib.storage.allocation import next_number
from chalicelib.storage.dynamo import ConditionError, Dynamo, delete, put

META = "meta"
SCHEMA_VERSION = 1


class DynamoInvitationRepository:
    """`chalicelib.auth.ports.InvitationRepository`."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def next_id(self) -> int:
        """An id that no invitation had before."""
        return next_number(self._dynamo, "invitation")

    def of_organization(self, organization_id: int) -> list[Invitation]:
        """All invitations of an organization, by id: one query."""
        rows = self._dynamo.query(META, f"ORG#{organization_id}", sk=("begins_with", ["INVITATION#"]))
        return [_invitation(row) for row in rows]

    def invitation(self, key: str) -> Invitation | None:
        """The invitation whose secret has this hash, or None; it may have ended."""
        row = self._dynamo.get(META, _by_secret(key))
        return _invitation(row) if row else None

    def save(self, invitation: Invitation) -> None:
        """Store a new invitation."""
        values = _values(invitation)
        self._dynamo.transact(
            [put(self._meta, {**key, **values}) for key in (_listed(invitation), _by_secret(invitation.key))]
        )

    def remove(self, invitation: Invitation) -> bool:
        """Use the invitation up; False when somebody else did."""
        try:
            self._dynamo.transact(
                [
                    delete(self._meta, _by_secret(invitation.key), only_if={"id": invitation.id}),
                    delete(self._meta, _listed(invitation)),
                ]
            )
        except ConditionError:
            return False
        return True

    def save_reset(self, reset: PasswordReset) -> None:
        """Keep a password reset until it ends."""
        values = {"user_id": reset.user_id, "expires_at": int(reset.expires_at.timestamp())}
        self._dynamo.write(put(self._meta, {**_reset(reset.key), "sv": SCHEMA_VERSION, **values}))

    def take_reset(self, key: str) -> PasswordReset | None:
        """The reset whose secret has this hash, used up by this; None when there is none (any more)."""
        row = self._dynamo.get(META, _reset(key))
        if row is None:
            return None
        try:
            self._dynamo.write(delete(self._meta, _reset(key), only_if={"user_id": row["user_id"]}))
        except ConditionError:
            return None
        return PasswordReset(key, UserId(row["user_id"]), datetime.fromtimestamp(row["expires_at"], tz=UTC))


def _listed(invitation: Invitation) -> dict[str, Any]:
    return {"pk": f"ORG#{invitation.organization_id}", "sk": f"INVITATION#{invitation.id:012d}"}


def _by_secret(key: str) -> dict[str, Any]:
    return {"pk": f"INVITATION#{key}", "sk": "INVITATION"}


def _reset(key: str) -> dict[str, Any]:
    return {"pk": f"RESET#{key}", "sk": "RESET"}


def _values(invitation: Invitation) -> dict[str, Any]:
    return {
        "sv": SCHEMA_VERSION,
        "id": invitation.id,
        "organization_id": invitation.organization_id,
        "key": invitation.key,
        "role": invitation.role,
        "created_by": invitation.created_by,
        "created_at": iso(invitation.created_at),
        "expires_at": int(invitation.expires_at.timestamp()),
        "email": invitation.email,
    }


def _invitation(row: Mapping[str, Any]) -> Invitation:
    return Invitation(
        id=row["id"],
        organization_id=OrganizationId(row["organization_id"]),
        key=row["key"],
        role=row["role"],
        created_by=UserId(row["created_by"]),
        created_at=from_iso(row["created_at"]),
        expires_at=datetime.fromtimestamp(row["expires_at"], tz=UTC),
        email=row["email"],
    )
