"""Signing in and out by password, with a limit on attempts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import observability
from chalicelib.actors import act_as
from chalicelib.auth.passwords import fingerprint, verify_password
from chalicelib.auth.ports import CredentialRepository, PeopleRepository
from chalicelib.clock import Clock
from chalicelib.domain.people import Account, Session, normalize_email
from chalicelib.errors import ThrottledError, UnauthenticatedError
from chalicelib.ids import UserId

WRONG = "The email and password you entered don't match."


def told_of(account: Account) -> None:
    """Let the audit log name somebody who has just proved who they are, in the organization they act in."""
    member = account.acting_in()
    act_as(member.organization_id if member else 0, account.user.id)


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """How often signing in may be tried within a window of seconds."""

    per_account: int
    per_address: int
    window_s: int


@dataclass(frozen=True)
class Attempts:
    """Counts what is tried under a name, in windows of time."""

    credentials: CredentialRepository
    limits: AttemptLimits

    def count(self, what: str, limit: int, now: datetime) -> None:
        """Count one attempt. ThrottledError when there were more than `limit` in this window."""
        window = timedelta(seconds=self.limits.window_s)
        count = self.credentials.count_attempt(self.window(what, now), expires_at=now + window)
        if count > limit:
            since = now.timestamp() % self.limits.window_s
            observability.warning("sign_in_throttled", attempts=count)
            raise ThrottledError(retry_after_s=max(1, int(self.limits.window_s - since)))

    def forget(self, what: str, now: datetime) -> None:
        """Set the count of this window back to none."""
        self.credentials.forget_attempts(self.window(what, now))

    def window(self, what: str, now: datetime) -> str:
        """The name with the window that the moment lies in."""
        return f"{what}:{int(now.timestamp()) // self.limits.window_s}"


@dataclass(frozen=True)
class SessionService:
    """Browser sessions. A cookie holds a random secret, the table its hash."""

    people: PeopleRepository
    credentials: CredentialRepository
    clock: Clock
    session_s: int
    limits: AttemptLimits
    verify: Callable[[str, str], bool] = verify_password
    forget_verified: Callable[[], None] = lambda: None

    def sign_in(self, email: str, password: str, *, address: str, previous: str = "") -> tuple[Account, str]:
        """The account and the secret of a new session; `previous`, the browser's old one, ends.

        Raises UnauthenticatedError in the same words and time for a wrong password and an unknown
        account, and ThrottledError after too many attempts, the right password included.
        """
        now = self.clock()
        normal = normalize_email(email)
        attempts = Attempts(self.credentials, self.limits)
        attempts.count(f"account:{fingerprint(normal)}", self.limits.per_account, now)
        attempts.count(f"address:{fingerprint(address)}", self.limits.per_address, now)
        user_id = self.people.user_id_of_email(normal)
        account = self.people.account(user_id) if user_id is not None else None
        stored = account.user.password_hash if account and account.user.is_active else ""
        if not self.verify(password, stored) or account is None:
            observability.info("sign_in_refused")
            raise UnauthenticatedError(WRONG)
        told_of(account)
        attempts.forget(f"account:{fingerprint(normal)}", now)
        observability.info("signed_in", user_id=account.user.id)
        return account, self.open(account.user.id, previous=previous)

    def open(self, user_id: UserId, *, previous: str = "") -> str:
        """The secret of a new session for a user who has proved who they are; `previous` ends."""
        if previous:
            self.close(previous)
        secret = secrets.token_urlsafe(32)
        now = self.clock()
        expires_at = now + timedelta(seconds=self.session_s)
        self.credentials.save_session(Session(fingerprint(secret), user_id, now, expires_at))
        return secret

    def close(self, secret: str) -> None:
        """End the session, at once in this process and within the cache's time in others."""
        self.credentials.delete_session(fingerprint(secret))
        self.forget_verified()
