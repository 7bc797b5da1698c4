"""Users: joining by invitation or by an administrator's hand, profiles, leaving."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.passwords import (
    faults_of_password,
    fingerprint,
    hash_password,
    verify_password,
)
from chalicelib.auth.ports import PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.auth.signing import KeyRing
from chalicelib.clock import Clock
from chalicelib.domain.people import (
    Account,
    Membership,
    Organization,
    User,
    looks_like_email,
    normalize_email,
)
from chalicelib.errors import ConflictError, FaultList, ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.ports.task_jobs import AccessChanged, nobody_minds
from chalicelib.services.tokens import legacy_token

NAMES_S = 30
MAX_NAMES = 4096
NO_USER = policies.no_such("User")
TAKEN = "User with this email already exists."
HOTKEY_NAME = re.compile(r"[\w-]+:[\w-]+\Z")
HOTKEY = re.compile(r"[\w+ .,;:'\[\]\\/`=\-]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a new user is known by."""

    email: str
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    allow_newsletters: bool = False


PROFILE_FIELDS = frozenset({"username", "first_name", "last_name", "phone", "allow_newsletters"})


@dataclass(frozen=True)
class PeopleService:
    """What can be done with users, within the caller's organization."""

    people: PeopleRepository
    keys: KeyRing
    clock: Clock
    hash_password: Callable[[str], str] = hash_password
    forget_verified: Callable[[], None] = lambda: None
    forget_traces: Callable[[int], None] = lambda _user_id: None
    """Removes what the store holds of a person themselves: their picture, archives of their data."""
    access_changed: AccessChanged = nobody_minds
    _names: dict[int, tuple[User, float]] = field(default_factory=dict)

    def me(self, principal: Principal) -> tuple[User, Organization]:
        """The caller and their active organization."""
        account = self._account(principal.user_id)
        organization = self.people.organization(principal.organization_id)
        if organization is None:
            raise NotFoundError(policies.no_such("Organization"))
        return account.user, organization

    def listed(self, principal: Principal) -> list[User]:
        """The members of the caller's organization, by id."""
        policies.require_role(principal, "member.read")
        ids = [member.user_id for member in self.people.members(principal.organization_id)]
        found = self.people.users(ids)
        return [found[user_id] for user_id in ids if user_id in found]

    def by_ids(self, user_ids: set[int]) -> dict[UserId, User]:
        """Users to show beside what they made; those that are gone are missing.

        Names seldom change, and nearly every answer shows some: what was read is used for `NAMES_S` seconds.
        """
        now = self.clock().timestamp()
        found = {
            known[0].id: known[0]
            for user_id in user_ids
            if (known := self._names.get(user_id)) and known[1] > now
        }
        missing = sorted({*user_ids} - {*found})
        read = self.people.users(missing) if missing else {}
        if len(self._names) > MAX_NAMES:
            self._names.clear()
        self._names.update({user_id: (user, now + NAMES_S) for user_id, user in read.items()})
        return {**found, **read}

    def forget_name(self, user_id: int) -> None:
        """Show nothing that was read of the user before."""
        self._names.pop(user_id, None)

    def get(self, principal: Principal, user_id: int) -> User:
        """A member of the caller's organization. Raises NotFoundError."""
        policies.require_role(principal, "member.read")
        return self._fellow(principal, user_id).user

    def create(
        self, principal: Principal, profile: Profile, *, role: Role | None = None, password: str = ""
    ) -> User:
        """A new member of the caller's organization; without a password they can use tokens alone."""
        policies.require_role(principal, "member.create")
        organization = self.me(principal)[1]
        granted = role or Role(organization.default_role)
        if not policies.may_grant(principal, granted):
            raise ForbiddenError("You cannot give a role with more rights than your own.")
        if password:
            self.check_password("password", password)
        return self.join(organization, profile, role=granted, password=password)

    def change_password(self, principal: Principal, current: str, new: str) -> None:
        """Give the caller another password; all their sessions end. InvalidInputError with the fault."""
        user = self._account(principal.user_id).user
        if user.password_hash and not verify_password(current, user.password_hash):
            raise InvalidInputError.at("current_password", "This is not your present password.")
        self.check_password("new_password", new)
        hashed = self.hash_password(new)
        self.people.save_user(replace(user, password_hash=hashed, sessions_since=self.clock()))
        self.forget_verified()
        observability.info("password_changed", user_id=user.id)

    def sign_up(self, profile: Profile, password: str, *, invite_token: str, signup_open: bool) -> User:
        """A new user with a password, in the organization that the invitation leads to.

        Without a valid invitation nobody may, unless signing up is open: then the first organization is
        joined. Raises ForbiddenError, and InvalidInputError with every fault.
        """
        organization_id = self.people.organization_of_invite(fingerprint(invite_token))
        if organization_id is None and signup_open and not invite_token:
            organization_id = OrganizationId(1)
        organization = self.people.organization(organization_id) if organization_id else None
        if organization is None:
            raise ForbiddenError("Signing up needs an invitation. Ask for a new link.")
        self.check_new(profile, password)
        return self.join(organization, profile, role=Role(organization.default_role), password=password)

    def join(self, organization: Organization, profile: Profile, *, role: Role, password: str = "") -> User:
        """A new user and member; the caller has checked that this may happen."""
        self._check_profile(profile, FaultList())
        now = self.clock()
        user_id = self.people.next_user_id()
        user = User(
            id=user_id,
            email=normalize_email(profile.email),
            date_joined=now,
            active_organization=organization.id,
            username=profile.username or normalize_email(profile.email).partition("@")[0],
            first_name=profile.first_name,
            last_name=profile.last_name,
            phone=profile.phone,
            allow_newsletters=profile.allow_newsletters,
            password_hash=self.hash_password(password) if password else "",
            token_key=self.keys.current,
        )
        membership = Membership(organization.id, user_id, role.value, now)
        try:
            self.people.create_user(user, membership, token_hash=fingerprint(legacy_token(self.keys, user)))
        except ConflictError as error:
            raise InvalidInputError.at("email", TAKEN, code="unique") from error
        observability.info("user_joined", user_id=user_id, organization_id=organization.id)
        return user

    def update(self, principal: Principal, user_id: int, changes: Mapping[str, object]) -> User:
        """The user with some fields of the profile changed; their own, or any for administrators."""
        account = self._fellow(principal, user_id)
        user = account.user
        if user_id != principal.user_id:
            policies.require_role(principal, "member.update")
            self._check_power(principal, account)
        kept = {name: value for name, value in changes.items() if name in PROFILE_FIELDS}
        if not kept:
            return user
        saved = self.people.save_user(replace(user, **kept))  # type: ignore[arg-type]
        self._names.pop(user_id, None)
        self.forget_verified()
        return saved

    def delete(self, principal: Principal, user_id: int) -> None:
        """Remove a member and the account. ForbiddenError for an owner. NotFoundError for nobody's id, once
        what a deletion that broke off has left to wait for them is given back."""
        policies.require_role(principal, "member.remove")
        try:
            account = self._fellow(principal, user_id)
        except NotFoundError:
            self.access_changed(principal.organization_id, UserId(user_id), None, principal.user_id)
            raise
        if any(member.role == Role.OWNER for member in account.memberships):
            raise ForbiddenError("The owner of an organization cannot be deleted.")
        self._check_power(principal, account)
        self.forget_traces(user_id)
        self.people.delete_user(account, token_hash=fingerprint(legacy_token(self.keys, account.user)))
        self._names.pop(user_id, None)
        self.forget_verified()
        for member in account.memberships:
            self.access_changed(member.organization_id, UserId(user_id), None, principal.user_id)
        observability.info("user_deleted", user_id=user_id, by=principal.user_id)

    def hotkeys(self, principal: Principal) -> Mapping[str, object]:
        """The caller's own key bindings."""
        return self._account(principal.user_id).user.custom_hotkeys

    def set_hotkeys(self, principal: Principal, bindings: object) -> Mapping[str, object]:
        """Replace the caller's key bindings. Raises InvalidInputError with every fault."""
        checked = check_hotkeys(bindings)
        user = self._account(principal.user_id).user
        return self.people.save_user(replace(user, custom_hotkeys=checked)).custom_hotkeys

    def check_password(self, field: str, password: str) -> None:
        """Raise InvalidInputError, at the field, for a password that will not do."""
        faults = FaultList()
        for message in faults_of_password(password):
            faults.add(field, message, code="password")
        faults.raise_if_any()

    def check_new(self, profile: Profile, password: str) -> None:
        """Raise InvalidInputError for what somebody new cannot have, before anything is written."""
        self.check_password("password", password)
        self._check_profile(profile, FaultList())

    def _check_profile(self, profile: Profile, faults: FaultList) -> None:
        if not looks_like_email(normalize_email(profile.email)):
            faults.add("email", "Enter a valid email address.")
        elif self.people.user_id_of_email(normalize_email(profile.email)) is not None:
            faults.add("email", TAKEN, code="unique")
        faults.raise_if_any()

    def _check_power(self, principal: Principal, account: Account) -> None:
        """Administrators rule over those whose only organization is theirs and who have no more rights."""
        if len(account.memberships) > 1:
            raise ForbiddenError("They belong to other organizations too. Remove them from yours instead.")
        if not all(policies.is_at_most(Role(m.role), principal.role) for m in account.memberships):
            raise ForbiddenError("They have more rights than you.")

    def _account(self, user_id: int) -> Account:
        account = self.people.account(user_id)
        if account is None:
            raise NotFoundError(NO_USER)
        return account

    def _fellow(self, principal: Principal, user_id: int) -> Account:
        account = self._account(user_id)
        if account.membership_in(principal.organization_id) is None:
            raise NotFoundError(NO_USER)
        return account


def check_hotkeys(bindings: object) -> dict[str, object]:
    """The bindings as `{"section:action": {"key", "active"}}`. Raises InvalidInputError with every fault."""
    if not isinstance(bindings, dict):
        raise InvalidInputError.at("custom_hotkeys", "custom_hotkeys must be a dictionary")
    faults = FaultList()
    for name, binding in bindings.items():
        place = f"custom_hotkeys.{name}"
        if not HOTKEY_NAME.match(name):
            faults.add(place, f"Action key '{name}' must be in 'section:action' format")
        elif not isinstance(binding, dict) or not isinstance(binding.get("key"), str):
            faults.add(place, f"Configuration for '{name}' must be an object with a 'key'")
        elif not HOTKEY.match(binding["key"]):
            faults.add(place, f"'{name}' has no valid key")
        elif not isinstance(binding.get("active", True), bool):
            faults.add(place, f"'active' field for '{name}' must be true or false")
    faults.raise_if_any()
    return {
        name: {"key": binding["key"], "active": binding.get("active", True)}
        for name, binding in bindings.items()
    }
