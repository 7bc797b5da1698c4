"""Applies an edit to a result, and takes it back exactly.

Items that the edit does not touch stay the very same objects, keys of touched items keep their order, and
the undo holds the items as they were: taken back at once, a result is the same bytes again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from chalicelib.domain.label_config.edit import Edit, NamePatterns
from chalicelib.domain.results.kinds import KINDS, Kind
from chalicelib.errors import ConflictError

Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One item, by its index in the result before the edit. `after` is what stands in its place: nothing if
    it was dropped, several items if its labels went to several controls."""

    index: int
    before: Item
    after: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """A result after an edit, and what undoes it: `changes` (JSON as `[index, before, [after, …]]`)."""

    result: list[Item]
    changes: tuple[Change, ...]


def apply_edit(result: Sequence[Item], edit: Edit) -> Edited:
    """The result under the new configuration. The one given is left as it is."""
    return ResultEditor(edit).apply(result)


def undo_edit(result: Sequence[Item], changes: Sequence[Change]) -> list[Item]:
    """The result as it was before the edit; work added since then at its end, or done on items that the
    edit did not touch, stays.

    Raises `ConflictError` when an item that the edit wrote has been changed since.
    """
    before = list(result)
    for change in sorted(changes, key=lambda change: change.index):
        end = change.index + len(change.after)
        if end <= len(before) and before[change.index : end] == list(change.after):
            before[change.index : end] = [change.before]
        else:
            raise ConflictError(
                f"result[{change.index}] was changed after the edit",
                details={"place": f"result[{change.index}]"},
            )
    return before


class ResultEditor:
    """Applies one edit to many results; what it needs of the edit is made ready once."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        named = (edit.controls, edit.labels, edit.moves, edit.types, edit.removed_labels)
        mentioned = {*edit.removed_controls, *(name for names in named for name in names)}
        self._controls = NamePatterns(mentioned, edit.flags)
        self._objects = NamePatterns(edit.objects, edit.flags)

    def apply(self, result: Sequence[Item]) -> Edited:
        """The result under the new configuration. The one given is left as it is."""
        edited: list[Item] = []
        changes: list[Change] = []
        for index, item in enumerate(result):
            after = self._items(item)
            edited.extend(after)
            if len(after) != 1 or after[0] is not item:
                changes.append(Change(index, item, after))
        return Edited(edited, tuple(changes))

    def _items(self, item: Item) -> tuple[Item, ...]:
        """What stands in the item's place: first the part that stays with its control, then what moves."""
        parts = self._split(item)
        found = (self._item(part, to) for to, part in parts)
        return tuple(one for one in found if one is not None)

    def _split(self, item: Item) -> list[tuple[str, Item]]:
        """The item by the controls that its labels move to (empty: stays), in one piece where none moves."""
        written, kind, value = item.get("from_name"), KINDS.get(str(item.get("type"))), item.get("value")
        name = self._controls.find(written)[0] if isinstance(written, str) else ""
        moves = self._edit.moves.get(name, {})
        labels = value.get(kind.key) if kind is not None and isinstance(value, dict) else None
        if not moves or kind is None or not isinstance(labels, list) or kind.payload not in _LABELED:
            return [("", item)]
        by_control: dict[str, list[object]] = {}
        for label in labels:
            by_control.setdefault(_destination(label, moves), []).append(label)
        if set(by_control) <= {""}:
            return [("", item)]
        return [
            (to, item if len(by_control) == 1 else {**item, "value": {**cast(Item, value), kind.key: part}})
            for to, part in sorted(by_control.items())
        ]

    def _item(self, item: Item, moved_to: str = "") -> Item | None:
        """The item itself when nothing touches it, a changed copy, or None when it is dropped."""
        written, edit = item.get("from_name"), self._edit
        if not isinstance(written, str):
            return item
        name, indices = self._controls.find(written)
        if not moved_to and edit.removed == "drop" and name in edit.removed_controls:
            return None
        replaced: Item = {}
        if moved_to:
            replaced["from_name"] = self._controls.fill(moved_to, indices)
        elif name in edit.controls:
            replaced["from_name"] = self._controls.fill(edit.controls[name], indices)
        target = item.get("to_name")
        if target == written and "from_name" in replaced:
            replaced["to_name"] = replaced["from_name"]
        elif isinstance(target, str):
            shown, at = self._objects.find(target)
            if shown in edit.objects:
                replaced["to_name"] = self._objects.fill(edit.objects[shown], at)
        return self._with_value(item, name, replaced)

    def _with_value(self, item: Item, name: str, replaced: Item) -> Item | None:
        """The item with `replaced` and its own key rewritten; None when a classification is left empty."""
        kind, value = KINDS.get(str(item.get("type"))), item.get("value")
        if kind is not None and isinstance(value, dict) and value.get(kind.key) is not None:
            own = value[kind.key]
            new = self._relabel(kind, own, name)
            if own and not new and kind.payload in {"choices", "taxonomy"}:
                return None
            target = KINDS.get(self._edit.types.get(name, ""), kind)
            if target is not kind:
                replaced["type"] = target.type
                new = _as_paths(new) if target.payload == "taxonomy" else new
            if new != own or target.key != kind.key:
                pairs = (
                    (target.key, new) if each == kind.key else (each, kept) for each, kept in value.items()
                )
                replaced["value"] = dict(pairs)
        return {**item, **replaced} if replaced else item

    def _relabel(self, kind: Kind, own: object, name: str) -> object:
        edit = self._edit
        if kind.payload == "ranker" and isinstance(own, dict):
            return {edit.controls.get(name, each) if each == name else each: ids for each, ids in own.items()}
        if kind.payload not in _LABELED or not isinstance(own, list):
            return own
        renames = edit.labels.get(name, {})
        dropped = set(edit.removed_labels.get(name, ())) if edit.removed == "drop" else set()
        if not renames and not dropped:
            return own
        return _unique([_rename(label, renames) for label in own if not _has(label, dropped)])


_LABELED = frozenset({"labels", "optional-labels", "choices", "taxonomy"})


def _destination(label: object, moves: Mapping[str, str]) -> str:
    """The control that a label moves to; a path moves with its first step. Empty for one that stays."""
    first = label[0] if isinstance(label, list) and label else label
    return moves.get(first, "") if isinstance(first, str) else ""


def _as_paths(labels: object) -> object:
    return [one if isinstance(one, list) else [one] for one in labels] if isinstance(labels, list) else labels


def _rename(label: object, renames: Mapping[str, str]) -> object:
    if isinstance(label, list):
        return [_rename(step, renames) for step in label]
    return renames.get(label, label) if isinstance(label, str) else label


def _has(label: object, dropped: set[str]) -> bool:
    if isinstance(label, list):
        return any(_has(step, dropped) for step in label)
    return isinstance(label, str) and label in dropped


def _unique(labels: list[object]) -> list[object]:
    """Each label once: two that were merged are one."""
    found: list[object] = []
    for label in labels:
        if label not in found:
            found.append(label)
    return found
