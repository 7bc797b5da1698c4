"""Users, organizations, memberships, sessions, tokens and attempts to sign in, in the `meta` table.

USER#<id>          PROFILE        the user
USER#<id>          MEMBER#<org>   one membership
USER#<id>          TOKEN          the living personal token
ORG#<id>           PROFILE        the organization
ORG#<id>           MEMBER#<user>  the same membership, for listing
EMAIL#<address>    USER           whose address this is
TOKEN#<hash>       USER           whose legacy token this is
INVITE#<hash>      ORG            where the invitation leads
SESSION#<hash>     SESSION        a signed-in browser, gone after `expires_at`
ATTEMPTS#<what>    COUNT          attempts to sign in, gone after `expires_at`
COUNTER            <kind>         the last id given
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from chalicelib.clock import from_iso, iso
from chalicelib.domain.people import Account, Membership, Organization, PersonalToken, Session, User
from chalicelib.errors import ConflictError, StaleVersionError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.storage.items import encode, is_condition_failure
from chalicelib.storage.meta_table import NEW, MetaTable

PROFILE = "PROFILE"
KEYS = frozenset({"pk", "sk", "sv"})
E = TypeVar("E", User, Organization)


class DynamoPeopleRepository:
    """Users, organizations and memberships in DynamoDB."""

    def __init__(self, table: MetaTable) -> None:
        self._table = table

    def next_user_id(self) -> UserId:
        """An id that no user had before."""
        return UserId(self._table.add("COUNTER", "user"))

    def next_organization_id(self) -> OrganizationId:
        """An id that no organization had before."""
        return OrganizationId(self._table.add("COUNTER", "organization"))

    def create_user(self, user: User, membership: Membership, *, token_hash: str) -> None:
        """Store a user with a first membership, all or nothing. ConflictError if the address is taken."""
        table = self._table
        stored = table.transact(
            table.putting({"pk": f"EMAIL#{user.email}", "sk": "USER", "user_id": user.id}, condition=NEW),
            table.putting(_user_row(user), condition=NEW),
            *(table.putting(row) for row in _membership_rows(membership)),
            table.putting({"pk": f"TOKEN#{token_hash}", "sk": "USER", "user_id": user.id}),
        )
        if not stored:
            raise ConflictError("The address or the id is taken.")

    def create_organization(self, organization: Organization, *, invite_hash: str) -> None:
        """Store an organization. ConflictError if its id is taken."""
        invite = {"pk": f"INVITE#{invite_hash}", "sk": "ORG", "organization_id": organization.id}
        stored = self._table.transact(
            self._table.putting(_organization_row(organization), condition=NEW),
            self._table.putting(invite),
        )
        if not stored:
            raise ConflictError("There is an organization with this id.")

    def account(self, user_id: int) -> Account | None:
        """The user with all memberships: one query."""
        rows = self._table.query(f"USER#{user_id}")
        profile = next((row for row in rows if row["sk"] == PROFILE), None)
        if profile is None:
            return None
        memberships = tuple(_membership(row) for row in rows if row["sk"].startswith("MEMBER#"))
        return Account(_user(profile), memberships)

    def users(self, user_ids: Iterable[int]) -> dict[UserId, User]:
        """Those of the users that exist, by id: a batch for each hundred."""
        rows = self._table.batch_get((f"USER#{user_id}", PROFILE) for user_id in dict.fromkeys(user_ids))
        found = (_user(row) for row in rows)
        return {user.id: user for user in sorted(found, key=lambda user: user.id)}

    def user_id_of_email(self, email: str) -> UserId | None:
        """Whose address this is (normalized), or None."""
        row = self._table.get(f"EMAIL#{email}", "USER")
        return UserId(row["user_id"]) if row else None

    def save_user(self, user: User) -> User:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""
        return self._save(user, _user_row)

    def touch(self, user_id: int, now: datetime) -> None:
        """Note that the user is active; raises no version."""
        try:
            self._table.client.update_item(
                TableName=self._table.name,
                Key={"pk": encode(f"USER#{user_id}"), "sk": encode(PROFILE)},
                UpdateExpression="SET last_activity = :now",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":now": encode(iso(now))},
            )
        except ClientError as error:
            if not is_condition_failure(error):
                raise

    def delete_user(self, account: Account, *, token_hash: str) -> None:
        """Remove the user, the memberships and the legacy token; the address is free again."""
        user, table = account.user, self._table
        for membership in account.memberships:
            self.remove_membership(membership)
        table.delete(f"USER#{user.id}", "TOKEN")
        table.transact(
            table.deleting(f"EMAIL#{user.email}", "USER"),
            table.deleting(f"TOKEN#{token_hash}", "USER"),
            table.deleting(f"USER#{user.id}", PROFILE),
        )

    def organization(self, organization_id: int) -> Organization | None:
        """The organization, or None."""
        row = self._table.get(f"ORG#{organization_id}", PROFILE)
        return _organization(row) if row else None

    def save_organization(self, organization: Organization) -> Organization:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""
        return self._save(organization, _organization_row)

    def members(self, organization_id: int) -> list[Membership]:
        """All memberships of an organization, by user id: one query."""
        return [_membership(row) for row in self._table.query(f"ORG#{organization_id}", "MEMBER#")]

    def save_membership(self, membership: Membership) -> None:
        """Store the membership, new or changed."""
        self._table.transact(*(self._table.putting(row) for row in _membership_rows(membership)))

    def remove_membership(self, membership: Membership) -> None:
        """Forget the membership; harmless when it is gone."""
        rows = _membership_rows(membership)
        self._table.transact(*(self._table.deleting(row["pk"], row["sk"]) for row in rows))

    def user_id_of_token(self, token_hash: str) -> UserId | None:
        """Whose legacy token has this hash, or None."""
        row = self._table.get(f"TOKEN#{token_hash}", "USER")
        return UserId(row["user_id"]) if row else None

    def replace_token(self, user: User, *, old_hash: str, new_hash: str) -> User:
        """Save the user with a new legacy token; the old one dies in the same write. StaleVersionError."""
        pointer = {"pk": f"TOKEN#{new_hash}", "sk": "USER", "user_id": user.id}
        return self._save(
            user,
            _user_row,
            self._table.deleting(f"TOKEN#{old_hash}", "USER"),
            self._table.putting(pointer),
        )

    def organization_of_invite(self, invite_hash: str) -> OrganizationId | None:
        """Which organization the invitation leads to, or None."""
        row = self._table.get(f"INVITE#{invite_hash}", "ORG")
        return OrganizationId(row["organization_id"]) if row else None

    def replace_invite(self, organization: Organization, *, old_hash: str, new_hash: str) -> Organization:
        """Save the organization with a new invitation; the old one dies in the same write."""
        pointer = {"pk": f"INVITE#{new_hash}", "sk": "ORG", "organization_id": organization.id}
        return self._save(
            organization,
            _organization_row,
            self._table.deleting(f"INVITE#{old_hash}", "ORG"),
            self._table.putting(pointer),
        )

    def _save(self, entity: E, row: Any, *others: dict[str, Any]) -> E:
        saved: E = replace(entity, version=entity.version + 1)
        put = self._table.putting(row(saved), condition="version = :was", was=entity.version)
        if not self._table.transact(put, *others):
            raise StaleVersionError("Somebody else changed it meanwhile. Read it again.")
        return saved


class DynamoCredentialRepository:
    """Sessions, personal tokens and attempts to sign in, in DynamoDB."""

    def __init__(self, table: MetaTable) -> None:
        self._table = table

    def save_session(self, session: Session) -> None:
        """Keep a session until it ends."""
        self._table.put(
            {
                "pk": f"SESSION#{session.key}",
                "sk": "SESSION",
                "user_id": session.user_id,
                "created_at": iso(session.created_at),
                "expires_at": int(session.expires_at.timestamp()),
            }
        )

    def session(self, key: str) -> Session | None:
        """The session, or None; it may have ended."""
        row = self._table.get(f"SESSION#{key}", "SESSION")
        if row is None:
            return None
        created_at = from_iso(row["created_at"])
        expires_at = datetime.fromtimestamp(row["expires_at"], tz=created_at.tzinfo)
        return Session(key, UserId(row["user_id"]), created_at, expires_at)

    def delete_session(self, key: str) -> None:
        """Forget the session; harmless when it is gone."""
        self._table.delete(f"SESSION#{key}", "SESSION")

    def personal_token(self, user_id: int) -> PersonalToken | None:
        """The user's living personal token, or None."""
        row = self._table.get(f"USER#{user_id}", "TOKEN")
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
        row = {
            "pk": f"USER#{token.user_id}",
            "sk": "TOKEN",
            "token_id": token.token_id,
            "issued_at": token.issued_at,
            "ends_at": token.expires_at,
            "signing_key": token.signing_key,
        }
        if replacing:
            return self._table.put(row, condition="token_id = :was", was=replacing)
        return self._table.put(row, condition=NEW)

    def delete_personal_token(self, user_id: int, token_id: str) -> bool:
        """Forget the token, so that it is worth nothing; False when it was not the living one."""
        return self._table.delete(f"USER#{user_id}", "TOKEN", condition="token_id = :was", was=token_id)

    def count_attempt(self, what: str, *, expires_at: datetime) -> int:
        """Count one attempt under a name and give how many there are now; forgotten after `expires_at`."""
        return self._table.add(f"ATTEMPTS#{what}", "COUNT", expires_at=expires_at)

    def forget_attempts(self, what: str) -> None:
        """Set the count under a name back to none."""
        self._table.delete(f"ATTEMPTS#{what}", "COUNT")


