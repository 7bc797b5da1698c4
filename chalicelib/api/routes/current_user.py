"""The caller: who they are, their tokens and key bindings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from typing_extensions import TypedDict

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.bodies import Body
from chalicelib.api.credentials import organization_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.hotkeys import Hotkeys, HotkeysRefused, HotkeysWrite
from chalicelib.api.schemas.memberships import OrganizationChoice
from chalicelib.api.schemas.people import (
    AccessRead,
    RefreshRead,
    RefreshWrite,
    TokenRead,
    TokenSwitches,
    TokenSwitchesWrite,
    WhoAmI,
    render_user,
)
from chalicelib.auth.policies import ROLES_FOR
from chalicelib.auth.principals import Principal, Role
from chalicelib.domain.people import Organization
from chalicelib.errors import InvalidInputError


class SessionPolicy(TypedDict):
    """How long sessions last, in minutes."""

    max_session_age: int
    max_time_between_activity: int


class SessionPolicyWrite(Body):
    """How long sessions are to last, in minutes."""

    max_session_age: int | None = None
    max_time_between_activity: int | None = None


def whoami_body(principal: Principal) -> WhoAmI:
    """The caller, with what they may do."""
    user, organization = wiring.people().me(principal)
    owner = wiring.people().by_ids({organization.created_by}).get(organization.created_by)
    return {
        **render_user(user, organization, owner_email=owner.email if owner else ""),
        "role": principal.role.value,
        "permissions": sorted(action for action, roles in ROLES_FOR.items() if principal.role in roles),
    }


@route("GET", "/api/current-user/whoami/", action="self.read", answer=WhoAmI, summary="Say who asks")
def whoami(call: Call) -> WhoAmI:
    """The caller."""
    return whoami_body(call.principal)


@route(
    "POST",
    "/api/current-user/organization/",
    action="self.update",
    body=OrganizationChoice,
    answer=WhoAmI,
    errors=(404,),
    summary="Act in another of one's organizations",
)
def switch_organization(call: Call, *, body: OrganizationChoice) -> Answer:
    """For sessions and for tokens that name no organization in `X-Skylabel-Organization`."""
    membership = wiring.organizations().switch(call.principal, body.organization)
    acting = replace(call.principal, organization_id=membership.organization_id, role=Role(membership.role))
    return Answer(200, whoami_body(acting), cookies=(organization_cookie(acting.organization_id),))


@route(
    "GET",
    "/api/current-user/token/",
    action="token.manage",
    answer=TokenRead,
    summary="Own legacy token",
)
def token(call: Call) -> TokenRead:
    """The caller's legacy token."""
    return {"token": wiring.tokens().legacy(call.principal)}


@route(
    "POST",
    "/api/current-user/reset-token/",
    action="token.manage",
    answer=TokenRead,
    status=201,
    summary="Replace one's legacy token",
)
def reset_token(call: Call) -> TokenRead:
    """A new legacy token; the old one dies."""
    return {"token": wiring.tokens().reset_legacy(call.principal)}


@route("GET", "/api/current-user/hotkeys/", action="self.read", answer=Hotkeys, summary="Own key bindings")
def hotkeys(call: Call) -> dict[str, Any]:
    """The caller's key bindings."""
    return {"custom_hotkeys": wiring.people().hotkeys(call.principal)}


@route(
    "PATCH",
    "/api/current-user/hotkeys/",
    action="self.update",
    sent=HotkeysWrite,
    answer=Hotkeys,
    refused={400: HotkeysRefused},
    summary="Replace one's key bindings",
)
def set_hotkeys(call: Call) -> Answer:
    """Label Studio's own error form here: `{"error", "details"}`."""
    sent = call.request.parsed
    try:
        bindings = wiring.people().set_hotkeys(
            call.principal, sent.get("custom_hotkeys") if isinstance(sent, dict) else None
        )
    except InvalidInputError as error:
        messages = [fault.message for fault in error.faults]
        refused: HotkeysRefused = {
            "error": "Invalid hotkeys configuration",
            "details": {"custom_hotkeys": messages},
        }
        return Answer(400, refused)
    return Answer(200, {"custom_hotkeys": bindings})


