"""The tokens that scripts use: the legacy token, and the personal token with its access tokens."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import observability
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import CredentialRepository, PeopleRepository
from chalicelib.auth.principals import Principal
from chalicelib.auth.signing import INVALID, KeyRing, read_unsigned, unsigned
from chalicelib.clock import Clock
from chalicelib.domain.people import PersonalToken, User
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError

REFRESH_S = 200 * 365 * 24 * 3600
UNKNOWN = "Token not found or already blacklisted"


def legacy_token(keys: KeyRing, user: User) -> str:
    """A user's legacy token: 40 hex digits derived from the key, so that only its hash need be stored."""
    return keys.derive("legacy-token", user.id, user.token_generation, key=user.token_key)


@dataclass(frozen=True)
class TokenService:
    """Makes, exchanges and revokes tokens."""

    people: PeopleRepository
    credentials: CredentialRepository
    keys: KeyRing
    clock: Clock
    access_s: int
    forget_verified: Callable[[], None] = lambda: None

    def legacy(self, principal: Principal) -> str:
        """The caller's legacy token."""
        return legacy_token(self.keys, self._user(principal))

    def reset_legacy(self, principal: Principal) -> str:
        """A new legacy token; the old one dies."""
        user = self._user(principal)
        fresh = replace(user, token_generation=user.token_generation + 1, token_key=self.keys.current)
        token = legacy_token(self.keys, fresh)
        old = fingerprint(legacy_token(self.keys, user))
        self.people.replace_token(fresh, old_hash=old, new_hash=fingerprint(token))
        self.forget_verified()
        observability.info("legacy_token_reset", user_id=user.id)
        return token

    def end_all(self, user: User) -> User:
        """The user with a new legacy token that nobody knows; the old one and the personal one are dead."""
        fresh = replace(user, token_generation=user.token_generation + 1, token_key=self.keys.current)
        old, new = (fingerprint(legacy_token(self.keys, known)) for known in (user, fresh))
        saved = self.people.replace_token(fresh, old_hash=old, new_hash=new)
        token = self.credentials.personal_token(user.id)
        if token is not None:
            self.credentials.delete_personal_token(user.id, token.token_id)
        self.forget_verified()
        return saved

    def create(self, principal: Principal) -> str:
        """A new personal (refresh) token, shown this once. ConflictError while another lives."""
        token = self._new(principal)
        if not self.credentials.put_personal_token(token, replacing=""):
            raise ConflictError("You already have a valid token. Please revoke it before creating a new one.")
        observability.info("personal_token_created", user_id=principal.user_id)
        return self.keys.sign(_claims(token), key=token.signing_key)

    def listed(self, principal: Principal) -> list[str]:
        """The caller's living tokens without their signatures, so that they are known but worth nothing."""
        token = self.credentials.personal_token(principal.user_id)
        return [unsigned(_claims(token), key=token.signing_key)] if token else []

    def refresh(self, refresh_token: str) -> str:
        """An access token for a living refresh token. Raises UnauthenticatedError."""
        now = int(self.clock().timestamp())
        claims = self.keys.verify(refresh_token, now=now)
        if claims.get("token_type") != "refresh":
            raise UnauthenticatedError("Token has wrong type")
        token = self._living(claims)
        if token is None:
            raise UnauthenticatedError("Token is blacklisted")
        return self.keys.sign(
            {
                "token_type": "access",
                "exp": now + self.access_s,
                "iat": now,
                "jti": secrets.token_hex(16),
                "user_id": str(token.user_id),
                "pat": token.token_id,
            }
        )

    def revoke(self, principal: Principal, refresh_token: str) -> None:
        """Make the caller's token worthless, given whole or without its signature. Raises NotFoundError."""
        claims = self._own_claims(principal, refresh_token)
        token_id = str(claims.get("jti")) if claims else ""
        if not token_id or not self.credentials.delete_personal_token(principal.user_id, token_id):
            raise NotFoundError(UNKNOWN)
        self.forget_verified()
        observability.info("personal_token_revoked", user_id=principal.user_id)

    def rotate(self, principal: Principal, refresh_token: str) -> str:
        """A new personal token in the place of a living one of the caller's. Raises InvalidInputError."""
        token = self._new(principal)
        try:
            self.keys.verify(refresh_token, now=token.issued_at)
        except UnauthenticatedError as error:
            raise InvalidInputError.at("refresh", INVALID) from error
        claims = self._own_claims(principal, refresh_token)
        old = str(claims.get("jti")) if claims else ""
        if not old or not self.credentials.put_personal_token(token, replacing=old):
            raise InvalidInputError.at("refresh", INVALID)
        self.forget_verified()
        return self.keys.sign(_claims(token), key=token.signing_key)

    def _new(self, principal: Principal) -> PersonalToken:
        now = int(self.clock().timestamp())
        return PersonalToken(
            principal.user_id, secrets.token_hex(16), now, now + REFRESH_S, self.keys.current
        )

    def _living(self, claims: dict[str, Any]) -> PersonalToken | None:
        user_id = str(claims.get("user_id"))
        token = self.credentials.personal_token(int(user_id)) if user_id.isdigit() else None
        return token if token and token.token_id == claims.get("jti") else None

    def _own_claims(self, principal: Principal, token: str) -> dict[str, Any] | None:
        """The claims of a token of the caller's; None for any other. What it is worth is not checked."""
        try:
            _, claims = read_unsigned(".".join(token.split(".")[:2]))
        except UnauthenticatedError:
            return None
        is_own = claims.get("token_type") == "refresh" and claims.get("user_id") == str(principal.user_id)
        return claims if is_own else None

    def _user(self, principal: Principal) -> User:
        account = self.people.account(principal.user_id)
        if account is None:
            raise UnauthenticatedError("Invalid token.")
        return account.user


def _claims(token: PersonalToken) -> dict[str, Any]:
    return {
        "token_type": "refresh",
        "exp": token.expires_at,
        "iat": token.issued_at,
        "jti": token.token_id,
        "user_id": str(token.user_id),
    }
