"""Having a project's tasks follow its settings, and the model version of what is imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project, Unsettled
from chalicelib.domain.projects.settling import both, unsettled_by
from chalicelib.domain.tasks.counts import total
from chalicelib.ids import TaskId, UserId, block_of
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning, retune, retune_block


def catch_up(
    projects: ProjectStore, tasks: TaskStore, project: Project, some: Iterable[TaskId], how: Retuning
) -> Project | None:
    """Have some tasks follow that were settled by these settings, where they have been changed since: one
    read where they have not. Gives the project as it is now, if it is there.

    For whoever works at many tasks, since a change passes each of them once, perhaps before they come to it.
    `how` need not say whether overlaps are reset: that is seen here.
    """
    now = projects.get(project.id, organization=project.organization_id)
    since = unsettled_by(replace(project, unsettled=Unsettled.NOTHING), now) if now else Unsettled.NOTHING
    if now is not None and since:
        how = replace(how, resets_overlap=since is Unsettled.OVERLAP)
        for block in sorted({block_of(task_id) for task_id in some}):
            retune_block(tasks, now, block, how)
    return now


@dataclass(frozen=True, slots=True)
class Settling:
    """Ends what changes of settings have left to do, as they say in `Project.unsettled` when they are stored.

    Should the process die before the end, then the project still says it, and whoever changes it next, or
    repeats the change, ends it.
    """

    projects: ProjectStore
    tasks: TaskStore
    jobs: TaskJobs
    clock: Clock

    def settle(self, project: Project, by: UserId) -> tuple[Project, bool]:
        """Have the tasks follow, at once or by a job; the project as it is then, and whether it is a job."""
        is_job = False
        while project.unsettled:
            how = Retuning(self.clock(), by, resets_overlap=project.unsettled is Unsettled.OVERLAP)
            is_job = retune(self.tasks, self.jobs, project, how)
            settled = self.projects.settled(project)
            now = settled or self.projects.get(project.id, organization=project.organization_id)
            if now is None:
                break
            # Where somebody changed it meanwhile, tasks may have followed these settings here after they had
            # followed the newer ones there.
            left = Unsettled.NOTHING if settled else both(now.unsettled, project.unsettled)
            project = replace(now, unsettled=left)
        return project, is_job

    def settle_new(self, project: Project, tasks: Iterable[TaskId], by: UserId) -> bool:
        """Have tasks follow that were placed by these settings, where they were changed before the tasks were
        there: a change brings along only those that it finds. False where the project is gone by now."""
        now = catch_up(self.projects, self.tasks, project, tasks, Retuning(self.clock(), by))
        if now is None:
            return False
        self.settle(now, by)
        return True

    def with_model_version(self, project: Project, brought: Sequence[str]) -> Project:
        """The project with a model version: its own, or from now on the last of those that are brought to it.

        To be asked before tasks are placed with these predictions. `unsettled` where others have some of that
        version already.
        """
        if not brought or project.model_version:
            return project

        def adopt() -> Project:
            now = self.projects.get(project.id, organization=project.organization_id)
            if now is None or now.model_version:
                return now or project
            waits = brought[-1] in total(summary.counts for summary in self.tasks.summaries(now.id)).models
            left = both(now.unsettled, Unsettled.PLACES) if waits else now.unsettled
            named = replace(now, model_version=brought[-1], unsettled=left, version=now.version + 1)
            self.projects.update(now, named)
            return named

        return again(adopt)
