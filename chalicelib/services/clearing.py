"""Taking annotations and drafts off tasks, however many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import Change, Edit
from chalicelib.domain.tasks.rules import edited, settle, undrafted, withdrawn
from chalicelib.domain.workflow.machine import Event
from chalicelib.ids import TaskId, UserId
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.contention import again

CLEARED_AT_ONCE = 12
"""How many annotations go in one transaction; each takes its version and its claim along."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """Removes the annotations and drafts of one annotator (or, with None, of all) from a project's tasks."""

    tasks: TaskStore
    project: Project
    by: UserId = field(kw_only=True)
    role: str | None = field(kw_only=True)
    """What `by` is to the project."""
    annotator: int | None = field(kw_only=True)

    def clear(self, task_id: TaskId, now: datetime) -> int:
        """Clear a task, a crowded one in steps; gives how many annotations went.

        RefusedTransitionError when the task's state does not let them go.
        """
        removed = 0
        while True:
            step, is_done = again(lambda: self._step(task_id, now))
            removed += step
            if is_done:
                return removed

    def _step(self, task_id: TaskId, now: datetime) -> tuple[int, bool]:
        task = self.tasks.get(task_id)
        if task is None or task.project_id != self.project.id or not (task.answers or task.drafts):
            return 0, True
        family = self.tasks.family(task_id)
        wanted = [a for a in family.annotations if self.annotator in (None, a.completed_by)]
        drafts = [d for d in family.drafts if self.annotator in (None, d.user_id)]
        gone, drafts_now = wanted[:CLEARED_AT_ONCE], drafts[:CLEARED_AT_ONCE]
        if not gone and not drafts_now:
            return 0, True
        after = task
        for annotation in gone:
            after = withdrawn(after, annotation, [a for a in family.annotations if a not in gone])
        remaining = [a for a in family.annotations if a not in gone]
        after = compared(after, self.project, lambda: remaining)
        for draft in drafts_now:
            after = undrafted(after, draft)
        after = settle(
            edited(after, now, self.by),
            self.project,
            now,
            by=self.by,
            role=self.role,
            event=Event.DELETE if gone else Event.ADJUST,
        )
        removals = tuple(Edit(annotation, None) for annotation in gone)
        dropped = tuple(Edit(draft, None) for draft in drafts_now)
        self.tasks.commit(Change(before=task, after=after, annotations=removals, drafts=dropped))
        return len(gone), len(gone) == len(wanted) and len(drafts_now) == len(drafts)
