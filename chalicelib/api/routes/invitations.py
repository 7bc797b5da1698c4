"""Invitations by link and by e-mail, and joining by them."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.credentials import SESSION_COOKIE, organization_cookie, session_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.memberships import (
    InvitationMade,
    InvitationRead,
    InvitationSecret,
    InvitationWrite,
    SignUp,
    WelcomeRead,
    render_invitation,
    render_welcome,
)
from chalicelib.auth.principals import Role
from chalicelib.services.people import Profile


@route(
    "GET",
    "/api/invitations/",
    action="member.invite",
    answer=list[InvitationRead],
    summary="List the invitations",
)
def list_invitations(call: Call) -> list[InvitationRead]:
    """Those that can still be used."""
    return [render_invitation(invitation) for invitation in wiring.invitations().listed(call.principal)]


@route(
    "POST",
    "/api/invitations/",
    action="member.invite",
    body=InvitationWrite,
    answer=InvitationMade,
    status=201,
    errors=(409, 502),
    summary="Invite somebody",
)
def create_invitation(call: Call, *, body: InvitationWrite) -> InvitationMade:
    """A link into the organization, until it ends. With an address it is sent there and works once."""
    invitation, url = wiring.invitations().invite(
        call.principal, Role(body.role), email=body.email, days=body.days
    )
    return {**render_invitation(invitation), "url": url}


@route(
    "DELETE",
    "/api/invitations/{invitation_id}/",
    action="member.invite",
    status=204,
    summary="Revoke an invitation",
)
def revoke_invitation(call: Call, *, invitation_id: int) -> None:
    """Its link is worth nothing from now on."""
    wiring.invitations().revoke(call.principal, invitation_id)


@route(
    "POST",
    "/api/invitations/show/",
    body=InvitationSecret,
    answer=WelcomeRead,
    errors=(403,),
    summary="Say where an invitation leads",
)
def show_invitation(_call: Call, *, body: InvitationSecret) -> WelcomeRead:
    """For whoever has its secret. 403 when it is not valid any more."""
    return render_welcome(wiring.invitations().show(body.invitation))


@route(
    "POST",
    "/api/invitations/sign-up/",
    body=SignUp,
    status=204,
    errors=(403,),
    summary="Sign up by an invitation",
)
def sign_up(call: Call, *, body: SignUp) -> Answer:
    """Makes the account and sets the session cookie."""
    profile = Profile(body.email, first_name=body.first_name, last_name=body.last_name)
    user = wiring.invitations().sign_up(body.invitation, profile, body.password)
    previous = call.request.cookies.get(SESSION_COOKIE, "")
    return Answer(204, cookies=(session_cookie(wiring.sessions().open(user.id, previous=previous)),))


@route(
    "POST",
    "/api/invitations/accept/",
    action="self.update",
    body=InvitationSecret,
    status=204,
    errors=(409,),
    summary="Join another organization by an invitation",
)
def accept_invitation(call: Call, *, body: InvitationSecret) -> Answer:
    """For somebody who has an account; they act in that organization from now on."""
    membership = wiring.invitations().accept(call.principal, body.invitation)
    return Answer(204, cookies=(organization_cookie(membership.organization_id),))
