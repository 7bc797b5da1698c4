"""What differs between two versions of an annotation: laws, and what people are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.annotations.differences import (
    ABSENT,
    FieldChange,
    apply,
    difference,
    inverse,
    result_difference,
)
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId

AT = datetime(2030, 1, 1, tzinfo=UTC)
ANNOTATION = Annotation(
    id=AnnotationId(4097),
    task_id=TaskId(1),
    project_id=ProjectId(1),
    completed_by=UserId(1),
    created_at=AT,
    updated_at=AT,
    unique_id="one",
)

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["", "a", "b"])
    | st.sampled_from([0.5, -0.25])
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
regions = st.fixed_dictionaries(
    {"id": st.sampled_from("rst"), "type": st.sampled_from(["choices", "relation"])},
    optional={
        "from_name": st.sampled_from("xy"),
        "from_id": st.sampled_from("rs"),
        "value": st.dictionaries(st.sampled_from("abc"), values, max_size=3),
        "meta": values,
    },
)
results = st.lists(regions | values, max_size=6)


def text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@given(results, results)
def test_a_difference_applied_gives_the_other_version(before: list[Any], after: list[Any]) -> None:
    found = result_difference(before, after)

    assert text(apply(found, before)) == text(after)
    assert text(apply(inverse(found), after)) == text(before)


@given(results, st.randoms())
def test_another_order_is_told_as_moves_alone(before: list[Any], rng: Any) -> None:
    by_region = {text([item.get("id"), item.get("type")]): item for item in before if isinstance(item, dict)}
    unique = list(by_region.values())
    after = list(unique)
    rng.shuffle(after)

    found = result_difference(unique, after)

    assert {change.kind for change in found} <= {"moved"}
    assert apply(found, unique) == after


@given(results)
def test_the_same_twice_differs_in_nothing(result: list[Any]) -> None:
    assert result_difference(result, json.loads(json.dumps(result))) == ()


def box(name: str, **value: Any) -> dict[str, Any]:
    return {"id": name, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}


def test_changes_are_told_by_region_and_field() -> None:
    before = replace(ANNOTATION, result=[box("a", x=1, y=2), box("b", x=3)])
    after = replace(ANNOTATION, result=[box("c"), box("a", x=1, y=5, label="cat")], ground_truth=True)

    found = difference(before, after)

    told = [(change.kind, change.region, change.before, change.after) for change in found.items]
    assert told == [("added", "c", None, 0), ("changed", "a", 0, 1), ("removed", "b", 1, None)]
    assert found.items[1].fields == (
        FieldChange(("value", "y"), 2, 5),
        FieldChange(("value", "label"), ABSENT, "cat"),
    )
    assert found.fields == (FieldChange(("ground_truth",), False, True),)


def test_true_is_not_one_and_null_is_not_nothing() -> None:
    found = result_difference([{"id": "a", "v": 1}], [{"id": "a", "v": True, "w": None}])

    assert found[0].fields == (FieldChange(("v",), 1, True), FieldChange(("w",), ABSENT, None))


def test_items_of_one_region_are_told_apart_by_their_control() -> None:
    shape, label = box("a", x=1), {**box("a", text="old"), "from_name": "note", "type": "textarea"}

    found = result_difference([shape, label], [shape, {**label, "value": {"text": "new"}}])

    assert [(c.control, c.fields) for c in found] == [
        ("note", (FieldChange(("value", "text"), "old", "new"),))
    ]
