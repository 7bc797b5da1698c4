"""Who may do what in a project: open or closed, roles of members and of groups."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.memberships import (
    ProjectAccessRead,
    ProjectAccessWrite,
    ProjectRoleWrite,
    render_project_group,
    render_project_member,
)
from chalicelib.auth.policies import in_project
from chalicelib.auth.principals import Role
from chalicelib.ids import ProjectId


@route(
    "GET",
    "/api/projects/{project_id}/access/",
    action="project.read",
    answer=ProjectAccessRead,
    summary="Who may do what in the project",
)
def show_access(call: Call, *, project_id: int) -> ProjectAccessRead:
    """Everybody who may see it, with the role that counts."""
    service, project = wiring.project_members(), ProjectId(project_id)
    shown = wiring.projects().get(call.principal, project)
    return {
        "is_members_only": shown.is_members_only,
        "your_role": in_project(call.principal, shown).role.value,
        "members": [render_project_member(member) for member in service.listed(call.principal, project)],
        "groups": [
            render_project_group(group, role) for group, role in service.groups_of(call.principal, project)
        ],
    }


@route(
    "PATCH",
    "/api/projects/{project_id}/access/",
    action="project.members",
    body=ProjectAccessWrite,
    status=204,
    errors=(409,),
    summary="Open the project to the organization, or close it",
)
def set_access(call: Call, *, project_id: int, body: ProjectAccessWrite) -> None:
    """Closed, only those see it who were given a role in it, themselves or by a group, and administrators."""
    wiring.project_members().set_access(
        call.principal, ProjectId(project_id), is_members_only=body.is_members_only
    )


@route(
    "PUT",
    "/api/projects/{project_id}/members/{user_id}/",
    action="project.members",
    body=ProjectRoleWrite,
    status=204,
    errors=(409,),
    summary="Give a member a role in the project",
)
def set_project_role(call: Call, *, project_id: int, user_id: int, body: ProjectRoleWrite) -> None:
    """In place of the role that they would have; null takes it back."""
    role = Role(body.role) if body.role else None
    wiring.project_members().set_role(call.principal, ProjectId(project_id), user_id, role)


@route(
    "PUT",
    "/api/projects/{project_id}/groups/{group_id}/",
    action="project.members",
    body=ProjectRoleWrite,
    status=204,
    errors=(409,),
    summary="Give a group a role in the project",
)
def set_project_group_role(call: Call, *, project_id: int, group_id: int, body: ProjectRoleWrite) -> None:
    """For all of its members who have none of their own; null takes it back."""
    role = Role(body.role) if body.role else None
    wiring.project_members().set_group_role(call.principal, ProjectId(project_id), group_id, role)
