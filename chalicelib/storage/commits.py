"""How changes become writes: each task, what hangs on it, its block's counts and its users' counters.

Counts are never given from outside: they are the difference between what the task contributes after and
before, added in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.tasks.changes import Change, Edit
from chalicelib.domain.tasks.counts import (
    UNCHANGED,
    AnnotatorDelta,
    Contribution,
    annotator_deltas,
    contribution,
)
from chalicelib.domain.tasks.entities import Annotator, DraftMark, Task, TaskBody
from chalicelib.ids import ProjectId, UserId, block_of
from chalicelib.storage import keys
from chalicelib.storage.bodies import INLINE_STATE_BYTES, Bodies
from chalicelib.storage.comment_items import comment_write
from chalicelib.storage.dynamo import Dynamo, Write, delete, put, update
from chalicelib.storage.result_items import Member, ResultCodec
from chalicelib.storage.task_items import (
    SCHEMA_VERSION,
    annotator_additions,
    annotator_settings,
    body_value,
    microseconds,
    summary_additions,
    task_item,
    transitions_item,
    trimmed,
    work_place,
)
from chalicelib.storage.values import Plain


@dataclass(frozen=True, slots=True)
class Claim:
    """A write by which an annotation claims a client's unique id."""

    write: Write
    unique_id: str


