"""Changes of a project's configuration that carry its work along, and the versions they leave."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.config_faults import config_faults
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import render_fault
from chalicelib.api.schemas.config_edits import (
    ConfigEditPlan,
    ConfigEditWrite,
    ConfigVersionDetail,
    ConfigVersionRead,
    render_config_version,
    render_steps,
)
from chalicelib.api.schemas.jobs import JobRead, render_job
from chalicelib.ids import JobId, ProjectId


@route(
    "GET",
    "/api/projects/{project_id}/config-versions/",
    action="project.read",
    answer=list[ConfigVersionRead],
    summary="List the versions of a project's configuration",
)
def list_config_versions(call: Call, *, project_id: int) -> list[ConfigVersionRead]:
    """Newest first; the first one is the present configuration."""
    return [
        render_config_version(version)
        for version in wiring.config_edits().versions(call.principal, ProjectId(project_id))
    ]


@route(
    "GET",
    "/api/projects/{project_id}/config-versions/{number}/",
    action="project.read",
    answer=ConfigVersionDetail,
    summary="Show a version of a project's configuration",
)
def get_config_version(call: Call, *, project_id: int, number: int) -> ConfigVersionDetail:
    """The version, and in which steps it differs from the one before it."""
    version, plan = wiring.config_edits().version(call.principal, ProjectId(project_id), number)
    return {**render_config_version(version), "steps": render_steps(plan)}


@route(
    "POST",
    "/api/projects/{project_id}/config-edits/plan/",
    action="project.update",
    body=ConfigEditWrite,
    answer=ConfigEditPlan,
    summary="Say what a change of the configuration would do to the work that is there",
)
def plan_config_edit(call: Call, *, project_id: int, body: ConfigEditWrite) -> ConfigEditPlan:
    """Changes nothing. The steps with the results that each touches, and the faults that forbid it."""
    with config_faults():
        planned = wiring.config_edits().plan(call.principal, ProjectId(project_id), body.order())
    return {
        "steps": render_steps(planned.plan),
        "labels": {name: list(labels) for name, labels in planned.plan.labels.items()},
        "touched": planned.plan.touched,
        "faults": [render_fault(fault) for fault in planned.plan.faults],
        "is_complete": planned.is_complete,
    }


@route(
    "POST",
    "/api/projects/{project_id}/config-edits/",
    action="project.update",
    body=ConfigEditWrite,
    answer=JobRead,
    status=201,
    errors=(409,),
    keeps_receipts=True,
    summary="Change the configuration and carry the work along, as a job",
)
def start_config_edit(call: Call, *, project_id: int, body: ConfigEditWrite) -> JobRead:
    """Annotations keep their earlier versions. 409 while another change is under way."""
    with config_faults():
        job = wiring.config_edits().start(call.principal, ProjectId(project_id), body.order())
    return render_job(job)


@route(
    "POST",
    "/api/projects/{project_id}/config-edits/{job_id}/undo/",
    action="project.update",
    answer=JobRead,
    status=201,
    errors=(409,),
    keeps_receipts=True,
    summary="Take a change of the configuration back, as a job",
)
def undo_config_edit(call: Call, *, project_id: int, job_id: int) -> JobRead:
    """Every result is as it was. 409 when the configuration was changed again since."""
    job = wiring.config_edits().undo(call.principal, ProjectId(project_id), JobId(job_id))
    return render_job(job)
