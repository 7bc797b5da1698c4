"""Users, organizations and memberships in the `meta` table.

USER#<id>          PROFILE        the user
USER#<id>          MEMBER#<org>   one membership
ORG#<id>           PROFILE        the organization
ORG#<id>           MEMBER#<user>  the same membership, for listing
EMAIL#<address>    USER           whose address this is
TOKEN#<hash>       USER           whose legacy token this is
IDENTITY#<hash>    USER           whose identity at a sign-in provider this is
USER#<id>          IDENTITY#<hash> the same, for who forgets the user
INVITE#<hash>      ORG            where the invitation leads
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.clock import from_iso, iso
from chalicelib.domain.people import Account, Membership, Organization, User
from chalicelib.errors import ConflictError, ContentionError, StaleVersionError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.storage.allocation import next_number
from chalicelib.storage.dynamo import ConditionError, Dynamo, Write, delete, put, update
from chalicelib.storage.values import to_wire

META = "meta"
SCHEMA_VERSION = 1
PROFILE = "PROFILE"
KEYS = frozenset({"pk", "sk", "sv"})
ENDED_AT_ONCE = 30
"""So many memberships end in one transaction with their user: two rows each, and a guard."""
E = TypeVar("E", User, Organization)


class DynamoPeopleRepository:
    """Users, organizations and memberships in DynamoDB."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo
        self._meta = dynamo.table(META)

    def next_user_id(self) -> UserId:
        """An id that no user had before."""
        return UserId(next_number(self._dynamo, "user"))

    def next_organization_id(self) -> OrganizationId:
        """An id that no organization had before."""
        return OrganizationId(next_number(self._dynamo, "organization"))

    def create_user(self, user: User, membership: Membership, *, token_hash: str) -> None:
        """Store a user with a first membership, all or nothing. ConflictError if the address is taken."""
        self._store_new(
            put(self._meta, {**_email_key(user.email), "user_id": user.id}, only_new=True),
            put(self._meta, _user_row(user), only_new=True),
            *(put(self._meta, row) for row in _membership_rows(membership)),
            put(self._meta, {**_token_key(token_hash), "user_id": user.id}),
        )

    def create_organization(self, organization: Organization, *, invite_hash: str) -> None:
        """Store an organization. ConflictError if its id is taken."""
        self._store_new(
            put(self._meta, _organization_row(organization), only_new=True),
            put(self._meta, {**_invite_key(invite_hash), "organization_id": organization.id}),
        )

    def account(self, user_id: int) -> Account | None:
        """The user with all memberships: one query."""
        rows = list(self._dynamo.query(META, _user_pk(user_id)))
        profile = next((row for row in rows if row["sk"] == PROFILE), None)
        if profile is None:
            return None
        memberships = tuple(_membership(row) for row in rows if row["sk"].startswith("MEMBER#"))
        return Account(_user(profile), memberships)

    def users(self, user_ids: Iterable[int]) -> dict[UserId, User]:
        """Those of the users that exist, by id: a batch for each hundred."""
        keys = [{"pk": _user_pk(user_id), "sk": PROFILE} for user_id in dict.fromkeys(user_ids)]
        found = (_user(row) for row in self._dynamo.get_many(META, keys))
        return {user.id: user for user in sorted(found, key=lambda user: user.id)}

    def user_id_of_email(self, email: str) -> UserId | None:
        """Whose address this is (normalized), or None."""
        row = self._dynamo.get(META, _email_key(email))
        return UserId(row["user_id"]) if row else None

    def user_id_of_identity(self, key: str) -> UserId | None:
        """Whose identity at a provider has this hash, or None."""
        row = self._dynamo.get(META, _identity_key(key))
        return UserId(row["user_id"]) if row else None

    def link_identity(self, user_id: int, key: str) -> None:
        """Let an identity at a provider, known by its hash, be this user's."""
        own = {"pk": _user_pk(user_id), "sk": f"IDENTITY#{key}"}
        self._dynamo.transact(
            [
                put(self._meta, {**_identity_key(key), "sv": SCHEMA_VERSION, "user_id": user_id}),
                put(self._meta, {**own, "sv": SCHEMA_VERSION}),
            ]
        )

    def save_user(self, user: User) -> User:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""
        return self._save(user, _user_row)

    def touch(self, user_id: int, now: datetime) -> None:
        """Note that the user is active; raises no version."""
        key = {"pk": _user_pk(user_id), "sk": PROFILE}
        try:
            self._dynamo.write(
                update(self._meta, key, setting={"last_activity": iso(now)}, only_if={"id": user_id})
            )
        except ConditionError:
            return

    def delete_user(
        self,
        account: Account,
        *,
        token_hash: str,
        guards: Mapping[OrganizationId, Organization] | None = None,
    ) -> None:
        """Remove the user, the memberships and the legacy token; the address is free again.

        All at once, so that nobody is left who has no membership to be found by; of more than `ENDED_AT_ONCE`
        memberships the others go before. `guards` as for ending a membership, by organization.
        """
        user, guards = account.user, guards or {}
        for row in list(self._dynamo.query(META, _user_pk(user.id), sk=("begins_with", ["IDENTITY#"]))):
            key = row["sk"].removeprefix("IDENTITY#")
            own = {"pk": row["pk"], "sk": row["sk"]}
            self._dynamo.transact([delete(self._meta, _identity_key(key)), delete(self._meta, own)])
        for membership in account.memberships[ENDED_AT_ONCE:]:
            self.remove_membership(membership, guard=guards.get(membership.organization_id))
        last = account.memberships[:ENDED_AT_ONCE]
        self._transact_guarded(
            [
                *(write for membership in last for write in self._ending(membership)),
                delete(self._meta, {"pk": _user_pk(user.id), "sk": "TOKEN"}),
                delete(self._meta, _email_key(user.email)),
                delete(self._meta, _token_key(token_hash)),
                delete(self._meta, {"pk": _user_pk(user.id), "sk": PROFILE}),
            ],
            *(guards[m.organization_id] for m in last if m.organization_id in guards),
        )

    def organization(self, organization_id: int) -> Organization | None:
        """The organization, or None."""
        row = self._dynamo.get(META, {"pk": f"ORG#{organization_id}", "sk": PROFILE})
        return _organization(row) if row else None

    def save_organization(self, organization: Organization) -> Organization:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""
        return self._save(organization, _organization_row)

    def members(self, organization_id: int) -> list[Membership]:
        """All memberships of an organization, by user id: one query."""
        rows = self._dynamo.query(META, f"ORG#{organization_id}", sk=("begins_with", ["MEMBER#"]))
        return [_membership(row) for row in rows]

    def add_membership(self, membership: Membership) -> None:
        """Store a new membership. ConflictError when there is one already."""
        self._store_new(*(put(self._meta, row, only_new=True) for row in _membership_rows(membership)))

    def save_membership(self, membership: Membership, *, guard: Organization | None = None) -> Membership:
        """Store what changed and give it with its new version. ContentionError if somebody was quicker.

        `guard` is the organization as it was read: it must not have changed either, so that two owners who
        leave at once cannot leave it without one.
        """
        saved = replace(membership, version=membership.version + 1)
        writes = [_over(put(self._meta, row), membership.version) for row in _membership_rows(saved)]
        self._transact_guarded(writes, guard)
        return saved

    def remove_membership(self, membership: Membership, *, guard: Organization | None = None) -> None:
        """Forget the membership; harmless when it is gone. `guard` as for saving."""
        self._transact_guarded(self._ending(membership), guard)

    def _ending(self, membership: Membership) -> list[Write]:
        keys = [{"pk": row["pk"], "sk": row["sk"]} for row in _membership_rows(membership)]
        return [delete(self._meta, key) for key in keys]

    def _transact_guarded(self, writes: list[Write], *guards: Organization | None) -> None:
        for guard in guards:
            if guard is not None:
                key, rising = {"pk": f"ORG#{guard.id}", "sk": PROFILE}, {"version": guard.version + 1}
                still = {"version": guard.version}
                writes = [*writes, update(self._meta, key, setting=rising, only_if=still)]
        try:
            self._dynamo.transact(writes)
        except ConditionError as error:
            raise ContentionError("Somebody else changed this membership meanwhile.") from error

    def user_id_of_token(self, token_hash: str) -> UserId | None:
        """Whose legacy token has this hash, or None."""
        row = self._dynamo.get(META, _token_key(token_hash))
        return UserId(row["user_id"]) if row else None

    def replace_token(self, user: User, *, old_hash: str, new_hash: str) -> User:
        """Save the user with a new legacy token; the old one dies in the same write. StaleVersionError."""
        return self._save(
            user,
            _user_row,
            delete(self._meta, _token_key(old_hash)),
            put(self._meta, {**_token_key(new_hash), "user_id": user.id}),
        )

    def organization_of_invite(self, invite_hash: str) -> OrganizationId | None:
        """Which organization the invitation leads to, or None."""
        row = self._dynamo.get(META, _invite_key(invite_hash))
        return OrganizationId(row["organization_id"]) if row else None

    def replace_invite(self, organization: Organization, *, old_hash: str, new_hash: str) -> Organization:
        """Save the organization with a new invitation; the old one dies in the same write."""
        return self._save(
            organization,
            _organization_row,
            delete(self._meta, _invite_key(old_hash)),
            put(self._meta, {**_invite_key(new_hash), "organization_id": organization.id}),
        )

    def _store_new(self, *writes: Write) -> None:
        try:
            self._dynamo.transact(writes)
        except ConditionError as error:
            raise ConflictError("The id or the address is taken.") from error

    def _save(self, entity: E, row: Callable[[E], dict[str, Any]], *others: Write) -> E:
        saved: E = replace(entity, version=entity.version + 1)
        setting = row(saved)
        key = {"pk": setting.pop("pk"), "sk": setting.pop("sk")}
        edit = update(self._meta, key, setting=setting, only_if={"version": entity.version})
        try:
            self._dynamo.transact([edit, *others])
        except ConditionError as error:
            raise StaleVersionError("Somebody else changed it meanwhile. Read it again.") from error
        return saved


