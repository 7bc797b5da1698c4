"""Identifiers: their types, and how the id of what hangs on a task carries the task's id.

Clients demand integers and address tasks and annotations without naming a project, so an id alone
must lead to its item. A task id names its block of 256 (the partition it lies in); the id of an
annotation, draft or prediction is its task's id and a number within the task. Ids stay below 2**53,
where JavaScript's numbers end.
"""

from __future__ import annotations

from typing import NewType

OrganizationId = NewType("OrganizationId", int)
UserId = NewType("UserId", int)
ProjectId = NewType("ProjectId", int)
TaskId = NewType("TaskId", int)
AnnotationId = NewType("AnnotationId", int)
DraftId = NewType("DraftId", int)
PredictionId = NewType("PredictionId", int)
CommentId = NewType("CommentId", int)
JobId = NewType("JobId", int)

TASKS_PER_BLOCK = 256
PER_TASK_BITS = 12
MAX_PER_TASK = (1 << PER_TASK_BITS) - 1
"""How many annotations one task can ever have (their numbers are never given twice), and how many
predictions or drafts can live on it at once (theirs are, after deletion)."""
MAX_TASK_ID = (1 << (53 - PER_TASK_BITS)) - 1


def block_of(task_id: int) -> int:
    """The number of the block that the task lies in."""
    return task_id // TASKS_PER_BLOCK


def first_task_id(block: int) -> TaskId:
    """The smallest task id of the block."""
    return TaskId(block * TASKS_PER_BLOCK)


def join_id(task_id: int, number: int) -> int:
    """The id of the `number`-th annotation, draft or prediction of a task; numbers count from 1."""
    if not 1 <= number <= MAX_PER_TASK:
        raise ValueError(f"number {number} is outside 1..{MAX_PER_TASK}")
    if not 0 < task_id <= MAX_TASK_ID:
        raise ValueError(f"task id {task_id} is outside 1..{MAX_TASK_ID}")
    return task_id << PER_TASK_BITS | number


def split_id(entity_id: int) -> tuple[TaskId, int]:
    """The task id and the number that `join_id` was given; (0, n) for ids that it cannot have made."""
    return TaskId(entity_id >> PER_TASK_BITS), entity_id & MAX_PER_TASK
