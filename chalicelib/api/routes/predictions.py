"""Predictions: what models say."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from chalicelib import wiring
from chalicelib.api.bodies import validate
from chalicelib.api.cursors import CursorPage, Walk, cursor_page, walk_of
from chalicelib.api.endpoint import Call, route
from chalicelib.api.numbers import number_of
from chalicelib.api.schemas.annotations import (
    CreatedPredictions,
    PredictionPatch,
    PredictionRead,
    PredictionWrite,
    render_prediction,
)
from chalicelib.clock import system_clock
from chalicelib.domain.annotations.entities import Prediction
from chalicelib.domain.tasks.changes import NewPrediction
from chalicelib.errors import FaultList, InvalidInputError
from chalicelib.ids import PredictionId, ProjectId, TaskId

PER_PAGE = 100
MOST_PER_PAGE = 1000


@route(
    "GET",
    "/api/predictions/",
    parameters=("task", "project", "page_size", "cursor"),
    action="prediction.read",
    answer=list[PredictionRead] | CursorPage[PredictionRead],
    errors=(400, 404),
    summary="List predictions of a task or project",
)
def list_predictions(call: Call) -> list[PredictionRead] | CursorPage[PredictionRead]:
    """`task`, or `project` (also `task__project`), says whose; without either there are none. `cursor` walks
    through them by id, and reads no more than it shows."""
    task_id = number_of(call.request, "task")
    project_id = number_of(call.request, "project") or number_of(call.request, "task__project")
    walk = walk_of(call, default=PER_PAGE, most=MOST_PER_PAGE)
    if walk is not None:
        return _walked(call, walk, task_id, project_id)
    service, now = wiring.predictions(), system_clock()
    if task_id:
        found = service.of_task(call.principal, TaskId(task_id))
    elif project_id:
        found = service.of_project(call.principal, ProjectId(project_id))
    else:
        return []
    return [
        render_prediction(prediction, now)
        for prediction in found
        if not project_id or prediction.project_id == project_id
    ]


@route(
    "POST",
    "/api/predictions/",
    action="prediction.write",
    body=PredictionWrite,
    answer=PredictionRead,
    status=201,
    keeps_receipts=True,
    summary="Store a prediction",
)
def create_prediction(call: Call, *, body: PredictionWrite) -> PredictionRead:
    """A plain value as result becomes one region of the configuration's only control."""
    created = wiring.predictions().create(call.principal, TaskId(body.task), new_prediction(body))
    return render_prediction(created, system_clock())


@route(
    "POST",
    "/api/projects/{project_id}/import/predictions/",
    action="prediction.write",
    sent=list[PredictionWrite],
    answer=CreatedPredictions,
    status=201,
    keeps_receipts=True,
    summary="Store predictions of many tasks",
)
def import_predictions(call: Call, *, project_id: int) -> CreatedPredictions:
    """A list of predictions of the project's tasks: all of them, or none and every fault."""
    sent = call.request.parsed
    if not isinstance(sent, list):
        raise InvalidInputError.at("", "Expected a list of predictions.")
    wiring.projects().get(call.principal, ProjectId(project_id))
    bodies, faults = [], FaultList()
    for index, item in enumerate(sent):
        try:
            bodies.append(validate(PredictionWrite, item if isinstance(item, dict) else {}))
        except InvalidInputError as error:
            faults.faults += [replace(fault, place=f"item[{index}].{fault.place}") for fault in error.faults]
    faults.raise_if_any()
    new = [(TaskId(body.task), new_prediction(body)) for body in bodies]
    return {"created": wiring.predictions().create_many(call.principal, ProjectId(project_id), new)}


@route(
    "GET",
    "/api/predictions/{prediction_id}/",
    action="prediction.read",
    answer=PredictionRead,
    summary="Show a prediction",
)
def get_prediction(call: Call, *, prediction_id: int) -> PredictionRead:
    """One prediction."""
    found = wiring.predictions().get(call.principal, PredictionId(prediction_id))
    return render_prediction(found, system_clock())


@route(
    "PATCH",
    "/api/predictions/{prediction_id}/",
    action="prediction.write",
    body=PredictionPatch,
    answer=PredictionRead,
    summary="Change a prediction",
)
@route(
    "PUT",
    "/api/predictions/{prediction_id}/",
    action="prediction.write",
    body=PredictionPatch,
    answer=PredictionRead,
    summary="Change a prediction",
)
def update_prediction(call: Call, *, prediction_id: int, body: PredictionPatch) -> PredictionRead:
    """Changes the fields that are sent."""
    changed = wiring.predictions().update(call.principal, PredictionId(prediction_id), body.given())
    return render_prediction(changed, system_clock())


@route(
    "DELETE",
    "/api/predictions/{prediction_id}/",
    action="prediction.write",
    status=204,
    summary="Delete a prediction",
)
def delete_prediction(call: Call, *, prediction_id: int) -> None:
    """Gone, and counted out."""
    wiring.predictions().delete(call.principal, PredictionId(prediction_id))


def _walked(
    call: Call, walk: Walk, task_id: int | None, project_id: int | None
) -> CursorPage[PredictionRead]:
    service, found = wiring.predictions(), list[Prediction]()
    if task_id:
        of_task = service.of_task(call.principal, TaskId(task_id))
        found += walk.cut([p for p in of_task if project_id in (None, p.project_id)], attrgetter("id"))
    elif project_id:
        after = PredictionId(walk.after)
        found += service.after(call.principal, ProjectId(project_id), after, walk.size + 1)
    now = system_clock()
    return cursor_page(
        call, walk, found, attrgetter("id"), lambda shown: [render_prediction(one, now) for one in shown]
    )


def new_prediction(body: PredictionWrite) -> NewPrediction:
    """The prediction as the service takes it."""
    return NewPrediction(**body.model_dump(exclude={"task", "project"}))
