"""Projects and tasks that are valid by default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import Answer, Task
from chalicelib.ids import AnnotationId, OrganizationId, ProjectId, TaskId, UserId, join_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_project(**fields: Any) -> Project:
    defaults: dict[str, Any] = {
        "id": ProjectId(5),
        "organization_id": OrganizationId(1),
        "created_by": UserId(1),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Project(**{**defaults, **fields})


def make_task(*answers: tuple[int, str], **fields: Any) -> Task:
    """A task with answers: each a user and marks (`x` cancelled, `g` ground truth)."""
    defaults: dict[str, Any] = {
        "id": TaskId(300),
        "project_id": ProjectId(5),
        "inner_id": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "answers": tuple(
            Answer(number, UserId(user), "x" in marks, "g" in marks)
            for number, (user, marks) in enumerate(answers, 1)
        ),
        "last_number": len(answers),
    }
    return Task(**{**defaults, **fields})


def make_annotation(number: int = 1, user: int = 2, **fields: Any) -> Annotation:
    defaults: dict[str, Any] = {
        "id": AnnotationId(join_id(300, number)),
        "task_id": TaskId(300),
        "project_id": ProjectId(5),
        "completed_by": UserId(user),
        "created_at": NOW,
        "updated_at": NOW,
        "unique_id": f"u{number}",
    }
    return Annotation(**{**defaults, **fields})
