"""How far two results are alike, and how sure an accuracy is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.accuracy import Accuracy, accuracy, wilson
from chalicelib.domain.agreement.similarity import MAX_PAIRS, similarity


def item(kind: str, name: str = "a", **value: Any) -> dict[str, Any]:
    return {"from_name": name, "to_name": "x", "type": kind, "value": value}


def box(x: float, label: str = "Car", **more: Any) -> dict[str, Any]:
    return item("rectanglelabels", x=x, y=0, width=10, height=10, rectanglelabels=[label], **more)


def ellipse(x: float) -> dict[str, Any]:
    return item("ellipse", x=x, y=5, radiusX=5, radiusY=5)


def polygon(*points: list[float]) -> dict[str, Any]:
    return item("polygon", points=[*points])


def tone(label: str) -> dict[str, Any]:
    return item("choices", "b", choices=[label])


def span(start: float, end: float, label: str = "Name") -> dict[str, Any]:
    return item("labels", start=start, end=end, text="said", labels=[label])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([], [], 1),
        ([item("choices", choices=["a"])], [], 0),
        ([item("choices", choices=["a"])], [item("choices", choices=["a"])], 1),
        ([item("choices", choices=["a", "b"])], [item("choices", choices=["b", "c"])], 1 / 3),
        ([item("choices", choices=["a", "b"])], [item("choices", choices=["b", "a"])], 1),
        ([item("taxonomy", taxonomy=[["a", "b"]])], [item("taxonomy", taxonomy=[["a", "c"]])], 0),
        ([item("rating", rating=3)], [item("rating", rating=3)], 1),
        ([item("rating", rating=3)], [item("rating", rating=4)], 0),
        ([item("textarea", text=["yes"])], [item("textarea", text=["no"])], 0),
        ([box(0)], [box(0)], 1),
        ([box(0)], [box(5)], 1 / 3),
        ([box(0)], [box(0, "Bus")], 0),
        ([box(0), box(50)], [box(50), box(0)], 1),
        ([box(0), box(50)], [box(0)], 2 / 3),
        ([box(0)], [box(0, original_width=10)], 1),
        ([box(0)], [box(10, rotation=90)], 1),
        ([span(0, 10)], [span(5, 10)], 1 / 2),
        ([span(0, 10)], [span(0, 10, "Place")], 0),
        (
            [item("ellipse", x=5, y=5, radiusX=5, radiusY=5)],
            [item("ellipse", x=5, y=5, radiusX=5, radiusY=5)],
            1,
        ),
        ([item("keypoint", x=1, y=1, width=1)], [item("keypoint", x=1, y=6, width=1)], 1 / 2),
        (
            [item("polygon", points=[[0, 0], [10, 0], [0, 10]])],
            [item("polygon", points=[[0, 0], [10, 10]])],
            1,
        ),
        ([box(0), tone("x")], [box(0), tone("y")], 1 / 2),
        ([{"id": "r", "type": "relation"}, 3, "x"], [], 1),
    ],
)
def test_results_are_compared_by_what_their_controls_say(
    one: list[Any], other: list[Any], expected: float
) -> None:
    assert similarity(one, other) == pytest.approx(expected)
    assert similarity(other, one) == pytest.approx(expected)


def test_html_spans_are_compared_by_their_offsets_in_the_whole() -> None:
    def marked(start: int, end: int) -> dict[str, Any]:
        offsets = {"start": start, "end": end}
        return item(
            "hypertextlabels", start="/p[1]", end="/p[1]", globalOffsets=offsets, hypertextlabels=["A"]
        )

    assert similarity([marked(0, 4)], [marked(2, 4)]) == 0.5


def test_very_many_regions_are_compared_by_being_equal() -> None:
    many = [box(number / 100) for number in range(MAX_PAIRS // 150)]

    assert similarity(many, many) == 1
    assert similarity(many, many[:-1]) == pytest.approx(1, abs=0.01)
    assert similarity(many, [box(number / 100 + 0.001) for number in range(MAX_PAIRS // 150)]) == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3)
)
ITEMS = st.fixed_dictionaries(
    {
        "from_name": st.sampled_from("ab"),
        "type": st.sampled_from(["choices", "rectanglelabels", "labels", "rating"]),
        "value": st.dictionaries(
            st.sampled_from(["x", "y", "width", "height", "start", "end", "points", "choices", "rotation"]),
            VALUES,
        ),
    }
)


@given(st.lists(ITEMS | VALUES, max_size=4), st.lists(ITEMS | VALUES, max_size=4))
def test_anything_can_be_compared_both_ways(one: list[Any], other: list[Any]) -> None:
    found = similarity(one, other)

    assert 0 <= found <= 1
    assert found == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, one) <= 1


def test_accuracy_tells_how_sure_it_is() -> None:
    assert accuracy(0, 0, 0) == Accuracy(0, 0, None, None, None)
    found = accuracy(10, 8500, 8)
    assert (found.accuracy, found.share) == (0.85, 0.8)
    assert found.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 1)[0] == 0
    assert wilson(1, 1)[1] == 1
