"""Predictions that models push to the queue, from anywhere, without an account of ours.

A message is JSON: `{"v": 1, "task": id, "model_version": "…", "result": […], "score"?: number,
"external_id"?: "…"}`. Who may write to the queue is AWS's business (IAM); what is written there is checked
like everything else. A message that comes twice makes one prediction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.actors import Actor, acting
from chalicelib.auth.principals import Principal
from chalicelib.domain.tasks.changes import NewPrediction
from chalicelib.errors import FaultList, InvalidInputError, UpstreamError
from chalicelib.ids import OrganizationId, TaskId, UserId
from chalicelib.observability import correlation_id
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.predictions import PredictionService

VERSION = 1


class Claims(Protocol):
    """Remembers for a day what was done under a name, and by whom it is being done now."""

    def begin(self, user_id: int, key: str, *, asked: str) -> Claim | None:
        """Claim the name; None when it is ours now, else what is known of it."""

    def finish(self, user_id: int, key: str, *, asked: str, answer: bytes) -> None:
        """Remember that it was done."""


class Claim(Protocol):
    """What is known of a claimed name: `answer` is None while somebody is at it."""

    @property
    def answer(self) -> bytes | None:
        """What came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionIntake:
    """Takes pushed predictions in."""

    projects: ProjectStore
    tasks: TaskStore
    predictions: PredictionService
    actor: Callable[[OrganizationId, UserId], Principal]
    claims: Claims

    def accept(self, message: Mapping[str, object]) -> None:
        """Store the prediction, once. `InvalidInputError` with every fault, for messages that never can be;
        `UpstreamError` while another delivery of the same message is at work.
        """
        task_id, new = _read(message)
        task = self.tasks.get(task_id)
        project = self.projects.get(task.project_id) if task is not None else None
        if project is None:
            raise InvalidInputError.at("task", f"There is no task {task_id}.")
        owner = self.actor(project.organization_id, project.created_by)
        name = _name(task_id, new, message)
        claim = self.claims.begin(owner.user_id, name, asked=name)
        if claim is not None and claim.answer is not None:
            return
        if claim is not None:
            raise UpstreamError("Another delivery of this message is being worked on.")
        if not self._is_stored(task_id, new):
            with acting(Actor("predictions queue", correlation_id(), project.organization_id)):
                self.predictions.create(owner, task_id, new)
        self.claims.finish(owner.user_id, name, asked=name, answer=b"stored")

    def _is_stored(self, task_id: TaskId, new: NewPrediction) -> bool:
        """Whether a delivery that died after storing has left just this prediction."""
        return any(
            known.model_version == new.model_version
            and known.score == new.score
            and list(known.result) == new.result
            for known in self.tasks.hints(task_id).predictions
        )


def _name(task_id: TaskId, new: NewPrediction, message: Mapping[str, object]) -> str:
    """What the message is known by: the sender's own id, else its content."""
    content = json.dumps([new.result, new.score], sort_keys=True, default=str).encode()
    name = message.get("external_id") or hashlib.sha256(content).hexdigest()
    return f"prediction#{task_id}#{new.model_version}#{name}"


def _read(message: Mapping[str, object]) -> tuple[TaskId, NewPrediction]:
    faults = FaultList()
    task, result, score = message.get("task"), message.get("result"), message.get("score")
    if message.get("v") != VERSION:
        faults.add("v", f"must be {VERSION}")
    if not isinstance(task, int) or isinstance(task, bool) or task <= 0:
        faults.add("task", "must be a task id")
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        faults.add("result", "must be a list of objects")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        faults.add("score", "must be a number")
    model_version = message.get("model_version", "undefined")
    if not isinstance(model_version, str) or not model_version:
        faults.add("model_version", "must be text")
    faults.raise_if_any("The message is no prediction")
    values: Any = (task, result, score)
    return TaskId(values[0]), NewPrediction(
        result=values[1],
        score=None if values[2] is None else float(values[2]),
        model_version=str(model_version),
    )