def _user_pk(user_id: int) -> str:
    return f"USER#{user_id}"


def _email_key(email: str) -> dict[str, Any]:
    return {"pk": f"EMAIL#{email}", "sk": "USER"}


def _token_key(token_hash: str) -> dict[str, Any]:
    return {"pk": f"TOKEN#{token_hash}", "sk": "USER"}


def _identity_key(key: str) -> dict[str, Any]:
    return {"pk": f"IDENTITY#{key}", "sk": "USER"}


def _invite_key(invite_hash: str) -> dict[str, Any]:
    return {"pk": f"INVITE#{invite_hash}", "sk": "ORG"}


_MOMENTS = frozenset({"date_joined", "last_activity", "sessions_since", "created_at", "updated_at"})


def _entity_row(entity: User | Organization) -> dict[str, Any]:
    values = {field.name: getattr(entity, field.name) for field in fields(entity)}
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _entity_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: from_iso(value) if name in _MOMENTS else value
        for name, value in row.items()
        if name not in KEYS
    }


def _user_row(user: User) -> dict[str, Any]:
    return {"pk": _user_pk(user.id), "sk": PROFILE, "sv": SCHEMA_VERSION, **_entity_row(user)}


def _user(row: Mapping[str, Any]) -> User:
    return User(**_entity_values(row))


