"""What is kept about a person: handing it out, and erasing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import observability
from chalicelib.auth import policies
from chalicelib.auth.passwords import fingerprint, verify_password
from chalicelib.auth.ports import CredentialRepository, InvitationRepository, PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.auth.signing import KeyRing
from chalicelib.clock import iso
from chalicelib.domain.people import Account, Membership, Organization, normalize_email
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import ProjectId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.task_jobs import AccessChanged, nobody_minds
from chalicelib.services.tokens import legacy_token


@dataclass(frozen=True)
class PersonDataService:
    """Hands out and erases what is kept about the caller."""

    people: PeopleRepository
    credentials: CredentialRepository
    invitations: InvitationRepository
    projects: ProjectStore
    queue: QueueStore
    keys: KeyRing
    verify: Callable[[str, str], bool] = verify_password
    forget_verified: Callable[[], None] = lambda: None
    forget_traces: Callable[[int], None] = lambda _user_id: None
    forget_name: Callable[[int], None] = lambda _user_id: None
    access_changed: AccessChanged = nobody_minds

    def collect(self, principal: Principal) -> dict[str, Any]:
        """Everything that is kept about the caller but the annotations themselves, and where those are."""
        policies.require_role(principal, "self.read")
        account = self._account(principal)
        user = account.user
        token = self.credentials.personal_token(user.id)
        return {
            "id": user.id,
            "email": user.email,
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "phone": user.phone,
            "allow_newsletters": user.allow_newsletters,
            "date_joined": iso(user.date_joined),
            "last_activity": iso(user.last_activity) if user.last_activity else None,
            "custom_hotkeys": user.custom_hotkeys,
            "has_password": bool(user.password_hash),
            "personal_token_issued_at": token.issued_at if token else None,
            "memberships": [_membership(member) for member in account.memberships],
            "work": [entry for member in account.memberships for entry in self._work(member)],
        }

    def projects_around(self, principal: Principal) -> Iterator[ProjectId]:
        """The projects of all organizations the caller is a member of: there they may have left something."""
        policies.require_role(principal, "self.read")
        for member in self._account(principal).memberships:
            yield from (project.id for project in self.projects.of_organization(member.organization_id))

    def erase(self, principal: Principal, *, email: str, password: str) -> None:
        """Erase the caller's account: name, address, tokens, identities, memberships; sessions end.

        What they made stays, by a "deleted user". The address confirms it, and the password where there is
        one. ConflictError for the last owner of an organization. A second run ends what a first left.
        """
        policies.require_role(principal, "self.update")
        account = self._account(principal)
        if normalize_email(email) != account.user.email:
            raise InvalidInputError.at("email", "This is not your address.")
        if account.user.password_hash and not self.verify(password, account.user.password_hash):
            raise InvalidInputError.at("password", "This is not your present password.")
        guards = {
            member.organization_id: guard
            for member in account.memberships
            if (guard := self._guard(member)) is not None
        }
        for member in account.memberships:
            self._forget_invitations(member, account.user.email)
        self.forget_traces(account.user.id)
        hashed = fingerprint(legacy_token(self.keys, account.user))
        # in one step: whoever has no membership any more could not ask for the rest
        self.people.delete_user(account, token_hash=hashed, guards=guards)
        self.forget_verified()
        for member in account.memberships:
            self.access_changed(member.organization_id, account.user.id, None, account.user.id)
        self.forget_name(account.user.id)
        observability.info("user_erased", user_id=account.user.id, by=account.user.id)

    def _work(self, member: Membership) -> Iterator[Mapping[str, Any]]:
        projects = self.projects.of_organization(member.organization_id)
        rows = self.queue.rows_of(member.user_id, lambda: [project.id for project in projects])
        done = {row.project_id: row.done for row in rows}
        for project in projects:
            if done.get(project.id) or project.created_by == member.user_id:
                yield {
                    "organization": member.organization_id,
                    "project": project.id,
                    "title": project.title,
                    "created_by_you": project.created_by == member.user_id,
                    "tasks_done": done.get(project.id, 0),
                }

    def _guard(self, member: Membership) -> Organization | None:
        if member.role != Role.OWNER:
            return None
        others = [
            other
            for other in self.people.members(member.organization_id)
            if other.role == Role.OWNER and other.is_active and other.user_id != member.user_id
        ]
        organization = self.people.organization(member.organization_id)
        if not others:
            title = organization.title if organization else ""
            raise ConflictError(f"You are the last owner of “{title}”. Make somebody else its owner first.")
        return organization

    def _forget_invitations(self, member: Membership, email: str) -> None:
        for invitation in self.invitations.of_organization(member.organization_id):
            if invitation.email == email:
                self.invitations.remove(invitation)

    def _account(self, principal: Principal) -> Account:
        account = self.people.account(principal.user_id)
        if account is None:
            raise NotFoundError(policies.no_such("User"))
        return account


def _membership(member: Membership) -> dict[str, Any]:
    return {
        "organization": member.organization_id,
        "role": member.role,
        "since": iso(member.created_at),
        "is_active": member.is_active,
        "groups": list(member.groups),
        "project_roles": {str(project): role for project, role in member.project_roles.items()},
    }
