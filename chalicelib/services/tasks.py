"""Tasks: adding one or a million, reading them by page, changing and removing them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from chalicelib.auth.policies import no_such
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.result_rules import task_result_faults
from chalicelib.domain.tasks.building import Builder
from chalicelib.domain.tasks.changes import (
    AddedTasks,
    Change,
    NewTask,
    PlacedTask,
    Reservation,
)
from chalicelib.domain.tasks.counts import Contribution, total
from chalicelib.domain.tasks.entities import Task, TaskWithBody
from chalicelib.domain.tasks.fields import check_new_tasks, read_task_fields
from chalicelib.domain.tasks.rules import edited, settle
from chalicelib.errors import ContentionError, InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, ProjectId, TaskId, block_of
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.task_jobs import TaskJobs
from chalicelib.ports.tasks import BlockSummary, NewTaskRecord, TaskFamily, TaskStore
from chalicelib.services.access import check_version, open_project, open_task
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning, retune_block
from chalicelib.services.settling import Settling
from chalicelib.services.sight import Sight, known_to, sight_of

_READERS = 8
_FAMILIES_AT_ONCE = 64
_REMOVED_AT_ONCE = 100
_IMPORTED = UUID("b3f0c9de-25a1-4e0f-9d4e-61c8a7b2f013")


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with everything that hangs on it; the drafts are the asking user's own."""

    project: Project
    whole: TaskWithBody
    family: TaskFamily


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some tasks in order, and the counts of the whole project."""

    tasks: Sequence[TaskWithBody]
    counts: Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskService:
    """Everything that is done to tasks by people and by jobs."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    parse_config: ConfigParser
    jobs: TaskJobs

    # -- one task

    def create(self, principal: Principal, project_id: ProjectId, new: NewTask) -> TaskDetail:
        """Add one task; InvalidInputError when a data key of the configuration is missing."""
        added = self.add(principal, project_id, [new])
        return self.get(principal, added.task_ids[0])

    def get(self, principal: Principal, task_id: TaskId) -> TaskDetail:
        """The task with annotations, predictions and the caller's drafts."""
        whole = self.tasks.get_whole(task_id) if task_id > 0 else None
        if whole is None:
            raise NotFoundError(no_such("Task"))
        project = open_project(self.projects, principal, "task.read", whole.task.project_id, what="Task")
        return self._detail(principal, project, whole)

    def _detail(self, principal: Principal, project: Project, whole: TaskWithBody) -> TaskDetail:
        whole = sight_of(principal, project).task(whole)
        family = known_to(whole, self._family(whole.task))
        own = [draft for draft in family.drafts if draft.user_id == principal.user_id]
        return TaskDetail(project, whole, replace(family, drafts=own))

    def _family(self, task: Task) -> TaskFamily:
        return self.tasks.family(task.id) if _has_family(task) else TaskFamily()

    def project_of(self, principal: Principal, task_id: TaskId) -> tuple[Project, Task]:
        """The task without its body, and its project: the cheapest way to ask whether the caller may read."""
        return open_task(self.projects, self.tasks, principal, "task.read", task_id)

    def update(
        self,
        principal: Principal,
        task_id: TaskId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> TaskDetail:
        """Change `data`, `meta`, `overlap` or `allow_skip`. StaleVersionError when `if_version` is old."""
        given = read_task_fields(fields)
        return again(lambda: self._update(principal, task_id, given, if_version))

    def _update(
        self, principal: Principal, task_id: TaskId, given: Mapping[str, Any], if_version: int | None
    ) -> TaskDetail:
        whole = self.tasks.get_whole(task_id) if task_id > 0 else None
        if whole is None:
            raise NotFoundError(no_such("Task"))
        task = whole.task
        project = open_project(self.projects, principal, "task.update", task.project_id, what="Task")
        check_version(task.version, if_version)
        now = self.clock()
        state = {name: given[name] for name in ("overlap", "allow_skip") if name in given}
        content = {name: given[name] for name in ("data", "meta") if name in given}
        body = replace(whole.body, **content)
        after = edited(replace(task, **state), now, principal.user_id)
        labeled = None if "overlap" in given else task.is_labeled
        after = settle(after, project, now, by=principal.user_id, is_labeled=labeled)
        self.tasks.commit(Change(before=task, after=after, body=body if content else None))
        return self._detail(principal, project, TaskWithBody(after, body))

    def delete(self, principal: Principal, task_id: TaskId, *, if_version: int | None = None) -> None:
        """Remove the task and all that hangs on it."""
        again(lambda: self._delete(principal, task_id, if_version))

    def _delete(self, principal: Principal, task_id: TaskId, if_version: int | None) -> None:
        _, task = open_task(self.projects, self.tasks, principal, "task.delete", task_id)
        check_version(task.version, if_version)
        self._remove([task])

    def _remove(self, tasks: Sequence[Task]) -> None:
        self.tasks.commit_all([Change(before=task, after=None) for task in tasks])
        self._forget_families(tasks)

    def _forget_families(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            if task.last_number or task.drafts or task.last_prediction_number or task.comments.last_number:
                self.tasks.forget_family(task.id)

    # -- many tasks

    def page(self, principal: Principal, project_id: ProjectId, *, offset: int, limit: int) -> TaskPage:
        """The tasks from `offset` on by id; costs the same wherever the page lies."""
        sight = self.sight(principal, project_id)
        summaries = self.tasks.summaries(project_id)
        counts = total(summary.counts for summary in summaries)
        return TaskPage([sight.task(w) for w in self.tasks.page(summaries, offset, limit)], counts)

    def sight(self, principal: Principal, project_id: ProjectId) -> Sight:
        """What the caller sees of others' work in the project."""
        return sight_of(principal, open_project(self.projects, principal, "task.read", project_id))

    def after(
        self, principal: Principal, project_id: ProjectId, after: TaskId, limit: int
    ) -> Sequence[TaskWithBody]:
        """The tasks with larger ids than `after`, by id; costs the same wherever that lies."""
        sight = self.sight(principal, project_id)
        found = self.tasks.page_after(self.tasks.summaries(project_id), after, limit)
        return [sight.task(each) for each in found]

    def get_many(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]
    ) -> Sequence[TaskWithBody]:
        """Those of the tasks that exist in this project, in the order asked for."""
        sight = self.sight(principal, project_id)
        found = self.tasks.get_many_whole([task_id for task_id in task_ids if task_id > 0])
        return [sight.task(whole) for whole in found if whole.task.project_id == project_id]

    def with_families(self, tasks: Sequence[TaskWithBody]) -> Iterator[tuple[TaskWithBody, TaskFamily]]:
        """Each task with all that hangs on it and that it knows of; reads ahead in parallel.

        No policy is asked: the caller got the tasks, as they see them, from a method that did.
        """
        held = [whole.task for whole in tasks if _has_family(whole.task)]
        parts = [held[start : start + _FAMILIES_AT_ONCE] for start in range(0, len(held), _FAMILIES_AT_ONCE)]
        known: dict[TaskId, TaskFamily] = {}
        with ThreadPoolExecutor(_READERS) as readers:
            for found in readers.map(self.tasks.families, parts):
                known.update(found)
        for whole in tasks:
            family = known.get(whole.task.id)
            yield whole, known_to(whole, family) if family is not None else TaskFamily()

    def blocks(self, principal: Principal, project_id: ProjectId) -> Sequence[BlockSummary]:
        """The blocks of the project with their counts, by block: the parts of an export or of a walk."""
        open_project(self.projects, principal, "task.read", project_id)
        return [summary for summary in self.tasks.summaries(project_id) if summary.counts.tasks]

    def of_block(self, principal: Principal, project_id: ProjectId, block: int) -> Sequence[TaskWithBody]:
        """All tasks of one block of the project, by id."""
        sight = self.sight(principal, project_id)
        found = self.tasks.block_whole(block)
        return [sight.task(whole) for whole in found if whole.task.project_id == project_id]

    def delete_many(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId], *, sweeps: bool = True
    ) -> int:
        """Remove those of the tasks that exist in the project; gives how many went.

        Can be repeated: with `sweeps` what a run that broke off has left of those that are gone goes as well,
        at a query each.
        """
        project = open_project(self.projects, principal, "task.delete", project_id)
        return self._remove_all(project, task_ids, sweeps=sweeps)

    def _remove_all(self, project: Project, task_ids: Sequence[TaskId], *, sweeps: bool = False) -> int:
        ordered = sorted(set(task_ids))
        removed = 0
        for start in range(0, len(ordered), _REMOVED_AT_ONCE):
            part = ordered[start : start + _REMOVED_AT_ONCE]
            there = self.tasks.get_many(part)
            if sweeps:
                self._sweep(project, set(part) - {task.id for task in there})
            removed += self._remove_part([task for task in there if task.project_id == project.id])
        return removed

    def _sweep(self, project: Project, gone: Collection[TaskId]) -> None:
        """Remove what is left of tasks that are gone, as far as their ids are the project's."""
        own = {summary.block for summary in self.tasks.summaries(project.id)} if gone else set()
        for task_id in gone:
            if block_of(task_id) in own:
                self.tasks.forget_family(task_id)

    def _remove_part(self, found: Sequence[Task]) -> int:
        try:
            self._remove(found)
            return len(found)
        except ContentionError:
            # Some of them are gone already, so that counting them again would count too few.
            return sum(self._remove_one(task) for task in found)

    def _remove_one(self, known: Task) -> int:
        def attempt() -> int:
            task = self.tasks.get(known.id)
            if task is not None:
                self._remove([task])
            else:  # perhaps by a transaction of ours, before the one that met contention
                self._forget_families([known])
            return 1

        return again(attempt)

    # -- imports

    def reserve(self, principal: Principal, project_id: ProjectId, count: int) -> Reservation:
        """Set ids aside for `count` tasks, in a request or two whatever the count."""
        open_project(self.projects, principal, "task.create", project_id)
        return self.tasks.reserve(project_id, count)

    def check_new(self, project: Project, tasks: Sequence[NewTask], *, first_index: int = 0) -> None:
        """Raise InvalidInputError with every fault of tasks to be added, each with its place (`0.data.text`).

        Checks the configuration's data keys and the shape of what comes along; nothing is stored.
        """
        config = self.parse_config(project.label_config)
        check_new_tasks(tasks, config.data_keys, controls=len(config.parsed), first_index=first_index)
        self._refuse_unfit(project, tasks, first_index)

    def _refuse_unfit(self, project: Project, tasks: Sequence[NewTask], first_index: int) -> None:
        """Raise InvalidInputError with every result that does not fit, where the project checks them."""
        faults = [
            fault
            for index, task in enumerate(tasks, first_index)
            for fault in task_result_faults(project, self.parse_config, task, place=f"{index}.")
        ]
        if faults:
            raise InvalidInputError(faults=faults)

    def add_tasks(
        self, principal: Principal, project_id: ProjectId, tasks: Sequence[PlacedTask]
    ) -> AddedTasks:
        """Store tasks under reserved ids, with their annotations, predictions and drafts; counters exact.

        Idempotent: tasks that are there already are left as they are and counted in the answer, so a
        part of an import can simply be run again. Takes any number; a thousand is a good part. An
        annotation without an author is the caller's. Does not check the data (see `check_new`).
        NotFoundError, and nothing is left, where the project is deleted meanwhile.
        """
        opened = open_project(self.projects, principal, "task.create", project_id)
        brought = [prediction.model_version for placed in tasks for prediction in placed.new.predictions]
        settling = Settling(self.projects, self.tasks, self.jobs, self.clock)
        project = settling.with_model_version(opened, brought)
        builder = Builder(
            project=project,
            caller=principal.user_id,
            now=self.clock(),
            unique_id=_unique_id,
            controls=self._controls(project, tasks),
        )
        built = [builder.task(placed) for placed in tasks]
        records = [NewTaskRecord(b.task, b.body, b.annotations, b.predictions, b.drafts) for b in built]
        self.tasks.insert(project, records)
        ids = [placed.id for placed in tasks]
        if not settling.settle_new(project, ids, principal.user_id):
            # Who erases the project may have passed these blocks before the tasks were there.
            self._remove_all(project, ids)
            raise NotFoundError(no_such("Project"))
        return AddedTasks(
            task_ids=tuple(ids),
            annotation_count=sum(len(placed.new.annotations) for placed in tasks),
            prediction_count=sum(len(placed.new.predictions) for placed in tasks),
        )

    def _controls(self, project: Project, tasks: Sequence[PlacedTask]) -> dict[str, dict[str, object]]:
        results = (p.result for placed in tasks for p in placed.new.predictions)
        if all(isinstance(result, list | tuple) for result in results):
            return {}
        parsed = self.parse_config(project.label_config).parsed
        return {name: dict(control) for name, control in parsed.items()}

    def add(self, principal: Principal, project_id: ProjectId, tasks: Sequence[NewTask]) -> AddedTasks:
        """`check_new`, `reserve` and `add_tasks` in one, for what fits in a request."""
        project = open_project(self.projects, principal, "task.create", project_id)
        self.check_new(project, tasks)
        if not tasks:
            return AddedTasks((), 0, 0)
        reserved = self.tasks.reserve(project_id, len(tasks))
        placed = [
            PlacedTask(task_id, inner_id, new)
            for (task_id, inner_id), new in zip(reserved.places(), tasks, strict=True)
        ]
        return self.add_tasks(principal, project_id, placed)

    def retune_block(
        self, principal: Principal, project_id: ProjectId, block: int, *, resets_overlap: bool = True
    ) -> int:
        """Bring overlap, labeledness and queue place of a block's tasks in line with the project's settings.

        Gives how many tasks changed. Can be repeated; a job calls it for each block after a change of
        `maximum_annotations`, `overlap_cohort_percentage`, `skip_queue`, `sampling`, `model_version` or of
        the workflow.
        """
        project = open_project(self.projects, principal, "project.update", project_id)
        how = Retuning(self.clock(), principal.user_id, resets_overlap)
        return retune_block(self.tasks, project, block, how)


def _unique_id(annotation_id: AnnotationId) -> str:
    return str(uuid5(_IMPORTED, str(annotation_id)))


def _has_family(task: Task) -> bool:
    return bool(task.answers or task.drafts or task.models)
