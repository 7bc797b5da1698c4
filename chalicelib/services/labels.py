"""Labels that an organization keeps, which of its projects use them, and renaming them everywhere.

Members who label may propose labels; those who manage approve, change and remove them. A link to a project
that is closed to the caller, or gone, is not shown to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.auth import policies
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.json_values import Json
from chalicelib.domain.labels import MAX_LABELS, MAX_LINKS, Label, LabelLink
from chalicelib.domain.projects.tally import Tally, label_key
from chalicelib.errors import ContentionError, InvalidInputError, LimitExceededError, NotFoundError
from chalicelib.ids import ProjectId, UserId
from chalicelib.ports.labels import LabelStore
from chalicelib.ports.projects import IdSource, ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.contention import again
from chalicelib.services.sight import sight_of
from chalicelib.services.tallying import Budget, tallied

NO_LABEL = policies.no_such("Label")
NO_LINK = policies.no_such("LabelLink")
TITLE_TAKEN = "Label with this title already exists."
LINKED = "The project has this label already."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabel:
    """A label as a client gives it, with the control of the project that it is for."""

    title: str
    value: Json
    from_name: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilter:
    """Which links are wanted; None asks for nothing."""

    project: int | None = None
    created_by: int | None = None
    created_at: datetime | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None

    def takes(self, link: LabelLink, label: Label) -> bool:
        """Whether the link, of this label, is wanted."""
        return all(
            (
                self.project in (None, link.project_id),
                self.created_by in (None, label.created_by),
                self.created_at in (None, label.created_at),
                self.created_from is None or label.created_at >= self.created_from,
                self.created_until is None or label.created_at <= self.created_until,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelService:
    """What can be done with the labels of the caller's organization."""

    projects: ProjectStore
    tasks: TaskStore
    labels: LabelStore
    ids: IdSource
    clock: Clock

    # -- labels

    def listed(self, principal: Principal) -> list[tuple[Label, list[LabelLink]]]:
        """The labels by id, each with its links that the caller may see."""
        policies.require_role(principal, "label.read")
        links: dict[int, list[LabelLink]] = {}
        for link in self._seen_links(principal):
            links.setdefault(link.label_id, []).append(link)
        return [(label, links.get(label.id, [])) for label in self.labels.labels(principal.organization_id)]

    def get(self, principal: Principal, label_id: int) -> tuple[Label, list[LabelLink]]:
        """A label with its links. Raises NotFoundError."""
        policies.require_role(principal, "label.read")
        label = self._label(principal, label_id)
        return label, [link for link in self._seen_links(principal) if link.label_id == label_id]

    def create(
        self, principal: Principal, project_id: ProjectId, new: Sequence[NewLabel]
    ) -> list[tuple[Label, list[LabelLink]]]:
        """Make the labels and tie them to the project; gives each with all its links, in the order asked for.

        A title that the organization has stands for the label it has. Doing it again makes nothing anew.
        """
        policies.require_role(principal, "label.create")
        project = open_project(self.projects, principal, "annotation.create", project_id)
        self._check_room(principal, {one.title for one in new}, len(new))
        made = again(lambda: self._make(principal, new))
        again(lambda: self._tie_all(principal, project.id, new, made))
        links = self._seen_links(principal)
        found = [made[one.title] for one in new]
        return [(label, [link for link in links if link.label_id == label.id]) for label in found]

    def _check_room(self, principal: Principal, titles: set[str], links: int) -> None:
        known = {label.title for label in self.labels.labels(principal.organization_id)}
        if len(known | titles) > MAX_LABELS:
            raise LimitExceededError(f"An organization keeps at most {MAX_LABELS} labels.")
        if len(self.labels.links(principal.organization_id)) + links > MAX_LINKS:
            raise LimitExceededError(f"An organization's labels have at most {MAX_LINKS} links.")

    def _make(self, principal: Principal, new: Sequence[NewLabel]) -> dict[str, Label]:
        known = {label.title: label for label in self.labels.labels(principal.organization_id)}
        now = self.clock()
        for one in new:
            if one.title in known:
                continue
            label = Label(
                id=self.ids.next_id("label"),
                organization_id=principal.organization_id,
                title=one.title,
                value=one.value,
                description=one.description,
                created_by=principal.user_id,
                created_at=now,
                updated_at=now,
            )
            self.labels.add(label)
            known[one.title] = label
        return known

    def _tie_all(
        self, principal: Principal, project_id: ProjectId, new: Sequence[NewLabel], made: Mapping[str, Label]
    ) -> None:
        links = self.labels.links(principal.organization_id)
        tied = {link.label_id for link in links if link.project_id == project_id}
        for one in new:
            label_id = made[one.title].id
            if label_id not in tied:
                self.labels.tie(self._link_of(principal, project_id, label_id, one.from_name))
                tied.add(label_id)

    def update(
        self, principal: Principal, label_id: int, fields: Mapping[str, Any]
    ) -> tuple[Label, list[LabelLink]]:
        """Change `title`, `value`, `description` or `approved`. InvalidInputError when the title is taken."""
        policies.require_role(principal, "label.manage")
        again(lambda: self._update(principal, label_id, fields))
        return self.get(principal, label_id)

    def _update(self, principal: Principal, label_id: int, fields: Mapping[str, Any]) -> None:
        before = self._label(principal, label_id)
        given = dict(fields)
        if "approved" in given:
            given["approved_by"] = _approver(before, principal, is_approved=given.pop("approved"))
        after = replace(before, **given, updated_at=self.clock(), version=before.version + 1)
        others = self.labels.labels(principal.organization_id) if after.title != before.title else ()
        if any(other.title == after.title for other in others):
            raise InvalidInputError.at("title", TITLE_TAKEN, code="unique")
        self.labels.replace(before, after)

    def delete(self, principal: Principal, label_id: int) -> None:
        """Forget the label, then its links; results that use it stay as they are.

        NotFoundError where there is none, once the links that a deletion that broke off has left are gone.
        """
        policies.require_role(principal, "label.manage")
        try:
            again(lambda: self.labels.remove(self._label(principal, label_id)))
        except NotFoundError:
            self._untie_all(principal, label_id)
            raise
        self._untie_all(principal, label_id)

    def _untie_all(self, principal: Principal, label_id: int) -> None:
        for link in self.labels.links(principal.organization_id):
            if link.label_id == label_id:
                self.labels.untie(link)

    def _label(self, principal: Principal, label_id: int) -> Label:
        label = self.labels.label(principal.organization_id, label_id)
        if label is None:
            raise NotFoundError(NO_LABEL)
        return label

    # -- links

    def uses(self, principal: Principal, shown: Sequence[tuple[LabelLink, Label]]) -> dict[int, int]:
        """How many annotations of its project have the label of each link, in its control, by the link's id.

        Two queries for each project when nothing has changed there. Links are left out whose project the
        caller sees blindly, or has changed by more than one answer can count.
        """
        budget = Budget()
        by_project: dict[ProjectId, list[tuple[LabelLink, Label]]] = {}
        for link, label in shown:
            by_project.setdefault(link.project_id, []).append((link, label))
        found: dict[int, int] = {}
        for project_id, links in by_project.items():
            project = self.projects.get(project_id, organization=principal.organization_id)
            if project is None or sight_of(principal, project).is_blind:
                continue
            tally, _, is_complete = tallied(self.tasks, project_id, budget)
            if is_complete:
                found.update({link.id: _uses(tally, link, label) for link, label in links})
        return found

    def links(self, principal: Principal, wanted: LinkFilter) -> list[tuple[LabelLink, Label]]:
        """The links that the caller may see and the filter takes, by id, each with its label."""
        policies.require_role(principal, "label.read")
        labels = {label.id: label for label in self.labels.labels(principal.organization_id)}
        return [
            (link, labels[link.label_id])
            for link in self._seen_links(principal)
            if link.label_id in labels and wanted.takes(link, labels[link.label_id])
        ]

    def link(self, principal: Principal, link_id: int) -> tuple[LabelLink, Label]:
        """A link with its label. Raises NotFoundError."""
        policies.require_role(principal, "label.read")
        return self._open_link(principal, link_id, "project.read")

    def create_link(
        self, principal: Principal, project_id: ProjectId, label_id: int, from_name: str
    ) -> tuple[LabelLink, Label]:
        """Tie a label to a project. InvalidInputError when the label is unknown or the project has it."""
        policies.require_role(principal, "label.create")
        project = open_project(self.projects, principal, "annotation.create", project_id)
        label = self.labels.label(principal.organization_id, label_id)
        if label is None:
            message = f'Invalid pk "{label_id}" - object does not exist.'
            raise InvalidInputError.at("label", message, code="does_not_exist")
        self._check_room(principal, set(), 1)
        link = self._link_of(principal, project.id, label_id, from_name)
        try:
            self.labels.tie(link)
        except ContentionError:
            raise InvalidInputError.at("label", LINKED, code="unique") from None
        return link, label

    def update_link(self, principal: Principal, link_id: int, from_name: str) -> tuple[LabelLink, Label]:
        """The link with another control of its project."""
        policies.require_role(principal, "label.manage")
        link, label = self._open_link(principal, link_id, "project.update")
        changed = replace(link, from_name=from_name)
        try:
            self.labels.retie(changed)
        except ContentionError:
            raise NotFoundError(NO_LINK) from None
        return changed, label

    def delete_link(self, principal: Principal, link_id: int) -> None:
        """Untie a label from a project; the label stays."""
        policies.require_role(principal, "label.manage")
        self.labels.untie(self._open_link(principal, link_id, "project.update")[0])

    def _open_link(self, principal: Principal, link_id: int, action: str) -> tuple[LabelLink, Label]:
        link = self.labels.link(principal.organization_id, link_id)
        label = self.labels.label(principal.organization_id, link.label_id) if link else None
        if link is None or label is None:
            raise NotFoundError(NO_LINK)
        open_project(self.projects, principal, action, link.project_id, what="LabelLink")
        return link, label

    def _link_of(
        self, principal: Principal, project_id: ProjectId, label_id: int, from_name: str
    ) -> LabelLink:
        return LabelLink(
            id=self.ids.next_id("label_link"),
            organization_id=principal.organization_id,
            project_id=project_id,
            label_id=label_id,
            from_name=from_name,
        )

    def _seen_links(self, principal: Principal) -> list[LabelLink]:
        links = self.labels.links(principal.organization_id)
        if not links:
            return []
        stored = self.projects.of_organization(principal.organization_id)
        seen = {p.id for p in stored if policies.effective_role(principal, p) is not None}
        return [link for link in links if link.project_id in seen]


def _uses(tally: Tally, link: LabelLink, label: Label) -> int:
    return tally.used_by.get(link.from_name, Counter())[label_key(label.value)]


def _approver(label: Label, principal: Principal, *, is_approved: bool) -> UserId | None:
    """Who approved the label: who did so first."""
    if not is_approved:
        return None
    return label.approved_by or principal.user_id
