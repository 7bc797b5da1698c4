"""Tasks assigned to people: by managers, until they are done, and until somebody may work on them no more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.auth.policies import no_such
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.assignment import Assigning, assigned_to
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import Annotator, Task
from chalicelib.domain.tasks.rules import edited, settle
from chalicelib.errors import ContentionError, FaultList, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project, open_task
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning
from chalicelib.services.settling import catch_up
from chalicelib.services.sight import sight_of

AT_ONCE = 50
"""So many tasks are read and changed together."""
RELEASED_AT_ONCE = 500
"""Up to so many tasks of somebody who may not work on them any more are given back within the request."""

WhoAnnotates = Callable[[Project, Collection[UserId]], Collection[UserId]]
"""Those of some users who may annotate in a project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentService:
    """Assigns tasks, and takes that back."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    jobs: TaskJobs
    who_annotates: WhoAnnotates

    def of_task(self, principal: Principal, project_id: ProjectId, task_id: TaskId) -> Sequence[UserId]:
        """Whom the task is assigned to; in a blind project an annotator learns of themselves alone."""
        project, task = open_task(self.projects, self.tasks, principal, "task.read", task_id)
        _require_of(project, project_id)
        return [user for user in task.assigned if sight_of(principal, project).shows_user(user)]

    def assign(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        users: Sequence[UserId],
        how: Assigning = Assigning.ADD,
    ) -> int:
        """Assign tasks of the project to the users, to them alone, or to others than them; gives how many
        tasks that changed. Can be repeated.

        InvalidInputError with each user who cannot annotate in the project, and past the number of people
        that a task can be assigned to.
        """
        project = open_project(self.projects, principal, "task.assign", project_id)
        self.check(principal, project_id, users, how)
        changed = 0
        for start in range(0, len(task_ids), AT_ONCE):
            some = task_ids[start : start + AT_ONCE]
            changed += self._assign(project, some, users, how, principal.user_id)
        how_since = Retuning(self.clock(), principal.user_id)
        now = catch_up(self.projects, self.tasks, project, task_ids, how_since)
        if now is not None and how is not Assigning.REMOVE:
            self._take_from_those_who_went(now, task_ids, users, principal.user_id)
        return changed

    def _take_from_those_who_went(
        self, project: Project, task_ids: Sequence[TaskId], users: Sequence[UserId], by: UserId
    ) -> None:
        """Take the tasks back from users who lost their access before these waited for them: to give back
        what waits for somebody finds only what does so at that moment."""
        known = self.who_annotates(project, users)
        gone = [user for user in users if user not in known]
        for start in range(0, len(task_ids) if gone else 0, AT_ONCE):
            self._assign(project, task_ids[start : start + AT_ONCE], gone, Assigning.REMOVE, by)

    def assign_one(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_id: TaskId,
        users: Sequence[UserId],
        how: Assigning,
    ) -> None:
        """Assign one task. NotFoundError where the project has no such task."""
        project, _ = open_task(self.projects, self.tasks, principal, "task.assign", task_id)
        _require_of(project, project_id)
        self.assign(principal, project_id, [task_id], users, how)

    def check(
        self, principal: Principal, project_id: ProjectId, users: Sequence[UserId], how: Assigning
    ) -> None:
        """Raise InvalidInputError with each user to whom the project's tasks cannot be assigned."""
        project = open_project(self.projects, principal, "task.assign", project_id)
        if how is Assigning.REMOVE:
            return
        known = self.who_annotates(project, users)
        faults = FaultList()
        for index, user in enumerate(users):
            if user not in known:
                faults.add(f"users[{index}]", f"User {user} cannot annotate in this project.", code="user")
        faults.raise_if_any()

    def _assign(
        self,
        project: Project,
        task_ids: Sequence[TaskId],
        users: Sequence[UserId],
        how: Assigning,
        by: UserId,
    ) -> int:
        found = [task for task in self.tasks.get_many(task_ids) if task.project_id == project.id]
        changes = [c for task in found if (c := self._change(project, task, users, how, by)) is not None]
        try:
            self.tasks.commit_all(changes)
        except ContentionError:
            # Some of them are changed already, which the next look at them sees.
            for change in changes:
                again(lambda task_id=change.before.id: self._assign_one(project, task_id, users, how, by))  # type: ignore[misc]
        return len(changes)

    def _assign_one(
        self, project: Project, task_id: TaskId, users: Sequence[UserId], how: Assigning, by: UserId
    ) -> None:
        task = self.tasks.get(task_id)
        change = self._change(project, task, users, how, by) if task is not None else None
        if change is not None:
            self.tasks.commit(change)

    def _change(
        self, project: Project, task: Task, users: Sequence[UserId], how: Assigning, by: UserId
    ) -> Change | None:
        after = assigned_to(task, project, users, how)
        if after == task:
            return None
        is_same = max(after.overlap, len(after.assigned)) == task.overlap
        now = self.clock()
        after = settle(
            edited(after, now, by), project, now, by=by, is_labeled=task.is_labeled if is_same else None
        )
        return Change(before=task, after=after)

    # -- people who go

    def access_changed(
        self, organization: OrganizationId, user: UserId | None, project: ProjectId | None, by: UserId
    ) -> None:
        """Give back what waits for people who may not annotate any more: after a change of what a user may,
        or of who may work in a project. Can be repeated."""
        for row in self._rows(organization, user, project):
            if not row.assigned:
                continue
            stored = self.projects.get(row.project_id, organization=organization)
            if stored is None or row.user_id in self.who_annotates(stored, [row.user_id]):
                continue
            if row.assigned > RELEASED_AT_ONCE:
                self.jobs.release(stored, user=row.user_id, by=by)
            else:
                sum(self.releasing(stored, row.user_id, by))

    def _rows(
        self, organization: OrganizationId, user: UserId | None, project: ProjectId | None
    ) -> Sequence[Annotator]:
        if project is not None:
            rows = self.queue.annotators(project)
            return [row for row in rows if user in (None, row.user_id)]
        if user is None:
            return ()
        return self.queue.rows_of(user, lambda: [p.id for p in self.projects.of_organization(organization)])

    def releasing(self, project: Project, user: UserId, by: UserId) -> Iterator[int]:
        """Give back what waits for the user in the project, some at a time; gives how many each time."""
        while ids := self.queue.assignments(project.id, user, after=None, limit=AT_ONCE):
            released = self._assign(project, ids, [user], Assigning.REMOVE, by)
            if not released:
                return
            yield released


def _require_of(project: Project, project_id: ProjectId) -> None:
    if project.id != project_id:
        raise NotFoundError(no_such("Task"))
