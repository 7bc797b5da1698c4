"""Organizations, their members and invitations, and what kinds of token they accept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.auth.signing import KeyRing
from chalicelib.clock import Clock
from chalicelib.domain.people import Membership, Organization, User, check_session_limits
from chalicelib.errors import ConflictError, ForbiddenError, NotFoundError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.ports.task_jobs import AccessChanged, nobody_minds

ORGANIZATION_FIELDS = frozenset({"title", "contact_info", "default_role"})
SESSION_LIMITS = ("max_session_age", "max_time_between_activity")
SWITCHES = frozenset({"api_tokens_enabled", "legacy_api_tokens_enabled"})
NO_ORGANIZATION = policies.no_such("Organization")
MAX_ORGANIZATIONS = 50
NO_MEMBER = policies.no_such("OrganizationMember")


def invite_token(keys: KeyRing, organization: Organization) -> str:
    """The organization's invitation: derived from the key, so that only its hash need be stored."""
    return keys.derive(
        "invitation", organization.id, organization.invite_generation, key=organization.invite_key
    )


@dataclass(frozen=True)
class OrganizationService:
    """What can be done with the caller's organizations."""

    people: PeopleRepository
    keys: KeyRing
    clock: Clock
    forget_verified: Callable[[], None] = lambda: None
    access_changed: AccessChanged = nobody_minds

    def found(self, title: str, *, created_by: UserId, at: OrganizationId | None = None) -> Organization:
        """A new organization, whose creator must be made its owner. ConflictError if the id is taken."""
        now = self.clock()
        organization = Organization(
            id=at or self.people.next_organization_id(),
            title=title,
            created_at=now,
            updated_at=now,
            created_by=created_by,
            invite_key=self.keys.current,
        )
        self.people.create_organization(
            organization, invite_hash=fingerprint(invite_token(self.keys, organization))
        )
        return organization

    def get(self, principal: Principal, organization_id: int) -> Organization:
        """The caller's organization. NotFoundError for any other."""
        policies.require(principal, "organization.read", organization_id=organization_id, what="Organization")
        organization = self.people.organization(organization_id)
        if organization is None:
            raise NotFoundError(NO_ORGANIZATION)
        return organization

    def update(
        self, principal: Principal, organization_id: int, changes: Mapping[str, object]
    ) -> Organization:
        """The organization with its title, contact or default role changed."""
        organization = self.get(principal, organization_id)
        policies.require_role(principal, "organization.update")
        kept = {name: value for name, value in changes.items() if name in ORGANIZATION_FIELDS}
        role = kept.get("default_role")
        if isinstance(role, str) and not policies.may_grant(principal, Role(role)):
            raise ForbiddenError("You cannot give a role with more rights than your own.")
        return self._save(organization, kept)

    def token_switches(self, principal: Principal) -> Organization:
        """The organization, for which kinds of token it accepts."""
        return self.get(principal, principal.organization_id)

    def set_token_switches(self, principal: Principal, changes: Mapping[str, object]) -> Organization:
        """Change which kinds of token are accepted."""
        organization = self.get(principal, principal.organization_id)
        policies.require_role(principal, "organization.update")
        return self._save(organization, {name: on for name, on in changes.items() if name in SWITCHES})

    def set_session_policy(
        self, principal: Principal, changes: Mapping[str, int | None], *, limit: int
    ) -> Organization:
        """Change how long sessions last here, in minutes; None takes a limit away.

        `limit` is the installation's, which no organization can exceed. InvalidInputError with every fault.
        """
        organization = self.get(principal, principal.organization_id)
        policies.require_role(principal, "organization.update")
        kept = {name: value for name, value in changes.items() if name in SESSION_LIMITS}
        check_session_limits(
            {**{name: getattr(organization, name) for name in SESSION_LIMITS}, **kept}, limit
        )
        return self._save(organization, kept)

    def invitation(self, principal: Principal) -> str:
        """The token of the invitation link."""
        policies.require_role(principal, "member.invite")
        return invite_token(self.keys, self.get(principal, principal.organization_id))

    def reset_invitation(self, principal: Principal) -> str:
        """A new invitation; the old link is worth nothing."""
        policies.require_role(principal, "member.invite")
        organization = self.get(principal, principal.organization_id)
        fresh = replace(
            organization,
            invite_generation=organization.invite_generation + 1,
            invite_key=self.keys.current,
            updated_at=self.clock(),
        )
        token = invite_token(self.keys, fresh)
        old = fingerprint(invite_token(self.keys, organization))
        self.people.replace_invite(fresh, old_hash=old, new_hash=fingerprint(token))
        return token

    def members(self, principal: Principal, organization_id: int) -> list[tuple[Membership, User]]:
        """Who belongs to the organization, by user id."""
        self.get(principal, organization_id)
        memberships = self.people.members(organization_id)
        users = self.people.users([member.user_id for member in memberships])
        return [(member, users[member.user_id]) for member in memberships if member.user_id in users]

    def member(self, principal: Principal, organization_id: int, user_id: int) -> Membership:
        """One membership. Raises NotFoundError."""
        self.get(principal, organization_id)
        account = self.people.account(user_id)
        membership = account.membership_in(organization_id) if account else None
        if membership is None:
            raise NotFoundError(NO_MEMBER)
        return membership

    def set_role(self, principal: Principal, organization_id: int, user_id: int, role: Role) -> Membership:
        """The membership with another role: never more than the caller's own, never without an owner."""
        policies.require_role(principal, "member.update")
        membership = self.member(principal, organization_id, user_id)
        if not (policies.may_grant(principal, role) and policies.may_grant(principal, Role(membership.role))):
            raise ForbiddenError("You cannot give or take a role with more rights than your own.")
        guard = self._guard(membership) if role != Role.OWNER else None
        changed = self.people.save_membership(replace(membership, role=role.value), guard=guard)
        self.forget_verified()
        self._tell(changed, principal.user_id)
        observability.info("role_changed", user_id=user_id, role=role.value, by=principal.user_id)
        return changed

    def remove_member(self, principal: Principal, organization_id: int, user_id: int) -> None:
        """End a membership; what the member made stays. NotFoundError when there is none (any more), once
        what a removal that broke off has left to wait for them is given back."""
        policies.require_role(principal, "member.remove")
        try:
            membership = self.member(principal, organization_id, user_id)
        except NotFoundError:
            self.access_changed(principal.organization_id, UserId(user_id), None, principal.user_id)
            raise
        if membership.role == Role.OWNER and principal.role != Role.OWNER:
            raise ForbiddenError("The owner of an organization cannot be removed.")
        self._end(membership, by=principal.user_id)

    def leave(self, principal: Principal, organization_id: int) -> None:
        """End the caller's own membership. ConflictError for the last owner."""
        policies.require_role(principal, "self.update")
        self._end(self.member(principal, organization_id, principal.user_id), by=principal.user_id)

    def set_active(
        self, principal: Principal, organization_id: int, user_id: int, *, is_active: bool
    ) -> Membership:
        """Deactivate a member, or take that back. Their sessions and tokens stop working here at once in this
        process and within the credential cache's time in others."""
        policies.require_role(principal, "member.update")
        membership = self.member(principal, organization_id, user_id)
        if user_id == principal.user_id:
            raise ForbiddenError("You cannot deactivate yourself. Leave the organization instead.")
        if not policies.is_at_most(Role(membership.role), principal.role):
            raise ForbiddenError("You cannot deactivate a member with more rights than your own.")
        if membership.is_active == is_active:
            self._tell(membership, principal.user_id)  # as the first time may have broken off before
            return membership
        guard = None if is_active else self._guard(membership)
        changed = self.people.save_membership(replace(membership, is_active=is_active), guard=guard)
        self.forget_verified()
        self._tell(changed, principal.user_id)
        event = "member_reactivated" if is_active else "member_deactivated"
        observability.info(event, user_id=user_id, by=principal.user_id)
        return changed

    def transfer(self, principal: Principal, organization_id: int, user_id: int) -> Organization:
        """Make another active member the owner; the caller becomes an administrator.

        The other is an owner first, so that a crash between leaves two owners, never none.
        """
        policies.require_role(principal, "organization.transfer")
        heir = self.member(principal, organization_id, user_id)
        if not heir.is_active or user_id == principal.user_id:
            raise ConflictError("Ownership goes to another active member.")
        if heir.role != Role.OWNER:
            self.people.save_membership(replace(heir, role=Role.OWNER.value))
        organization = self._save(self.get(principal, organization_id), {"created_by": heir.user_id})
        own = self.member(principal, organization_id, principal.user_id)
        self.people.save_membership(replace(own, role=Role.ADMINISTRATOR.value), guard=organization)
        self.forget_verified()
        observability.info("ownership_transferred", to=user_id, by=principal.user_id)
        return organization

    def of_person(self, principal: Principal) -> list[tuple[Membership, Organization]]:
        """The organizations that the caller is an active member of, by id."""
        account = self.people.account(principal.user_id)
        active = [m for m in account.memberships if m.is_active] if account else []
        found = ((member, self.people.organization(member.organization_id)) for member in active)
        return [(member, organization) for member, organization in found if organization is not None]

    def create(self, principal: Principal, title: str) -> Organization:
        """A new organization, which the caller owns and acts in from now on."""
        policies.require_role(principal, "organization.create")
        account = self.people.account(principal.user_id)
        if account is None:
            raise NotFoundError(policies.no_such("User"))
        if len(account.memberships) >= MAX_ORGANIZATIONS:
            raise ConflictError(f"Nobody can be in more than {MAX_ORGANIZATIONS} organizations.")
        organization = self.found(title, created_by=principal.user_id)
        self.people.add_membership(
            Membership(organization.id, principal.user_id, Role.OWNER.value, self.clock())
        )
        self._activate(account.user, organization.id)
        observability.info("organization_created", organization_id=organization.id, by=principal.user_id)
        return organization

    def switch(self, principal: Principal, organization_id: int) -> Membership:
        """Let the caller act in another of their organizations. NotFoundError for one they are not in."""
        policies.require_role(principal, "self.update")
        account = self.people.account(principal.user_id)
        membership = account.acting_in(organization_id) if account else None
        if account is None or membership is None:
            raise NotFoundError(NO_ORGANIZATION)
        self._activate(account.user, membership.organization_id)
        return membership

    def _activate(self, user: User, organization_id: OrganizationId) -> None:
        self.people.save_user(replace(user, active_organization=organization_id))
        self.forget_verified()

    def _end(self, membership: Membership, *, by: UserId) -> None:
        self.people.remove_membership(membership, guard=self._guard(membership))
        self.forget_verified()
        self._tell(membership, by)
        observability.info("member_removed", user_id=membership.user_id, by=by)

    def _tell(self, membership: Membership, by: UserId) -> None:
        self.access_changed(membership.organization_id, membership.user_id, None, by)

    def _guard(self, membership: Membership) -> Organization | None:
        """What must not change while an owner goes. ConflictError when they are the last active one."""
        if membership.role != Role.OWNER:
            return None
        organization = self.people.organization(membership.organization_id)
        owners = [m for m in self.people.members(membership.organization_id) if m.role == Role.OWNER]
        if not any(m.is_active and m.user_id != membership.user_id for m in owners):
            raise ConflictError("An organization needs an owner.")
        return organization

    def _save(self, organization: Organization, changes: Mapping[str, object]) -> Organization:
        if not changes:
            return organization
        changed = replace(organization, **changes, updated_at=self.clock())  # type: ignore[arg-type]
        saved = self.people.save_organization(changed)
        self.forget_verified()
        return saved
