"""The caller's organization, its members and invitations."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.credentials import organization_cookie
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import Detail
from chalicelib.api.paging import Page, cut, envelope, page_number, page_size
from chalicelib.api.schemas.memberships import (
    InviteRead,
    OrganizationWrite,
    OwnershipWrite,
    OwnOrganization,
    render_own_organization,
)
from chalicelib.api.schemas.people import (
    MembershipDetail,
    MembershipPatch,
    MembershipRead,
    OrganizationDetail,
    OrganizationPatch,
    OrganizationRead,
    ProjectRef,
    render_membership,
    render_organization,
    render_user,
)
from chalicelib.auth.principals import Principal, Role
from chalicelib.domain.people import Membership, Organization, User
from chalicelib.domain.projects.entities import Project
from chalicelib.ids import UserId
from chalicelib.settings import settings

MEMBERS_PER_PAGE = 20
MOST_MEMBERS = 1000


@route(
    "GET",
    "/api/organizations/",
    action="organization.read",
    answer=list[OwnOrganization],
    summary="List one's organizations",
)
def list_organizations(call: Call) -> list[OwnOrganization]:
    """Those that the caller is a member of; `is_active` is the one that this request acts in."""
    found = wiring.organizations().of_person(call.principal)
    acting = call.principal.organization_id
    return [render_own_organization(membership, organization, acting) for membership, organization in found]


@route(
    "POST",
    "/api/organizations/",
    action="organization.create",
    body=OrganizationWrite,
    answer=OrganizationRead,
    status=201,
    errors=(409,),
    keeps_receipts=True,
    summary="Found an organization",
)
def create_organization(call: Call, *, body: OrganizationWrite) -> Answer:
    """The caller owns it and acts in it from now on."""
    made = wiring.organizations().create(call.principal, body.title)
    return Answer(201, render_organization(made), cookies=(organization_cookie(made.id),))


@route(
    "POST",
    "/api/organizations/{organization_id}/transfer/",
    action="organization.transfer",
    body=OwnershipWrite,
    answer=OrganizationRead,
    errors=(409,),
    summary="Make another member the owner",
)
def transfer_organization(call: Call, *, organization_id: int, body: OwnershipWrite) -> OrganizationRead:
    """The caller becomes an administrator."""
    return render_organization(wiring.organizations().transfer(call.principal, organization_id, body.user))


@route(
    "POST",
    "/api/organizations/{organization_id}/leave/",
    action="self.update",
    status=204,
    errors=(409,),
    summary="Leave the organization",
)
def leave_organization(call: Call, *, organization_id: int) -> None:
    """What the caller made stays. The last owner cannot leave."""
    wiring.organizations().leave(call.principal, organization_id)


@route(
    "GET",
    "/api/organizations/{organization_id}/",
    action="organization.read",
    answer=OrganizationDetail,
    summary="Show the organization",
)
def get_organization(call: Call, *, organization_id: int) -> OrganizationDetail:
    """The caller's organization, whole."""
    return _detail(call.principal, wiring.organizations().get(call.principal, organization_id))


@route(
    "PATCH",
    "/api/organizations/{organization_id}/",
    action="organization.update",
    body=OrganizationPatch,
    answer=OrganizationDetail,
    summary="Change the organization",
)
def update_organization(call: Call, *, organization_id: int, body: OrganizationPatch) -> OrganizationDetail:
    """Changes title, contact or the role that new members get."""
    changed = wiring.organizations().update(call.principal, organization_id, body.given())
    return _detail(call.principal, changed)


@route(
    "GET",
    "/api/organizations/{organization_id}/memberships/",
    action="member.read",
    parameters=("page", "page_size", "contributed_to_projects"),
    answer=Page[MembershipRead],
    summary="List the members with their memberships",
)
def list_memberships(call: Call, *, organization_id: int) -> Page[MembershipRead]:
    """Pages of 20; `page_size=-1` gives all. `contributed_to_projects=true` adds who worked where."""
    members = wiring.organizations().members(call.principal, organization_id)
    organization = wiring.organizations().get(call.principal, organization_id)
    number = page_number(call.request)
    everyone = call.request.first("page_size") == "-1"
    size = max(len(members), 1)
    if not everyone:
        size = page_size(call.request, default=MEMBERS_PER_PAGE, most=MOST_MEMBERS)
    with_projects = call.request.first("contributed_to_projects").lower() in ("true", "1")
    shown = cut(members, number=number, size=size)
    work = _work(call.principal, [user.id for _, user in shown]) if with_projects else None
    results = [_entry(membership, user, organization, work) for membership, user in shown]
    return envelope(call.request, results, count=len(members), number=number, size=size)


