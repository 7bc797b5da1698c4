"""Many things made, changed or removed in one request: each item whole or not at all, each once.

A request may die between two items and be sent again under its idempotency key. What an item of it is
about to make is noted under the key and the item's place first, so that the second time finds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.tasks.changes import NewPrediction, NewTask, PlacedTask
from chalicelib.errors import ConflictError, SkylabelError, ThrottledError
from chalicelib.ids import PredictionId, ProjectId, TaskId
from chalicelib.services.access import open_project
from chalicelib.services.predictions import PredictionService
from chalicelib.services.tasks import TaskService

MAX_ITEMS = 200
PATIENCE = timedelta(seconds=20)
"""How long the items of a request are worked on; the gateway waits for 29 seconds."""
_BEGUN = b"begun"


class Note(Protocol):
    """What is known under a name: `answer` is None while somebody is at it."""

    @property
    def answer(self) -> bytes | None:
        """What was noted."""


class Notes(Protocol):
    """Remembers for a day what was done under a name."""

    def begin(self, user_id: int, key: str, *, asked: str) -> Note | None:
        """Claim the name; None when it is ours now, else what is known of it."""

    def finish(self, user_id: int, key: str, *, asked: str, answer: bytes) -> None:
        """Note what came of it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one item: the id of what it is about, or why it was refused."""

    id: int | None = None
    error: SkylabelError | None = None


def one_by_one(actions: Sequence[Callable[[], int]], clock: Clock) -> list[Done]:
    """What came of each action, in order. Those that there was no time for are told to come again."""
    deadline = clock() + PATIENCE
    return [_done(action, clock(), deadline) for action in actions]


def _done(action: Callable[[], int], now: datetime, deadline: datetime) -> Done:
    if now >= deadline:
        return Done(error=ThrottledError("There was no time for this item; send it again."))
    try:
        return Done(id=action())
    except SkylabelError as error:
        return Done(error=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkService:
    """Makes tasks and predictions that can be asked for again. `name` is the item's own, or empty for one
    that nobody asks for twice."""

    tasks: TaskService
    predictions: PredictionService
    notes: Notes

    def add_task(self, principal: Principal, project_id: ProjectId, new: NewTask, *, name: str) -> TaskId:
        """Add a task, under the ids that were noted for it if there are any."""
        if not name:
            return self.tasks.add(principal, project_id, [new]).task_ids[0]
        project = open_project(self.tasks.projects, principal, "task.create", project_id)
        self.tasks.check_new(project, [new])
        task_id, inner_id = self._place(principal, project_id, name)
        self.tasks.add_tasks(principal, project_id, [PlacedTask(TaskId(task_id), inner_id, new)])
        return TaskId(task_id)

    def _place(self, principal: Principal, project_id: ProjectId, name: str) -> tuple[int, int]:
        noted = self._noted(principal, name)
        if noted is None:
            ((task_id, inner_id),) = self.tasks.reserve(principal, project_id, 1).places()
            noted = json.dumps([task_id, inner_id]).encode()
            self.notes.finish(principal.user_id, name, asked=name, answer=noted)
        task_id, inner_id = json.loads(noted)
        return task_id, inner_id

    def add_prediction(
        self, principal: Principal, task_id: TaskId, new: NewPrediction, *, name: str
    ) -> PredictionId:
        """Store a prediction, unless it was stored under this name before."""
        if not name:
            return self.predictions.create(principal, task_id, new).id
        noted = self._noted(principal, name)
        if noted is None:
            self.notes.finish(principal.user_id, name, asked=name, answer=_BEGUN)
        elif noted != _BEGUN:
            return PredictionId(int(noted))
        stored = self._stored(principal, task_id, new) if noted == _BEGUN else None
        made = stored or self.predictions.create(principal, task_id, new).id
        self.notes.finish(principal.user_id, name, asked=name, answer=str(made).encode())
        return made

    def _stored(self, principal: Principal, task_id: TaskId, new: NewPrediction) -> PredictionId | None:
        """The prediction that a request has stored that died before it could note so."""
        for known in reversed(self.predictions.of_task(principal, task_id)):
            same = (known.model_version, known.score, list(known.result))
            if same == (new.model_version, new.score, new.result):
                return known.id
        return None

    def _noted(self, principal: Principal, name: str) -> bytes | None:
        """What was noted under the name; None when it is ours to do. ConflictError while another does it."""
        note = self.notes.begin(principal.user_id, name, asked=name)
        if note is not None and note.answer is None:
            raise ConflictError("The same item is being worked on by another request.")
        return bytes(note.answer) if note is not None and note.answer is not None else None