_MOMENTS = frozenset({"date_joined", "last_activity", "created_at", "updated_at"})


def _entity_row(entity: User | Organization) -> dict[str, object]:
    values = {field.name: getattr(entity, field.name) for field in fields(entity)}
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _entity_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: from_iso(value) if name in _MOMENTS else value
        for name, value in row.items()
        if name not in KEYS
    }


def _user_row(user: User) -> dict[str, object]:
    return {"pk": f"USER#{user.id}", "sk": PROFILE, **_entity_row(user)}


def _user(row: Mapping[str, Any]) -> User:
    return User(**_entity_values(row))


def _organization_row(organization: Organization) -> dict[str, object]:
    return {"pk": f"ORG#{organization.id}", "sk": PROFILE, **_entity_row(organization)}


def _organization(row: Mapping[str, Any]) -> Organization:
    return Organization(**_entity_values(row))


def _membership_rows(membership: Membership) -> list[dict[str, str]]:
    values = {
        "organization_id": membership.organization_id,
        "user_id": membership.user_id,
        "role": membership.role,
        "created_at": iso(membership.created_at),
    }
    user, organization = membership.user_id, membership.organization_id
    keys = [(f"USER#{user}", f"MEMBER#{organization}"), (f"ORG#{organization}", f"MEMBER#{user:012d}")]
    return [{"pk": pk, "sk": sk, **values} for pk, sk in keys]  # type: ignore[dict-item]


def _membership(row: Mapping[str, Any]) -> Membership:
    return Membership(
        OrganizationId(row["organization_id"]),
        UserId(row["user_id"]),
        row["role"],
        from_iso(row["created_at"]),
    )
