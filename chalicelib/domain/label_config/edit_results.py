"""Applies an edit to a result, and takes it back exactly.

Items that the edit does not touch stay the very same objects, keys of touched items keep their order, and
the undo holds the items as they were: taken back at once, a result is the same bytes again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.label_config.edit import Edit
from chalicelib.domain.results.kinds import KINDS, Kind
from chalicelib.errors import ConflictError

Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One item, by its index in the result before the edit. `after` None: the item was dropped."""

    index: int
    before: Item
    after: Item | None


@dataclass(frozen=True, slots=True)
class Edited:
    """A result after an edit, and what undoes it: `changes` (JSON as `[index, before, after]`)."""

    result: list[Item]
    changes: tuple[Change, ...]


def apply_edit(result: Sequence[Item], edit: Edit) -> Edited:
    """The result under the new configuration. The one given is left as it is."""
    edited: list[Item] = []
    changes: list[Change] = []
    for index, item in enumerate(result):
        after = _edit_item(item, edit)
        if after is not None:
            edited.append(after)
        if after is not item:
            changes.append(Change(index, item, after))
    return Edited(edited, tuple(changes))


def undo_edit(result: Sequence[Item], changes: Sequence[Change]) -> list[Item]:
    """The result as it was before the edit; work added since then at its end, or done on items that the
    edit did not touch, stays.

    Raises `ConflictError` when an item that the edit wrote has been changed since.
    """
    before = list(result)
    for change in sorted(changes, key=lambda change: change.index):
        if change.after is None:
            before.insert(change.index, change.before)
        elif change.index < len(before) and before[change.index] == change.after:
            before[change.index] = change.before
        else:
            raise ConflictError(
                f"result[{change.index}] was changed after the edit",
                details={"place": f"result[{change.index}]"},
            )
    return before


def _edit_item(item: Item, edit: Edit) -> Item | None:
    """The item itself when nothing touches it, a changed copy, or None when it is dropped."""
    name = item.get("from_name")
    if not isinstance(name, str):
        return item
    if edit.removed == "drop" and name in edit.removed_controls:
        return None
    replaced: Item = {}
    if name in edit.controls:
        replaced["from_name"] = edit.controls[name]
    target = item.get("to_name")
    if isinstance(target, str):
        names = edit.controls if target == name else edit.objects
        if target in names:
            replaced["to_name"] = names[target]
    _edit_value(item, name, edit, replaced)
    if not replaced:
        return item
    return None if replaced.get("value", _KEPT) is None else {**item, **replaced}


_KEPT = object()


def _edit_value(item: Item, name: str, edit: Edit, replaced: Item) -> None:
    """Put the changed `type` and `value` into `replaced`; a value of None means that nothing is left."""
    kind, value = KINDS.get(str(item.get("type"))), item.get("value")
    if kind is None or not isinstance(value, dict):
        return
    key, own = kind.key, value.get(kind.key) if kind.key else None
    if own is None:
        return
    new = _relabel(kind, own, name, edit)
    target = KINDS.get(edit.types.get(name, ""), kind)
    if target is not kind:
        replaced["type"] = target.type
        if target.payload == "taxonomy" and isinstance(new, list):
            new = [one if isinstance(one, list) else [one] for one in new]
    if not new and own and kind.payload in {"choices", "taxonomy"}:
        replaced["value"] = None
    elif new != own or target.key != key:
        replaced["value"] = {
            (target.key if each == key else each): (new if each == key else kept)
            for each, kept in value.items()
        }


def _relabel(kind: Kind, own: object, name: str, edit: Edit) -> object:
    if kind.payload == "ranker" and isinstance(own, dict):
        return {edit.controls.get(name, each) if each == name else each: ids for each, ids in own.items()}
    if kind.payload not in {"labels", "optional-labels", "choices", "taxonomy"} or not isinstance(own, list):
        return own
    renames = edit.labels.get(name, {})
    dropped = set(edit.removed_labels.get(name, ())) if edit.removed == "drop" else set()
    if not renames and not dropped:
        return own
    return _unique([_rename(label, renames) for label in own if not _has(label, dropped)])


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
