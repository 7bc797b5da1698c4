"""Remembers which walks over tasks were asked for."""

from __future__ import annotations

from chalicelib.domain.projects.entities import Project
from chalicelib.ids import UserId


class FakeTaskJobs:
    """`chalicelib.ports.task_jobs.TaskJobs` that only writes down."""

    def __init__(self) -> None:
        self.retuned: list[tuple[int, bool]] = []
        self.erased: list[int] = []
        self.released: list[tuple[int, int]] = []

    def retune(self, project: Project, *, resets_overlap: bool, by: UserId) -> None:
        self.retuned.append((project.id, resets_overlap))

    def erase(self, project: Project, *, by: UserId) -> None:
        self.erased.append(project.id)

    def release(self, project: Project, *, user: UserId, by: UserId) -> None:
        self.released.append((project.id, user))
