"""What an edit of a configuration does to results: the value that a plan makes and a job carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain.results.kinds import KINDS

WhenRemoved = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens to results; JSON as `as_json` gives it, so that a job can carry it.

    `controls` and `objects`: old name → new. `labels`: control's *old* name → old label → new; several old
    ones with one new are merged. `moves`: control's *old* name → old label → the new control that takes the
    label over, so that one control can be split in two. `types`: control's old name → its new result type.
    `removed_controls` and `removed_labels` (control's old name → labels) are dropped when `removed` says so
    and kept as they are otherwise: unknown to the configuration, but not lost. `flags` are those of Repeaters
    (`{{idx}}`), which stand for an index in names.
    """

    controls: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    moves: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    removed_controls: tuple[str, ...] = ()
    removed_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: WhenRemoved = "keep"
    flags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """A JSON object that `edit_from_json` reads."""
        return {
            "controls": dict(self.controls),
            "objects": dict(self.objects),
            "labels": {name: dict(labels) for name, labels in self.labels.items()},
            "moves": {name: dict(labels) for name, labels in self.moves.items()},
            "types": dict(self.types),
            "removed_controls": list(self.removed_controls),
            "removed_labels": {name: list(labels) for name, labels in self.removed_labels.items()},
            "removed": self.removed,
            "flags": list(self.flags),
        }


def edit_from_json(stored: Mapping[str, object]) -> Edit:
    """The edit that `Edit.as_json` stored."""
    return Edit(**stored)  # type: ignore[arg-type]


class NamePatterns:
    """Finds the configuration's name behind a name in a result: `box_3` was made from `box_{{idx}}`."""

    def __init__(self, names: Iterable[str], flags: Iterable[str]) -> None:
        names = frozenset(names)
        self._names = names
        self._flag = re.compile("|".join(map(re.escape, flags)) or r"(?!)")
        self._patterns = [
            (re.compile("([0-9]{1,6})".join(map(re.escape, self._flag.split(name)))), name)
            for name in sorted(names)
            if 0 < len(self._flag.findall(name)) <= _MOST_FLAGS
        ]

    def find(self, name: str) -> tuple[str, tuple[str, ...]]:
        """The configuration's name and the indices in it; the name itself when nothing else fits."""
        if name in self._names:
            return name, ()
        for pattern, known in self._patterns:
            found = pattern.fullmatch(name)
            if found:
                return known, found.groups()
        return name, ()

    def fill(self, name: str, indices: tuple[str, ...]) -> str:
        """The name with its flags replaced by the indices, in order."""
        left = iter(indices)
        return self._flag.sub(lambda flag: next(left, flag[0]), name)


_MOST_FLAGS = 4


_SAME_IN_ESSENCE = frozenset(
    {("choices", "taxonomy"), ("labels", "hypertextlabels"), ("hypertextlabels", "labels")}
)


def can_retype(before: str, after: str) -> bool:
    """Whether items of one type can become items of another without losing anything.

    They can when both are labels of the same shape, when labels of a HyperText are told another way, and
    choices can become paths of a taxonomy.
    """
    if before == after or (before, after) in _SAME_IN_ESSENCE:
        return True
    old, new = KINDS.get(before), KINDS.get(after)
    if old is None or new is None or {old.payload, new.payload} != {"labels"}:
        return False
    return bool(old.shapes) and old.shapes == new.shapes
