"""Objects in video: between key frames, and when they are there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.results.kinds import KeyFrame
from chalicelib.domain.results.video import box_at, boxes, lifespans


def key(frame: int, x: float = 0, *, enabled: bool = True, rotation: float = 0) -> KeyFrame:
    return {
        "frame": frame,
        "enabled": enabled,
        "x": x,
        "y": 1,
        "width": 2,
        "height": 3,
        "rotation": rotation,
    }


def test_halfway_between_two_key_frames() -> None:
    assert box_at([key(1, 0), key(11, 10)], 6) == {"x": 5, "y": 1, "width": 2, "height": 3, "rotation": 0}


def test_rotation_takes_the_shorter_way() -> None:
    box = box_at([key(1, rotation=350), key(3, rotation=10)], 2)
    assert box is not None
    assert box["rotation"] == 360


def test_a_disabled_key_frame_ends_life_at_its_own_frame() -> None:
    sequence = [key(2, 0), key(5, 3, enabled=False), key(9, 9)]
    assert lifespans(sequence, 12) == [(2, 5), (9, 12)]
    assert box_at(sequence, 1) is None
    assert box_at(sequence, 5) is not None
    assert box_at(sequence, 6) is None
    assert box_at(sequence, 12) == box_at(sequence, 9)


def test_order_of_key_frames_does_not_matter() -> None:
    assert box_at([key(11, 10), key(1, 0)], 6) == box_at([key(1, 0), key(11, 10)], 6)


@given(st.lists(st.builds(key, st.integers(1, 40), st.floats(0, 100), enabled=st.booleans()), max_size=8))
def test_a_box_is_there_exactly_in_the_lifespans(sequence: list[KeyFrame]) -> None:
    alive = {frame for first, last in lifespans(sequence, 50) for frame in range(first, last + 1)}
    assert {frame for frame in range(1, 51) if box_at(sequence, frame) is not None} == alive
    assert [frame for frame, _ in boxes(sequence, 50)] == sorted(alive)


def test_nothing_without_key_frames() -> None:
    assert lifespans([], 10) == []
    assert box_at([], 1) is None
