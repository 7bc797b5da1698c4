"""Invitations into an organization, by a link or by e-mail: with a role and an end, revocable."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import InvitationRepository, Mailer, PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.clock import Clock
from chalicelib.domain.people import (
    Account,
    Invitation,
    Membership,
    Organization,
    User,
    looks_like_email,
    normalize_email,
)
from chalicelib.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.services.people import PeopleService, Profile

NO_INVITATION = policies.no_such("Invitation")
NOT_VALID = "This invitation is no longer valid. Ask for a new one."
OTHER_ADDRESS = "This invitation was sent to another address."
MAX_LIVING = 500

MAIL = """Hello,

{inviter} invites you to {organization} on Skylabel. Follow this link to join as {role}:

{link}

The link works once, until {until}. If you did not expect it, do nothing.
"""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What whoever has an invitation's secret may know of it."""

    organization: Organization
    email: str
    role: Role


@dataclass(frozen=True)
class InvitationService:
    """Invites, revokes, and lets people in."""

    invitations: InvitationRepository
    people: PeopleRepository
    joining: PeopleService
    mailer: Mailer
    clock: Clock
    public_url: str
    forget_verified: Callable[[], None] = lambda: None

    def listed(self, principal: Principal) -> list[Invitation]:
        """The invitations of the caller's organization that can still be used, by id."""
        policies.require_role(principal, "member.invite")
        now = self.clock()
        found = self.invitations.of_organization(principal.organization_id)
        return [invitation for invitation in found if invitation.expires_at > now]

    def invite(
        self, principal: Principal, role: Role, *, email: str = "", days: int = 7
    ) -> tuple[Invitation, str]:
        """A new invitation and its link, shown this once; with an address it is sent there as well.

        Nobody invites into a role with more rights than their own. InvalidInputError for a wrong address or
        one of a member, UpstreamError when the mail cannot be sent (then nobody is invited).
        """
        policies.require_role(principal, "member.invite")
        if not policies.is_at_most(role, principal.role):
            raise ForbiddenError("You cannot give a role with more rights than your own.")
        address = normalize_email(email)
        self._check_address(principal, address)
        if len(self.listed(principal)) >= MAX_LIVING:
            raise ConflictError(f"There are {MAX_LIVING} invitations already. Revoke some.")
        secret, now = secrets.token_urlsafe(24), self.clock()
        invitation = Invitation(
            id=self.invitations.next_id(),
            organization_id=principal.organization_id,
            key=fingerprint(secret),
            role=role.value,
            created_by=principal.user_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
            email=address,
        )
        self.invitations.save(invitation)
        link = f"{self.public_url}/join?invitation={secret}"
        if address:
            self._send(principal, invitation, link)
        observability.info("invited", invitation_id=invitation.id, role=role.value, by=principal.user_id)
        return invitation, link

    def revoke(self, principal: Principal, invitation_id: int) -> None:
        """Make an invitation worthless. Raises NotFoundError."""
        policies.require_role(principal, "member.invite")
        found = self.invitations.of_organization(principal.organization_id)
        invitation = next((known for known in found if known.id == invitation_id), None)
        if invitation is None or not self.invitations.remove(invitation):
            raise NotFoundError(NO_INVITATION)
        observability.info("invitation_revoked", invitation_id=invitation_id, by=principal.user_id)

    def show(self, secret: str) -> Welcome:
        """What the invitation leads to. ForbiddenError when it is not valid (any more)."""
        invitation, organization = self._valid(secret)
        return Welcome(organization, invitation.email, Role(invitation.role))

    def sign_up(self, secret: str, profile: Profile, password: str) -> User:
        """A new user with a password, a member in the invitation's role.

        Raises ForbiddenError, and InvalidInputError with every fault of the profile. An invitation by mail is
        used up when they are there, and not before: nobody else can have its address.
        """
        invitation, organization = self._valid(secret)
        if invitation.email and normalize_email(profile.email) != invitation.email:
            raise InvalidInputError.at("email", OTHER_ADDRESS)
        self.joining.check_new(profile, password)
        user = self.joining.join(organization, profile, role=Role(invitation.role), password=password)
        self._use_up(invitation)
        return user

    def accept(self, principal: Principal, secret: str) -> Membership:
        """Make the caller, who has an account, a member in the invitation's role, and let them act there."""
        invitation, organization = self._valid(secret)
        if invitation.email and principal.email != invitation.email:
            raise ForbiddenError(OTHER_ADDRESS)
        account = self.people.account(principal.user_id)
        if account is None:
            raise ForbiddenError(NOT_VALID)
        if account.membership_in(organization.id) is not None:
            self._use_up(invitation)  # as the first time may have broken off before
            raise ConflictError("You are a member of this organization already.")
        membership = Membership(organization.id, principal.user_id, invitation.role, self.clock())
        self.people.add_membership(membership)
        self._use_up(invitation)
        self._act_in(account, organization)
        observability.info("user_joined", user_id=principal.user_id, organization_id=organization.id)
        return membership

    def _act_in(self, account: Account, organization: Organization) -> None:
        self.people.save_user(replace(account.user, active_organization=organization.id))
        self.forget_verified()

    def _use_up(self, invitation: Invitation) -> None:
        if invitation.email:
            self.invitations.remove(invitation)

    def _valid(self, secret: str) -> tuple[Invitation, Organization]:
        invitation = self.invitations.invitation(fingerprint(secret)) if secret else None
        if invitation is None or invitation.expires_at <= self.clock():
            raise ForbiddenError(NOT_VALID)
        organization = self.people.organization(invitation.organization_id)
        if organization is None or not self._may_still_invite(invitation):
            raise ForbiddenError(NOT_VALID)
        return invitation, organization

    def _may_still_invite(self, invitation: Invitation) -> bool:
        """Whether who invited still has the right to: what they could not do now, their link cannot."""
        account = self.people.account(invitation.created_by)
        member = account.membership_in(invitation.organization_id) if account else None
        if member is None or not member.is_active:
            return False
        may_invite = Role(member.role) in policies.ROLES_FOR["member.invite"]
        return may_invite and policies.is_at_most(Role(invitation.role), Role(member.role))

    def _check_address(self, principal: Principal, address: str) -> None:
        if not address:
            return
        if not looks_like_email(address):
            raise InvalidInputError.at("email", "Enter a valid email address.")
        user_id = self.people.user_id_of_email(address)
        account = self.people.account(user_id) if user_id is not None else None
        if account is not None and account.membership_in(principal.organization_id) is not None:
            raise InvalidInputError.at("email", "They are a member already.", code="unique")

    def _send(self, principal: Principal, invitation: Invitation, link: str) -> None:
        organization = self.people.organization(invitation.organization_id)
        text = MAIL.format(
            inviter=one_line(principal.name or principal.email),
            organization=one_line(organization.title if organization else ""),
            role=invitation.role,
            link=link,
            until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        )
        try:
            self.mailer.send(invitation.email, "You are invited to Skylabel", text)
        except BaseException:
            self.invitations.remove(invitation)
            raise


def one_line(text: str) -> str:
    """The text without line ends, at most 100 characters: what others typed makes no lines in our mails."""
    return " ".join(text.split())[:100]
