"""Tasks, annotations and predictions by the hundred: each item whole or not at all."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from pydantic import Field

from chalicelib import wiring
from chalicelib.api.bodies import Body
from chalicelib.api.bulk import BulkBody, BulkOutcome, each, item_as
from chalicelib.api.endpoint import Call, route
from chalicelib.api.routes.annotations import KEY_NAMESPACE, annotation_changes, new_annotation
from chalicelib.api.routes.predictions import new_prediction
from chalicelib.api.routes.tasks import new_task, task_changes
from chalicelib.api.schemas.annotations import AnnotationWrite, PredictionPatch, PredictionWrite
from chalicelib.api.schemas.tasks import TaskPatch, TaskWrite
from chalicelib.errors import InvalidInputError
from chalicelib.ids import AnnotationId, PredictionId, ProjectId, TaskId


class Named(Body):
    """Which thing an item is about, and the version that it must have still, if that matters."""

    id: int = Field(ge=1, lt=2**53)
    version: int | None = None


class AnnotationOfTask(AnnotationWrite):
    """An annotation with the task that it is for."""

    task: int = Field(ge=1, lt=2**53)


@route(
    "POST",
    "/api/bulk/tasks/",
    action="task.create",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Add many tasks",
)
def create_tasks(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `POST /api/tasks/`."""

    def act(item: Any, name: str) -> int:
        new = item_as(TaskWrite, item)
        if new.project is None:
            raise InvalidInputError.at("project", "This field is required.", code="required")
        try:
            return wiring.bulk().add_task(call.principal, ProjectId(new.project), new_task(new), name=name)
        except InvalidInputError as error:  # the places begin with the task's number among those added
            faults = [replace(fault, place=fault.place.removeprefix("0.")) for fault in error.faults]
            raise InvalidInputError(error.message, faults=faults) from None

    return each(call, body, act, status=201)


@route(
    "PATCH",
    "/api/bulk/tasks/",
    action="task.update",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Change many tasks",
)
def update_tasks(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `PATCH /api/tasks/{task_id}/`, with `id`, and `version` to guard against others' edits."""

    def act(item: Any, _name: str) -> int:
        named, changes = item_as(Named, item), task_changes(item_as(TaskPatch, item))
        wiring.tasks().update(call.principal, TaskId(named.id), changes, if_version=named.version)
        return named.id

    return each(call, body, act)


@route(
    "DELETE",
    "/api/bulk/tasks/",
    action="task.delete",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Delete many tasks",
)
def delete_tasks(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items of `id`, and `version` to guard against others' edits."""

    def act(item: Any, _name: str) -> int:
        named = item_as(Named, item)
        wiring.tasks().delete(call.principal, TaskId(named.id), if_version=named.version)
        return named.id

    return each(call, body, act, status=204)


@route(
    "POST",
    "/api/bulk/annotations/",
    action="annotation.create",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Submit many annotations",
)
def create_annotations(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `POST /api/tasks/{task_id}/annotations/`, with `task`."""

    def act(item: Any, name: str) -> int:
        given = item_as(AnnotationOfTask, item)
        named = bool(name) and given.unique_id is None
        new = new_annotation(given)
        if named:
            new = replace(new, unique_id=str(uuid.uuid5(KEY_NAMESPACE, f"{call.principal.user_id}:{name}")))
        return wiring.annotations().create(call.principal, TaskId(given.task), new, replay=named).id

    return each(call, body, act, status=201)


@route(
    "PATCH",
    "/api/bulk/annotations/",
    action="annotation.update_own",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Change many annotations",
)
def update_annotations(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `PATCH /api/annotations/{annotation_id}/`, with `id`, and `version` as a guard."""

    def act(item: Any, _name: str) -> int:
        named, changes = item_as(Named, item), annotation_changes(item_as(AnnotationWrite, item))
        service = wiring.annotations()
        service.update(call.principal, AnnotationId(named.id), changes, if_version=named.version)
        return named.id

    return each(call, body, act)


@route(
    "DELETE",
    "/api/bulk/annotations/",
    action="annotation.delete_own",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Delete many annotations",
)
def delete_annotations(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items of `id`, and `version` as a guard; their versions stay readable."""

    def act(item: Any, _name: str) -> int:
        named = item_as(Named, item)
        wiring.annotations().delete(call.principal, AnnotationId(named.id), if_version=named.version)
        return named.id

    return each(call, body, act, status=204)


@route(
    "POST",
    "/api/bulk/predictions/",
    action="prediction.write",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Store many predictions",
)
def create_predictions(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `POST /api/predictions/`."""

    def act(item: Any, name: str) -> int:
        given = item_as(PredictionWrite, item)
        new = new_prediction(given)
        return wiring.bulk().add_prediction(call.principal, TaskId(given.task), new, name=name)

    return each(call, body, act, status=201)


@route(
    "PATCH",
    "/api/bulk/predictions/",
    action="prediction.write",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Change many predictions",
)
def update_predictions(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items as for `PATCH /api/predictions/{prediction_id}/`, with `id`."""

    def act(item: Any, _name: str) -> int:
        named, changes = item_as(Named, item), item_as(PredictionPatch, item).given()
        wiring.predictions().update(call.principal, PredictionId(named.id), changes)
        return named.id

    return each(call, body, act)


@route(
    "DELETE",
    "/api/bulk/predictions/",
    action="prediction.write",
    body=BulkBody,
    answer=BulkOutcome,
    errors=(413,),
    keeps_receipts=True,
    summary="Delete many predictions",
)
def delete_predictions(call: Call, *, body: BulkBody) -> BulkOutcome:
    """Items of `id`."""

    def act(item: Any, _name: str) -> int:
        named = item_as(Named, item)
        wiring.predictions().delete(call.principal, PredictionId(named.id))
        return named.id

    return each(call, body, act, status=204)