@route(
    "GET",
    "/api/organizations/{organization_id}/memberships/{user_id}/",
    action="member.read",
    answer=MembershipDetail,
    summary="Show a membership",
)
def get_membership(call: Call, *, organization_id: int, user_id: int) -> MembershipDetail:
    """One membership, with how much the member has done."""
    membership = wiring.organizations().member(call.principal, organization_id, user_id)
    return _membership(call.principal, membership)


@route(
    "PATCH",
    "/api/organizations/{organization_id}/memberships/{user_id}/",
    action="member.update",
    body=MembershipPatch,
    answer=MembershipDetail,
    errors=(409,),
    summary="Give a member another role, or deactivate them",
)
def update_membership(
    call: Call, *, organization_id: int, user_id: int, body: MembershipPatch
) -> MembershipDetail:
    """Never more power than the caller's own; never an organization without an owner."""
    service = wiring.organizations()
    membership = service.member(call.principal, organization_id, user_id)
    if body.role is not None:
        membership = service.set_role(call.principal, organization_id, user_id, Role(body.role))
    if body.is_active is not None:
        membership = service.set_active(call.principal, organization_id, user_id, is_active=body.is_active)
    return _membership(call.principal, membership)


@route(
    "DELETE",
    "/api/organizations/{organization_id}/memberships/{user_id}/",
    action="member.remove",
    status=204,
    errors=(405,),
    refused={405: Detail},
    summary="Remove a member",
)
def remove_membership(call: Call, *, organization_id: int, user_id: int) -> Answer | None:
    """What the member made stays. Oneself cannot be removed."""
    wiring.organizations().get(call.principal, organization_id)
    if user_id == call.principal.user_id:
        return Answer(405, {"detail": "User cannot soft delete self"})
    wiring.organizations().remove_member(call.principal, organization_id, user_id)
    return None


@route(
    "GET",
    "/api/invite/",
    action="member.invite",
    answer=InviteRead,
    summary="Show the invitation link",
)
def invite(call: Call) -> InviteRead:
    """Whoever has the link can sign up."""
    return _invite(wiring.organizations().invitation(call.principal))


@route(
    "POST",
    "/api/invite/reset-token/",
    action="member.invite",
    answer=InviteRead,
    status=201,
    summary="Replace the invitation link",
)
def reset_invite(call: Call) -> InviteRead:
    """The old link is worth nothing from now on."""
    return _invite(wiring.organizations().reset_invitation(call.principal))


def _invite(token: str) -> InviteRead:
    return {"token": token, "invite_url": f"{settings().public_url}/user/signup/?token={token}"}


def _detail(principal: Principal, organization: Organization) -> OrganizationDetail:
    from chalicelib.auth.policies import may
    from chalicelib.clock import iso

    members = wiring.organizations().members(principal, organization.id)
    may_invite = may(principal, "member.invite")
    return {
        **render_organization(organization),
        "token": wiring.organizations().invitation(principal) if may_invite else "",
        "created_by": organization.created_by,
        "users": [membership.user_id for membership, _ in members],
        "updated_at": iso(organization.updated_at),
        "default_role": organization.default_role,
    }


_Work = list[tuple[Project, frozenset[UserId]]]


def _work(principal: Principal, users: Sequence[UserId]) -> _Work:
    """Each project with those of the users who have annotated in it."""
    projects = wiring.projects().all(principal)
    workers = wiring.contributions().workers(principal, projects, users)
    return [(project, workers[project.id]) for project in projects]


def _entry(
    membership: Membership, user: User, organization: Organization, work: _Work | None
) -> MembershipRead:
    created = contributed = None
    if work is not None:
        created = [_project(project) for project, _ in work if project.created_by == user.id]
        contributed = [_project(project) for project, users in work if user.id in users]
    return {
        "id": user.id,
        "organization": membership.organization_id,
        "role": membership.role,
        "is_active": membership.is_active,
        "groups": list(membership.groups),
        "user": {
            **render_user(user, organization),
            "created_projects": created,
            "contributed_to_projects": contributed,
        },
    }


def _project(project: Project) -> ProjectRef:
    return {"id": project.id, "title": project.title}


def _membership(principal: Principal, membership: Membership) -> MembershipDetail:
    done = wiring.contributions().of_member(principal, membership.user_id)
    return render_membership(membership, annotations=done.tasks, projects=done.projects)
