"""The versions of a project's labeling configuration: each change makes a new one, none is ever lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.projects.entities import Project
from chalicelib.ids import ProjectId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigVersion:
    """One version, by its number from 1, with who made it and when."""

    project: ProjectId
    number: int
    label_config: str
    created_at: datetime
    created_by: UserId


def reconfigured(
    project: Project, label_config: str, *, at: datetime, by: UserId
) -> tuple[Project, tuple[ConfigVersion, ...]]:
    """The project with another configuration, one edit and one config version on, and the versions to keep.

    The first version is kept when it is left, since most projects never have another one.
    """
    number = project.config_version + 1
    made = ConfigVersion(
        project=project.id, number=number, label_config=label_config, created_at=at, created_by=by
    )
    after = replace(
        project,
        label_config=label_config,
        config_version=number,
        version=project.version + 1,
        updated_at=at,
    )
    kept = (first_version(project), made) if project.config_version == 1 else (made,)
    return after, kept


def first_version(project: Project) -> ConfigVersion:
    """The version that a project began with, as far as it is still the present one."""
    return ConfigVersion(
        project=project.id,
        number=1,
        label_config=project.label_config,
        created_at=project.created_at,
        created_by=project.created_by,
    )
