"""The task engine's stores in memory: the same promises as on DynamoDB, kept under one lock.

The suites in `tests/integration/storage` run against these and the real ones alike.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from threading import RLock
from typing import Any

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.comments.entities import Comment, CommentEdit
from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.domain.projects.entities import Project, Unsettled
from chalicelib.domain.projects.tally import Tally
from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.changes import Change, IdRange, Reservation
from chalicelib.domain.tasks.counts import PERSONAL, Contribution, annotator_deltas, contribution
from chalicelib.domain.tasks.entities import (
    Annotator,
    QueuePlace,
    StateChange,
    Task,
    TaskBody,
    TaskWithBody,
)
from chalicelib.errors import AlreadyExistsError, ContentionError
from chalicelib.ids import (
    TASKS_PER_BLOCK,
    AnnotationId,
    CommentId,
    DraftId,
    OrganizationId,
    PredictionId,
    ProjectId,
    TaskId,
    UserId,
    block_of,
    first_task_id,
)
from chalicelib.ports.queue import PutOff, PutOffKind
from chalicelib.ports.tasks import BlockSummary, NewTaskRecord, TaskFamily
from chalicelib.storage.bodies import compress, decompress


class FakeIdSource:
    """Counters."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()
        self._lock = RLock()

    def next_id(self, kind: str) -> int:
        with self._lock:
            self._last[kind] += 1
            return self._last[kind]


class FakeProjectStore:
    """Projects by id."""

    def __init__(self) -> None:
        self._projects: dict[ProjectId, Project] = {}
        self._versions: dict[tuple[ProjectId, int], ConfigVersion] = {}
        self._lock = RLock()

    def get(self, project_id: ProjectId, *, organization: OrganizationId | None = None) -> Project | None:
        project = self._projects.get(project_id)
        if project is None or organization not in (None, project.organization_id):
            return None
        return project

    def of_organization(self, organization: OrganizationId) -> Sequence[Project]:
        found = [p for p in self._projects.values() if p.organization_id == organization]
        return sorted(found, key=lambda project: project.id)

    def among(self, organization: OrganizationId, ids: Iterable[ProjectId]) -> frozenset[ProjectId]:
        return frozenset(ids) & {project.id for project in self.of_organization(organization)}

    def insert(self, project: Project) -> None:
        self._projects[project.id] = project

    def update(
        self, before: Project, after: Project, *, config_versions: Sequence[ConfigVersion] = ()
    ) -> None:
        with self._lock:
            if self._projects[before.id].version != before.version:
                raise ContentionError("changed")
            self._projects[before.id] = after
            self._versions.update({(version.project, version.number): version for version in config_versions})

    def settled(self, project: Project) -> Project | None:
        with self._lock:
            now = self._projects.get(project.id)
            if now is None or now.version != project.version:
                return None
            after = replace(project, unsettled=Unsettled.NOTHING, version=project.version + 1)
            self._projects[project.id] = after
            return after

    def config_versions(self, project_id: ProjectId) -> Sequence[ConfigVersion]:
        return [version for key, version in sorted(self._versions.items()) if key[0] == project_id]

    def forget_config_versions(self, project_id: ProjectId) -> None:
        for version in self.config_versions(project_id):
            del self._versions[project_id, version.number]

    def delete(self, project: Project) -> None:
        self._projects.pop(project.id, None)


def _id(comment: Comment) -> int:
    return comment.id


