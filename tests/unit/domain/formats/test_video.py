from __future__ import annotations

from typing import Any

from chalicelib.domain.formats.video import with_frames


def key(frame: int, x: float = 0, *, enabled: bool = True) -> dict[str, Any]:
    return {
        "frame": frame,
        "x": x,
        "y": 0,
        "width": 10,
        "height": 10,
        "rotation": 0,
        "time": frame / 10,
        "enabled": enabled,
    }


def filled(*keys: dict[str, Any], count: int = 6) -> list[tuple[int, float, bool]]:
    track = {"type": "videorectangle", "value": {"framesCount": count, "sequence": list(keys)}}
    (made,) = with_frames([track])
    return [(frame["frame"], frame["x"], frame.get("auto", False)) for frame in made["value"]["sequence"]]


def test_frames_between_keys_are_filled_in_linearly() -> None:
    assert filled(key(1, 0), key(4, 30, enabled=False)) == [
        (1, 0, False),
        (2, 10, True),
        (3, 20, True),
        (4, 30, False),
    ]


def test_nothing_is_filled_in_while_the_object_is_away() -> None:
    assert filled(key(1, enabled=False), key(5, 8, enabled=False)) == [(1, 0, False), (5, 8, False)]


def test_after_the_last_key_the_object_stays_until_the_clip_ends() -> None:
    assert filled(key(4, 3)) == [(4, 3, False), (5, 3, True), (6, 3, True)]


def test_other_items_stay_as_they_are() -> None:
    odd: list[Any] = [
        {"type": "choices", "value": {}},
        {"type": "videorectangle", "value": {"sequence": [5]}},
        None,
    ]

    assert with_frames(odd) == odd


def test_a_track_without_key_frames_stays_as_it_is() -> None:
    item = {"type": "videorectangle", "value": {"sequence": [], "framesCount": 5}}

    assert with_frames([item]) == [item]
