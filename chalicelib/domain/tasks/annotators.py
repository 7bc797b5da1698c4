"""What happens to an annotator's row."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.tasks.entities import Annotator
from chalicelib.ids import TaskId

RECENT_TASKS = 100


def worked_on(annotator: Annotator, task: TaskId) -> Annotator:
    """The row with the task as the most recent; each task stands there once."""
    recent = tuple(other for other in annotator.recent if other != task)
    return replace(annotator, recent=(*recent, task)[-RECENT_TASKS:])


def given(annotator: Annotator, task: TaskId) -> Annotator:
    """The row of somebody who was given the task to do."""
    return replace(worked_on(annotator, task), leased=task)
