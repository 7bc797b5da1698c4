"""Labels that an organization keeps, and their links to projects, as clients see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, field_validator
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import JobStateText
from chalicelib.clock import iso
from chalicelib.domain.jobs import Job
from chalicelib.domain.json_values import Json
from chalicelib.domain.labels import Label, LabelLink
from chalicelib.services.label_renames import updated_by
from chalicelib.services.labels import LinkFilter, NewLabel

MAX_VALUE_LENGTH = 10_000


class LabelCore(TypedDict):
    """A label by itself."""

    id: int
    title: str
    value: Any
    description: str | None
    approved: bool
    approved_by: int | None
    created_by: int
    created_at: str
    updated_at: str
    organization: int


class LabelRead(LabelCore):
    """A label with the ids of its links and of the projects that use it."""

    projects: list[int]
    links: list[int]


class LabelMade(LabelRead):
    """A label with the project and control that it was asked for."""

    project: int
    from_name: str


class LabelLinkRead(TypedDict):
    """That a project uses a label; `label` is its id, or with `expand=label` the label itself.

    `annotations_count` says how many of the project's annotations have the label in that control; null for
    who sees nobody else's work there, and while a large project's annotations are still being counted.
    """

    id: int
    project: int
    label: int | LabelCore
    from_name: str
    annotations_count: int | None


class LabelsRenamed(TypedDict):
    """How many annotations were changed; `job` does it, and may be at work still."""

    annotations_updated: int
    job: int
    state: JobStateText


def _of_bearable_length(value: Any) -> Any:
    if value in (None, "", []):
        raise ValueError("This field may not be blank.")
    if len(str(value)) > MAX_VALUE_LENGTH:
        raise ValueError(f"Ensure this field has no more than {MAX_VALUE_LENGTH} characters.")
    return value


class LabelWrite(Body):
    """A label to be made for a project."""

    project: int = Field(ge=1, lt=2**53)
    from_name: str = Field(min_length=1, max_length=2048)
    title: str = Field(min_length=1, max_length=2048)
    value: Any
    description: str | None = Field(default=None, max_length=10_000)

    _check_value = field_validator("value")(_of_bearable_length)

    def new(self) -> NewLabel:
        """The label as the service takes it."""
        return NewLabel(
            title=self.title, value=self.value, from_name=self.from_name, description=self.description
        )


class LabelPatch(Body):
    """What may be changed of a label."""

    title: str = Field(default="", min_length=1, max_length=2048)
    value: Any = None
    description: str | None = Field(default=None, max_length=10_000)
    approved: bool = False

    _check_value = field_validator("value")(_of_bearable_length)


class LabelLinkWrite(Body):
    """A label to be tied to a project."""

    project: int = Field(ge=1, lt=2**53)
    label: int = Field(ge=1, lt=2**53)
    from_name: str = Field(min_length=1, max_length=2048)


class LabelLinkPatch(Body):
    """Another control for a link."""

    from_name: str = Field(min_length=1, max_length=2048)


class LabelRename(Body):
    """What is to be renamed: a text wherever it is used, or a list where it is all that a result says."""

    project: int | None = Field(default=None, ge=1, lt=2**53)
    old_label: str | list[Any]
    new_label: str | list[Any]

    _check_labels = field_validator("old_label", "new_label")(_of_bearable_length)


class LabelLinkQuery(Body):
    """Which links, and whether with their labels."""

    project: int | None = None
    label__created_by: int | None = None
    label__created_at: datetime | None = None
    label__created_at__gte: datetime | None = None
    label__created_at__lte: datetime | None = None
    expand: str = ""

    def wanted(self) -> LinkFilter:
        """The filter as the service takes it."""
        return LinkFilter(
            project=self.project,
            created_by=self.label__created_by,
            created_at=_utc(self.label__created_at),
            created_from=_utc(self.label__created_at__gte),
            created_until=_utc(self.label__created_at__lte),
        )


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def render_core(label: Label) -> LabelCore:
    """A label by itself."""
    value: Json = label.value
    return {
        "id": label.id,
        "title": label.title,
        "value": value,
        "description": label.description,
        "approved": label.is_approved,
        "approved_by": label.approved_by,
        "created_by": label.created_by,
        "created_at": iso(label.created_at),
        "updated_at": iso(label.updated_at),
        "organization": label.organization_id,
    }


def render_label(label: Label, links: Sequence[LabelLink]) -> LabelRead:
    """A label with those of its links that the reader may see."""
    return {
        **render_core(label),
        "projects": [link.project_id for link in links],
        "links": [link.id for link in links],
    }


def render_link(
    link: LabelLink, label: Label, uses: Mapping[int, int], *, expanded: bool = False
) -> LabelLinkRead:
    """A link; `uses` says how many annotations have its label, by the link's id."""
    return {
        "id": link.id,
        "project": link.project_id,
        "label": render_core(label) if expanded else label.id,
        "from_name": link.from_name,
        "annotations_count": uses.get(link.id),
    }


def render_rename(job: Job) -> LabelsRenamed:
    """A rename as far as it came."""
    return {"annotations_updated": updated_by(job), "job": job.id, "state": job.state.value}
