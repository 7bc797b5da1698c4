"""Which projects a request asks for, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib import wiring
from chalicelib.api.cursors import PARAMETER
from chalicelib.api.endpoint import Call
from chalicelib.api.numbers import read_number
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import InvalidInputError

ORDERINGS = {
    "id": lambda project: project.id,
    "title": lambda project: project.title.lower(),
    "created_at": lambda project: project.created_at,
    "updated_at": lambda project: project.updated_at,
    "is_published": lambda project: project.is_published,
    "created_by": lambda project: project.created_by,
}


def matching(call: Call) -> Sequence[Project]:
    """The projects by ids, words in the title and pins. InvalidInputError for an order within a walk."""
    request = call.request
    projects: Sequence[Project] = wiring.projects().all(call.principal)
    if ids := request.first("ids"):
        wanted = {read_number(text.strip()) for text in ids.split(",")}
        projects = [project for project in projects if project.id in wanted]
    for word in (request.first("title"), request.first("search")):
        if word:
            projects = [project for project in projects if word.lower() in project.title.lower()]
    pinned = request.first("filter")
    if pinned in ("pinned_only", "exclude_pinned"):
        is_wanted = pinned == "pinned_only"
        projects = [project for project in projects if (project.pinned_at is not None) == is_wanted]
    ordering = request.first("ordering")
    if ordering and PARAMETER in request.query:
        raise InvalidInputError.at("ordering", "A walk by cursor goes by id; leave the ordering out.")
    if key := ORDERINGS.get(ordering.removeprefix("-")):
        projects = sorted(projects, key=key, reverse=ordering.startswith("-"))
    return projects
