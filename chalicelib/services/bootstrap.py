"""The first organization of an installation, and its owner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.auth.passwords import verify_password
from chalicelib.auth.principals import Role
from chalicelib.domain.people import Organization, User, normalize_email
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.services.organizations import OrganizationService
from chalicelib.services.people import PeopleService, Profile
from chalicelib.services.tokens import legacy_token

FIRST = OrganizationId(1)


@dataclass(frozen=True, slots=True)
class Access:
    """How the owner gets in."""

    email: str
    password: str
    api_key: str


def ensure_owner(
    organizations: OrganizationService,
    people: PeopleService,
    *,
    email: str,
    title: str,
    password: str,
    new_password: str,
) -> Access:
    """The first organization's owner, made unless they are there; may be called again at any point.

    `password` is the one believed to be set. When it is not (any more) the account's, because the account
    is new or the note of it was lost, `new_password` is set.
    """
    organization = _ensure_organization(organizations, title)
    user = _ensure_user(people, organization, email)
    if not password or not verify_password(password, user.password_hash):
        password = new_password
        user = people.people.save_user(replace(user, password_hash=people.hash_password(password)))
    if organization.created_by != user.id:
        organizations.people.save_organization(replace(organization, created_by=user.id))
    return Access(user.email, password, legacy_token(people.keys, user))


def _ensure_organization(organizations: OrganizationService, title: str) -> Organization:
    repository = organizations.people
    found = repository.organization(FIRST)
    if found is not None:
        return found
    repository.next_organization_id()  # so that the counter never gives the first id to another
    try:
        return organizations.found(title, created_by=UserId(1), at=FIRST)
    except ConflictError:
        made = repository.organization(FIRST)
        if made is None:
            raise
        return made


def _ensure_user(people: PeopleService, organization: Organization, email: str) -> User:
    try:
        return people.join(organization, Profile(email, first_name="Admin"), role=Role.OWNER)
    except InvalidInputError:
        user_id = people.people.user_id_of_email(normalize_email(email))
        account = people.people.account(user_id) if user_id is not None else None
        if account is None:
            raise
        if account.membership_in(organization.id) is None:
            raise NotFoundError(f"{email} belongs to another organization") from None
        return account.user
