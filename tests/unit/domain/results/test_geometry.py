"""Laws of image geometry: conversions round-trip, rotation keeps sizes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.results.geometry import (
    Box,
    Point,
    Size,
    box_around,
    box_from_centre,
    box_to_percent,
    box_to_pixels,
    ellipse_around,
    polygon_area,
    shown_point,
    stored_point,
    to_percent,
    turn,
    upright,
)

numbers = st.floats(-1000, 1000)
lengths = st.floats(0.01, 1000)
degrees = st.floats(-720, 720)
boxes = st.builds(Box, numbers, numbers, lengths, lengths, degrees)
sizes = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))


@given(boxes, sizes)
def test_percent_and_back_gives_the_same_box(box: Box, size: Size) -> None:
    percent = box_to_percent(box, size)
    back = box_to_pixels(**percent, size=size)
    assert (back.x, back.y, back.width, back.height) == pytest.approx(
        (box.x, box.y, box.width, box.height), abs=1e-6
    )
    assert back.rotation == box.rotation


@given(boxes)
def test_rotation_keeps_area_and_first_corner(box: Box) -> None:
    corners = box.corners()
    assert polygon_area(corners) == pytest.approx(box.width * box.height, rel=1e-6, abs=1e-3)
    assert corners[0] == (box.x, box.y)


@given(boxes)
def test_a_box_comes_back_from_its_centre(box: Box) -> None:
    back = box_from_centre(box.centre(), box.width, box.height, box.rotation)
    assert (back.x, back.y) == pytest.approx((box.x, box.y), abs=1e-6)


@given(boxes)
def test_the_upright_box_touches_every_corner(box: Box) -> None:
    around = upright(box)
    for corner in box.corners():
        assert around.x - 1e-9 <= corner.x <= around.x + around.width + 1e-9
        assert around.y - 1e-9 <= corner.y <= around.y + around.height + 1e-9


def test_a_quarter_turn_is_exact_and_clockwise() -> None:
    assert turn(Point(1, 0), 90) == (0, 1)
    assert turn(Point(1, 0), -90) == (0, -1)
    assert turn(Point(2, 3), 360) == (2, 3)
    assert Box(10, 10, 4, 2, 90).corners() == ((10, 10), (10, 14), (8, 14), (8, 10))


@given(st.tuples(st.floats(0, 100), st.floats(0, 100)), st.sampled_from([0, 90, 180, 270]))
def test_a_point_shown_rotated_is_found_again(point: tuple[float, float], rotation: int) -> None:
    assert stored_point(shown_point(point, rotation), rotation) == pytest.approx(point, abs=1e-9)


def test_a_picture_shown_turned_clockwise_has_its_top_left_at_the_top_right() -> None:
    assert shown_point((0, 0), 90) == (100, 0)
    with pytest.raises(ValueError, match="quarters"):
        shown_point((0, 0), 45)


@given(lengths, lengths, degrees)
def test_the_box_around_an_ellipse_touches_it(first: float, second: float, rotation: float) -> None:
    around = ellipse_around((0, 0), (first, second), rotation)
    rim = [turn(Point(first * math.cos(at / 50), second * math.sin(at / 50)), rotation) for at in range(315)]
    sampled = box_around(rim)
    assert around.width == pytest.approx(sampled.width, rel=1e-3)
    assert around.height == pytest.approx(sampled.height, rel=1e-3)


def test_no_percent_without_extent() -> None:
    with pytest.raises(ValueError, match="extent"):
        to_percent((1, 1), Size(0, 5))
