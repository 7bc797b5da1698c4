"""Actions on chosen tasks of a project: what the data manager offers, and what each does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.predictions import PredictionService
from chalicelib.services.tasks import TaskService
from chalicelib.services.views import ViewService

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One action as people see it. `permission` is the row of the policy table that it needs."""

    id: str
    title: str
    order: int
    permission: str
    text: str
    fields: tuple[Mapping[str, Any], ...] = ()


ACTIONS: tuple[Action, ...] = (
    Action(
        "predictions_to_annotations",
        "Create annotations from predictions",
        91,
        "annotation.create",
        "Make annotations of the predictions of the selected tasks.",
        ({"name": "model_version", "type": "select", "label": "Model version", "value": None},),
    ),
    Action(
        "delete_tasks",
        "Delete tasks",
        100,
        "task.delete",
        "Delete the selected tasks with their annotations and predictions. This cannot be undone.",
    ),
    Action(
        "delete_tasks_annotations",
        "Delete annotations",
        101,
        "annotation.delete_any",
        "Delete all annotations and drafts of the selected tasks.",
        ({"name": "annotator", "type": "select", "label": "Annotator", "value": None},),
    ),
    Action(
        "delete_tasks_predictions",
        "Delete predictions",
        102,
        "prediction.write",
        "Delete all predictions of the selected tasks.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActionService:
    """Runs actions. The services that do the work ask the policies."""

    tasks: TaskService
    annotations: AnnotationService
    predictions: PredictionService
    views: ViewService

    def offered(self, principal: Principal, project: Project) -> list[Action]:
        """The actions that the caller may run in the project, in their order."""
        acting = policies.in_project(principal, project)
        return [action for action in ACTIONS if policies.may(acting, action.permission)]

    def run(
        self,
        principal: Principal,
        project_id: ProjectId,
        action_id: str,
        task_ids: Sequence[TaskId],
        fields: Mapping[str, Any],
    ) -> Outcome:
        """Do the action to the tasks. InvalidInputError for an unknown one."""
        runs: Mapping[str, Callable[[], Outcome]] = {
            "delete_tasks": lambda: self._delete_tasks(principal, project_id, task_ids),
            "delete_tasks_annotations": lambda: self._delete_annotations(
                principal, project_id, task_ids, fields
            ),
            "delete_tasks_predictions": lambda: self._delete_predictions(principal, project_id, task_ids),
            "predictions_to_annotations": lambda: self._annotate(principal, project_id, task_ids, fields),
        }
        if action_id not in runs:
            raise InvalidInputError.at("id", f'"{action_id}" is not a known action.', code="unknown_action")
        return runs[action_id]()

    def _delete_tasks(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]
    ) -> Outcome:
        deleted = self.tasks.delete_many(principal, project_id, task_ids)
        is_empty = not any(summary.counts.tasks for summary in self.tasks.blocks(principal, project_id))
        if is_empty:
            self.views.reset(principal, project_id)
        return {"processed_items": deleted, "reload": is_empty, "detail": f"Deleted {deleted} tasks"}

    def _delete_annotations(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        fields: Mapping[str, Any],
    ) -> Outcome:
        annotator = fields.get("annotator")
        if annotator is not None and not str(annotator).isdigit():
            raise InvalidInputError.at("annotator", "A valid integer is required.")
        deleted = self.annotations.delete_of_tasks(
            principal, project_id, task_ids, annotator=int(annotator) if annotator is not None else None
        )
        return {"processed_items": deleted, "detail": f"Deleted {deleted} annotations"}

    def _delete_predictions(
        self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]
    ) -> Outcome:
        deleted = self.predictions.delete_of_tasks(principal, project_id, task_ids)
        return {"processed_items": deleted, "detail": f"Deleted {deleted} predictions"}

    def _annotate(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        fields: Mapping[str, Any],
    ) -> Outcome:
        wanted = fields.get("model_version") or []
        versions = [wanted] if isinstance(wanted, str) else [str(version) for version in wanted]
        made = self.annotations.from_predictions(principal, project_id, task_ids, model_versions=versions)
        return {"processed_items": len(made), "detail": f"Created {len(made)} annotations"}
