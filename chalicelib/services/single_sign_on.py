"""Signing in by an OpenID Connect provider: authorization code with PKCE, behind the same sessions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from chalicelib import observability
from chalicelib.auth.identity_tokens import Identity, read_id_token
from chalicelib.auth.passwords import fingerprint
from chalicelib.auth.ports import IdentityProvider, PeopleRepository
from chalicelib.auth.principals import Role
from chalicelib.auth.signing import KeyRing
from chalicelib.clock import Clock
from chalicelib.domain.people import Account, looks_like_email, normalize_email
from chalicelib.errors import UnauthenticatedError
from chalicelib.ids import UserId
from chalicelib.services.people import PeopleService, Profile
from chalicelib.services.sessions import SessionService, told_of
from chalicelib.services.tokens import TokenService

REFUSED = "Signing in this way did not work."
ATTEMPT_S = 600


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the browser goes, and what it must bring back in a cookie."""

    url: str
    cookie: str


@dataclass(frozen=True)
class SingleSignOn:
    """Sends browsers to the provider and lets in whom it sends back.

    What must be remembered meanwhile (state, nonce, verifier, target) is a signed token in a cookie.
    """

    provider: IdentityProvider
    people: PeopleRepository
    joining: PeopleService
    sessions: SessionService
    tokens: TokenService
    keys: KeyRing
    clock: Clock
    redirect_uri: str
    issuer: str
    client_id: str
    organization: int

    def begin(self, target: str) -> Beginning:
        """Start a sign-in that ends at the path `target`. UpstreamError when the provider is out of reach."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        url = self.provider.authorization_url(
            {
                "redirect_uri": self.redirect_uri,
                "scope": "openid email profile",
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "target": target}
        expiry = int(self.clock().timestamp()) + ATTEMPT_S
        return Beginning(url, self.keys.sign({"token_type": "sign-in", "exp": expiry, **kept}))

    def finish(self, code: str, state: str, cookie: str, *, previous: str = "") -> tuple[str, str]:
        """The secret of a new session and the path to go to. Raises UnauthenticatedError, UpstreamError."""
        now = int(self.clock().timestamp())
        kept = self.keys.verify(cookie, now=now)
        is_ours = kept.get("token_type") == "sign-in" and bool(code)
        if not is_ours or not hmac.compare_digest(str(kept["state"]).encode(), state.encode()):
            raise UnauthenticatedError(REFUSED)
        token = self.provider.exchange(code, verifier=kept["verifier"], redirect_uri=self.redirect_uri)
        identity = self._identity(token, kept["nonce"], now)
        account = self._account(identity)
        if account is None or not account.user.is_active or account.acting_in() is None:
            observability.info("single_sign_on_refused")
            raise UnauthenticatedError(REFUSED)
        told_of(account)
        observability.info("signed_in", user_id=account.user.id)
        return self.sessions.open(account.user.id, previous=previous), str(kept["target"])

    def _identity(self, token: str, nonce: str, now: int) -> Identity:
        def read(*, fresh: bool) -> Identity:
            return read_id_token(
                token,
                self.provider.keys(fresh=fresh),
                issuer=self.issuer,
                client_id=self.client_id,
                nonce=nonce,
                now=now,
            )

        try:
            return read(fresh=False)
        except UnauthenticatedError:
            return read(fresh=True)  # the provider may have changed its keys

    def _account(self, identity: Identity) -> Account | None:
        """Whose identity it is: known from before, or by a verified address, or new where that is allowed.

        An account that is found by its address may have been made by somebody who only claimed the address:
        its password, sessions and tokens end, so that nobody else keeps a key to it.
        """
        key = fingerprint(f"{identity.issuer}\0{identity.subject}")
        user_id = self.people.user_id_of_identity(key)
        if user_id is not None:
            return self.people.account(user_id)
        email = normalize_email(identity.email)
        if not identity.is_email_verified or not looks_like_email(email):
            return None
        user_id = self.people.user_id_of_email(email)
        known = self.people.account(user_id) if user_id is not None else None
        if known is not None:
            cleared = replace(known.user, password_hash="", sessions_since=self.clock())
            self.tokens.end_all(self.people.save_user(cleared))
        user_id = known.user.id if known else self._new(identity, email)
        if user_id is None:
            return None
        self.people.link_identity(user_id, key)
        return self.people.account(user_id)

    def _new(self, identity: Identity, email: str) -> UserId | None:
        organization = self.people.organization(self.organization) if self.organization else None
        if organization is None:
            return None
        profile = Profile(email, first_name=identity.first_name, last_name=identity.last_name)
        return self.joining.join(organization, profile, role=Role(organization.default_role)).id
