"""Labels that an organization keeps, and which projects use them."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.bodies import validate
from chalicelib.api.endpoint import Call, route
from chalicelib.api.paging import Page, cut, envelope, page_number, page_size
from chalicelib.api.schemas.labels import (
    LabelLinkPatch,
    LabelLinkQuery,
    LabelLinkRead,
    LabelLinkWrite,
    LabelMade,
    LabelPatch,
    LabelRead,
    LabelRename,
    LabelsRenamed,
    LabelWrite,
    render_label,
    render_link,
    render_rename,
)
from chalicelib.domain.labels import MAX_AT_ONCE, Label, LabelLink
from chalicelib.errors import FaultList, InvalidInputError, LimitExceededError
from chalicelib.ids import ProjectId

PER_PAGE = 100
MOST_PER_PAGE = 1000


@route(
    "GET",
    "/api/labels/",
    parameters=("page", "page_size"),
    action="label.read",
    answer=Page[LabelRead],
    errors=(404,),
    summary="List the labels",
)
def list_labels(call: Call) -> Page[LabelRead]:
    """By id, each with the projects that use it."""
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    found = wiring.labels().listed(call.principal)
    shown = [render_label(label, links) for label, links in cut(found, number=number, size=size)]
    return envelope(call.request, list(shown), count=len(found), number=number, size=size)


@route(
    "POST",
    "/api/labels/",
    action="label.create",
    sent=list[LabelWrite],
    answer=list[LabelMade],
    status=201,
    errors=(404,),
    keeps_receipts=True,
    summary="Make labels for a project",
)
def create_labels(call: Call) -> list[LabelMade]:
    """A list of `project`, `from_name`, `title` and `value`, all of one project: all of them, or none and
    every fault. A title that the organization has stands for the label it has."""
    bodies = _bodies(call)
    project = bodies[0].project
    made = wiring.labels().create(call.principal, ProjectId(project), [body.new() for body in bodies])
    return [
        {**render_label(label, links), "project": project, "from_name": body.from_name}
        for (label, links), body in zip(made, bodies, strict=True)
    ]


@route("GET", "/api/labels/{label_id}/", action="label.read", answer=LabelRead, summary="Show a label")
def get_label(call: Call, *, label_id: int) -> LabelRead:
    """With the projects that use it."""
    return render_label(*wiring.labels().get(call.principal, label_id))


@route(
    "PATCH",
    "/api/labels/{label_id}/",
    action="label.manage",
    body=LabelPatch,
    answer=LabelRead,
    errors=(409,),
    summary="Change a label",
)
@route(
    "PUT",
    "/api/labels/{label_id}/",
    action="label.manage",
    body=LabelPatch,
    answer=LabelRead,
    errors=(409,),
    summary="Change a label",
)
def update_label(call: Call, *, label_id: int, body: LabelPatch) -> LabelRead:
    """Its title, value and description, and whether it is approved. Results stay: see `bulk`."""
    return render_label(*wiring.labels().update(call.principal, label_id, body.given()))


@route("DELETE", "/api/labels/{label_id}/", action="label.manage", status=204, summary="Delete a label")
def delete_label(call: Call, *, label_id: int) -> None:
    """With its links; results that use it stay as they are."""
    wiring.labels().delete(call.principal, label_id)


@route(
    "POST",
    "/api/labels/bulk/",
    action="label.manage",
    body=LabelRename,
    answer=LabelsRenamed,
    also={202: LabelsRenamed},
    errors=(404,),
    keeps_receipts=True,
    summary="Rename a label in all results that use it",
)
def rename_label(call: Call, *, body: LabelRename) -> Answer:
    """In a project, or in all that the caller manages; annotations keep their earlier versions. What takes
    longer than a request may is answered with 202 and goes on as the job that the answer names."""
    project = ProjectId(body.project) if body.project is not None else None
    job = wiring.label_renames().rename(call.principal, project, old=body.old_label, new=body.new_label)
    return Answer(200 if job.has_ended else 202, render_rename(job))


@route(
    "GET",
    "/api/label_links/",
    parameters=("page", "page_size"),
    action="label.read",
    query=LabelLinkQuery,
    answer=Page[LabelLinkRead],
    errors=(404,),
    summary="List which projects use which labels",
)
def list_label_links(call: Call, *, query: LabelLinkQuery) -> Page[LabelLinkRead]:
    """By id; `expand=label` shows the labels themselves."""
    number, size = page_number(call.request), page_size(call.request, default=PER_PAGE, most=MOST_PER_PAGE)
    found = wiring.labels().links(call.principal, query.wanted())
    expanded = "label" in query.expand.split(",")
    page = cut(found, number=number, size=size)
    uses = wiring.labels().uses(call.principal, page)
    shown = [render_link(link, label, uses, expanded=expanded) for link, label in page]
    return envelope(call.request, list(shown), count=len(found), number=number, size=size)


@route(
    "POST",
    "/api/label_links/",
    action="label.create",
    body=LabelLinkWrite,
    answer=LabelLinkRead,
    status=201,
    errors=(404, 413),
    keeps_receipts=True,
    summary="Tie a label to a project",
)
def create_label_link(call: Call, *, body: LabelLinkWrite) -> LabelLinkRead:
    """Once for a project and a label."""
    made = wiring.labels().create_link(call.principal, ProjectId(body.project), body.label, body.from_name)
    return _link(call, made)


@route(
    "GET",
    "/api/label_links/{link_id}/",
    parameters=("expand",),
    action="label.read",
    answer=LabelLinkRead,
    summary="Show that a project uses a label",
)
def get_label_link(call: Call, *, link_id: int) -> LabelLinkRead:
    """`expand=label` shows the label itself."""
    expanded = "label" in call.request.first("expand").split(",")
    return _link(call, wiring.labels().link(call.principal, link_id), expanded=expanded)


@route(
    "PATCH",
    "/api/label_links/{link_id}/",
    action="label.manage",
    body=LabelLinkPatch,
    answer=LabelLinkRead,
    summary="Say which control of a project a label is for",
)
@route(
    "PUT",
    "/api/label_links/{link_id}/",
    action="label.manage",
    body=LabelLinkPatch,
    answer=LabelLinkRead,
    summary="Say which control of a project a label is for",
)
def update_label_link(call: Call, *, link_id: int, body: LabelLinkPatch) -> LabelLinkRead:
    """Project and label stay."""
    return _link(call, wiring.labels().update_link(call.principal, link_id, body.from_name))


@route(
    "DELETE",
    "/api/label_links/{link_id}/",
    action="label.manage",
    status=204,
    summary="Untie a label from a project",
)
def delete_label_link(call: Call, *, link_id: int) -> None:
    """The label stays."""
    wiring.labels().delete_link(call.principal, link_id)


def _link(call: Call, shown: tuple[LabelLink, Label], *, expanded: bool = False) -> LabelLinkRead:
    return render_link(*shown, wiring.labels().uses(call.principal, [shown]), expanded=expanded)


def _bodies(call: Call) -> list[LabelWrite]:
    """The labels that a request asks for, of one project. Raises InvalidInputError with every fault."""
    sent = call.request.parsed
    if not isinstance(sent, list):
        message = f'Expected a list of items but got type "{type(sent).__name__}".'
        raise InvalidInputError.at("", message, code="not_a_list")
    if len(sent) > MAX_AT_ONCE:
        raise LimitExceededError(f"At most {MAX_AT_ONCE} labels are made at once.")
    bodies, faults = [], FaultList()
    for index, item in enumerate(sent):
        try:
            bodies.append(validate(LabelWrite, item if isinstance(item, dict) else {}))
        except InvalidInputError as error:
            faults.faults += [replace(fault, place=f"item[{index}].{fault.place}") for fault in error.faults]
    if len({body.project for body in bodies}) > 1:
        faults.add("", "Creating labels for different projects in one request not allowed")
    if not sent:
        faults.add("", "This list may not be empty.", code="empty")
    faults.raise_if_any()
    return bodies
