"""All routes, one module per resource. Importing this package declares them."""

from chalicelib.api.routes import (
    annotations,
    current_user,
    drafts,
    exports,
    imports,
    jobs,
    organizations,
    predictions,
    projects,
    service,
    sessions,
    tasks,
    uploads,
    users,
)

__all__ = [
    "annotations",
    "current_user",
    "drafts",
    "exports",
    "imports",
    "jobs",
    "organizations",
    "predictions",
    "projects",
    "service",
    "sessions",
    "tasks",
    "uploads",
    "users",
]
