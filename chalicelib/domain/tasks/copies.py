"""Tasks that show the same thing: how they are recognized, and what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID, uuid5

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.json_values import JsonObject
from chalicelib.domain.tasks.entities import Task, TaskWithBody
from chalicelib.domain.tasks.rules import answered
from chalicelib.ids import MAX_PER_TASK, AnnotationId, TaskId, join_id

_MOVED = UUID("0c6e1f57-4d0b-4f0e-8a44-6a8f6f6f8c11")


@dataclass(frozen=True, slots=True)
class Copies:
    """Tasks of equal data: the one that stays, and the others, in the order they were found in."""

    kept: TaskId
    others: tuple[TaskId, ...]


def fingerprint(data: JsonObject) -> bytes:
    """What equal data have in common, whatever the order of their keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def find_copies(tasks: Iterable[TaskWithBody]) -> list[Copies]:
    """The groups of equal tasks. The first annotated one of a group stays, or the first of all."""
    groups: dict[bytes, list[tuple[TaskId, bool]]] = {}
    for whole in tasks:
        seen = groups.setdefault(fingerprint(whole.body.data), [])
        seen.append((whole.task.id, whole.task.total_annotations > 0))
    return [_copies(group) for group in groups.values() if len(group) > 1]


def _copies(group: list[tuple[TaskId, bool]]) -> Copies:
    kept = next((task_id for task_id, is_annotated in group if is_annotated), group[0][0])
    return Copies(kept, tuple(task_id for task_id, _ in group if task_id != kept))


def names_here(annotations: Iterable[Annotation], there: Iterable[Annotation]) -> dict[AnnotationId, str]:
    """Under which unique id each of a copy's annotations is, or is to be, on the task that stays.

    Its own, save where another annotation has that one, as when an export was imported twice and
    corrected in one place: then one made of its id, so that the next run finds it again.
    """
    known = {one.unique_id: one for one in there}
    names: dict[AnnotationId, str] = {}
    for annotation in annotations:
        same = known.get(annotation.unique_id)
        is_own = same is None or _essence(same) == _essence(annotation)
        names[annotation.id] = annotation.unique_id if is_own else str(uuid5(_MOVED, str(annotation.id)))
    return names


def _essence(annotation: Annotation) -> tuple[object, ...]:
    return annotation.completed_by, annotation.created_at, annotation.was_cancelled, annotation.result


def has_room(task: Task, count: int) -> bool:
    """Whether the task has numbers left for so many annotations more."""
    return task.last_number + count <= MAX_PER_TASK


def moved(task: Task, annotations: Iterable[Annotation]) -> tuple[Task, list[Annotation]]:
    """The task with annotations of another one, and these as they are on it.

    They stay what they are, under ids of their new task. A task has one ground truth: its own counts.
    """
    made: list[Annotation] = []
    for annotation in annotations:
        has_truth = any(answer.ground_truth for answer in task.answers)
        here = replace(
            annotation,
            id=AnnotationId(join_id(task.id, task.last_number + 1)),
            task_id=task.id,
            version=1,
            ground_truth=annotation.ground_truth and not has_truth,
        )
        task = answered(task, here)
        made.append(here)
    return task, made
