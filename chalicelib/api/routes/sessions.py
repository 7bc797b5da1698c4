"""Signing in and out from a browser, and signing up by invitation."""

from __future__ import annotations

import hmac
import html
import secrets

from chalicelib import wiring
from chalicelib.api.answers import Answer, page, redirect
from chalicelib.api.bodies import read_body
from chalicelib.api.credentials import SESSION_COOKIE, session_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.api.request import Request
from chalicelib.api.routes.current_user import whoami_body
from chalicelib.api.schemas.memberships import ResetAsk, ResetWrite
from chalicelib.api.schemas.people import PasswordWrite, SignIn, WhoAmI
from chalicelib.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from chalicelib.services.credentials import principal_of
from chalicelib.services.people import Profile
from chalicelib.services.sessions import WRONG
from chalicelib.settings import settings

CSRF_COOKIE = "csrftoken"
CSRF_FIELD = "csrfmiddlewaretoken"


@route(
    "POST",
    "/api/session/",
    body=SignIn,
    answer=WhoAmI,
    errors=(401, 429),
    summary="Sign in by password",
)
def sign_in(call: Call, *, body: SignIn) -> Answer:
    """Gives the caller and sets the session cookie; the browser's earlier session ends."""
    account, secret = wiring.sessions().sign_in(
        body.email,
        body.password,
        address=call.request.address,
        previous=call.request.cookies.get(SESSION_COOKIE, ""),
    )
    principal = principal_of(account)
    if principal is None:
        raise UnauthenticatedError(WRONG)
    return Answer(200, whoami_body(principal), cookies=(session_cookie(secret),))


@route("GET", "/api/session/", action="self.read", answer=WhoAmI, summary="Say who is signed in")
def session(call: Call) -> WhoAmI:
    """The caller."""
    return whoami_body(call.principal)


@route("DELETE", "/api/session/", action="self.read", status=204, summary="Sign out")
def sign_out(call: Call) -> Answer:
    """Ends the session and removes the cookie."""
    if secret := call.request.cookies.get(SESSION_COOKIE, ""):
        wiring.sessions().close(secret)
    return Answer(204, None, cookies=(session_cookie(""),))


@route(
    "POST",
    "/api/current-user/password/",
    action="self.update",
    body=PasswordWrite,
    status=204,
    summary="Change one's password",
)
def change_password(call: Call, *, body: PasswordWrite) -> Answer:
    """All sessions end; a browser that asked gets a new one."""
    wiring.people().change_password(call.principal, body.current_password, body.new_password)
    if SESSION_COOKIE not in call.request.cookies:
        return Answer(204)
    secret = wiring.sessions().open(call.principal.user_id, previous=call.request.cookies[SESSION_COOKIE])
    return Answer(204, cookies=(session_cookie(secret),))


@route(
    "POST",
    "/api/password-reset/",
    body=ResetAsk,
    status=204,
    errors=(429,),
    summary="Ask for a link to set a new password",
)
def ask_for_reset(call: Call, *, body: ResetAsk) -> None:
    """The same answer whether there is such an account or not."""
    wiring.password_resets().ask(body.email, address=call.request.address)


@route(
    "POST",
    "/api/password-reset/set/",
    body=ResetWrite,
    status=204,
    errors=(403, 429),
    summary="Set a new password by a link",
)
def set_by_reset(call: Call, *, body: ResetWrite) -> None:
    """The link works once; all sessions of the account end."""
    wiring.password_resets().set(body.token, body.password, address=call.request.address)


@route("GET", "/user/login/", media="text/html", summary="The sign-in form")
def login_form(call: Call) -> Answer:
    """A plain form for scripts; people sign in on the application's own page."""
    return _form(call.request, "Sign in", "/user/login/", "")


@route("POST", "/user/login/", status=302, errors=(403, 429), media="text/html", summary="Sign in by form")
def login(call: Call) -> Answer:
    """Redirects to `/` with a session, or shows the form again."""
    fields = _checked_form(call.request)
    previous = call.request.cookies.get(SESSION_COOKIE, "")
    try:
        _, secret = wiring.sessions().sign_in(
            fields.email, fields.password, address=call.request.address, previous=previous
        )
    except UnauthenticatedError as error:
        return _form(call.request, "Sign in", "/user/login/", error.message)
    return redirect("/", cookies=(session_cookie(secret),))


@route("GET", "/user/signup/", media="text/html", summary="The sign-up form")
def signup_form(call: Call) -> Answer:
    """A plain form for scripts."""
    return _form(call.request, "Sign up", _signup_path(call.request), "")


@route("POST", "/user/signup/", status=302, errors=(403,), media="text/html", summary="Sign up by form")
def signup(call: Call) -> Answer:
    """Makes the account in the organization of the invitation, signs in and redirects to `/`."""
    fields = _checked_form(call.request)
    more = call.request.parsed
    profile = Profile(
        email=fields.email, allow_newsletters=str(more.get("allow_newsletters")) in ("on", "true", "1")
    )
    try:
        user = wiring.people().sign_up(
            profile,
            fields.password,
            invite_token=call.request.first("token"),
            signup_open=settings().signup_open,
        )
    except InvalidInputError as error:
        message = " ".join(fault.message for fault in error.faults)
        return _form(call.request, "Sign up", _signup_path(call.request), message)
    previous = call.request.cookies.get(SESSION_COOKIE, "")
    return redirect("/", cookies=(session_cookie(wiring.sessions().open(user.id, previous=previous)),))


@route("GET", "/logout/", status=302, media="text/html", summary="Leave: a page that signs out by a form")
def logout(_call: Call) -> Answer:
    """Changes nothing by itself, as a GET must; the application signs out by DELETE /api/session/."""
    return redirect("/user/login/")


def _signup_path(request: Request) -> str:
    token = request.first("token")
    return f"/user/signup/?token={token}" if token.isalnum() else "/user/signup/"


def _checked_form(request: Request) -> SignIn:
    sent = request.parsed if request.is_form else {}
    token = str(sent.get(CSRF_FIELD) or request.headers.get("x-csrftoken", ""))
    known = request.cookies.get(CSRF_COOKIE, "")
    if not known or not hmac.compare_digest(token.encode(), known.encode()):
        raise ForbiddenError("CSRF Failed: CSRF token missing or incorrect.")
    return read_body(SignIn, request)


def _form(request: Request, title: str, target: str, message: str) -> Answer:
    token = request.cookies.get(CSRF_COOKIE, "")
    if not token.isalnum() or len(token) < 32:
        token = secrets.token_hex(32)
    secure = "; Secure" if settings().is_secure else ""
    cookie = f"{CSRF_COOKIE}={token}; Path=/; Max-Age=31449600; SameSite=Lax{secure}"
    return page(
        f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1>'
        f'<p role="alert">{html.escape(message)}</p>'
        f'<form method="post" action="{html.escape(target)}">'
        f'<input type="hidden" name="{CSRF_FIELD}" value="{token}">'
        '<label>E-mail <input type="email" name="email" required></label>'
        '<label>Password <input type="password" name="password" required></label>'
        f"<button>{title}</button></form></html>",
        cookies=(cookie,),
    )