class FakeTaskStore:
    """`chalicelib.ports.tasks.TaskStore` and, in `queue`, `chalicelib.ports.queue.QueueStore`."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.tasks: dict[TaskId, Task] = {}
        self.bodies: dict[TaskId, bytes] = {}
        self.members: dict[TaskId, dict[tuple[str, int], Any]] = defaultdict(dict)
        self.versions: dict[AnnotationId, list[Annotation]] = defaultdict(list)
        self.said: dict[CommentId, Comment] = {}
        self.unique_ids: dict[str, AnnotationId] = {}
        self.counts: dict[ProjectId, dict[int, BlockSummary]] = defaultdict(dict)
        self.rows: dict[tuple[ProjectId, UserId], Annotator] = {}
        self.index: dict[str, list[tuple[str, TaskId]]] = defaultdict(list)
        self.put_off: dict[tuple[ProjectId, UserId, PutOffKind], list[PutOff]] = defaultdict(list)
        self.assigned: dict[tuple[ProjectId, UserId], list[TaskId]] = defaultdict(list)
        self._tallies: dict[ProjectId, dict[int, tuple[int, Tally]]] = defaultdict(dict)
        self._open: dict[ProjectId, tuple[int, int, int]] = {}
        self._last_block = 0

    # -- writing

    def reserve(self, project: ProjectId, count: int) -> Reservation:
        with self.lock:
            block, used, inner = self._open.get(project, (0, TASKS_PER_BLOCK, 0))
            if used + count <= TASKS_PER_BLOCK:
                first = TaskId(first_task_id(block) + used)
                self._open[project] = (block, used + count, inner + count)
            else:
                blocks = -(-count // TASKS_PER_BLOCK)
                first = first_task_id(self._last_block + 1)
                self._last_block += blocks
                rest = count - (blocks - 1) * TASKS_PER_BLOCK
                self._open[project] = (self._last_block, rest, inner + count)
            return Reservation((IdRange(first, count),), inner + 1)

    def insert(self, project: Project, records: Sequence[NewTaskRecord]) -> None:
        with self.lock:
            for record in records:
                if record.task.id in self.tasks:
                    continue
                for member in (*record.annotations, *record.predictions, *record.drafts):
                    self._keep(member)
                for annotation in record.annotations:
                    self._note_skip(None, annotation)
                self._count(record.task, None, record.task, touches=True)
                self._place(None, record.task)
                self._postpone((), record.task)
                self.tasks[record.task.id] = record.task
                self._keep_body(record.task.id, record.body)

    def commit(self, change: Change) -> None:
        self.commit_all([change])

    def commit_all(self, changes: Sequence[Change]) -> None:
        for change in changes:
            with self.lock:
                self._check(change)
                self._apply(change)

    def _check(self, change: Change) -> None:
        there = self.tasks.get(change.before.id)
        if there is None or there.revision != change.before.revision:
            raise ContentionError("changed")
        for edit in (*change.annotations, *change.drafts, *change.predictions):
            if edit.before is not None and self._member(edit.before).version != edit.before.version:  # type: ignore[attr-defined]
                raise ContentionError("changed")
        self._check_comment(change.comment)
        for annotation in self._claimed(change):
            if annotation.unique_id in self.unique_ids:
                raise AlreadyExistsError("taken")

    def _check_comment(self, edit: CommentEdit | None) -> None:
        if edit is None:
            return
        told = edit.before or edit.after
        there = self.said.get(told.id) if told else None
        if (there.version if there else None) != (edit.before.version if edit.before else None):
            raise ContentionError("changed")

    def _member(self, like: Any) -> Any:
        found = self.members[like.task_id].get(_name(like))
        if found is None:
            raise ContentionError("gone")
        return found

    @staticmethod
    def _claimed(change: Change) -> list[Annotation]:
        if not change.claims_unique_ids:
            return []
        return [edit.after for edit in change.annotations if edit.before is None and edit.after is not None]

    def _apply(self, change: Change) -> None:
        before, after = change.before, change.after
        for annotation in self._claimed(change):
            self.unique_ids[annotation.unique_id] = annotation.id
        for edit in (*change.annotations, *change.drafts, *change.predictions):
            self._edit(edit.before, edit.after)  # type: ignore[attr-defined]
        if change.comment is not None and change.comment.after is not None:
            self.said[change.comment.after.id] = change.comment.after
        elif change.comment is not None and change.comment.before is not None:
            del self.said[change.comment.before.id]
        if after is not None:
            after = replace(after, revision=before.revision + 1)
        self._count(before, before, after, touches=change.touches_contents)
        self._place(before, after)
        self._seat(before, after)
        self._postpone(before.drafts, after, gone=before)
        if after is None:
            del self.tasks[before.id], self.bodies[before.id]
        else:
            self.tasks[before.id] = after
        if change.body is not None:
            self._keep_body(before.id, change.body)
        if change.annotator is not None:
            self._save_row(change.annotator)

    def _edit(self, before: Any, after: Any) -> None:
        if isinstance(before, Annotation):
            self.versions[before.id].append(before)
            if after is None:
                self.unique_ids.pop(before.unique_id, None)
        if isinstance(after, Annotation):
            self._note_skip(before, after)
        if after is None:
            del self.members[before.task_id][_name(before)]
        else:
            self._keep(after)

    def _keep(self, member: Any) -> None:
        result = decompress(compress(list(member.result)))
        self.members[member.task_id][_name(member)] = replace(member, result=result)

    def _keep_body(self, task_id: TaskId, body: TaskBody) -> None:
        from chalicelib.storage.task_items import body_value

        self.bodies[task_id] = compress(body_value(body))

    def _note_skip(self, before: Annotation | None, after: Annotation) -> None:
        if after.was_cancelled and not (before is not None and before.was_cancelled):
            entry = PutOff("skipped", after.task_id, after.updated_at)
            entries = self.put_off[after.project_id, after.completed_by, "skipped"]
            insort(entries, entry, key=_when)

    def _postpone(self, marks: Sequence[Any], after: Task | None, *, gone: Task | None = None) -> None:
        task = after or gone
        if task is None:
            return
        now = set(after.drafts) if after else set()
        for mark in set(marks) - now:
            if mark.postponed_at:
                entries = self.put_off[task.project_id, mark.user, "postponed"]
                entries.remove(PutOff("postponed", task.id, mark.postponed_at))
        for mark in now - set(marks):
            if mark.postponed_at:
                entry = PutOff("postponed", task.id, mark.postponed_at)
                insort(self.put_off[task.project_id, mark.user, "postponed"], entry, key=_when)

    def _count(self, task: Task, before: Task | None, after: Task | None, *, touches: bool) -> None:
        delta = contribution(after) - contribution(before)
        if delta != Contribution() or touches:
            block = block_of(task.id)
            old = self.counts[task.project_id].get(block, BlockSummary(block, Contribution()))
            self.counts[task.project_id][block] = BlockSummary(block, old.counts + delta, old.edits + 1)
        for user, change in annotator_deltas(before, after).items():
            row = self._row(task.project_id, user)
            row = replace(row, **{n: getattr(row, n) + getattr(change, n) for n in PERSONAL})
            self.rows[task.project_id, user] = row

    def _place(self, before: Task | None, after: Task | None) -> None:
        was, now = before.queue if before else None, after.queue if after else None
        if was == now:
            return
        if was is not None and before is not None:
            self.index[was.partition].remove((was.key, before.id))
        if now is not None and after is not None:
            insort(self.index[now.partition], (now.key, after.id))

    def _seat(self, before: Task, after: Task | None) -> None:
        now = set(after.seats) if after else set()
        for user in set(before.seats) - now:
            self.assigned[before.project_id, user].remove(before.id)
        for user in now - set(before.seats):
            insort(self.assigned[before.project_id, user], before.id)

    def _row(self, project: ProjectId, user: UserId) -> Annotator:
        return self.rows.get((project, user), Annotator(project_id=project, user_id=user))

    def _save_row(self, annotator: Annotator) -> None:
        row = self._row(annotator.project_id, annotator.user_id)
        kept = replace(annotator, **{name: getattr(row, name) for name in PERSONAL})
        self.rows[annotator.project_id, annotator.user_id] = kept

    def save_draft(self, before: Draft, after: Draft) -> None:
        with self.lock:
            if self._member(before).version != before.version:
                raise ContentionError("changed")
            self._keep(after)

    def forget_project(self, project: ProjectId) -> None:
        with self.lock:
            self.counts.pop(project, None)
            self._tallies.pop(project, None)
            self._open.pop(project, None)
            for row in [key for key in self.rows if key[0] == project]:
                del self.rows[row]
            for entry in [key for key in self.put_off if key[0] == project]:
                del self.put_off[entry]
            for who in [key for key in self.assigned if key[0] == project]:
                del self.assigned[who]

    def forget_family(self, task_id: TaskId) -> None:
        with self.lock:
            for member in self.members.pop(task_id, {}).values():
                if isinstance(member, Annotation) and self.unique_ids.get(member.unique_id) == member.id:
                    self.unique_ids.pop(member.unique_id)

    def reclaim(self, before: Annotation, after: Annotation) -> None:
        with self.lock:
            if self.unique_ids.get(before.unique_id) == before.id:
                self.unique_ids[before.unique_id] = after.id

    # -- reading

    def get(self, task_id: TaskId) -> Task | None:
        return self.tasks.get(task_id)

    def glimpse(self, task_id: TaskId) -> TaskWithBody | None:
        return self.get_whole(task_id)

    def get_whole(self, task_id: TaskId) -> TaskWithBody | None:
        from chalicelib.storage.task_items import body_of

        with self.lock:
            task = self.tasks.get(task_id)
            return TaskWithBody(task, body_of(decompress(self.bodies[task_id]))) if task else None

    def get_many(self, task_ids: Sequence[TaskId]) -> Sequence[Task]:
        return [self.tasks[i] for i in dict.fromkeys(task_ids) if i in self.tasks]

    def get_many_whole(self, task_ids: Sequence[TaskId]) -> Sequence[TaskWithBody]:
        return [w for i in dict.fromkeys(task_ids) if (w := self.get_whole(i)) is not None]

    def block(self, block: int) -> Sequence[Task]:
        first = first_task_id(block)
        ids = range(first, first + TASKS_PER_BLOCK)
        return self.get_many([TaskId(i) for i in ids])

    def block_whole(self, block: int) -> Sequence[TaskWithBody]:
        return self.get_many_whole([task.id for task in self.block(block)])

    def page(self, summaries: Sequence[BlockSummary], offset: int, limit: int) -> Sequence[TaskWithBody]:
        ids = [task.id for summary in summaries for task in self.block(summary.block)]
        return self.get_many_whole(ids[offset : offset + limit])

    def page_after(
        self, summaries: Sequence[BlockSummary], after: TaskId, limit: int
    ) -> Sequence[TaskWithBody]:
        ids = [task.id for summary in summaries for task in self.block(summary.block)]
        return self.get_many_whole([task_id for task_id in ids if task_id > after][:limit])

    def summaries(self, project: ProjectId) -> Sequence[BlockSummary]:
        with self.lock:
            return [self.counts[project][block] for block in sorted(self.counts[project])]

    def family(self, task_id: TaskId) -> TaskFamily:
        with self.lock:
            found = sorted(self.members.get(task_id, {}).items())
        kinds = {kind: [m for _, m in part] for kind, part in groupby(found, key=lambda entry: entry[0][0])}
        return TaskFamily(kinds.get("Annotation", []), kinds.get("Draft", []), kinds.get("Prediction", []))

    def families(self, tasks: Sequence[Task]) -> dict[TaskId, TaskFamily]:
        return {task.id: self.family(task.id) for task in tasks}

    def hints(self, task_id: TaskId) -> TaskFamily:
        return replace(self.family(task_id), annotations=[])

    def _by_id(self, kind: type, entity_id: int) -> Any:
        return self.members.get(TaskId(entity_id >> 12), {}).get((kind.__name__, entity_id & 4095))

    def annotation(self, annotation_id: AnnotationId) -> Annotation | None:
        found: Annotation | None = self._by_id(Annotation, annotation_id)
        return found

    def annotation_by_unique_id(self, unique_id: str) -> Annotation | None:
        found = self.unique_ids.get(unique_id)
        return self.annotation(found) if found is not None else None

    def annotation_versions(self, annotation_id: AnnotationId) -> Sequence[Annotation]:
        return list(self.versions[annotation_id])

    def earlier_annotations(self, task_id: TaskId) -> Sequence[Annotation]:
        found = sorted(entry for entry in self.versions.items() if entry[0] >> 12 == task_id)
        return [version for _, versions in found for version in versions]

    def draft(self, draft_id: DraftId) -> Draft | None:
        found: Draft | None = self._by_id(Draft, draft_id)
        return found

    def prediction(self, prediction_id: PredictionId) -> Prediction | None:
        found: Prediction | None = self._by_id(Prediction, prediction_id)
        return found

    def comment(self, comment_id: CommentId) -> Comment | None:
        return self.said.get(comment_id)

    def comments(self, task_id: TaskId) -> Sequence[Comment]:
        return sorted((each for each in self.said.values() if each.task_id == task_id), key=_id)

    def transitions(self, task: Task) -> Sequence[StateChange]:
        return task.history

    def tallies(self, project: ProjectId) -> Mapping[int, tuple[int, Tally]]:
        return dict(self._tallies[project])

    def save_tally(self, project: ProjectId, summary: BlockSummary, tally: Tally) -> None:
        self._tallies[project][summary.block] = (summary.edits, tally)

    def forget_tallies(self, project: ProjectId) -> None:
        self._tallies[project].clear()


class FakeQueueStore:
    """`chalicelib.ports.queue.QueueStore` over the tasks of a FakeTaskStore."""

    def __init__(self, store: FakeTaskStore) -> None:
        self._store = store

    def annotator(self, project: ProjectId, user: UserId) -> Annotator:
        return self._store._row(project, user)

    def annotators(self, project: ProjectId) -> Sequence[Annotator]:
        rows = [row for (owner, _), row in self._store.rows.items() if owner == project]
        return sorted(rows, key=lambda row: row.user_id)

    def rows_of(self, user: UserId, projects: Callable[[], Iterable[ProjectId]]) -> Sequence[Annotator]:
        rows = [row for (_, owner), row in self._store.rows.items() if owner == user]
        return sorted(rows, key=lambda row: row.project_id)

    def save_annotator(self, annotator: Annotator) -> None:
        with self._store.lock:
            self._store._save_row(annotator)

    def entries(self, partition: str, *, after: str, until: str, limit: int) -> Sequence[OpenTask]:
        with self._store.lock:
            index = self._store.index[partition]
            start = bisect_right(index, (after, TaskId(2**60)))
            found = [task_id for key, task_id in index[start : start + limit] if key <= until]
            return [_open(self._store.tasks[task_id]) for task_id in found]

    def assignments(
        self, project: ProjectId, user: UserId, *, after: TaskId | None, limit: int
    ) -> Sequence[TaskId]:
        with self._store.lock:
            rows = self._store.assigned[project, user]
            return [task_id for task_id in rows if task_id > (after or 0)][:limit]

    def lease(
        self, entry: OpenTask | Task, *, leases: Mapping[UserId, datetime], place: QueuePlace | None
    ) -> TaskWithBody | Task | None:
        with self._store.lock:
            task = self._store.tasks.get(entry.id)
            if task is None or _state(task, entry) != _state(entry, entry):
                return task
            after = replace(task, leases=leases, queue=place, revision=task.revision + 1)
            self._store._place(task, after)
            self._store.tasks[task.id] = after
            return self._store.get_whole(task.id)

    def put_offs(self, project: ProjectId, user: UserId, kind: PutOffKind, limit: int) -> Sequence[PutOff]:
        return self._store.put_off[project, user, kind][:limit]

    def forget_put_off(self, project: ProjectId, user: UserId, entry: PutOff) -> None:
        with self._store.lock:
            entries = self._store.put_off[project, user, entry.kind]
            if entry in entries:
                entries.remove(entry)


def _name(member: Any) -> tuple[str, int]:
    return type(member).__name__, member.number


def _when(entry: PutOff) -> tuple[datetime, TaskId]:
    return entry.at, entry.task_id


def _state(task: Task | OpenTask, as_of: Task | OpenTask) -> object:
    """What proves that a task is as it was read: its revision, or for an index entry its place."""
    return task.revision if isinstance(task, Task) and isinstance(as_of, Task) else task.queue


def _open(task: Task) -> OpenTask:
    if task.queue is None:
        raise AssertionError("a task without a place is in the index")
    return OpenTask(
        id=task.id,
        project_id=task.project_id,
        queue=task.queue,
        overlap=task.overlap,
        answers=task.answers,
        drafts=task.drafts,
        leases=task.leases,
        order_key=task.order_key,
        seats=task.seats,
    )
