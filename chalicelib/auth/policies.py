"""Who may do what: one table of role × action, and the rules that need to see the thing itself.

Everything is pure. Services ask `require` (or `may`) with the organization that owns the thing; the table
is also what the documentation prints and what the tests walk. Somebody of another organization is told
that there is no such thing, in the same words as for an unknown id.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.auth.principals import Principal, Role
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
        "organization.update": ADMINISTRATORS,
        "member.read": EVERYONE,
        "member.invite": MANAGERS,
        "member.create": ADMINISTRATORS,
        "member.update": ADMINISTRATORS,
        "member.remove": ADMINISTRATORS,
        "project.read": EVERYONE,
        "project.create": MANAGERS,
        "project.update": MANAGERS,
        "project.delete": MANAGERS,
        "task.read": EVERYONE,
        "task.create": MANAGERS,
        "task.update": MANAGERS,
        "task.delete": MANAGERS,
        "annotation.read": EVERYONE,
        "annotation.create": LABELERS,
        "annotation.update_own": LABELERS,
        "annotation.update_any": REVIEWERS,
        "annotation.delete_own": LABELERS,
        "annotation.delete_any": REVIEWERS,
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
    }
)
"""Which roles each action is open to. An action that is not listed is open to nobody."""


def may(principal: Principal, action: str) -> bool:
    """Whether the caller's role covers the action within their own organization."""
    return principal.role in ROLES_FOR.get(action, frozenset())


def require_role(principal: Principal, action: str) -> None:
    """Raise ForbiddenError unless the caller's role covers the action."""
    if not may(principal, action):
        raise ForbiddenError("You do not have permission to perform this action.", details={"action": action})


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


def require_annotation(principal: Principal, verb: str, *, organization_id: int, author_id: int) -> None:
    """`require` for `update` and `delete` of an annotation, where authors may do more than others."""
    whose = "own" if author_id == principal.user_id else "any"
    require(principal, f"annotation.{verb}_{whose}", organization_id=organization_id, what="Annotation")


def may_grant(principal: Principal, role: Role) -> bool:
    """Whether the caller may give somebody the role: never more power than they hold."""
    if not may(principal, "member.update"):
        return False
    ranks = list(Role)
    return ranks.index(role) >= ranks.index(principal.role)


def no_such(what: str) -> str:
    """The words for an unknown id of a model, as clients know them."""
    return f"No {what} matches the given query."
