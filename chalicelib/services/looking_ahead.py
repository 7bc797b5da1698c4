"""Which task an annotator would likely be given after the one they hold: looked at, not handed out.

It is chosen as the next one is (`next_task.py`), among the first entries of the index alone, and nothing is
written: no lease, no cursor. So it costs the same for everybody, and is a guess: somebody else may take the
task first, and where several are alike, chance may choose another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.states import takes_annotations
from chalicelib.domain.queue.choice import Candidate, begun, free, in_order
from chalicelib.domain.queue.places import OpenTask, fresh, moment_key, touched, urgent
from chalicelib.domain.queue.urgency import has_urgent_tasks, most_urgent
from chalicelib.domain.tasks.entities import Annotator, TaskWithBody
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.honeypot_round import next_honeypots
from chalicelib.services.queue_reading import END, INDEX_LAG, WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAheadService:
    """Guesses what comes next."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    secret: Callable[[], str] = lambda: ""
    """What nobody can tell honeypots without."""

    def ahead(self, principal: Principal, project_id: ProjectId) -> TaskWithBody | None:
        """The task that is likely to come after the one that the caller holds, as it was a moment ago.

        None where nothing is in sight, which need not mean that nothing is left. Four to six requests, at
        most four read units beside a large body's.
        """
        # what is written here would be a lease that nobody works under, or a cursor past what is still wanted
        project = open_project(self.projects, principal, "annotation.create", project_id)
        if not takes_annotations(project):
            return None
        row = self.queue.annotator(project_id, principal.user_id)
        found = next(self._ids(project, row, self.clock()), None)
        return self.tasks.glimpse(found) if found else None

    def _ids(self, project: Project, row: Annotator, now: datetime) -> Iterator[TaskId]:
        seats: list[TaskId] = []
        if row.assigned:
            waiting = self.queue.assignments(project.id, row.user_id, after=None, limit=WINDOW)
            seats = [task_id for task_id in waiting if task_id != row.leased]
        if seats or not project.assigned_only:
            yield from self._honeypots(project, row)
        yield from seats
        if not project.assigned_only:
            yield from (candidate.task.id for candidate in self._candidates(project, row, now))

    def _honeypots(self, project: Project, row: Annotator) -> Iterator[TaskId]:
        """Those that may come next: looked at as any other task, or a late picture would give them away."""
        done = row.done + (row.leased is not None)
        unseen, _ = next_honeypots(
            self.queue, project, row, done=done, secret=self.secret(), at_hand=row.leased
        )
        yield from (entry.id for entry in unseen)

    def _candidates(self, project: Project, row: Annotator, now: datetime) -> Iterator[Candidate]:
        until = moment_key(now + INDEX_LAG) + END

        def entries(partition: str, after: str, last: str) -> list[OpenTask]:
            read = self.queue.entries(partition, after=after, until=last, limit=WINDOW)
            mine = row.user_id
            return [
                task
                for task in free(read, project, mine, now)
                if task.id != row.leased and task.leases.get(mine, now) <= now
            ]

        if has_urgent_tasks(project):
            yield from most_urgent(entries(urgent(project.id), row.urgent_cursor, until), project)
        open_tasks = entries(touched(project.id), row.cursor, until)
        yield from begun(open_tasks, project, Random(0))  # noqa: S311  (spreads what is alike, guards nothing)
        untouched = entries(fresh(project.id), "", END)
        yield from in_order([*open_tasks, *untouched], project)
