"""From what a request carries to who is asking: legacy tokens, access tokens, session cookies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib import observability
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import CredentialRepository, PeopleRepository
from chalicelib.auth.principals import Principal, Role
from chalicelib.auth.signing import INVALID, KeyRing
from chalicelib.clock import Clock
from chalicelib.domain.people import Account, Membership, Organization, Session, User
from chalicelib.errors import ThrottledError, UnauthenticatedError
from chalicelib.ids import OrganizationId, UserId

ACTIVITY_STEP = timedelta(minutes=10)
MAX_CACHED = 4096
DAY_S = 24 * 3600
NEARLY = 0.8
"""At this share of an organization's requests of a day somebody is told."""
SIGNS_OF_LIFE = 10
"""Into how many steps the idle time is cut: so many writes at most does a session cost in it."""
NOBODY = "Authentication credentials were not provided."


@dataclass(frozen=True)
class CredentialService:
    """Verifies credentials. What was verified is trusted for `cache_s` seconds in this process."""

    people: PeopleRepository
    credentials: CredentialRepository
    keys: KeyRing
    clock: Clock
    cache_s: int
    requests_per_minute: int = 0
    organization_requests_per_day: int = 0
    _cache: dict[str, tuple[Principal, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # `acting_in` names the organization to act in; without it, the one that the person last chose.

    def by_legacy_token(self, token: str, acting_in: int | None = None) -> Principal:
        """Who a legacy token belongs to. Raises UnauthenticatedError."""
        key = fingerprint(token)
        return self._cached(f"token:{key}:{acting_in}", lambda: self._legacy(key, acting_in))

    def by_access_token(self, token: str, acting_in: int | None = None) -> Principal:
        """Who a signed access token speaks for. Raises UnauthenticatedError."""
        claims = self.keys.verify(token, now=int(self.clock().timestamp()))
        if claims.get("token_type") != "access":
            raise UnauthenticatedError("Token has wrong type")
        user_id, token_id = str(claims.get("user_id")), str(claims.get("pat"))
        return self._cached(
            f"access:{user_id}:{token_id}:{acting_in}", lambda: self._access(user_id, token_id, acting_in)
        )

    def by_session(
        self, secret: str, acting_in: int | None = None, *, preferred: int | None = None
    ) -> Principal:
        """Who a session cookie was given to. Raises UnauthenticatedError.

        They act in the `preferred` organization if they can, which `acting_in` overrules and insists on.
        """
        key = fingerprint(secret)
        known = f"session:{key}:{acting_in}:{preferred}"
        return self._cached(known, lambda: self._session(key, acting_in, preferred))

    def spend(self, principal: Principal) -> None:
        """Count one request of the caller and of their organization.

        ThrottledError past the person's limit for a minute or the organization's for a day, if there are any.
        """
        if self.requests_per_minute:
            self._spend(f"requests:{principal.user_id}", 60, self.requests_per_minute)
        if self.organization_requests_per_day:
            limit = self.organization_requests_per_day
            spent = self._spend(f"organization:{principal.organization_id}", DAY_S, limit)
            if spent == max(1, int(limit * NEARLY)):  # once a day: whoever runs the installation is called
                observability.warning(
                    "organization_budget_nearly_spent", organization_id=principal.organization_id
                )
                observability.measure("organization_budget_nearly_spent")

    def _spend(self, of: str, window_s: int, limit: int) -> int:
        """Count one more in the window that is now; gives how many there were."""
        now = self.clock()
        window, second = divmod(int(now.timestamp()), window_s)
        spent = self.credentials.count_attempt(
            f"{of}:{window}", expires_at=now + timedelta(seconds=2 * window_s)
        )
        if spent > limit:
            raise ThrottledError(retry_after_s=window_s - second)
        return spent

    def forget(self) -> None:
        """Trust nothing verified before: somebody's credentials, role or name changed."""
        with self._lock:
            self._cache.clear()

    def _cached(self, key: str, verify: Callable[[], Principal]) -> Principal:
        now = self.clock().timestamp()
        known = self._cache.get(key)
        if known and known[1] > now:
            return known[0]
        principal = verify()
        with self._lock:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[key] = (principal, now + self.cache_s)
        return principal

    def _legacy(self, key: str, acting_in: int | None) -> Principal:
        user_id = self.people.user_id_of_token(key)
        if user_id is None:
            raise UnauthenticatedError("Invalid token.")
        principal, organization = self._member(user_id, "Invalid token.", acting_in)
        if not organization.legacy_api_tokens_enabled:
            raise UnauthenticatedError(
                "Authentication token no longer valid: legacy token authentication has been disabled "
                "for this organization"
            )
        return principal

    def _access(self, user_id: str, token_id: str, acting_in: int | None) -> Principal:
        token = self.credentials.personal_token(int(user_id)) if user_id.isdigit() else None
        if token is None or token.token_id != token_id:
            raise UnauthenticatedError(INVALID)
        principal, organization = self._member(token.user_id, INVALID, acting_in)
        if not organization.api_tokens_enabled:
            raise UnauthenticatedError("Personal access tokens are disabled for this organization")
        return principal

    def _session(self, key: str, acting_in: int | None, preferred: int | None) -> Principal:
        session = self.credentials.session(key)
        if session is None or session.expires_at <= self.clock():
            raise UnauthenticatedError(NOBODY)
        since, refusal = session.created_at, NOBODY
        if acting_in is None and preferred is not None:
            account = self.people.account(session.user_id)
            acting_in = preferred if account and account.acting_in(preferred) else None
        principal, organization = self._member(session.user_id, refusal, acting_in, since)
        self._keep_to_policy(session, organization)
        return principal

    def _keep_to_policy(self, session: Session, organization: Organization) -> None:
        """Raise UnauthenticatedError for a session that the organization it acts in deems over."""
        now = self.clock()
        oldest = organization.max_session_age
        if oldest is not None and now - session.created_at >= timedelta(minutes=oldest):
            raise UnauthenticatedError(NOBODY)
        if organization.max_time_between_activity is None:
            return
        idle = timedelta(minutes=organization.max_time_between_activity)
        if session.seen_at is not None and now - session.seen_at >= idle:
            raise UnauthenticatedError(NOBODY)
        if session.seen_at is None or now - session.seen_at >= min(idle / SIGNS_OF_LIFE, ACTIVITY_STEP):
            self.credentials.touch_session(session, now)

    def _member(
        self, user_id: UserId, refusal: str, acting_in: int | None, since: datetime | None = None
    ) -> tuple[Principal, Organization]:
        """The account as a principal; `since` is when the session was opened, if it is one."""
        account = self.people.account(user_id)
        if account is None or not account.user.is_active:
            raise UnauthenticatedError(refusal)
        over = account.user.sessions_since
        if since is not None and over is not None and since < over:
            raise UnauthenticatedError(refusal)
        principal = principal_of(account, OrganizationId(acting_in) if acting_in is not None else None)
        organization = self.people.organization(principal.organization_id) if principal else None
        if principal is None or organization is None:
            raise UnauthenticatedError(refusal)
        self._note_activity(account)
        return principal, organization

    def _note_activity(self, account: Account) -> None:
        now, last = self.clock(), account.user.last_activity
        if last is None or now - last > ACTIVITY_STEP:
            self.people.touch(account.user.id, now)


def principal_of(account: Account, organization_id: OrganizationId | None = None) -> Principal | None:
    """The account as it acts in an organization (its active one by default); None if it cannot act there."""
    membership = account.acting_in(organization_id)
    return principal_of_membership(account.user, membership) if membership else None


def principal_of_membership(user: User, membership: Membership) -> Principal:
    """The user as they act by a membership."""
    return Principal(
        user_id=user.id,
        organization_id=membership.organization_id,
        role=Role(membership.role),
        email=user.email,
        name=user.full_name,
        groups=frozenset(membership.groups),
        project_roles={project: Role(role) for project, role in membership.project_roles.items()},
    )
