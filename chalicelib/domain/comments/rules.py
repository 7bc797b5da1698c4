"""How a task changes with its comments. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.comments.entities import Comment, CommentEdit
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import LimitExceededError
from chalicelib.ids import MAX_PER_TASK


def next_comment_number(task: Task) -> int:
    """The number of the task's next comment. LimitExceededError when all are used up."""
    if task.comments.last_number >= MAX_PER_TASK:
        raise LimitExceededError("This task can take no more comments.")
    return task.comments.last_number + 1


def commented(task: Task, edit: CommentEdit, at: datetime) -> Task:
    """The task after one of its comments was made, changed or removed."""
    told = edit.after or edit.before
    if told is None:
        return task
    tally = task.comments.changed(
        told.created_by,
        count=_count(edit.after) - _count(edit.before),
        unresolved=_open(edit.after) - _open(edit.before),
        at=at,
    )
    is_new = edit.before is None
    return replace(task, comments=replace(tally, last_number=tally.last_number + is_new))


def _count(comment: Comment | None) -> int:
    return int(comment is not None)


def _open(comment: Comment | None) -> int:
    return int(comment is not None and not comment.is_resolved)
