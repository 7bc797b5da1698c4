"""Workflows: those that come with the product, and the one of a project."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.endpoint import Call, route, versioned
from chalicelib.api.schemas.workflows import (
    PresetRead,
    WorkflowRead,
    WorkflowWrite,
    render_presets,
    render_workflow,
)
from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.ids import ProjectId
from chalicelib.services.workflows import Workflow


@route(
    "GET",
    "/api/workflows/presets/",
    action="project.read",
    answer=list[PresetRead],
    summary="List the workflows that a project can choose",
)
def list_presets(_: Call) -> list[PresetRead]:
    """`plain` is every project's until it chooses another."""
    return render_presets()


@route(
    "GET",
    "/api/projects/{project_id}/workflow/",
    action="project.read",
    answer=WorkflowRead,
    summary="Show a project's workflow",
)
def show_workflow(call: Call, *, project_id: int) -> Answer:
    """Its states and transitions, and how many tasks stand in which state."""
    return _shown(wiring.workflows().get(call.principal, ProjectId(project_id)))


@route(
    "PUT",
    "/api/projects/{project_id}/workflow/",
    action="project.update",
    body=WorkflowWrite,
    answer=WorkflowRead,
    errors=(409,),
    guarded=True,
    summary="Give a project another workflow",
)
def change_workflow(call: Call, *, project_id: int, body: WorkflowWrite) -> Answer:
    """400 tells every fault of the workflow; 409 the states with tasks that it lacks and `states` leaves out.

    Tasks follow at once, those of a large project by a job.
    """
    wanted = WantedWorkflow(preset=body.preset, document=body.workflow, states=body.states)
    return _shown(
        wiring.workflows().change(
            call.principal, ProjectId(project_id), wanted, if_version=call.expected_version
        )
    )


@route(
    "DELETE",
    "/api/projects/{project_id}/workflow/",
    action="project.update",
    answer=WorkflowRead,
    guarded=True,
    summary="Give a project the plain workflow again",
)
def reset_workflow(call: Call, *, project_id: int) -> Answer:
    """Tasks in states that it lacks stand where their annotations put them."""
    return _shown(
        wiring.workflows().reset(call.principal, ProjectId(project_id), if_version=call.expected_version)
    )


def _shown(workflow: Workflow) -> Answer:
    return versioned(render_workflow(workflow), workflow.project.version)
