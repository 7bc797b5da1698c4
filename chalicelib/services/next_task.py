"""The next task for an annotator, at a cost that depends on nothing: three reads, two writes.

How: `docs/data-model.md` (the queue). What is chosen: `domain/queue/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.projects.entities import Project, SkipQueue
from chalicelib.domain.projects.states import takes_annotations
from chalicelib.domain.queue.choice import Candidate
from chalicelib.domain.queue.honeypots import honeypot_place, is_honeypot, may_answer
from chalicelib.domain.queue.places import (
    OpenTask,
    has_room,
    held,
    honeypots,
    is_free_for,
    place,
    wanted,
)
from chalicelib.domain.tasks.annotators import given
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.counts import only_skipped
from chalicelib.domain.tasks.entities import Annotator, Task, TaskWithBody
from chalicelib.domain.tasks.rules import is_open, leased, released, settle
from chalicelib.errors import ConflictError, ContentionError
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId, join_id
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import PutOff, PutOffKind, QueueStore
from chalicelib.ports.tasks import TaskFamily, TaskStore
from chalicelib.services.access import open_project, open_task
from chalicelib.services.contention import again
from chalicelib.services.queue_reading import WINDOW, Asking, OutOfDate, QueueReading
from chalicelib.services.sight import sight_of

ROUNDS = 8
"""How often the index is read again after all that it offered was taken by others meanwhile."""
ASSIGNED_QUEUE = "Manually assigned queue"
_PUT_OFF_WINDOW = 50
_QUEUE_OF: Mapping[PutOffKind, str] = {"postponed": "Postponed draft queue", "skipped": "Skipped queue"}
_LOCKS = UUID("3a0b6d7e-91f4-4b52-8b7f-2c3d4e5f6071")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTask:
    """A task given to an annotator: with the predictions to be shown and the annotator's own drafts.

    `queue` says in Label Studio's words why this one; `lease_until` is when others may have it.
    """

    project: Project
    whole: TaskWithBody
    family: TaskFamily
    queue: str
    lock_id: str
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTaskService:
    """Hands out tasks."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    rng: Random
    lease: timedelta = timedelta(days=1)
    secret: Callable[[], str] = lambda: ""
    """What nobody can tell honeypots without."""

    def next(
        self, principal: Principal, project_id: ProjectId, *, selection: Sequence[TaskId] | None = None
    ) -> NextTask | None:
        """Lease the caller the task to do next, or None when there is none for them, as in a paused project.

        Asking again gives the same task until it is submitted, skipped, released or the lease ends. With
        `selection` the first task of it, in its order, that the caller may have. Tasks assigned to the caller
        come first; there are no others where the project hands out nothing else.
        """
        project = open_project(self.projects, principal, "annotation.create", project_id)
        if not takes_annotations(project):
            return None
        now = self.clock()
        asking = Asking(project, principal, now, now + self.lease)
        row = self.queue.annotator(project_id, principal.user_id)
        if selection is not None:
            return self._of_selection(asking, row, selection)
        return (
            self._held(asking, row)
            or self._assigned(asking, row)
            or self._of_queue(asking, row)
            or self._put_off(asking, row, "postponed")
            or self._skipped(asking, row)
        )

    # -- what the caller holds already

    def _held(self, asking: Asking, row: Annotator) -> NextTask | None:
        if row.leased is None:
            return None
        whole = self.tasks.get_whole(row.leased)
        if whole is None or not _is_still(asking, whole.task):
            return None
        return self._answer(asking, whole, "Task lock")

    # -- what is assigned to the caller

    def _assigned(self, asking: Asking, row: Annotator) -> NextTask | None:
        """The first of them. Nobody else is given their seat, so that nearly always the first is free."""
        if not row.assigned:
            return None
        after: TaskId | None = None
        while True:
            ids = self.queue.assignments(asking.project.id, asking.user, after=after, limit=WINDOW)
            if after is None and ids:
                whole, row = again(lambda row=row: self._try_honeypots(asking, row), attempts=ROUNDS)  # type: ignore[misc]
                if whole is not None:
                    return self._answer(asking, whole, ASSIGNED_QUEUE)
            for task_id in ids:
                whole = again(lambda row=row, task_id=task_id: self._lease_assigned(asking, row, task_id))  # type: ignore[misc]
                if whole is not None:
                    return self._answer(asking, whole, ASSIGNED_QUEUE)
            if len(ids) < WINDOW:
                return None
            after = ids[-1]

    def _lease_assigned(self, asking: Asking, row: Annotator, task_id: TaskId) -> TaskWithBody | None:
        task = self.tasks.get(task_id)
        if task is None or asking.user not in task.seats or not self._is_free(asking, task):
            return None
        return self._lease(asking, row, task)

    # -- the index of open tasks

    def _of_queue(self, asking: Asking, row: Annotator) -> NextTask | None:
        if asking.project.assigned_only:
            return None
        old = OutOfDate()
        found = again(lambda: self._try_queue(asking, row, old), attempts=ROUNDS)
        return self._answer(asking, *found) if found else None

    def _try_queue(self, asking: Asking, row: Annotator, old: OutOfDate) -> tuple[TaskWithBody, str] | None:
        candidates, looked = self._reading.candidates(asking, row, old)
        if candidates:
            return self._first(asking, looked, candidates, old)
        if looked != row or row.leased is not None:
            self.queue.save_annotator(replace(looked, leased=None))
        return None

    def _first(
        self, asking: Asking, looked: Annotator, candidates: list[Candidate], old: OutOfDate
    ) -> tuple[TaskWithBody, str]:
        """The first of the tasks that can be leased. ContentionError where there was none; others may be."""
        for candidate in self._attempts(candidates):
            try:
                whole = self._lease(asking, looked, candidate.task)
            except ContentionError:
                continue
            if whole is not None:
                return whole, candidate.queue
            old.add(candidate.task)
        raise ContentionError("Others took every task that was looked at; ask again.")

    def _attempts(self, candidates: list[Candidate]) -> Iterator[Candidate]:
        # The first goes to the first. Whoever finds it taken is not alone, and goes on anywhere.
        if candidates:
            yield candidates[0]
        rest = candidates[1:]
        self.rng.shuffle(rest)
        yield from rest

    @property
    def _reading(self) -> QueueReading:
        return QueueReading(self.queue, self.rng, self.secret)

    def _try_honeypots(self, asking: Asking, row: Annotator) -> tuple[TaskWithBody | None, Annotator]:
        pots, row = self._reading.honeypots(asking, row, ASSIGNED_QUEUE)
        return self._first(asking, row, pots, OutOfDate())[0] if pots else None, row

    def _lease(self, asking: Asking, row: Annotator, task: OpenTask | Task) -> TaskWithBody | None:
        """The task, leased; None when the caller may not have it. ContentionError: it is being changed."""
        # The row comes first: should we die between the two, it names a task that is not held, which the
        # next call sees; the other way round a held task would be out of sight until its lease ends.
        self.queue.save_annotator(given(row, task.id))
        found = self._try_lease(asking, task)
        if isinstance(found, Task):
            # The index was behind, or somebody is quicker: a failed write tells how the task is now.
            found = self._try_lease(asking, found) if self._may_have(asking, found) else None
        if isinstance(found, Task):
            raise ContentionError("Somebody changed this task meanwhile.")
        return found

    def _try_lease(self, asking: Asking, task: OpenTask | Task) -> TaskWithBody | Task | None:
        leases = {**held(task, asking.now), asking.user: asking.until}
        if task.queue is not None and task.queue.partition == honeypots(task.project_id):
            return self.queue.lease(task, leases=leases, place=honeypot_place(task))
        where = place(replace(task, leases=leases), asking.now, asking.project.skip_queue)
        return self.queue.lease(task, leases=leases, place=where)

    # -- tasks named by somebody

    def _of_selection(self, asking: Asking, row: Annotator, selection: Sequence[TaskId]) -> NextTask | None:
        for start in range(0, len(selection), _PUT_OFF_WINDOW):
            for task in self.tasks.get_many(selection[start : start + _PUT_OFF_WINDOW]):
                if task.project_id != asking.project.id or not _is_handed_out(asking, task):
                    continue
                if _is_still(asking, task) or self._is_free(asking, task):
                    found = again(lambda task_id=task.id: self._take(asking, row, task_id, put_off=None))  # type: ignore[misc]
                    if found is not None:
                        return self._answer(asking, found, "Data manager queue")
        return None

    def _skipped(self, asking: Asking, row: Annotator) -> NextTask | None:
        if asking.project.skip_queue != SkipQueue.REQUEUE_FOR_ME:
            return None
        return self._put_off(asking, row, "skipped")

    def _put_off(self, asking: Asking, row: Annotator, kind: PutOffKind) -> NextTask | None:
        while True:
            entries = self.queue.put_offs(asking.project.id, asking.user, kind, _PUT_OFF_WINDOW)
            tasks = {task.id: task for task in self.tasks.get_many([entry.task_id for entry in entries])}
            passed = 0
            for entry in entries:
                if not _is_current(asking, entry, tasks.get(entry.task_id)):
                    self.queue.forget_put_off(asking.project.id, asking.user, entry)
                    continue
                passed += 1
                found = again(lambda entry=entry: self._take(asking, row, entry.task_id, put_off=entry))  # type: ignore[misc]
                if found is not None:
                    return self._answer(asking, found, _QUEUE_OF[kind])
            if passed or len(entries) < _PUT_OFF_WINDOW:
                return None

    def _take(
        self, asking: Asking, row: Annotator, task_id: TaskId, *, put_off: PutOff | None
    ) -> TaskWithBody | None:
        whole = self.tasks.get_whole(task_id)
        if whole is None:
            return None
        if put_off is None and _is_still(asking, whole.task):
            return whole
        may = self._is_free(asking, whole.task) if put_off is None else _may_return(asking, whole.task)
        if not may:
            return None
        task = leased(whole.task, asking.user, asking.until, asking.now)
        task = self._settled(asking, task)
        self.tasks.commit(Change(before=whole.task, after=task, annotator=given(row, task_id)))
        return TaskWithBody(task, whole.body)

    def _is_free(self, asking: Asking, task: Task) -> bool:
        project = asking.project
        return is_open(task, project) and is_free_for(task, asking.user, asking.now, project.skip_queue)

    def _may_have(self, asking: Asking, task: Task) -> bool:
        """Whether a task that the index offered can be given to the caller as it is now."""
        if is_honeypot(task, asking.project):
            return is_open(task, asking.project) and _is_unanswered(asking, task)
        return self._is_free(asking, task)

    def _settled(self, asking: Asking, task: Task) -> Task:
        return settle(task, asking.project, asking.now, by=asking.user, is_labeled=task.is_labeled)

    # -- the answer

    def _answer(self, asking: Asking, whole: TaskWithBody, queue: str) -> NextTask:
        task = whole.task
        until = task.leases.get(asking.user, asking.until)
        return NextTask(
            project=asking.project,
            whole=sight_of(asking.principal, asking.project).task(whole),
            family=self._family(asking, task),
            queue=queue,
            lock_id=str(uuid5(_LOCKS, f"{task.id}:{asking.user}:{until.isoformat()}")),
            lease_until=until,
        )

    def _family(self, asking: Asking, task: Task) -> TaskFamily:
        own = any(mark.user == asking.user for mark in task.drafts)
        sees = sight_of(asking.principal, asking.project).sees_predictions
        shown = bool(task.models) and asking.project.show_collab_predictions and sees
        if not own and not shown:
            return TaskFamily()
        hints = self.tasks.hints(task.id)
        version = asking.project.model_version
        predictions = [p for p in hints.predictions if p.model_version == version] if shown else []
        return TaskFamily(
            drafts=[draft for draft in hints.drafts if draft.user_id == asking.user],
            predictions=predictions,
        )

    # -- leases

    def release(self, principal: Principal, task_id: TaskId) -> None:
        """Give the caller's lease on the task back; nothing happens when there is none."""
        again(lambda: self._release(principal, task_id))

    def _release(self, principal: Principal, task_id: TaskId) -> None:
        project, task = open_task(self.projects, self.tasks, principal, "annotation.create", task_id)
        if principal.user_id not in task.leases:
            return
        now = self.clock()
        asking = Asking(project, principal, now, now)
        row = self.queue.annotator(project.id, principal.user_id)
        after = self._settled(asking, released(task, principal.user_id))
        free_row = replace(row, leased=None) if row.leased == task_id else None
        self.tasks.commit(Change(before=task, after=after, annotator=free_row))

    def heartbeat(self, principal: Principal, task_id: TaskId) -> datetime:
        """Extend the caller's lease; gives its new end. ConflictError when the caller holds none."""
        return again(lambda: self._extend(principal, task_id))

    def _extend(self, principal: Principal, task_id: TaskId) -> datetime:
        project, task = open_task(self.projects, self.tasks, principal, "annotation.create", task_id)
        now = self.clock()
        asking = Asking(project, principal, now, now + self.lease)
        if task.leases.get(principal.user_id, now) <= now:
            raise ConflictError("You hold no lease on this task; it may have ended.")
        after = self._settled(asking, leased(task, principal.user_id, asking.until, now))
        self.tasks.commit(Change(before=task, after=after))
        return asking.until

    # -- looking back

    def stream_history(
        self, principal: Principal, project_id: ProjectId
    ) -> Sequence[tuple[TaskId, AnnotationId | None]]:
        """The newest 100 tasks the caller worked on, oldest first, with the annotation where there is one."""
        project = open_project(self.projects, principal, "task.read", project_id)
        row = self.queue.annotator(project.id, principal.user_id)
        return [(task.id, _last_annotation(task, row.user_id)) for task in self.tasks.get_many(row.recent)]


