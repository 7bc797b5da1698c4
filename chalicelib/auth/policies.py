"""Who may do what: one table of role × action, and the rules that need to see the thing itself.

Everything is pure. Services ask `require` (or `may`) with the organization that owns the thing; the table
is also what the documentation prints and what the tests walk. Somebody of another organization is told
that there is no such thing, in the same words as for an unknown id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.auth.principals import Principal, Role
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import ForbiddenError, NotFoundError

EVERYONE = frozenset(Role)
LABELERS = EVERYONE - {Role.VIEWER}
REVIEWERS = LABELERS - {Role.ANNOTATOR}
MANAGERS = REVIEWERS - {Role.REVIEWER}
ADMINISTRATORS = MANAGERS - {Role.MANAGER}
OWNERS = frozenset({Role.OWNER})

ROLES_FOR: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "self.read": EVERYONE,
        "self.update": EVERYONE,
        "token.manage": EVERYONE,
        "organization.read": EVERYONE,
        "organization.create": ADMINISTRATORS,
        "organization.update": ADMINISTRATORS,
        "organization.transfer": OWNERS,
        "member.read": EVERYONE,
        "member.invite": MANAGERS,
        "member.create": ADMINISTRATORS,
        "member.update": ADMINISTRATORS,
        "member.remove": ADMINISTRATORS,
        "group.read": EVERYONE,
        "group.manage": ADMINISTRATORS,
        "label.read": EVERYONE,
        "label.create": LABELERS,
        "label.manage": MANAGERS,
        "project.read": EVERYONE,
        "project.create": MANAGERS,
        "project.update": MANAGERS,
        "project.delete": MANAGERS,
        "project.members": MANAGERS,
        "project.judge": MANAGERS,
        "task.read": EVERYONE,
        "task.create": MANAGERS,
        "task.update": MANAGERS,
        "task.delete": MANAGERS,
        "task.assign": MANAGERS,
        "task.transition": LABELERS,
        "annotation.read": EVERYONE,
        "annotation.read_blinded": REVIEWERS,
        "annotation.create": LABELERS,
        "annotation.update_own": LABELERS,
        "annotation.update_any": REVIEWERS,
        "annotation.delete_own": LABELERS,
        "annotation.delete_any": REVIEWERS,
        "comment.read": EVERYONE,
        "comment.write": LABELERS,
        "comment.delete_any": REVIEWERS,
        "draft.read": EVERYONE,
        "draft.write": LABELERS,
        "prediction.read": EVERYONE,
        "prediction.write": MANAGERS,
        "view.read": EVERYONE,
        "view.write": LABELERS,
        "import.run": MANAGERS,
        "upload.read": EVERYONE,
        "upload.write": MANAGERS,
        "export.run": REVIEWERS,
        "job.read": EVERYONE,
        "job.control": MANAGERS,
        "action.run": LABELERS,
        "storage.manage": MANAGERS,
        "backend.read": EVERYONE,
        "backend.manage": MANAGERS,
        "backend.ask": LABELERS,
        "webhook.manage": MANAGERS,
        "audit.read": ADMINISTRATORS,
        "flag.decide": ADMINISTRATORS,
    }
)
"""Which roles each action is open to. An action that is not listed is open to nobody."""


PROJECT_ROLES = (Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR, Role.VIEWER)
"""What a member or a group can be to a single project, from most to least power."""

_OF_PROJECTS = frozenset(
    {
        "project",
        "task",
        "annotation",
        "comment",
        "draft",
        "prediction",
        "view",
        "import",
        "upload",
        "export",
        "job",
        "action",
        "storage",
        "backend",
        "webhook",
    }
)
_OF_THE_ORGANIZATION = frozenset({"project.create"})


def is_of_projects(action: str) -> bool:
    """Whether the action is done to a project, so that the role in the project is what counts."""
    return action not in _OF_THE_ORGANIZATION and action.partition(".")[0] in _OF_PROJECTS


def effective_role(principal: Principal, project: Project) -> Role | None:
    """What the caller is to a project of their organization; None when the project is closed to them.

    Owners and administrators are that everywhere. Otherwise a role given to the person counts, be it more
    or less than their role in the organization; else the most powerful of those given to their groups;
    else, in a project that is open to the organization, the role there.
    """
    if principal.role in ADMINISTRATORS:
        return principal.role
    own = principal.project_roles.get(project.id)
    if own is not None:
        return own
    given = {Role(role) for group, role in project.group_roles.items() if group in principal.groups}
    if given:
        return next(role for role in Role if role in given)
    return None if project.is_members_only else principal.role


def in_project(principal: Principal, project: Project, *, what: str = "Project") -> Principal:
    """The caller with the role they have in the project.

    NotFoundError, in an unknown id's words, when it is of another organization or closed to them.
    """
    require_own(principal, organization_id=project.organization_id, what=what)
    role = effective_role(principal, project)
    if role is None:
        raise NotFoundError(no_such(what))
    return principal if role is principal.role else replace(principal, role=role)


def may(principal: Principal, action: str) -> bool:
    """Whether the caller's role covers the action within their own organization."""
    return principal.role in ROLES_FOR.get(action, frozenset())


