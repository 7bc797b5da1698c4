"""Setting a new password by a link that was sent to the account's address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib import observability
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import InvitationRepository, Mailer, PeopleRepository
from chalicelib.clock import Clock
from chalicelib.domain.people import PasswordReset, User, normalize_email
from chalicelib.errors import ForbiddenError, UpstreamError
from chalicelib.services.people import PeopleService
from chalicelib.services.sessions import Attempts, told_of

NOT_VALID = "This link is no longer valid. Ask for a new one."
MAIL = """Hello,

somebody asked for a new password for this address on Skylabel. Follow this link to choose one:

{link}

The link works once, until {until}. If it was not you, do nothing: your password stays as it is.
"""


@dataclass(frozen=True)
class PasswordResetService:
    """Sends links, and sets passwords for those who have one."""

    people: PeopleRepository
    resets: InvitationRepository
    profiles: PeopleService
    attempts: Attempts
    mailer: Mailer
    clock: Clock
    public_url: str
    valid_s: int = 3600
    forget_verified: Callable[[], None] = lambda: None

    def ask(self, email: str, *, address: str) -> None:
        """Send a link, if the address has an account; nobody is told whether it has.

        ThrottledError after too many questions, about an account or from an address.
        """
        normal, now = normalize_email(email), self.clock()
        self.attempts.count(f"reset:{fingerprint(normal)}", self.attempts.limits.per_account, now)
        self.attempts.count(f"reset-from:{fingerprint(address)}", self.attempts.limits.per_address, now)
        user_id = self.people.user_id_of_email(normal)
        account = self.people.account(user_id) if user_id is not None else None
        if account is None or not account.user.is_active:
            return
        secret = secrets.token_urlsafe(24)
        reset = PasswordReset(fingerprint(secret), account.user.id, now + timedelta(seconds=self.valid_s))
        self.resets.save_reset(reset)
        until = f"{reset.expires_at:%Y-%m-%d %H:%M} UTC"
        link = f"{self.public_url}/reset?token={secret}"
        try:
            self.mailer.send(
                account.user.email, "A new password for Skylabel", MAIL.format(link=link, until=until)
            )
        except UpstreamError:
            # Telling that the mail failed would tell that there is an account.
            observability.warning("reset_mail_failed", user_id=account.user.id)
            return
        observability.info("password_reset_asked", user_id=account.user.id)

    def set(self, secret: str, password: str, *, address: str) -> User:
        """The user with the new password; all their sessions end and the link is used up.

        A password that will not do leaves the link usable. Raises ForbiddenError, InvalidInputError.
        """
        self.attempts.count(
            f"reset-by:{fingerprint(address)}", self.attempts.limits.per_address, self.clock()
        )
        self.profiles.check_password("password", password)
        reset = self.resets.take_reset(fingerprint(secret))
        account = self.people.account(reset.user_id) if reset else None
        if reset is None or account is None or reset.expires_at <= self.clock() or not account.user.is_active:
            raise ForbiddenError(NOT_VALID)
        told_of(account)
        hashed = self.profiles.hash_password(password)
        saved = self.people.save_user(
            replace(account.user, password_hash=hashed, sessions_since=self.clock())
        )
        self.forget_verified()
        observability.info("password_reset", user_id=saved.id)
        return saved
