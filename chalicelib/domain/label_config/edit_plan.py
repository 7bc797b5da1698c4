"""Plans changes of a configuration that carry the work along: what they do, and to how much.

`plan_edit` compares two configurations under the renames that a person tells, and gives the steps with their
counts, the faults that forbid it, and the `Edit` that `edit_results` applies to every result. Nothing is
guessed: what is not told as renamed counts as removed and added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain.label_config.config import Control, LabelConfig, index_flags
from chalicelib.domain.label_config.edit import Edit, NamePatterns, WhenRemoved, can_retype
from chalicelib.domain.label_config.nearest import nearest
from chalicelib.domain.label_config.usage import Usage
from chalicelib.errors import Fault

StepKind = Literal[
    "control_added",
    "control_removed",
    "control_renamed",
    "control_retyped",
    "object_renamed",
    "label_added",
    "label_moved",
    "label_removed",
    "label_renamed",
    "labels_merged",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One change in words a person can check. `touched` counts result items in annotations and drafts."""

    kind: StepKind
    control: str
    before: str
    after: str
    touched: int


@dataclass(frozen=True, slots=True)
class EditPlan:
    """The steps of an edit, and why it cannot be applied if it cannot. `touched` sums the steps' items."""

    edit: Edit
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The labels that each control that stays will have, by its old name: what one of its own may become."""

    @property
    def touched(self) -> int:
        """Items that are rewritten or dropped; an item that two steps touch counts twice."""
        return sum(step.touched for step in self.steps)


@dataclass(frozen=True, slots=True)
class Renames:
    """What a person tells beside the new configuration: old names → new; labels by control's old name.

    `moves`: control's old name → old label → the new control that has it now. A label that moves may be
    renamed as well.
    """

    controls: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    moves: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def plan_edit(
    old: LabelConfig,
    new: LabelConfig,
    *,
    renames: Renames | None = None,
    usage: Usage | None = None,
    removed: WhenRemoved = "keep",
) -> EditPlan:
    """What changing `old` into `new` does to the results that `usage` counts."""
    planner = _Planner(old, new, renames or Renames(), usage or Usage())
    steps = [
        *planner.object_steps(),
        *planner.control_steps(),
        *planner.move_steps(),
        *planner.label_steps(),
    ]
    edit = Edit(
        controls=planner.renames.controls,
        objects=planner.renames.objects,
        labels=planner.label_renames(),
        moves=planner.renames.moves,
        types={step.control: step.after for step in steps if step.kind == "control_retyped"},
        removed_controls=tuple(step.before for step in steps if step.kind == "control_removed"),
        removed_labels=_removed_labels(steps),
        removed=removed,
        flags=tuple(sorted({*_flags(old), *_flags(new)})),
    )
    labels = {old.name: tuple(new.labels) for old, new in planner.pairs() if new.labels}
    return EditPlan(edit, tuple(steps), tuple(planner.faults()), labels)


def _flags(config: LabelConfig) -> set[str]:
    repeated = (control.element for control in config.controls.values() if control.in_repeater)
    return {flag for element in repeated for flag in index_flags(element)}


def _removed_labels(steps: Iterable[Step]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        if step.kind == "label_removed":
            found[step.control] = (*found.get(step.control, ()), step.before)
    return found


_VIDEO_TOOLS = frozenset({"VideoRectangle", "VideoVector"})


class _Planner:
    def __init__(self, old: LabelConfig, new: LabelConfig, renames: Renames, usage: Usage) -> None:
        self.old, self.new, self.renames, self.usage = old, new, renames, usage
        self.names = NamePatterns(old.controls, _flags(old))

    def pairs(self) -> Iterator[tuple[Control, Control]]:
        """The controls that stay, old and new."""
        for name, control in self.old.controls.items():
            partner = self.new.controls.get(self.renames.controls.get(name, name))
            if partner is not None:
                yield control, partner

    def label_renames(self) -> dict[str, dict[str, str]]:
        """The renames by control; a video's tools carry the labels of the Labels control beside them."""
        found = {name: dict(labels) for name, labels in self.renames.labels.items()}
        for name, labels in self.renames.labels.items():
            owner = self.old.controls.get(name)
            for tool in self.old.controls.values() if owner and owner.kind == "Labels" else ():
                if tool.kind in _VIDEO_TOOLS and owner and set(tool.to_names) & set(owner.to_names):
                    found[tool.name] = {**labels, **found.get(tool.name, {})}
        return found

    def object_steps(self) -> Iterator[Step]:
        for before, after in self.renames.objects.items():
            names = NamePatterns([before], _flags(self.old))
            counts = self.usage.annotations.items()
            touched = sum(count for triple, count in counts if names.find(_to(triple))[0] == before)
            yield Step("object_renamed", "", before, after, touched)

    def control_steps(self) -> Iterator[Step]:
        kept = {new.name for _, new in self.pairs()}
        for name in self.old.controls:
            after = self.renames.controls.get(name, name)
            touched = self.items_of(name)
            if after not in self.new.controls:
                yield Step("control_removed", name, name, "", touched)
            elif after != name:
                yield Step("control_renamed", name, name, after, touched)
        for old, new in self.pairs():
            if old.result_type != new.result_type:
                yield Step(
                    "control_retyped", old.name, old.result_type, new.result_type, self.items_of(old.name)
                )
        for name in self.new.controls:
            if name not in kept:
                yield Step("control_added", name, "", name, 0)

    def move_steps(self) -> Iterator[Step]:
        for name, moves in self.renames.moves.items():
            for label, after in moves.items():
                yield Step("label_moved", name, label, after, self.items_with(name, label))

    def label_steps(self) -> Iterator[Step]:
        for old, new in self.pairs():
            if not new.dynamic:
                yield from self.labels_of(old, new)

    def labels_of(self, old: Control, new: Control) -> Iterator[Step]:
        moved = self.renames.moves.get(old.name, {})
        renamed = {k: v for k, v in self.renames.labels.get(old.name, {}).items() if k not in moved}
        targets = list(renamed.values())
        arriving = self.arriving(new.name)
        for before, after in renamed.items():
            merged = targets.count(after) > 1 or after in old.accepted_labels - set(renamed)
            kind: StepKind = "labels_merged" if merged else "label_renamed"
            yield Step(kind, old.name, before, after, self.items_with(old.name, before))
        for label in old.labels:
            if label not in new.accepted_labels and label not in renamed and label not in moved:
                yield Step("label_removed", old.name, label, "", self.items_with(old.name, label))
        for label in new.labels:
            if label not in old.accepted_labels and label not in targets and label not in arriving:
                yield Step("label_added", new.name, "", label, 0)

    def arriving(self, control: str) -> set[str]:
        """The labels, by their new names, that move to a control."""
        return {
            self.renames.labels.get(name, {}).get(label, label)
            for name, moves in self.renames.moves.items()
            for label, after in moves.items()
            if after == control
        }

    def items_of(self, control: str) -> int:
        counts = self.usage.annotations.items()
        return sum(count for triple, count in counts if self.names.find(_from(triple))[0] == control)

    def items_with(self, control: str, label: str) -> int:
        return sum(
            labels.get(label, 0)
            for counts in (self.usage.labels, self.usage.draft_labels)
            for name, labels in counts.items()
            if self.names.find(name)[0] == control
        )

    def faults(self) -> Iterator[Fault]:
        yield from _unknown("control", self.renames.controls, self.old.controls, self.new.controls)
        yield from _unknown("object", self.renames.objects, self.old.objects, self.new.objects)
        yield from _clashes(self.renames.controls, self.old.controls)
        yield from _clashes(self.renames.objects, self.old.objects)
        for name, labels in self.renames.labels.items():
            moves = self.renames.moves.get(name, {})
            yield from self.label_faults(name, {k: v for k, v in labels.items() if k not in moves})
        for name, moves in self.renames.moves.items():
            for label, after in moves.items():
                yield from self.move_faults(name, label, after)
        for old, new in self.pairs():
            if not can_retype(old.result_type, new.result_type):
                message = (
                    f'"{old.name}" writes {old.result_type}; results of it cannot become {new.result_type}'
                )
                yield Fault("", message, "cannot_convert")

    def move_faults(self, name: str, label: str, after: str) -> Iterator[Fault]:
        place, old, new = f"moves.{name}.{label}", self.old.controls.get(name), self.new.controls.get(after)
        if old is None or label not in old.accepted_labels:
            yield Fault(place, f'the old configuration has no label "{label}" of "{name}"', "unknown_name")
            return
        if new is None:
            message = f'the new configuration has no control "{after}"'
            yield Fault(place, message, "unknown_name", nearest(after, sorted(self.new.controls)))
            return
        renamed = self.renames.labels.get(name, {}).get(label, label)
        if not new.dynamic and renamed not in new.accepted_labels:
            yield Fault(place, f'"{after}" has no label "{renamed}"', "unknown_name")
        if old.result_type != new.result_type:
            message = f'results of "{name}" ({old.result_type}) cannot become {new.result_type}'
            yield Fault(place, message, "cannot_convert")
        targets = {self.renames.objects.get(target, target) for target in old.to_names}
        if not targets <= set(new.to_names):
            message = f'"{after}" does not work on {", ".join(sorted(targets - set(new.to_names)))}'
            yield Fault(place, message, "wrong_target")

    def label_faults(self, name: str, labels: Mapping[str, str]) -> Iterator[Fault]:
        if not labels:
            return
        old = self.old.controls.get(name)
        new = self.new.controls.get(self.renames.controls.get(name, name))
        if old is None or new is None:
            yield Fault(f"labels.{name}", f'"{name}" is no control that stays', "unknown_name")
            return
        known_before = labels.keys() if old.dynamic else old.accepted_labels
        known_after = labels.values() if new.dynamic else new.accepted_labels
        place = f"labels.{name}"
        yield from _unknown("label", labels, known_before, known_after, place=place)


def _from(triple: str) -> str:
    return triple.partition("|")[0]


def _to(triple: str) -> str:
    return triple.partition("|")[2].rpartition("|")[0]


def _unknown(
    what: str,
    renames: Mapping[str, str],
    before: Iterable[str],
    after: Iterable[str],
    *,
    place: str = "",
) -> Iterator[Fault]:
    olds, news = set(before), set(after)
    for old, new in renames.items():
        where = f"{place or f'{what}s'}.{old}"
        if old not in olds:
            message = f'the old configuration has no {what} "{old}"'
            yield Fault(where, message, "unknown_name", nearest(old, sorted(olds)))
        if new not in news:
            message = f'the new configuration has no {what} "{new}"'
            yield Fault(where, message, "unknown_name", nearest(new, sorted(news)))


def _clashes(renames: Mapping[str, str], names: Iterable[str]) -> Iterator[Fault]:
    """Two things cannot take one name: their results could not be told apart when undone by hand."""
    taken: dict[str, str] = {name: name for name in names if name not in renames}
    for old, new in renames.items():
        if new in taken:
            message = f'"{old}" and "{taken[new]}" would both be "{new}"'
            yield Fault(f"renames.{old}", message, "name_clash")
        taken[new] = old