class ChangeWriter:
    """Gives the writes of changes; stores nothing but large bodies."""

    def __init__(self, dynamo: Dynamo, bodies: Bodies) -> None:
        self._tasks = dynamo.table("tasks")
        self._annotations = dynamo.table("annotations")
        self._bodies = bodies
        self._codec = ResultCodec(bodies)

    def of_task(self, change: Change) -> list[Write]:
        """The writes of the task itself and of all that hangs on it, without any count."""
        return [
            *self._state(change),
            *self._members(change.annotations, keep_versions=True),
            *self._members(change.drafts),
            *self._members(change.predictions),
            *self._put_offs(change),
            *self._seats(change),
            *(self._releases_of(change.annotations)),
            *([comment_write(self._annotations, change.comment)] if change.comment else []),
        ]

    def claims(self, change: Change) -> list[Claim]:
        """The claims of new annotations on their unique ids."""
        if not change.claims_unique_ids:
            return []
        made = [edit.after for edit in change.annotations if edit.before is None and edit.after is not None]
        return [Claim(self.claim(annotation), annotation.unique_id) for annotation in made]

    def claim(self, annotation: Annotation) -> Write:
        """The write that claims an annotation's unique id."""
        item = {**keys.unique_id(annotation.unique_id), "sv": SCHEMA_VERSION, "id": annotation.id}
        return put(self._annotations, item, only_new=True)

    def counts(self, changes: Sequence[Change]) -> list[Write]:
        """The writes of blocks' counts and of users' rows that all the changes together need."""
        per_block: dict[tuple[ProjectId, int], Contribution] = {}
        for change in changes:
            where = (change.before.project_id, block_of(change.before.id))
            delta = contribution(change.after) - contribution(change.before)
            if delta != Contribution() or change.touches_contents:
                per_block[where] = per_block.get(where, Contribution()) + delta
        summaries = [self.summary(project, block, delta) for (project, block), delta in per_block.items()]
        return [*summaries, *self._annotators(changes)]

    def summary(self, project: ProjectId, block: int, delta: Contribution) -> Write:
        """The write that adds to a block's counts."""
        return update(
            self._tasks,
            keys.summary(project, block),
            setting={"sv": SCHEMA_VERSION},
            adding={**summary_additions(delta), "z": 1},
        )

    def annotator(
        self, project: ProjectId, user: UserId, delta: AnnotatorDelta, row: Annotator | None = None
    ) -> Write:
        """The write that adds to a user's counters and sets the rest of their row, if it is given."""
        setting = annotator_settings(row) if row is not None else {}
        adding = annotator_additions(delta)
        # the first task that somebody does or is to do puts their row into the index, and costs a unit more
        place = work_place(project, user) if delta.done or delta.assigned else {}
        first = {} if place else {"sv": SCHEMA_VERSION}
        key = keys.annotator(project, user)
        return update(self._tasks, key, setting={**setting, **place}, adding=adding, first=first)

    def _annotators(self, changes: Sequence[Change]) -> list[Write]:
        deltas: dict[tuple[ProjectId, UserId], AnnotatorDelta] = {}
        rows: dict[tuple[ProjectId, UserId], Annotator] = {}
        for change in changes:
            project = change.before.project_id
            for user, delta in annotator_deltas(change.before, change.after).items():
                deltas[project, user] = deltas.get((project, user), UNCHANGED) + delta
            if change.annotator is not None:
                rows[project, change.annotator.user_id] = change.annotator
        return [
            self.annotator(*who, deltas.get(who, UNCHANGED), rows.get(who))
            for who in dict.fromkeys([*deltas, *rows])
        ]

    # -- the task

    def _state(self, change: Change) -> list[Write]:
        before, after = change.before, change.after
        still = {"r": before.revision}
        if after is None:
            return [
                delete(self._tasks, keys.task(before.id), only_if=still),
                delete(self._tasks, keys.task_body(before.id)),
            ]
        after, moved = _trim_history(replace(after, revision=before.revision + 1))
        body, rows = self.body(after, change.body) if change.body is not None else ({}, [])
        setting = {**_difference(task_item(before), task_item(after)), **body}
        state = update(self._tasks, keys.task(after.id), setting=setting, only_if=still)
        return [state, *rows, *([put(self._annotations, moved)] if moved else [])]

    def body(self, task: Task, body: TaskBody) -> tuple[Plain, list[Write]]:
        """The state's attributes that hold or name the body, and the write of its row where it has one."""
        packed = self._bodies.pack(task.project_id, body_value(body))
        if packed.data is None:
            return {"b": None, "bt": None, "bk": packed.blob}, []
        if packed.size <= INLINE_STATE_BYTES:
            return {"b": packed.data, "bt": None, "bk": None}, []
        row = {**keys.task_body(task.id), "sv": SCHEMA_VERSION, "b": packed.data}
        return {"b": None, "bt": True, "bk": None}, [put(self._tasks, row, size=packed.size + 100)]

    # -- what hangs on it

    def member(self, member: Member) -> Write:
        """The write of a new annotation, draft or prediction."""
        item = self._codec.item(member)
        return put(self._annotations, item, only_new=True, size=len(item.get("b") or b"") + 400)

    def _members(
        self,
        edits: Sequence[Edit[Annotation]] | Sequence[Edit[Draft]] | Sequence[Edit[Prediction]],
        *,
        keep_versions: bool = False,
    ) -> Iterable[Write]:
        for edit in edits:
            if edit.before is None:
                if edit.after is not None:
                    yield self.member(edit.after)
                continue
            yield self._replacing(edit.before, edit.after)
            if keep_versions and isinstance(edit.before, Annotation):
                yield self._version(edit.before)

    def _replacing(self, before: Member, after: Member | None) -> Write:
        old = self._codec.item(before)
        still = {"v": before.version}
        if after is None:
            return delete(self._annotations, {"pk": old["pk"], "sk": old["sk"]}, only_if=still)
        new = self._codec.item(after)
        size = max(len(old.get("b") or b""), len(new.get("b") or b"")) + 400
        key = {"pk": new["pk"], "sk": new["sk"]}
        return update(self._annotations, key, setting=_difference(old, new), only_if=still, size=size)

    def _version(self, annotation: Annotation) -> Write:
        item = self._codec.item(annotation)
        key = keys.version(annotation.task_id, annotation.number, annotation.version)
        return put(self._annotations, {**item, **key}, size=len(item.get("b") or b"") + 400)

    def _releases_of(self, edits: Sequence[Edit[Annotation]]) -> Iterable[Write]:
        for edit in edits:
            if edit.after is None and edit.before is not None:
                yield delete(self._annotations, keys.unique_id(edit.before.unique_id))

    def draft(self, before: Draft, after: Draft) -> Write:
        """The write of a draft's edit where its task does not change."""
        return self._replacing(before, after)

    # -- what users put off

    def _put_offs(self, change: Change) -> Iterable[Write]:
        yield from self._skips(change)
        after = change.after.drafts if change.after else ()
        gone = _postponed(change.before.drafts) - _postponed(after)
        made = _postponed(after) - _postponed(change.before.drafts)
        task = change.before
        for mark in sorted(gone, key=_number):
            yield delete(self._tasks, _postponed_key(task, mark))
        for mark in sorted(made, key=_number):
            yield put(self._tasks, {**_postponed_key(task, mark), "sv": SCHEMA_VERSION})

    def _seats(self, change: Change) -> Iterable[Write]:
        """The rows by which those a task is assigned to find it."""
        before = change.before
        was, now = set(before.seats), set(change.after.seats if change.after else ())
        for user in sorted(was - now):
            yield delete(self._tasks, keys.assigned(before.project_id, user, before.id))
        for user in sorted(now - was):
            row = keys.assigned(before.project_id, user, before.id)
            yield put(self._tasks, {**row, "sv": SCHEMA_VERSION})

    def _skips(self, change: Change) -> Iterable[Write]:
        made = []
        for edit in change.annotations:
            was = edit.before is not None and edit.before.was_cancelled
            if edit.after is not None and edit.after.was_cancelled and not was:
                made.append(edit.after)
        return self.skips(made)

    def skips(self, annotations: Iterable[Annotation]) -> list[Write]:
        """The writes of what was skipped. Skips of one user at one moment, as they are imported or moved,
        are one row: a transaction may not write it twice."""
        once = {(one.task_id, one.completed_by, one.updated_at): one for one in annotations}
        return [self.skip(annotation) for annotation in once.values()]

    def skip(self, annotation: Annotation) -> Write:
        """The write by which a skipped task can come back to who skipped it."""
        key = keys.put_off(
            annotation.project_id,
            annotation.completed_by,
            "skipped",
            at_us=microseconds(annotation.updated_at),
            task_id=annotation.task_id,
        )
        return put(self._tasks, {**key, "sv": SCHEMA_VERSION})


def _difference(before: Plain, after: Plain) -> Plain:
    names = dict.fromkeys([*before, *after])
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}


def _trim_history(task: Task) -> tuple[Task, Plain | None]:
    moved, kept = trimmed(task.history)
    if not moved:
        return task, None
    return replace(task, history=kept), transitions_item(task.id, task.revision, moved)


def _postponed(marks: Sequence[DraftMark]) -> set[DraftMark]:
    return {mark for mark in marks if mark.postponed_at is not None}


def _number(mark: DraftMark) -> int:
    return mark.number


def _postponed_key(task: Task, mark: DraftMark) -> keys.Key:
    if mark.postponed_at is None:
        raise ValueError("the draft is not postponed")
    at_us = microseconds(mark.postponed_at)
    return keys.put_off(task.project_id, mark.user, "postponed", at_us=at_us, task_id=task.id)
