"""Actions on chosen tasks of a project: what the data manager offers, and what each does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.domain.label_caching import read_order
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.assignment import MAX_ASSIGNED, Assigning
from chalicelib.errors import FaultList, InvalidInputError, RefusedTransitionError
from chalicelib.ids import ProjectId, TaskId, UserId
from chalicelib.services.access import open_project
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.assignments import AssignmentService
from chalicelib.services.copies import CopyService
from chalicelib.services.label_caching import LabelCacheService
from chalicelib.services.predictions import PredictionService
from chalicelib.services.states import StateService
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
    is_hidden: bool = False
    """Whether it is run by those who know it, and offered to nobody."""


ACTIONS: tuple[Action, ...] = (
    Action(
        "cache_labels",
        "Cache labels",
        1,
        "task.update",
        "Write the labels of the selected tasks into a column of their data, to filter and order by.",
        (
            {"name": "control_tag", "type": "input", "label": "Control", "value": "ALL"},
            {"name": "with_counters", "type": "select", "label": "With counters", "options": ["Yes", "No"]},
            {
                "name": "source",
                "type": "select",
                "label": "Source",
                "options": ["Annotations", "Predictions"],
            },
        ),
        is_hidden=True,
    ),
    Action(
        "remove_duplicates",
        "Remove duplicated tasks",
        1,
        "task.delete",
        "Keep one of the selected tasks that have the same data, with the annotations of all of them.",
    ),
    Action(
        "retrieve_tasks_predictions",
        "Retrieve predictions",
        90,
        "prediction.write",
        "Ask the connected ML backend for predictions of the selected tasks.",
    ),
    Action(
        "predictions_to_annotations",
        "Create annotations from predictions",
        91,
        "annotation.create",
        "Make annotations of the predictions of the selected tasks.",
        ({"name": "model_version", "type": "select", "label": "Model version", "value": None},),
    ),
    Action(
        "transition",
        "Change state",
        92,
        "task.transition",
        "Make a transition of the workflow with the selected tasks. Those that may not make it stay.",
        (
            {"name": "transition_name", "type": "input", "label": "Transition", "value": ""},
            {"name": "reason", "type": "input", "label": "Reason", "value": ""},
        ),
    ),
    Action(
        "assign_annotators",
        "Assign annotators",
        93,
        "task.assign",
        "Assign the selected tasks to members, or take that back. What is assigned comes first for them.",
        (
            {"name": "users", "type": "select", "label": "Members", "value": None},
            {
                "name": "mode",
                "type": "select",
                "label": "Mode",
                "options": [each.value for each in Assigning],
            },
        ),
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

TOLD_REFUSALS = 3
"""So many of the tasks that may not make a transition are told of with why."""


BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
MAX_DIGITS = 18
NO_BACKEND = "No ML backend is connected to this project."
SAYS = {
    "delete_tasks": "Deleted {} tasks",
    "delete_tasks_annotations": "Deleted {} annotations",
    "delete_tasks_predictions": "Deleted {} predictions",
    "predictions_to_annotations": "Created {} annotations",
    "retrieve_tasks_predictions": f"Retrieved {{}} predictions. {NO_BACKEND}",
    "transition": "Moved {} tasks",
    "assign_annotators": "Changed the assignment of {} tasks",
}
"""What an action tells when it is done; those that are not listed answer nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An action that somebody wants done to tasks of a project."""

    project_id: ProjectId
    action: str
    fields: Mapping[str, Any]


def _alive() -> None:
    """Nobody waits to hear from what is done within a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActionService:
    """Runs actions. The services that do the work ask the policies."""

    tasks: TaskService
    annotations: AnnotationService
    assignments: AssignmentService
    predictions: PredictionService
    views: ViewService
    copies: CopyService
    label_cache: LabelCacheService
    states: StateService

    def offered(self, principal: Principal, project: Project) -> list[Action]:
        """The actions that the caller may run in the project, in their order."""
        acting = policies.in_project(principal, project)
        has_transitions = any(each.is_manual for each in project.task_machine.transitions)
        return [
            action
            for action in ACTIONS
            if not action.is_hidden
            and policies.may(acting, action.permission)
            and (action.id != "transition" or has_transitions)
        ]

    def run(self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]) -> Outcome:
        """Do the action to the tasks, in one go."""
        self.check(principal, ordered)
        if ordered.action == "transition":
            return self._transition(principal, ordered, task_ids)
        return self.outcome(principal, ordered, self.do(principal, ordered, task_ids))

    def check(self, principal: Principal, ordered: Ordered) -> None:
        """Raise InvalidInputError for an unknown action or fields that it cannot take, ForbiddenError for
        one that the caller may not run in the project."""
        action = BY_ID.get(ordered.action)
        if action is None:
            raise InvalidInputError.at(
                "id", f'"{ordered.action}" is not a known action.', code="unknown_action"
            )
        open_project(self.tasks.projects, principal, action.permission, ordered.project_id)
        if action.id in _CHECKS:
            _CHECKS[action.id](ordered.fields)
        if action.id == "assign_annotators":
            self.assignments.check(principal, ordered.project_id, *_assigning(ordered.fields))

    def do(self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]) -> int:
        """Do the action to the tasks; gives how many things it made, changed or removed. Can be repeated."""
        project_id, fields = ordered.project_id, ordered.fields
        steps: Mapping[str, Callable[[], int]] = {
            "cache_labels": lambda: self.label_cache.cache(
                principal, project_id, task_ids, read_order(fields)
            ),
            "remove_duplicates": lambda: self._merge(principal, project_id, task_ids),
            "retrieve_tasks_predictions": lambda: 0,
            "delete_tasks": lambda: self.tasks.delete_many(principal, project_id, task_ids),
            "delete_tasks_annotations": lambda: self.annotations.delete_of_tasks(
                principal, project_id, task_ids, annotator=_annotator(fields)
            ),
            "delete_tasks_predictions": lambda: self.predictions.delete_of_tasks(
                principal, project_id, task_ids
            ),
            "predictions_to_annotations": lambda: self._annotate(principal, project_id, task_ids, fields),
            "transition": lambda: self._move(principal, ordered, task_ids)[0],
            "assign_annotators": lambda: self.assignments.assign(
                principal, project_id, task_ids, *_assigning(fields)
            ),
        }
        return steps[ordered.action]()

    def outcome(self, principal: Principal, ordered: Ordered, count: int) -> Outcome:
        """What is told of an action that is done; what follows when no task is left is done here."""
        if ordered.action not in SAYS:
            return {}
        told: Outcome = {"processed_items": count, "detail": SAYS[ordered.action].format(count)}
        if ordered.action != "delete_tasks":
            return told
        blocks = self.tasks.blocks(principal, ordered.project_id)
        is_empty = not any(summary.counts.tasks for summary in blocks)
        if is_empty:
            self.views.reset(principal, ordered.project_id)
        return {**told, "reload": is_empty}

    def _merge(self, principal: Principal, project_id: ProjectId, task_ids: Sequence[TaskId]) -> int:
        groups = self.copies.find(principal, project_id, task_ids, _alive)
        return sum(self.copies.merge(principal, project_id, group) for group in groups)

    def _annotate(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        fields: Mapping[str, Any],
    ) -> int:
        versions = _versions(fields)
        made = self.annotations.from_predictions(principal, project_id, task_ids, model_versions=versions)
        return len(made)

    def _transition(self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]) -> Outcome:
        moved, refusals = self._move(principal, ordered, task_ids)
        told = " ".join(refusal.message for refusal in refusals[:TOLD_REFUSALS])
        refused = f"; {len(refusals)} may not go. {told}" if refusals else ""
        return {"processed_items": moved, "detail": f"{SAYS['transition'].format(moved)}{refused}"}

    def _move(
        self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]
    ) -> tuple[int, Sequence[RefusedTransitionError]]:
        name, reason = _named(ordered.fields)
        return self.states.transition_many(principal, ordered.project_id, task_ids, name, reason=reason)


