"""Who a request comes from: `Authorization: Token …`, `Authorization: Bearer …`, or the session cookie."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.request import Request
from chalicelib.auth.principals import Principal
from chalicelib.errors import ForbiddenError, UnauthenticatedError
from chalicelib.settings import settings

SESSION_COOKIE = "skylabel_session"
CLIENT_HEADER = "x-skylabel-client"
ORGANIZATION_COOKIE = "skylabel_organization"
ORGANIZATION_HEADER = "x-skylabel-organization"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MISSING = "Authentication credentials were not provided."


def identify(request: Request) -> Principal:
    """Who is asking. Raises UnauthenticatedError, and ForbiddenError for a forgeable request by cookie."""
    kind, _, credential = request.headers.get("authorization", "").strip().partition(" ")
    acting_in = _organization(request)
    if kind.lower() in ("token", "bearer"):
        return _by_header(kind.lower(), credential.strip(), acting_in)
    secret = request.cookies.get(SESSION_COOKIE, "")
    if not secret:
        raise UnauthenticatedError(MISSING)
    principal = wiring.credentials().by_session(secret, acting_in, preferred=_chosen(request))
    if request.method not in SAFE_METHODS and CLIENT_HEADER not in request.headers:
        raise ForbiddenError(
            "Requests that change something and carry the session cookie must have the header "
            "X-Skylabel-Client, which other sites cannot send."
        )
    return principal


def _organization(request: Request) -> int | None:
    """The organization that the request names to act in. UnauthenticatedError for what is no id."""
    named = request.headers.get(ORGANIZATION_HEADER, "").strip()
    if not named:
        return None
    if not (named.isascii() and named.isdigit() and len(named) < 16):
        raise UnauthenticatedError("X-Skylabel-Organization must be the id of an organization.")
    return int(named)


def _by_header(kind: str, credential: str, acting_in: int | None) -> Principal:
    if not credential:
        raise UnauthenticatedError("Invalid token header. No credentials provided.")
    if " " in credential or not credential.isascii():
        raise UnauthenticatedError("Invalid token header.")
    service = wiring.credentials()
    if kind == "token":
        return service.by_legacy_token(credential, acting_in)
    return service.by_access_token(credential, acting_in)


def _chosen(request: Request) -> int | None:
    """The organization that this browser switched to last; it is only a wish."""
    chosen = request.cookies.get(ORGANIZATION_COOKIE, "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 else None


def organization_cookie(organization_id: int) -> str:
    """The `Set-Cookie` value by which a browser acts in an organization at once, whichever process answers.

    Without it a process that trusts what it verified a moment ago would still answer for the other one.
    """
    secure = "; Secure" if settings().is_secure else ""
    value = f"{ORGANIZATION_COOKIE}={organization_id}"
    return f"{value}; Path=/; Max-Age={settings().session_s}; HttpOnly; SameSite=Lax{secure}"


def session_cookie(secret: str) -> str:
    """The `Set-Cookie` value that keeps a session in the browser; without a secret it removes it."""
    age = settings().session_s if secret else 0
    secure = "; Secure" if settings().is_secure else ""
    return f"{SESSION_COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
