"""Labels that an organization keeps beside its projects' configurations, and renaming them in results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.json_values import Json
from chalicelib.domain.label_config.edit_results import Change, Edited, Item
from chalicelib.domain.results.kinds import KINDS
from chalicelib.ids import OrganizationId, ProjectId, UserId

MAX_LABELS = 5_000
"""How many labels an organization may keep: all of them lie in one partition, read whole for a page."""
MAX_LINKS = 20_000
MAX_AT_ONCE = 200
"""How many labels one request may make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label that members agreed on or proposed. `title` is unique in the organization; `value` is what
    results hold of it, mostly a path (`[["Animals", "Cat"]]`)."""

    id: int
    organization_id: OrganizationId
    title: str
    value: Json
    created_by: UserId
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    approved_by: UserId | None = None
    version: int = 1

    @property
    def is_approved(self) -> bool:
        """Whether somebody who may do so has agreed to it."""
        return self.approved_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLink:
    """That a project uses a label, in one of its controls; once for a project and a label."""

    id: int
    organization_id: OrganizationId
    project_id: ProjectId
    label_id: int
    from_name: str


def rename(result: Sequence[Item], old: Json, new: Json) -> Edited:
    """The result with the label `new` where it had `old`, and what takes that back.

    Texts are single labels, replaced wherever they stand among others. A list is all that an item says, as
    Label Studio's clients send it, and is replaced whole.
    """
    renamed: list[Item] = []
    changes: list[Change] = []
    for index, item in enumerate(result):
        after = _renamed(item, old, new)
        renamed.append(after)
        if after is not item:
            changes.append(Change(index, item, (after,)))
    return Edited(renamed, tuple(changes))


def _renamed(item: Item, old: Json, new: Json) -> Item:
    kind, value = item.get("type"), item.get("value")
    if not isinstance(kind, str) or not isinstance(value, dict) or kind not in value:
        return item
    if isinstance(old, str) and not (kind in KINDS and KINDS[kind].payload in _LABELED):
        return item  # a text that somebody wrote is no label, even where it is the same word
    after = _exchanged(value[kind], old, new)
    return item if after is None else {**item, "value": {**value, kind: after}}


_LABELED = frozenset({"labels", "optional-labels", "choices", "taxonomy"})


def _exchanged(own: object, old: Json, new: Json) -> object | None:
    """What stands in the place of an item's labels; None where nothing is renamed."""
    if own == old:
        return new
    if not isinstance(old, str) or not isinstance(own, list) or not _uses(own, old):
        return None
    labels: list[object] = []
    for label in own:
        after = _stepped(label, old, new)
        if after not in labels:  # two labels that became one are told once
            labels.append(after)
    return labels


def _uses(labels: list[object], old: str) -> bool:
    return any(label == old or (isinstance(label, list) and old in label) for label in labels)


def _stepped(label: object, old: str, new: Json) -> object:
    if isinstance(label, list):
        return [new if step == old else step for step in label]
    return new if label == old else label
