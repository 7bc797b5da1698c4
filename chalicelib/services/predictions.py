"""Predictions: what models say, one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Prediction
from chalicelib.domain.tasks.changes import NewPrediction
from chalicelib.ids import PredictionId, ProjectId, TaskId
from chalicelib.ports import ConfigParser, ProjectStore, TaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionService:
    """Everything that is done to predictions."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    parse_config: ConfigParser

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Prediction]:
        """The task's predictions by id."""
        raise NotImplementedError

    def of_project(self, principal: Principal, project_id: ProjectId) -> Sequence[Prediction]:
        """All predictions of a project by id: a walk, over the blocks that have any."""
        raise NotImplementedError

    def get(self, principal: Principal, prediction_id: PredictionId) -> Prediction:
        """One prediction."""
        raise NotImplementedError

    def create(self, principal: Principal, task_id: TaskId, new: NewPrediction) -> Prediction:
        """Store a prediction. A plain value becomes one region of the configuration's only control."""
        raise NotImplementedError

    def create_many(
        self, principal: Principal, project_id: ProjectId, new: Sequence[tuple[TaskId, NewPrediction]]
    ) -> int:
        """Store predictions of many tasks; nothing, and InvalidInputError, for a task of another project."""
        raise NotImplementedError

    def update(
        self, principal: Principal, prediction_id: PredictionId, fields: Mapping[str, object]
    ) -> Prediction:
        """Change `result`, `score`, `model_version`, `mislabeling`, `cluster` or `neighbors`."""
        raise NotImplementedError

    def delete(self, principal: Principal, prediction_id: PredictionId) -> None:
        """Remove a prediction."""
        raise NotImplementedError

    def delete_of_tasks(self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]) -> int:
        """Remove all predictions of tasks; gives how many."""
        raise NotImplementedError

    def delete_version(self, principal: Principal, project_id: ProjectId, model_version: str) -> int:
        """Remove all predictions of a model version in the project; gives how many."""
        raise NotImplementedError