def _is_still(asking: Asking, task: Task) -> bool:
    """Whether the task is leased to the asking user and still wants their answer."""
    if task.project_id != asking.project.id or not is_open(task, asking.project):
        return False
    if task.leases.get(asking.user, asking.now) <= asking.now:
        return False
    if is_honeypot(task, asking.project):
        return _is_unanswered(asking, task)
    if task.is_labeled or not _is_handed_out(asking, task):
        return False
    others = held(task, asking.now, but=asking.user)
    return wanted(task, asking.user, asking.project.skip_queue) > len(others)


def _may_return(asking: Asking, task: Task) -> bool:
    """Whether a task that the user put off can be given to them."""
    project = asking.project
    if task.project_id != project.id or not is_open(task, project):
        return False
    if is_honeypot(task, project):
        return _is_unanswered(asking, task)
    if task.is_labeled or not _is_handed_out(asking, task):
        return False
    return has_room(task, asking.user, asking.now, project.skip_queue)


def _is_unanswered(asking: Asking, task: Task) -> bool:
    again = asking.project.skip_queue == SkipQueue.REQUEUE_FOR_ME
    return may_answer(task, asking.user, again=again)


def _is_handed_out(asking: Asking, task: Task) -> bool:
    """Whether the task can be given to the user at all, in a project that may hand out nothing unassigned."""
    return not asking.project.assigned_only or asking.user in task.assigned


def _is_current(asking: Asking, entry: PutOff, task: Task | None) -> bool:
    """Whether what the entry says is still so, whoever else may hold the task now."""
    user = asking.user
    if task is None or (task.is_labeled and not is_honeypot(task, asking.project)):
        return False
    if entry.kind == "skipped":
        return only_skipped(task, user)
    mine = any(mark.user == user and mark.postponed_at == entry.at for mark in task.drafts)
    return mine and not task.has_answer_of(user)


def _last_annotation(task: Task, user: UserId) -> AnnotationId | None:
    numbers = [answer.number for answer in task.answers if answer.user == user]
    return AnnotationId(join_id(task.id, numbers[-1])) if numbers else None
