"""The data manager's views, columns and actions as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.domain.data_manager.views import View
from chalicelib.services.task_actions import Action


class ViewRead(TypedDict):
    """A saved view."""

    id: int
    project: int
    user: int
    order: int
    data: Mapping[str, Any]


class ViewWrite(Body):
    """A view to be saved."""

    project: int
    data: dict[str, Any] = Field(default_factory=dict)


class ViewPatch(Body):
    """What may be changed of a view."""

    data: dict[str, Any] = Field(default_factory=dict)


class ViewOrder(Body):
    """The views of a project in a new order."""

    project: int
    ids: list[int]


class ColumnRead(TypedDict):
    """A column of the data manager."""

    id: str
    title: str
    type: str
    target: str
    parent: NotRequired[str]
    children: NotRequired[list[str]]
    visibility_defaults: dict[str, bool]
    project_defined: bool


class Columns(TypedDict):
    """All columns of a project."""

    columns: list[ColumnRead]


class ActionRead(TypedDict):
    """An action on tasks."""

    id: str
    title: str
    order: int
    permission: str
    experimental: bool
    dialog: dict[str, Any]


class ActionOutcome(TypedDict, total=False):
    """What an action did; `job` and its `state` where a job does it."""

    processed_items: int
    reload: bool
    detail: str
    job: int
    state: str


def render_view(view: View) -> ViewRead:
    """A view."""
    return {
        "id": view.id,
        "project": view.project_id,
        "user": view.user_id,
        "order": view.order,
        "data": view.data,
    }


def render_action(action: Action) -> ActionRead:
    """An action, with the dialog to be shown before it."""
    return {
        "id": action.id,
        "title": action.title,
        "order": action.order,
        "permission": action.permission,
        "experimental": False,
        "dialog": {"text": action.text, "type": "confirm", "form": form_of(action)},
    }


def form_of(action: Action) -> list[dict[str, Any]]:
    """The form that asks for the action's own fields."""
    return [{"columnCount": 1, "fields": [dict(field) for field in action.fields]}] if action.fields else []
