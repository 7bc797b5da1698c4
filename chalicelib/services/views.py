"""Saved views of the data manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.domain.data_manager.queries import read_query
from chalicelib.domain.data_manager.views import View, replaced
from chalicelib.errors import NotFoundError
from chalicelib.ids import ProjectId
from chalicelib.ports.projects import IdSource, ProjectStore
from chalicelib.services.access import open_project

NO_VIEW = policies.no_such("View")


class ViewStore(Protocol):
    """Where views are kept."""

    def project_of(self, view_id: int) -> ProjectId | None:
        """Which project the view belongs to, or None."""

    def get(self, project_id: ProjectId, view_id: int) -> View | None:
        """The view, or None."""

    def of_project(self, project_id: ProjectId) -> Sequence[View]:
        """The project's views by order, then id."""

    def insert(self, view: View) -> None:
        """Store a new view."""

    def save_data(self, view: View) -> bool:
        """Store the view's data alone; False when it is gone."""

    def save_order(self, view: View) -> bool:
        """Store the view's place among the others alone; False when it is gone."""

    def delete(self, view: View) -> None:
        """Forget the view; harmless when it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewService:
    """Everything that is done to views."""

    projects: ProjectStore
    views: ViewStore
    ids: IdSource

    def of_project(self, principal: Principal, project_id: ProjectId) -> Sequence[View]:
        """The project's views by order, then id."""
        open_project(self.projects, principal, "view.read", project_id)
        return self.views.of_project(project_id)

    def get(self, principal: Principal, view_id: int, *, action: str = "view.read") -> View:
        """One view. Raises NotFoundError."""
        project_id = self.views.project_of(view_id)
        if project_id is None:
            raise NotFoundError(NO_VIEW)
        open_project(self.projects, principal, action, project_id, what="View")
        view = self.views.get(project_id, view_id)
        if view is None:
            raise NotFoundError(NO_VIEW)
        return view

    def create(self, principal: Principal, project_id: ProjectId, data: Mapping[str, Any]) -> View:
        """A new view of the caller's, behind the others. InvalidInputError for what it cannot ask."""
        open_project(self.projects, principal, "view.write", project_id)
        read_query(data)
        order = max((view.order for view in self.views.of_project(project_id)), default=-1) + 1
        view = View(
            id=self.ids.next_id("view"),
            project_id=project_id,
            user_id=principal.user_id,
            data=data,
            order=order,
        )
        self.views.insert(view)
        return view

    def update(self, principal: Principal, view_id: int, data: Mapping[str, Any]) -> View:
        """The view with other data; filters, ordering and selection that are absent from it stay."""
        view = self.get(principal, view_id, action="view.write")
        read_query(data)
        changed = replace(view, data=replaced(view.data, data))
        if not self.views.save_data(changed):
            raise NotFoundError(NO_VIEW)
        return changed

    def delete(self, principal: Principal, view_id: int) -> None:
        """Forget a view."""
        self.views.delete(self.get(principal, view_id, action="view.write"))

    def reset(self, principal: Principal, project_id: ProjectId) -> None:
        """Forget all views of a project."""
        open_project(self.projects, principal, "view.write", project_id)
        for view in self.views.of_project(project_id):
            self.views.delete(view)

    def reorder(self, principal: Principal, project_id: ProjectId, view_ids: Sequence[int]) -> None:
        """Put the views in the order of the ids; those not named follow in the order they were in."""
        open_project(self.projects, principal, "view.write", project_id)
        place = {view_id: index for index, view_id in enumerate(view_ids)}
        views = sorted(self.views.of_project(project_id), key=lambda view: place.get(view.id, len(place)))
        for index, view in enumerate(views):
            if view.order != index:
                self.views.save_order(replace(view, order=index))
