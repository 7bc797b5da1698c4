"""What signing in and keeping accounts need of the outside; storage/ fulfils it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.people import (
    Account,
    Group,
    Invitation,
    Membership,
    Organization,
    PasswordReset,
    PersonalToken,
    Session,
    User,
)
from chalicelib.ids import OrganizationId, UserId


class PeopleRepository(Protocol):
    """Users, organizations and who belongs to what."""

    def next_user_id(self) -> UserId:
        """An id that no user had before."""

    def next_organization_id(self) -> OrganizationId:
        """An id that no organization had before."""

    def create_user(self, user: User, membership: Membership, *, token_hash: str) -> None:
        """Store a user with a first membership, all or nothing. ConflictError if the address is taken."""

    def create_organization(self, organization: Organization, *, invite_hash: str) -> None:
        """Store an organization. ConflictError if its id is taken."""

    def account(self, user_id: int) -> Account | None:
        """The user with all memberships, read consistently, or None."""

    def users(self, user_ids: Iterable[int]) -> dict[UserId, User]:
        """Those of the users that exist, by id."""

    def user_id_of_email(self, email: str) -> UserId | None:
        """Whose address this is (normalized), or None."""

    def user_id_of_identity(self, key: str) -> UserId | None:
        """Whose identity at a provider has this hash, or None."""

    def link_identity(self, user_id: int, key: str) -> None:
        """Let an identity at a provider, known by its hash, be this user's."""

    def save_user(self, user: User) -> User:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""

    def touch(self, user_id: int, now: datetime) -> None:
        """Note that the user is active; raises no version."""

    def delete_user(
        self,
        account: Account,
        *,
        token_hash: str,
        guards: Mapping[OrganizationId, Organization] | None = None,
    ) -> None:
        """Remove the user, the memberships and the legacy token at once; the address is free again. `guards`
        by organization, as for saving a membership."""

    def organization(self, organization_id: int) -> Organization | None:
        """The organization, or None."""

    def save_organization(self, organization: Organization) -> Organization:
        """Store what changed and give it with its new version. StaleVersionError if somebody was quicker."""

    def members(self, organization_id: int) -> list[Membership]:
        """All memberships of an organization, by user id."""

    def add_membership(self, membership: Membership) -> None:
        """Store a new membership. ConflictError when there is one already."""

    def save_membership(self, membership: Membership, *, guard: Organization | None = None) -> Membership:
        """Store what changed and give it with its new version. ContentionError if somebody was quicker.

        `guard` is the organization as it was read: it must not have changed either, so that two owners who
        leave at once cannot leave it without one.
        """

    def remove_membership(self, membership: Membership, *, guard: Organization | None = None) -> None:
        """Forget the membership; harmless when it is gone. `guard` as for saving."""

    def user_id_of_token(self, token_hash: str) -> UserId | None:
        """Whose legacy token has this hash, or None."""

    def replace_token(self, user: User, *, old_hash: str, new_hash: str) -> User:
        """Save the user with a new legacy token; the old one dies in the same write. StaleVersionError."""

    def organization_of_invite(self, invite_hash: str) -> OrganizationId | None:
        """Which organization the invitation leads to, or None."""

    def replace_invite(self, organization: Organization, *, old_hash: str, new_hash: str) -> Organization:
        """Save the organization with a new invitation; the old one dies in the same write."""


class GroupRepository(Protocol):
    """The groups of organizations; who is in them stands with the memberships."""

    def next_id(self) -> int:
        """An id that no group had before."""

    def of_organization(self, organization_id: int) -> list[Group]:
        """All groups of an organization, by id."""

    def group(self, organization_id: int, group_id: int) -> Group | None:
        """The group, or None."""

    def save(self, group: Group) -> None:
        """Store the group, new or changed."""

    def remove(self, group: Group) -> None:
        """Forget the group; harmless when it is gone."""


class InvitationRepository(Protocol):
    """Invitations, and who may set a new password."""

    def next_id(self) -> int:
        """An id that no invitation had before."""

    def of_organization(self, organization_id: int) -> list[Invitation]:
        """All invitations of an organization that were not used up or revoked, by id; some may have ended."""

    def invitation(self, key: str) -> Invitation | None:
        """The invitation whose secret has this hash, or None; it may have ended."""

    def save(self, invitation: Invitation) -> None:
        """Store a new invitation."""

    def remove(self, invitation: Invitation) -> bool:
        """Use the invitation up; False when somebody else did."""

    def save_reset(self, reset: PasswordReset) -> None:
        """Keep a password reset until it ends."""

    def take_reset(self, key: str) -> PasswordReset | None:
        """The reset whose secret has this hash, used up by this; None when there is none (any more)."""


class IdentityProvider(Protocol):
    """An OpenID Connect provider."""

    def authorization_url(self, parameters: Mapping[str, str]) -> str:
        """Where a browser goes to sign in. UpstreamError when the provider cannot be reached."""

    def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code. UpstreamError when the provider refuses or cannot be reached."""

    def keys(self, *, fresh: bool = False) -> Sequence[Mapping[str, Any]]:
        """The provider's keys as JWKs; `fresh` asks again, after it has changed them."""


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand one plain text over for delivery. UpstreamError when that fails."""


class CredentialRepository(Protocol):
    """Sessions, personal tokens and attempts to sign in."""

    def save_session(self, session: Session) -> None:
        """Keep a session until it ends."""

    def session(self, key: str) -> Session | None:
        """The session, or None; it may have ended."""

    def touch_session(self, session: Session, at: datetime) -> None:
        """Note that the session was in use; harmless when it is gone."""

    def delete_session(self, key: str) -> None:
        """Forget the session; harmless when it is gone."""

    def personal_token(self, user_id: int) -> PersonalToken | None:
        """The user's living personal token, or None."""

    def put_personal_token(self, token: PersonalToken, *, replacing: str) -> bool:
        """Keep the token in the place of the one with the id `replacing` (empty: of none).

        False, and nothing changed, when that is not what is there.
        """

    def delete_personal_token(self, user_id: int, token_id: str) -> bool:
        """Forget the token, so that it is worth nothing; False when it was not the living one."""

    def count_attempt(self, what: str, *, expires_at: datetime) -> int:
        """Count one attempt under a name and give how many there are now; forgotten after `expires_at`."""

    def forget_attempts(self, what: str) -> None:
        """Set the count under a name back to none."""
