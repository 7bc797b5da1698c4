"""The data manager's views, columns and actions as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, cast

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import JobStateText
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


class Visibility(TypedDict):
    """Where a column shows until somebody decides otherwise."""

    explore: bool
    labeling: bool


class ColumnRead(TypedDict):
    """A column of the data manager."""

    id: str
    title: str
    type: str
    target: str
    parent: NotRequired[str]
    children: NotRequired[list[str]]
    visibility_defaults: Visibility
    project_defined: bool


class ProjectBrief(TypedDict):
    """What the data manager asks of a project beside its settings."""

    id: int
    title: str
    can_delete_tasks: bool
    can_manage_annotations: bool
    can_manage_tasks: bool
    source_syncing: bool
    target_syncing: bool
    task_count: int
    annotation_count: int


class Columns(TypedDict):
    """All columns of a project."""

    columns: list[ColumnRead]


class FormField(TypedDict):
    """A field that an action asks for."""

    name: str
    type: str
    label: NotRequired[str]
    value: NotRequired[Any]
    options: NotRequired[list[Any]]


class FormRow(TypedDict):
    """Fields beside each other."""

    columnCount: int
    fields: list[FormField]


class ActionDialog(TypedDict):
    """What is said and asked before an action."""

    text: str
    type: Literal["confirm"]
    form: list[FormRow]


class ActionRead(TypedDict):
    """An action on tasks."""

    id: str
    title: str
    order: int
    permission: str
    experimental: bool
    dialog: ActionDialog


class ViewFilter(TypedDict):
    """One condition on a column (`filter`)."""

    filter: str
    operator: str
    type: str
    value: Any


class ViewFilters(TypedDict):
    """Conditions, of which all or any must hold."""

    conjunction: Literal["and", "or"]
    items: list[ViewFilter]


class SelectedItems(TypedDict):
    """The tasks that are meant: these (`included`), or all but some (`excluded`)."""

    all: bool
    included: NotRequired[list[int]]
    excluded: NotRequired[list[int]]


class ActionWrite(Body):
    """The tasks that an action is for, and the action's own fields beside them."""

    model_config = ConfigDict(extra="allow")

    selectedItems: SelectedItems | None = None  # noqa: N815  the client's word
    filters: ViewFilters | None = None
    ordering: list[str] | str | None = None


class ActionOutcome(TypedDict, total=False):
    """What an action did; `job` and its `state` where a job does it."""

    processed_items: int
    reload: bool
    detail: str
    job: int
    state: JobStateText


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


def form_of(action: Action) -> list[FormRow]:
    """The form that asks for the action's own fields."""
    fields = [cast("FormField", {**field}) for field in action.fields]
    return [{"columnCount": 1, "fields": fields}] if fields else []
