"""Groups of members, who get roles in projects together."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.memberships import GroupDetail, GroupRead, GroupWrite, render_group


@route("GET", "/api/groups/", action="group.read", answer=list[GroupDetail], summary="List the groups")
def list_groups(call: Call) -> list[GroupDetail]:
    """With the ids of their members."""
    found = wiring.groups().listed(call.principal)
    return [{**render_group(group), "members": members} for group, members in found]


@route(
    "POST",
    "/api/groups/",
    action="group.manage",
    body=GroupWrite,
    answer=GroupRead,
    status=201,
    errors=(409,),
    keeps_receipts=True,
    summary="Make a group",
)
def create_group(call: Call, *, body: GroupWrite) -> GroupRead:
    """Without members at first."""
    return render_group(wiring.groups().create(call.principal, body.name))


@route(
    "PATCH",
    "/api/groups/{group_id}/",
    action="group.manage",
    body=GroupWrite,
    answer=GroupRead,
    summary="Rename a group",
)
def rename_group(call: Call, *, group_id: int, body: GroupWrite) -> GroupRead:
    """Its members and roles stay."""
    return render_group(wiring.groups().rename(call.principal, group_id, body.name))


@route("DELETE", "/api/groups/{group_id}/", action="group.manage", status=204, summary="Delete a group")
def delete_group(call: Call, *, group_id: int) -> None:
    """Its members lose what they were by it."""
    wiring.groups().delete(call.principal, group_id)


@route(
    "PUT",
    "/api/groups/{group_id}/members/{user_id}/",
    action="group.manage",
    status=204,
    errors=(409,),
    summary="Put a member into a group",
)
def put_into_group(call: Call, *, group_id: int, user_id: int) -> None:
    """Harmless when they are in it."""
    wiring.groups().put_in(call.principal, group_id, user_id)


@route(
    "DELETE",
    "/api/groups/{group_id}/members/{user_id}/",
    action="group.manage",
    status=204,
    errors=(409,),
    summary="Take a member out of a group",
)
def take_out_of_group(call: Call, *, group_id: int, user_id: int) -> None:
    """Harmless when they are not in it."""
    wiring.groups().take_out(call.principal, group_id, user_id)