@route(
    "GET",
    "/api/current-user/product-tour/",
    parameters=("name",),
    action="self.read",
    status=400,
    summary="The state of a product tour",
)
def product_tour(call: Call) -> Answer:
    """There are no tours."""
    raise InvalidInputError.at("name", f'"{call.request.first("name")}" is not a known tour.')


@route(
    "POST",
    "/api/token/",
    action="token.manage",
    answer=TokenRead,
    status=201,
    errors=(409,),
    summary="Make a personal access token",
)
def create_personal_token(call: Call) -> TokenRead:
    """The whole refresh token, shown this once."""
    return {"token": wiring.tokens().create(call.principal)}


@route(
    "GET", "/api/token/", action="token.manage", answer=list[TokenRead], summary="List personal access tokens"
)
def personal_tokens(call: Call) -> list[TokenRead]:
    """Living tokens without their signatures."""
    return [{"token": listed} for listed in wiring.tokens().listed(call.principal)]


@route(
    "POST",
    "/api/token/refresh/",
    body=RefreshWrite,
    answer=AccessRead,
    errors=(401,),
    summary="Get an access token",
)
def refresh(_call: Call, *, body: RefreshWrite) -> AccessRead:
    """A short-lived access token for a personal one."""
    return {"access": wiring.tokens().refresh(body.refresh)}


@route(
    "POST",
    "/api/token/blacklist/",
    action="token.manage",
    body=RefreshWrite,
    status=204,
    summary="Revoke a personal access token",
)
def blacklist(call: Call, *, body: RefreshWrite) -> None:
    """The token is worth nothing from now on."""
    wiring.tokens().revoke(call.principal, body.refresh)


@route(
    "POST",
    "/api/token/rotate/",
    action="token.manage",
    body=RefreshWrite,
    answer=RefreshRead,
    summary="Replace a personal access token",
)
def rotate(call: Call, *, body: RefreshWrite) -> RefreshRead:
    """A new token in the place of a living one."""
    return {"refresh": wiring.tokens().rotate(call.principal, body.refresh)}


@route(
    "GET",
    "/api/jwt/settings/",
    action="organization.read",
    answer=TokenSwitches,
    summary="Which kinds of token are accepted",
)
def token_switches(call: Call) -> TokenSwitches:
    """The organization's switches."""
    return _switches(wiring.organizations().token_switches(call.principal))


@route(
    "POST",
    "/api/jwt/settings/",
    action="organization.update",
    body=TokenSwitchesWrite,
    answer=TokenSwitches,
    summary="Choose which kinds of token are accepted",
)
def set_token_switches(call: Call, *, body: TokenSwitchesWrite) -> TokenSwitches:
    """Changes the switches that are sent."""
    return _switches(wiring.organizations().set_token_switches(call.principal, body.given()))


@route(
    "GET",
    "/api/session-policy/",
    action="organization.read",
    answer=SessionPolicy,
    summary="How long sessions last",
)
def session_policy(call: Call) -> SessionPolicy:
    """In minutes: what the organization has set, or the installation's limit."""
    return _policy(wiring.organizations().get(call.principal, call.principal.organization_id))


@route(
    "PATCH",
    "/api/session-policy/",
    action="organization.update",
    body=SessionPolicyWrite,
    answer=SessionPolicy,
    errors=(412,),
    summary="Choose how long sessions last",
)
def set_session_policy(call: Call, *, body: SessionPolicyWrite) -> SessionPolicy:
    """Of everybody who acts in the organization, from now on; `null` takes a limit away."""
    changes, limit = body.given(), _longest_session()
    return _policy(wiring.organizations().set_session_policy(call.principal, changes, limit=limit))


def _policy(organization: Organization) -> SessionPolicy:
    age = organization.max_session_age or _longest_session()
    idle = organization.max_time_between_activity or age
    return {"max_session_age": age, "max_time_between_activity": idle}


def _longest_session() -> int:
    """The installation's limit in minutes."""
    from chalicelib.settings import settings

    return settings().session_s // 60


def _switches(organization: Organization) -> TokenSwitches:
    return {
        "api_tokens_enabled": organization.api_tokens_enabled,
        "legacy_api_tokens_enabled": organization.legacy_api_tokens_enabled,
    }
