"""Tasks whose answer is known: how well annotators do on them."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.api.endpoint import Call, route
from chalicelib.api.schemas.honeypots import HoneypotsRead, render_judgements
from chalicelib.ids import ProjectId


@route(
    "GET",
    "/api/projects/{project_id}/honeypots/",
    action="project.judge",
    answer=HoneypotsRead,
    summary="How well annotators do on tasks whose answer is known",
)
def show_honeypots(call: Call, *, project_id: int) -> HoneypotsRead:
    """Each answer to a task with a ground truth is compared with it; the counts are exact at any moment."""
    found = wiring.honeypots().judgements(call.principal, ProjectId(project_id))
    return render_judgements(found, wiring.people().by_ids({user for user, _ in found.annotators}))