def _named(fields: Mapping[str, Any]) -> tuple[str, str]:
    """The name of the transition that is meant, and why it is made."""
    name, reason = fields.get("transition_name"), fields.get("reason") or ""
    if not isinstance(name, str) or not name:
        raise InvalidInputError.at("transition_name", "This field is required.", code="required")
    if not isinstance(reason, str):
        raise InvalidInputError.at("reason", "Not a valid string.")
    return name, reason.strip()


def _assigning(fields: Mapping[str, Any]) -> tuple[Sequence[UserId], Assigning]:
    """Who is meant, and whether they are added, put in the place of others, or removed."""
    users, mode = fields.get("users"), fields.get("mode") or Assigning.ADD
    faults = FaultList()
    if not isinstance(users, list) or not all(type(user) is int and user > 0 for user in users):
        faults.add("users", "Must be a list of the ids of members.")
    elif len(users) > MAX_ASSIGNED:
        faults.add("users", f"A task can be assigned to {MAX_ASSIGNED} people.", code="limit")
    elif not users and mode != Assigning.REPLACE:
        faults.add("users", "Name at least one member.", code="required")
    if mode not in tuple(Assigning):
        faults.add("mode", f'"{mode}" is not one of {", ".join(Assigning)}.', code="choice")
    faults.raise_if_any()
    return [UserId(user) for user in users or ()], Assigning(mode)


def _annotator(fields: Mapping[str, Any]) -> int | None:
    """The member whose annotations are meant, or None for everybody's."""
    annotator = fields.get("annotator")
    if annotator is None:
        return None
    text = str(annotator)
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
        raise InvalidInputError.at("annotator", "A valid integer is required.")
    return int(text)


def _versions(fields: Mapping[str, Any]) -> list[str]:
    """The model versions that are meant; none for all."""
    wanted = fields.get("model_version") or []
    if not isinstance(wanted, str | list):
        raise InvalidInputError.at("model_version", "Must be a text or a list of texts.")
    return [wanted] if isinstance(wanted, str) else [str(version) for version in wanted]


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "cache_labels": read_order,
    "delete_tasks_annotations": _annotator,
    "predictions_to_annotations": _versions,
    "transition": _named,
    "assign_annotators": _assigning,
}
