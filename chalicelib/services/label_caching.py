"""Writing the labels of tasks among their data. See `domain/label_caching.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.label_caching import CacheOrder, LabelReader
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.rules import edited, settle
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning
from chalicelib.services.settling import catch_up


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCacheService:
    """Keeps a column of labels on tasks."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    parse_config: ConfigParser

    def cache(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId], order: CacheOrder
    ) -> int:
        """Write the column of each task; gives how many changed. A task that has it already is left alone."""
        project = open_project(self.projects, principal, "task.update", project_id)
        reader = LabelReader(self.parse_config(project.label_config), order)
        cached = sum(
            again(lambda task_id=task_id: self._cache(project, principal.user_id, task_id, reader))  # type: ignore[misc]
            for task_id in task_ids
        )
        catch_up(self.projects, self.tasks, project, task_ids, Retuning(self.clock(), principal.user_id))
        return cached

    def _cache(self, project: Project, by: UserId, task_id: TaskId, reader: LabelReader) -> int:
        whole = self.tasks.get_whole(task_id)
        if whole is None or whole.task.project_id != project.id:
            return 0
        task, column = whole.task, reader.order.column
        family = self.tasks.family(task_id)
        members = family.annotations if reader.order.source == "annotations" else family.predictions
        text = reader.text(member.result for member in members)
        if whole.body.data.get(column) == text:
            return 0
        now = self.clock()
        after = settle(edited(task, now, by), project, now, by=by, is_labeled=task.is_labeled)
        body = replace(whole.body, data={**whole.body.data, column: text})
        self.tasks.commit(Change(before=task, after=after, body=body))
        return 1
