"""Tasks of equal data, and labels as a column."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.label_caching import CacheOrder, LabelReader, read_order
from chalicelib.domain.label_config import parse
from chalicelib.domain.tasks.copies import fingerprint, names_here
from chalicelib.errors import InvalidInputError
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE = Annotation(
    id=AnnotationId(4097),
    task_id=TaskId(1),
    project_id=ProjectId(1),
    completed_by=UserId(1),
    created_at=NOW,
    updated_at=NOW,
    unique_id="u",
)


def test_equal_data_are_known_whatever_the_order_of_their_keys() -> None:
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})


def test_an_annotation_keeps_its_unique_id_unless_another_one_has_it() -> None:
    other = replace(ONE, id=AnnotationId(8193), task_id=TaskId(2))
    corrected = replace(other, result=[{"type": "choices"}])

    assert names_here([other], []) == {other.id: "u"}
    assert names_here([other], [ONE]) == {other.id: "u"}
    made = names_here([corrected], [ONE])[corrected.id]
    assert made != "u"
    assert names_here([corrected], [ONE]) == {corrected.id: made}


CONFIG = """<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices>
<Taxonomy name="leaf" toName="t"><Choice value="X"><Choice value="Y"/></Choice></Taxonomy>
<Taxonomy name="path" toName="t" showFullPath="true" pathSeparator=" > "><Choice value="X"/></Taxonomy>
</View>"""


def item(name: str, **value: Any) -> dict[str, Any]:
    return {"from_name": name, "to_name": "t", "type": next(reversed(value)), "value": value}


RESULTS = [
    [item("c", choices=["B", "A"]), item("leaf", taxonomy=[["X", "Y"]])],
    [item("c", rle=[1, 2], brushlabels=["A"]), item("path", taxonomy=[["X", "Y"], ["X"]]), {"value": 3}, 7],
    [item("gone", taxonomy=[["P", "Q"]]), item("c", choices=[])],
]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (CacheOrder(), "A: 2, B: 1, P/Q: 1, X > Y: 1, X: 1, Y: 1"),
        (CacheOrder(control="c"), "A: 2, B: 1"),
        (CacheOrder(control="c", with_counters=False), "A, B"),
        (CacheOrder(control="nothing"), ""),
    ],
)
def test_labels_are_told_by_name(order: CacheOrder, expected: str) -> None:
    assert LabelReader(parse(CONFIG), order).text(RESULTS) == expected  # type: ignore[arg-type]


def test_what_is_asked_for_is_read_with_every_fault() -> None:
    given = read_order({"control_tag": "c", "with_counters": "No", "source": "Predictions"})

    assert given == CacheOrder(control="c", source="predictions", with_counters=False)
    assert (given.column, read_order({}).column) == ("cache_predictions_c", "cache_all")
    assert read_order({"control_tag": "ALL"}).column == "cache_all"
    with pytest.raises(InvalidInputError) as caught:
        read_order({"control_tag": ["c"], "source": "drafts", "with_counters": "perhaps"})
    assert [fault.place for fault in caught.value.faults] == ["control_tag", "source", "with_counters"]
