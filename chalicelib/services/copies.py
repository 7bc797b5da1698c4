"""Removing tasks of equal data: their annotations move to the one that stays.

An annotation is known by its unique id. It is put on the task that stays before the other goes, so that
a run that breaks off loses nothing, and the next one finds what has moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import Change, Edit
from chalicelib.domain.tasks.copies import Copies, find_copies, fingerprint, has_room, moved, names_here
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.domain.tasks.rules import edited, settle
from chalicelib.errors import ContentionError
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.contention import again

READ_AT_ONCE = 100
MOVED_AT_ONCE = 12
"""How many annotations move in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyService:
    """Finds tasks of equal data, and removes all but one."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock

    def find(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId], alive: Alive
    ) -> list[Copies]:
        """The groups of equal tasks among these, in their order."""
        project = open_project(self.projects, principal, "task.delete", project_id)
        return find_copies(self._wholes(project, task_ids, alive))

    def _wholes(self, project: Project, task_ids: Sequence[TaskId], alive: Alive) -> Iterator[TaskWithBody]:
        for start in range(0, len(task_ids), READ_AT_ONCE):
            alive()
            found = self.tasks.get_many_whole(task_ids[start : start + READ_AT_ONCE])
            yield from (whole for whole in found if whole.task.project_id == project.id)

    def merge(self, principal: Principal, project_id: ProjectId, copies: Copies) -> int:
        """Move what the others have to the task that stays, and remove them; gives how many went.

        Can be repeated. What is no longer equal to the task that stays is left alone.
        """
        project = open_project(self.projects, principal, "task.delete", project_id)
        return sum(
            again(lambda other=other: self._merge(project, principal.user_id, copies.kept, other))  # type: ignore[misc]
            for other in copies.others
        )

    def _merge(self, project: Project, by: UserId, kept_id: TaskId, other_id: TaskId) -> int:
        found = {whole.task.id: whole for whole in self.tasks.get_many_whole([kept_id, other_id])}
        kept, other = found.get(kept_id), found.get(other_id)
        if kept is None or other is None or not _are_equal(project, kept, other):
            return 0
        if other.task.answers and not self._move(project, by, kept, other):
            return 0
        self.tasks.commit_all([Change(before=other.task, after=None)])
        self.tasks.forget_family(other_id)
        return 1

    def _move(self, project: Project, by: UserId, kept: TaskWithBody, other: TaskWithBody) -> bool:
        """Put the other's annotations on the task that stays; False where it has no numbers left."""
        annotations = self.tasks.family(other.task.id).annotations
        there = self.tasks.family(kept.task.id).annotations
        names, known = names_here(annotations, there), {one.unique_id for one in there}
        named = [replace(one, unique_id=names[one.id]) for one in annotations]
        left = [one for one in named if one.unique_id not in known]
        if not has_room(kept.task, len(left)):
            return False
        for start in range(0, len(left), MOVED_AT_ONCE):
            self._put(project, by, kept.task.id, left[start : start + MOVED_AT_ONCE])
        here = {one.unique_id: one for one in self.tasks.family(kept.task.id).annotations}
        for annotation in annotations:
            self.tasks.reclaim(annotation, here[names[annotation.id]])
        return True

    def _put(self, project: Project, by: UserId, kept_id: TaskId, some: Sequence[Annotation]) -> None:
        task = self.tasks.get(kept_id)
        if task is None:
            raise ContentionError("The task that was to stay is gone.")
        now = self.clock()
        after, made = moved(task, some)
        known = self.tasks.family(kept_id).annotations
        after = compared(after, project, lambda: [*known, *made])
        after = settle(edited(after, now, by), project, now, by=by)
        edits = tuple(Edit(None, annotation) for annotation in made)
        self.tasks.commit(Change(before=task, after=after, annotations=edits))


def _are_equal(project: Project, kept: TaskWithBody, other: TaskWithBody) -> bool:
    if kept.task.id == other.task.id or {kept.task.project_id, other.task.project_id} != {project.id}:
        return False
    return fingerprint(kept.body.data) == fingerprint(other.body.data)