def _organization_row(organization: Organization) -> dict[str, Any]:
    key = {"pk": f"ORG#{organization.id}", "sk": PROFILE}
    return {**key, "sv": SCHEMA_VERSION, **_entity_row(organization)}


def _organization(row: Mapping[str, Any]) -> Organization:
    return Organization(**_entity_values(row))


def _membership_rows(membership: Membership) -> list[dict[str, Any]]:
    values = {
        "sv": SCHEMA_VERSION,
        "organization_id": membership.organization_id,
        "user_id": membership.user_id,
        "role": membership.role,
        "created_at": iso(membership.created_at),
        "is_active": membership.is_active,
        "groups": list(membership.groups),
        "project_roles": {str(project): role for project, role in membership.project_roles.items()},
        "version": membership.version,
    }
    user, organization = membership.user_id, membership.organization_id
    keys = [(f"USER#{user}", f"MEMBER#{organization}"), (f"ORG#{organization}", f"MEMBER#{user:012d}")]
    return [{"pk": pk, "sk": sk, **values} for pk, sk in keys]


def _membership(row: Mapping[str, Any]) -> Membership:
    return Membership(
        OrganizationId(row["organization_id"]),
        UserId(row["user_id"]),
        row["role"],
        from_iso(row["created_at"]),
        is_active=row.get("is_active", True),
        groups=tuple(row.get("groups", ())),
        project_roles={int(project): role for project, role in row.get("project_roles", {}).items()},
        version=row.get("version", 0),
    )


def _over(write: Write, version: int) -> Write:
    """The same write, only over this version; memberships from before there were versions have none."""
    unversioned = " OR (attribute_exists(pk) AND attribute_not_exists(#version))" if version == 0 else ""
    condition = {
        "ConditionExpression": f"#version = :version{unversioned}",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": to_wire({":version": version}),
    }
    return replace(write, arguments={**write.arguments, **condition})
