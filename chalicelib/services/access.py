"""How services come to the things they work on: loaded, and the policy asked, in one step."""

from __future__ import annotations

from chalicelib.auth.policies import effective_role, no_such, require_in
from chalicelib.auth.principals import Principal
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import NotFoundError, StaleVersionError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore


def open_project(
    projects: ProjectStore, principal: Principal, action: str, project_id: ProjectId, *, what: str = "Project"
) -> Project:
    """The project, if it is of the caller's organization and the caller may do `action` to it.

    NotFoundError, in the words of a `what`, and ForbiddenError otherwise.
    """
    project = projects.get(project_id, organization=principal.organization_id)
    if project is None:
        raise NotFoundError(no_such(what))
    require_in(principal, project, action, what=what)
    return project


def open_task(
    projects: ProjectStore,
    tasks: TaskStore,
    principal: Principal,
    action: str,
    task_id: TaskId,
    *,
    what: str = "Task",
) -> tuple[Project, Task]:
    """The task and its project, if the caller may do `action`."""
    task = tasks.get(task_id) if task_id > 0 else None
    if task is None:
        raise NotFoundError(no_such(what))
    return open_project(projects, principal, action, task.project_id, what=what), task


def check_version(actual: int, if_version: int | None) -> None:
    """Raise StaleVersionError when the caller acts on another version than the newest."""
    if if_version is not None and if_version != actual:
        raise StaleVersionError(
            "It was changed since you read it.", details={"version": actual, "if_version": if_version}
        )


def role_in(principal: Principal, project: Project) -> str | None:
    """The caller's role in a project that is open to them, as workflows name it."""
    role = effective_role(principal, project)
    return role.value if role else None
