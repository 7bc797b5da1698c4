"""Signing in by an OpenID Connect provider, where the deployment names one."""

from __future__ import annotations

import re
from urllib.parse import quote

from typing_extensions import TypedDict

from chalicelib import wiring
from chalicelib.api.answers import Answer, redirect
from chalicelib.api.credentials import SESSION_COOKIE, session_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.errors import NotFoundError, UnauthenticatedError, UpstreamError
from chalicelib.services.single_sign_on import ATTEMPT_S
from chalicelib.settings import settings

COOKIE = "skylabel_sign_in"
START = "/projects"


class SignInWays(TypedDict):
    """How people may sign in beside by password: what the provider is called, if there is one."""

    provider: str | None


@route("GET", "/api/sign-in-ways/", answer=SignInWays, summary="How people may sign in")
def sign_in_ways(_call: Call) -> SignInWays:
    """For the sign-in page."""
    return {"provider": settings().oidc_name if wiring.single_sign_on() else None}


@route(
    "GET", "/api/oidc/start/", status=302, media="text/html", errors=(404,), summary="Sign in by the provider"
)
def start(call: Call) -> Answer:
    """Sends the browser to the provider; `next` is the path to come back to."""
    service = wiring.single_sign_on()
    if service is None:
        raise NotFoundError("This installation has no sign-in provider.")
    try:
        beginning = service.begin(own_path(call.request.first("next")))
    except UpstreamError:
        return redirect("/signin?failed=1")
    return redirect(beginning.url, cookies=(_cookie(beginning.cookie, ATTEMPT_S),))


@route(
    "GET",
    "/api/oidc/callback/",
    status=302,
    media="text/html",
    errors=(404,),
    summary="Come back from the provider",
)
def callback(call: Call) -> Answer:
    """Sets the session cookie, or goes back to the sign-in page, which says that it did not work."""
    service = wiring.single_sign_on()
    if service is None:
        raise NotFoundError("This installation has no sign-in provider.")
    cookies = call.request.cookies
    code, state = call.request.first("code"), call.request.first("state")
    try:
        secret, target = service.finish(
            code, state, cookies.get(COOKIE, ""), previous=cookies.get(SESSION_COOKIE, "")
        )
    except (UnauthenticatedError, UpstreamError):
        return redirect("/signin?failed=1", cookies=(_cookie("", 0),))
    return redirect(own_path(target), cookies=(session_cookie(secret), _cookie("", 0)))


def own_path(path: str) -> str:
    """The path if it is one of this site, else the start page: never another site."""
    is_own = re.match(r"/(?![/\\])", path) and len(path) <= 2000 and path.isprintable()
    return quote(path, safe="/?&=%:+,;@~!*'()$-._") if is_own else START


def _cookie(value: str, age: int) -> str:
    secure = "; Secure" if settings().is_secure else ""
    return f"{COOKIE}={value}; Path=/api/oidc/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
