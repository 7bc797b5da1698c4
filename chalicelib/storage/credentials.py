"""Sessions, personal tokens and attempts to sign in, in the `meta` table.

USER#<id>          TOKEN          the living personal token
SESSION#<hash>     SESSION        a signed-in browser, gone after `expires_at`
ATTEMPTS#<what>    COUNT          attempts to sign in, gone after `expires_at`
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.clock import from_iso, iso
from chalicelib.domain.people import PersonalToken, Session
from chalicelib.ids import UserId
from chalicelib.storage.dynamo import ConditionError, Dynamo, Write, delete, put, update

META = "meta"
SCHEMA_VERSION = 1


class DynamoCredentialRepository:
    """Sessions, personal tokens and attempts to sign in, in DynamoDB."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def save_session(self, session: Session) -> None:
        """Keep a session until it ends."""
        row = {
            **_session_key(session.key),
            "sv": SCHEMA_VERSION,
            "user_id": session.user_id,
            "created_at": iso(session.created_at),
            "expires_at": int(session.expires_at.timestamp()),
        }
        self._dynamo.write(put(self._meta, row))

    def session(self, key: str) -> Session | None:
        """The session, or None; it may have ended."""
        row = self._dynamo.get(META, _session_key(key))
        if row is None:
            return None
        expires_at = datetime.fromtimestamp(row["expires_at"], tz=UTC)
        seen_at = from_iso(row["seen_at"]) if "seen_at" in row else None
        return Session(key, UserId(row["user_id"]), from_iso(row["created_at"]), expires_at, seen_at)

    def touch_session(self, session: Session, at: datetime) -> None:
        """Note that the session was in use; harmless when it is gone."""
        key, still = _session_key(session.key), {"user_id": session.user_id}
        self._did(update(self._meta, key, setting={"seen_at": iso(at)}, only_if=still))

    def delete_session(self, key: str) -> None:
        """Forget the session; harmless when it is gone."""
        self._dynamo.write(delete(self._meta, _session_key(key)))

    def personal_token(self, user_id: int) -> PersonalToken | None:
        """The user's living personal token, or None."""
        row = self._dynamo.get(META, _personal_key(user_id))
        if row is None:
            return None
        return PersonalToken(
            user_id=UserId(user_id),
            token_id=row["token_id"],
            issued_at=row["issued_at"],
            expires_at=row["ends_at"],
            signing_key=row["signing_key"],
        )

    def put_personal_token(self, token: PersonalToken, *, replacing: str) -> bool:
        """Keep the token in the place of the one with the id `replacing` (empty: of none)."""
        values = {
            "sv": SCHEMA_VERSION,
            "token_id": token.token_id,
            "issued_at": token.issued_at,
            "ends_at": token.expires_at,
            "signing_key": token.signing_key,
        }
        key = _personal_key(token.user_id)
        if replacing:
            return self._did(update(self._meta, key, setting=values, only_if={"token_id": replacing}))
        return self._did(put(self._meta, {**key, **values}, only_new=True))

    def delete_personal_token(self, user_id: int, token_id: str) -> bool:
        """Forget the token, so that it is worth nothing; False when it was not the living one."""
        return self._did(delete(self._meta, _personal_key(user_id), only_if={"token_id": token_id}))

    def count_attempt(self, what: str, *, expires_at: datetime) -> int:
        """Count one attempt under a name and give how many there are now; forgotten after `expires_at`."""
        expiry = {"expires_at": int(expires_at.timestamp())}
        counting = update(self._meta, _attempts_key(what), setting=expiry, adding={"n": 1})
        return int(self._dynamo.write(counting, give_new=True)["n"])

    def forget_attempts(self, what: str) -> None:
        """Set the count under a name back to none."""
        self._dynamo.write(delete(self._meta, _attempts_key(what)))

    def _did(self, write: Write) -> bool:
        try:
            self._dynamo.write(write)
        except ConditionError:
            return False
        return True


def _session_key(key: str) -> dict[str, Any]:
    return {"pk": f"SESSION#{key}", "sk": "SESSION"}


def _personal_key(user_id: int) -> dict[str, Any]:
    return {"pk": f"USER#{user_id}", "sk": "TOKEN"}


def _attempts_key(what: str) -> dict[str, Any]:
    return {"pk": f"ATTEMPTS#{what}", "sk": "COUNT"}
