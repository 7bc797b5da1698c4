"""What data and results contain: columns, regions by control, labels by control. Tallies can be added."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.annotations.entities import Annotation, Draft
from chalicelib.domain.json_values import Json, JsonList, JsonObject

Labels = dict[str, Counter[str]]


@dataclass(slots=True)
class Tally:
    """Counts of what was seen. `columns`: in how many tasks each key of the data is. `used_by`: how many
    annotations, whatever they came with, have a label (`label_key`) in a control."""

    columns: Counter[str] = field(default_factory=Counter)
    annotations: Counter[str] = field(default_factory=Counter)
    labels: Labels = field(default_factory=dict)
    draft_labels: Labels = field(default_factory=dict)
    used_by: Labels = field(default_factory=dict)

    def see_data(self, data: JsonObject) -> None:
        """Count the keys of a task's data."""
        self.columns.update(dict.fromkeys(map(str, data), 1))

    def see_annotations(self, annotations: Iterable[Annotation]) -> None:
        """Count regions and labels of annotations; those that came with their task only in `used_by`."""
        for annotation in annotations:
            for control, label in {*_uses(annotation.result)}:
                self.used_by.setdefault(control, Counter())[label] += 1
            if annotation.is_imported:
                continue
            for item in _items(annotation.result):
                self.annotations[f"{item.get('from_name')}|{item.get('to_name')}|{item.get('type')}"] += 1
            _see_labels(self.labels, annotation.result)

    def see_drafts(self, drafts: Iterable[Draft]) -> None:
        """Count the labels of drafts."""
        for draft in drafts:
            _see_labels(self.draft_labels, draft.result)

    def add(self, other: Tally) -> None:
        """Add what another tally has seen."""
        self.columns.update(other.columns)
        self.annotations.update(other.annotations)
        for name in ("labels", "draft_labels", "used_by"):
            mine, theirs = getattr(self, name), getattr(other, name)
            for control, counts in theirs.items():
                mine.setdefault(control, Counter()).update(counts)


def _items(result: JsonList) -> Iterator[Mapping[str, Any]]:
    return (item for item in result if isinstance(item, Mapping) and item.get("from_name"))


def _see_labels(labels: Labels, result: JsonList) -> None:
    for item in _items(result):
        value = item.get("value")
        found = value.get(str(item.get("type"))) if isinstance(value, Mapping) else None
        if isinstance(found, list):
            labels.setdefault(str(item["from_name"]), Counter()).update(map(_label, found))


def label_key(value: Json) -> str:
    """The name by which `used_by` counts a label: a text, a path, or all that an item says.

    A path of one step is that text, as clients give any label as a path.
    """
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return json.dumps(value, ensure_ascii=False)


def _uses(result: JsonList) -> Iterator[tuple[str, str]]:
    for item in _items(result):
        value = item.get("value")
        found = value.get(str(item.get("type"))) if isinstance(value, Mapping) else None
        if isinstance(found, list):
            yield str(item["from_name"]), label_key(found)
            yield from ((str(item["from_name"]), label_key([each])) for each in found)


def _label(value: object) -> str:
    return " / ".join(map(str, value)) if isinstance(value, list) else str(value)


def tally_value(tally: Tally) -> dict[str, Any]:
    """The tally as a JSON value."""
    return {
        "columns": tally.columns,
        "annotations": tally.annotations,
        "labels": tally.labels,
        "draft_labels": tally.draft_labels,
        "used_by": tally.used_by,
    }


def tally_of(value: Mapping[str, Any]) -> Tally:
    """The tally that the JSON value says."""
    return Tally(
        columns=Counter(value["columns"]),
        annotations=Counter(value["annotations"]),
        labels={control: Counter(counts) for control, counts in value["labels"].items()},
        draft_labels={control: Counter(counts) for control, counts in value["draft_labels"].items()},
        used_by={control: Counter(counts) for control, counts in value["used_by"].items()},
    )
