"""What two versions of an annotation differ in: by region and field, so that each gives the other. Pure.

A result is a list of items; those with the same id make a region. An item is known again in the other version
by its id, its control and its type (a relation by the regions at its ends); of several that share these, the
first is the first. What is no such object is known by its place among its like.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.json_values import Json, JsonList

FIELDS = (
    "was_cancelled",
    "ground_truth",
    "lead_time",
    "completed_by",
    "parent_prediction",
    "parent_annotation",
    "config_version",
)
"""What people change of an annotation beside its result, and the configuration that it was made under."""
_IDENTITY = ("id", "from_name", "type", "from_id", "to_id")

Key = tuple[str, int]
"""An item's identity as text, and how many before it share that."""


@dataclass(frozen=True, slots=True)
class Absent:
    """In the place of a value where there is none: null is a value."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that became another. The path are the names that lead to it; none is the whole."""

    path: tuple[str, ...]
    before: Json | Absent
    after: Json | Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What happened to one item: its places in the two results (None: not there) and what changed in it.

    An item that is added or removed has one change, of the whole. `is_moved` says that it passed others.
    """

    region: Json
    control: Json
    type: Json
    before: int | None
    after: int | None
    is_moved: bool = False
    fields: tuple[FieldChange, ...] = ()

    @property
    def kind(self) -> Literal["added", "removed", "changed", "moved"]:
        """What it comes to."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.fields else "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything by which two versions differ; nothing in it where they say the same."""

    items: tuple[ItemChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()


def difference(before: Annotation, after: Annotation) -> Difference:
    """What the later version changed of the earlier one."""
    fields = (FieldChange((name,), getattr(before, name), getattr(after, name)) for name in FIELDS)
    changed = tuple(change for change in fields if not _is_same(change.before, change.after))
    return Difference(result_difference(before.result, after.result), changed)


def result_difference(before: JsonList, after: JsonList) -> tuple[ItemChange, ...]:
    """What happened to each item: those of the later result in its order, then those that are gone."""
    old, new = dict(_keyed(before)), dict(_keyed(after))
    old_rank = {key: rank for rank, key in enumerate(key for key in old if key in new)}
    new_rank = {key: rank for rank, key in enumerate(key for key in new if key in old)}
    found = []
    for key, place in new.items():
        item = after[place]
        if key not in old:
            found.append(_whole(item, None, place, FieldChange((), ABSENT, item)))
            continue
        fields = tuple(_changes(before[old[key]], item, ()))
        is_moved = old_rank[key] != new_rank[key]
        if fields or is_moved:
            found.append(_item_change(item, old[key], place, fields, is_moved=is_moved))
    gone = ((place, before[place]) for key, place in old.items() if key not in new)
    return (*found, *(_whole(item, place, None, FieldChange((), item, ABSENT)) for place, item in gone))


def apply(changes: Sequence[ItemChange], before: JsonList) -> list[Json]:
    """The later result, made of the earlier one and what happened to it."""
    by_place = {change.before: change for change in changes if change.before is not None}
    placed: dict[int, Json] = {}
    staying: list[Json] = []
    for place, item in enumerate(before):
        change = by_place.get(place)
        if change is None:
            staying.append(item)
        elif change.after is not None:
            changed = _applied(change.fields, item)
            if change.is_moved:
                placed[change.after] = changed
            else:
                staying.append(changed)
    placed |= {c.after: c.fields[0].after for c in changes if c.before is None and c.after is not None}  # type: ignore[misc]
    rest = iter(staying)
    return [placed[place] if place in placed else next(rest) for place in range(len(placed) + len(staying))]


def inverse(changes: Sequence[ItemChange]) -> tuple[ItemChange, ...]:
    """What leads back."""
    return tuple(
        ItemChange(
            region=change.region,
            control=change.control,
            type=change.type,
            before=change.after,
            after=change.before,
            is_moved=change.is_moved,
            fields=tuple(FieldChange(f.path, f.after, f.before) for f in change.fields),
        )
        for change in changes
    )


def _keyed(result: JsonList) -> Iterator[tuple[Key, int]]:
    seen: Counter[str] = Counter()
    for place, item in enumerate(result):
        identity = json.dumps(_identity(item), sort_keys=True, default=str)
        yield (identity, seen[identity]), place
        seen[identity] += 1


def _identity(item: Json) -> Json:
    return [item.get(name) for name in _IDENTITY] if isinstance(item, Mapping) else None


def _whole(item: Json, before: int | None, after: int | None, change: FieldChange) -> ItemChange:
    return _item_change(item, before, after, (change,), is_moved=False)


def _item_change(
    item: Json, before: int | None, after: int | None, fields: tuple[FieldChange, ...], *, is_moved: bool
) -> ItemChange:
    named: Mapping[str, Json] = item if isinstance(item, Mapping) else {}
    return ItemChange(
        region=named.get("id"),
        control=named.get("from_name"),
        type=named.get("type"),
        before=before,
        after=after,
        is_moved=is_moved,
        fields=fields,
    )


def _changes(before: Json | Absent, after: Json | Absent, path: tuple[str, ...]) -> Iterator[FieldChange]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            yield from _changes(before.get(name, ABSENT), after.get(name, ABSENT), (*path, name))
    elif not _is_same(before, after):
        yield FieldChange(path, before, after)


def _is_same(before: object, after: object) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_is_same(before[name], after[name]) for name in before)
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return len(before) == len(after) and all(map(_is_same, before, after))
    return isinstance(before, bool) == isinstance(after, bool) and before == after


def _applied(fields: Sequence[FieldChange], item: Json) -> Json:
    for change in fields:
        item = _with(item, change.path, change.after)
    return item


def _with(value: Any, path: tuple[str, ...], new: Json | Absent) -> Any:
    if not path:
        return new
    name, rest = path[0], path[1:]
    if not rest and isinstance(new, Absent):
        return {each: inner for each, inner in value.items() if each != name}
    return {**value, name: _with(value.get(name), rest, new)}
