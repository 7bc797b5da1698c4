"""Predictions: what models say, one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.auth.policies import no_such
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Prediction
from chalicelib.domain.annotations.rules import (
    PREDICTION_FIELDS,
    as_result,
    check_new,
    find_faults,
    read_fields,
)
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.result_rules import result_faults
from chalicelib.domain.tasks.building import Builder, Controls, free_numbers
from chalicelib.domain.tasks.changes import Change, Edit, NewPrediction
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import edited, predicted, repredicted, settle
from chalicelib.errors import FaultList, InvalidInputError, NotFoundError
from chalicelib.ids import MAX_PER_TASK, PredictionId, ProjectId, TaskId, block_of, split_id
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project, open_task
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning
from chalicelib.services.settling import catch_up
from chalicelib.services.sight import sight_of

_AT_ONCE = 40
"""How many predictions of one task are stored in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionService:
    """Everything that is done to predictions."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock
    parse_config: ConfigParser

    # -- reading

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Prediction]:
        """The task's predictions by id."""
        project, task = open_task(self.projects, self.tasks, principal, "prediction.read", task_id)
        if not task.models or not sight_of(principal, project).sees_predictions:
            return []
        return self.tasks.hints(task_id).predictions

    def of_project(self, principal: Principal, project_id: ProjectId) -> Sequence[Prediction]:
        """All predictions of a project by id: a walk, over the blocks that have any."""
        project = open_project(self.projects, principal, "prediction.read", project_id)
        if not sight_of(principal, project).sees_predictions:
            return []
        return [
            prediction
            for summary in self.tasks.summaries(project_id)
            if summary.counts.predictions
            for task in self.tasks.block(summary.block)
            if task.models
            for prediction in self.tasks.hints(task.id).predictions
        ]

    def after(
        self, principal: Principal, project_id: ProjectId, after: PredictionId, limit: int
    ) -> Sequence[Prediction]:
        """The project's predictions with larger ids than `after`, by id; reads no more tasks than it must."""
        open_project(self.projects, principal, "prediction.read", project_id)
        first, found = split_id(after)[0], list[Prediction]()
        for summary in self.tasks.summaries(project_id):
            if summary.block < block_of(first) or not summary.counts.predictions:
                continue
            for task in self.tasks.block(summary.block):
                if len(found) >= limit:
                    return found[:limit]
                if task.id >= first and task.models:
                    found += [p for p in self.tasks.hints(task.id).predictions if p.id > after]
        return found[:limit]

    def get(self, principal: Principal, prediction_id: PredictionId) -> Prediction:
        """One prediction."""
        project, prediction = self._open(principal, "prediction.read", prediction_id)
        if not sight_of(principal, project).sees_predictions:
            raise NotFoundError(no_such("Prediction"))
        return prediction

    def _open(
        self, principal: Principal, action: str, prediction_id: PredictionId
    ) -> tuple[Project, Prediction]:
        prediction = self.tasks.prediction(prediction_id)
        if prediction is None:
            raise NotFoundError(no_such("Prediction"))
        project = open_project(self.projects, principal, action, prediction.project_id, what="Prediction")
        return project, prediction

    # -- making

    def create(self, principal: Principal, task_id: TaskId, new: NewPrediction) -> Prediction:
        """Store a prediction. A plain value becomes one region of the configuration's only control."""
        check_new(new, PREDICTION_FIELDS)
        project, _ = open_task(self.projects, self.tasks, principal, "prediction.write", task_id)
        self._refuse_unfit(project, new.result)
        return self._store(principal, project, task_id, [new])[0]

    def _refuse_unfit(self, project: Project, result: object) -> None:
        """Raise InvalidInputError with every fault of a list of items; plain values are made to fit."""
        if not isinstance(result, list | tuple):
            return
        faults = result_faults(project, self.parse_config, list(result), checked="validate_predictions")
        if faults:
            raise InvalidInputError(faults=faults)

    def create_many(
        self, principal: Principal, project_id: ProjectId, new: Sequence[tuple[TaskId, NewPrediction]]
    ) -> int:
        """Store predictions of many tasks; gives how many. Nothing, and InvalidInputError, for a task of
        another project."""
        project = open_project(self.projects, principal, "prediction.write", project_id)
        by_task: dict[TaskId, list[NewPrediction]] = {}
        for task_id, prediction in new:
            by_task.setdefault(task_id, []).append(prediction)
        self._check(project, new)
        stored = 0
        for task_id, predictions in by_task.items():
            # A task that has gone since takes its predictions along; sent again, the others would be doubled.
            with suppress(NotFoundError):
                for start in range(0, len(predictions), _AT_ONCE):
                    some = predictions[start : start + _AT_ONCE]
                    stored += len(self._store(principal, project, task_id, some))
        self._catch_up(principal, project, list(by_task))
        return stored

    def _catch_up(self, principal: Principal, project: Project, task_ids: Sequence[TaskId]) -> None:
        catch_up(self.projects, self.tasks, project, task_ids, Retuning(self.clock(), principal.user_id))

    def _check(self, project: Project, new: Sequence[tuple[TaskId, NewPrediction]]) -> None:
        found = self.tasks.get_many(list(dict.fromkeys(task_id for task_id, _ in new)))
        own = {task.id for task in found if task.project_id == project.id}
        controls = self._controls(project, [prediction for _, prediction in new])
        faults = FaultList()
        for index, (task_id, prediction) in enumerate(new):
            if task_id not in own:
                faults.add(f"{index}.task", f"Task {task_id} does not belong to the project.")
            find_faults(faults, prediction, PREDICTION_FIELDS, place=f"{index}.")
            if not isinstance(prediction.result, list | tuple) and len(controls) != 1:
                faults.add(f"{index}.result", "A plain value needs a configuration with exactly one control.")
            elif isinstance(prediction.result, list | tuple):
                faults.faults += result_faults(
                    project,
                    self.parse_config,
                    list(prediction.result),
                    checked="validate_predictions",
                    place=f"{index}.result",
                )
        faults.raise_if_any()

    def _controls(self, project: Project, new: Sequence[NewPrediction]) -> Controls:
        if all(isinstance(prediction.result, list | tuple) for prediction in new):
            return {}
        parsed = self.parse_config(project.label_config).parsed
        return {name: dict(control) for name, control in parsed.items()}

    def _store(
        self, principal: Principal, project: Project, task_id: TaskId, new: Sequence[NewPrediction]
    ) -> list[Prediction]:
        controls = self._controls(project, new)
        return again(lambda: self._add(principal, project, task_id, (new, controls)))

    def _add(
        self,
        principal: Principal,
        project: Project,
        task_id: TaskId,
        given: tuple[Sequence[NewPrediction], Controls],
    ) -> list[Prediction]:
        new, controls = given
        task = self.tasks.get(task_id)
        if task is None:
            raise NotFoundError(no_such("Task"))
        now = self.clock()
        builder = Builder(
            project=project, caller=principal.user_id, now=now, unique_id=str, controls=controls
        )
        is_full = task.last_prediction_number + len(new) > MAX_PER_TASK
        taken = [p.number for p in self.tasks.hints(task_id).predictions] if is_full else []
        numbers = free_numbers(task, taken, len(new))
        made = [
            builder.prediction(task_id, number, prediction)
            for number, prediction in zip(numbers, new, strict=True)
        ]
        after = task
        for prediction in made:
            after = predicted(after, prediction)
        self._commit(principal, project, (task, after), tuple(Edit(None, p) for p in made))
        return made

    def _commit(
        self,
        principal: Principal,
        project: Project,
        tasks: tuple[Task, Task],
        edits: tuple[Edit[Prediction], ...],
    ) -> None:
        before, after = tasks
        now = self.clock()
        after = edited(after, now, before.updated_by)
        after = settle(after, project, now, by=principal.user_id, is_labeled=before.is_labeled)
        self.tasks.commit(Change(before=before, after=after, predictions=edits))

    # -- changing and removing

    def update(
        self, principal: Principal, prediction_id: PredictionId, fields: Mapping[str, object]
    ) -> Prediction:
        """Change `result`, `score`, `model_version`, `mislabeling`, `cluster` or `neighbors`."""
        given = read_fields(fields, PREDICTION_FIELDS)
        return again(lambda: self._update(principal, prediction_id, given))

    def _update(
        self, principal: Principal, prediction_id: PredictionId, given: Mapping[str, Any]
    ) -> Prediction:
        project, old = self._open(principal, "prediction.write", prediction_id)
        stamp: dict[str, Any] = {"updated_at": self.clock(), "version": old.version + 1}
        if "result" in given:
            self._refuse_unfit(project, given["result"])
            is_plain = not isinstance(given["result"], list | tuple)
            parsed = self.parse_config(project.label_config).parsed if is_plain else {}
            stamp |= {"result": as_result(given["result"], parsed), "config_version": project.config_version}
        new = replace(old, **{**given, **stamp})
        task, others = self._others(old)
        self._commit(principal, project, (task, repredicted(task, [*others, new])), (Edit(old, new),))
        return new

    def delete(self, principal: Principal, prediction_id: PredictionId) -> None:
        """Remove a prediction."""
        again(lambda: self._delete(principal, prediction_id))

    def _delete(self, principal: Principal, prediction_id: PredictionId) -> None:
        project, old = self._open(principal, "prediction.write", prediction_id)
        task, others = self._others(old)
        self._commit(principal, project, (task, repredicted(task, others)), (Edit(old, None),))

    def _others(self, prediction: Prediction) -> tuple[Task, list[Prediction]]:
        task = self.tasks.get(prediction.task_id)
        if task is None:
            raise NotFoundError(no_such("Prediction"))
        return task, [p for p in self.tasks.hints(task.id).predictions if p.id != prediction.id]

    def delete_of_tasks(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        *,
        model_version: str | None = None,
    ) -> int:
        """Remove the predictions (of one model version, or all) of tasks; gives how many."""
        project = open_project(self.projects, principal, "prediction.write", project_id)
        removed = sum(self._clear(principal, project, task_id, model_version) for task_id in task_ids)
        self._catch_up(principal, project, task_ids)
        return removed

    def delete_version(self, principal: Principal, project_id: ProjectId, model_version: str) -> int:
        """Remove all predictions of a model version in the project; gives how many."""
        open_project(self.projects, principal, "prediction.write", project_id)
        tasks = [
            task.id
            for summary in self.tasks.summaries(project_id)
            if model_version in summary.counts.models
            for task in self.tasks.block(summary.block)
            if model_version in task.models
        ]
        return self.delete_of_tasks(principal, project_id, tasks, model_version=model_version)

    def _clear(
        self, principal: Principal, project: Project, task_id: TaskId, model_version: str | None
    ) -> int:
        removed = 0
        while True:
            step = again(lambda: self._clear_step(principal, project, task_id, model_version))
            removed += step
            if step < _AT_ONCE:
                return removed

    def _clear_step(
        self, principal: Principal, project: Project, task_id: TaskId, model_version: str | None
    ) -> int:
        task = self.tasks.get(task_id)
        if task is None or task.project_id != project.id or not task.models:
            return 0
        predictions = self.tasks.hints(task_id).predictions
        gone = [p for p in predictions if model_version in (None, p.model_version)][:_AT_ONCE]
        if not gone:
            return 0
        left = [p for p in predictions if p not in gone]
        self._commit(principal, project, (task, repredicted(task, left)), tuple(Edit(p, None) for p in gone))
        return len(gone)