def may_somewhere(principal: Principal, action: str) -> bool:
    """Whether the action is open to the caller in the organization or could be in some project of it.

    This is what a route can ask before it knows the project; the service asks again with the project.
    """
    if may(principal, action) or not is_of_projects(action):
        return may(principal, action)
    roles = ROLES_FOR.get(action, frozenset())
    return bool(principal.groups and roles.intersection(PROJECT_ROLES)) or any(
        role in roles for role in principal.project_roles.values()
    )


def require_somewhere(principal: Principal, action: str) -> None:
    """Raise ForbiddenError unless the action could be open to the caller. See `may_somewhere`."""
    if not may_somewhere(principal, action):
        raise _forbidden(action)


def require_role(principal: Principal, action: str) -> None:
    """Raise ForbiddenError unless the caller's role covers the action."""
    if not may(principal, action):
        raise _forbidden(action)


def require_in(principal: Principal, project: Project, action: str, *, what: str = "Project") -> None:
    """Raise unless the caller may do `action` in the project: NotFoundError first, then ForbiddenError."""
    require_role(in_project(principal, project, what=what), action)


def _forbidden(action: str) -> ForbiddenError:
    return ForbiddenError("You do not have permission to perform this action.", details={"action": action})


def require_own(principal: Principal, *, organization_id: int, what: str) -> None:
    """Raise NotFoundError, in an unknown id's words, for a thing of another organization."""
    if principal.organization_id != organization_id:
        raise NotFoundError(no_such(what))


def require(principal: Principal, action: str, *, organization_id: int, what: str = "Project") -> None:
    """Raise unless the caller may do `action` to a thing (`what` names its model) of the organization.

    NotFoundError comes first, so that a stranger learns nothing; ForbiddenError is for members only.
    """
    require_own(principal, organization_id=organization_id, what=what)
    require_role(principal, action)


def require_annotation(principal: Principal, project: Project, verb: str, *, author_id: int) -> None:
    """`require_in` for `update` and `delete` of an annotation, where authors may do more than others."""
    whose = "own" if author_id == principal.user_id else "any"
    require_in(principal, project, f"annotation.{verb}_{whose}", what="Annotation")


def may_grant(principal: Principal, role: Role) -> bool:
    """Whether the caller may give somebody the role: never more power than they hold."""
    if not may(principal, "member.update"):
        return False
    return is_at_most(role, principal.role)


def is_at_most(role: Role, limit: Role) -> bool:
    """Whether the role has no more power than the limit."""
    ranks = list(Role)
    return ranks.index(role) >= ranks.index(limit)


def no_such(what: str) -> str:
    """The words for an unknown id of a model, as clients know them."""
    return f"No {what} matches the given query."
