"""Items that belong together: regions and the relations between them.

Everything works on the raw items and gives them back untouched, so unknown keys and exact numbers survive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.results.kinds import KINDS

Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class Region:
    """The items of one id, in their order: a box, its label, its transcription …"""

    id: str
    items: tuple[Item, ...]

    @property
    def labels(self) -> list[str]:
        """The labels of all its items, each once."""
        found = (label for item in self.items for label in labels_of(item))
        return list(dict.fromkeys(found))


def is_relation(item: Mapping[str, object]) -> bool:
    """Whether an item links two regions rather than holding a value."""
    return item.get("type") == "relation"


def regions_of(result: Iterable[Item]) -> list[Region]:
    """The regions of a result by first appearance; items without an id are regions of their own."""
    groups: dict[object, list[Item]] = {}
    for at, item in enumerate(result):
        if not is_relation(item):
            own = item.get("id")
            groups.setdefault(own if isinstance(own, str | int) else (at,), []).append(item)
    return [Region("" if isinstance(key, tuple) else str(key), tuple(items)) for key, items in groups.items()]


def relations_of(result: Iterable[Item]) -> list[Item]:
    """The relation items of a result."""
    return [item for item in result if is_relation(item)]


def own_value(item: Mapping[str, object]) -> object:
    """What the item's control says (its labels, choices, text …); None for tools without labels."""
    kind = KINDS.get(str(item.get("type")))
    value = item.get("value")
    if kind is None or not kind.key or not isinstance(value, Mapping):
        return None
    return value.get(kind.key)


def labels_of(item: Mapping[str, object]) -> list[str]:
    """The labels or choices of an item, the last step of paths; empty for other kinds."""
    kind = KINDS.get(str(item.get("type")))
    if kind is None or kind.payload not in {"labels", "optional-labels", "choices", "taxonomy"}:
        return []
    own = own_value(item)
    labels = own if isinstance(own, list) else [own]
    steps = (label[-1] if isinstance(label, list) and label else label for label in labels)
    return [step for step in steps if isinstance(step, str)]


def with_fresh_ids(result: Sequence[Item], fresh: Callable[[], str]) -> list[Item]:
    """A copy with every region's id replaced, parents and relations following; for copies of a result."""
    ids: dict[str, str] = {}
    for item in result:
        own = item.get("id")
        if not is_relation(item) and isinstance(own, str) and own not in ids:
            ids[own] = fresh()
    return [
        {
            key: ids.get(value, value) if key in _ID_KEYS and isinstance(value, str) else value
            for key, value in item.items()
        }
        for item in result
    ]


_ID_KEYS = frozenset({"id", "parentID", "from_id", "to_id"})


def without_dangling(result: Sequence[Item]) -> list[Item]:
    """The items except relations whose ends are gone."""
    ids = {item["id"] for item in result if not is_relation(item) and isinstance(item.get("id"), str)}

    def stays(item: Item) -> bool:
        ends = (item.get("from_id"), item.get("to_id"))
        return all(isinstance(end, str) and end in ids for end in ends)

    return [item for item in result if not is_relation(item) or stays(item)]
