"""What the services need of an organization's labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.labels import Label, LabelLink
from chalicelib.ids import OrganizationId


class LabelStore(Protocol):
    """An organization's labels, and which projects use them."""

    def labels(self, organization: OrganizationId) -> Sequence[Label]:
        """All labels of the organization, by id."""

    def links(self, organization: OrganizationId) -> Sequence[LabelLink]:
        """All links of the organization, by id."""

    def label(self, organization: OrganizationId, label_id: int) -> Label | None:
        """The label, or None."""

    def link(self, organization: OrganizationId, link_id: int) -> LabelLink | None:
        """The link, or None."""

    def add(self, label: Label) -> None:
        """Store a new label. ContentionError when another one took its title meanwhile."""

    def replace(self, before: Label, after: Label) -> None:
        """Store an edit. ContentionError when the label was changed meanwhile, or its new title taken."""

    def remove(self, label: Label) -> None:
        """Forget the label. ContentionError when it was changed meanwhile."""

    def tie(self, link: LabelLink) -> None:
        """Store a new link. ContentionError when the label is gone, or the project has it already."""

    def retie(self, link: LabelLink) -> None:
        """Store a link's other control. ContentionError when the link is gone."""

    def untie(self, link: LabelLink) -> None:
        """Forget the link. Twice is fine."""
