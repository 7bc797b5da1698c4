"""Objects in video: key frames, what lies between them, and when the object is there.

Frames count from 1. Between two key frames the box moves linearly, its rotation the shorter way, if the
earlier one is enabled; one that is not ends the object's life at its frame, inclusive, until the next key
frame. After the last key frame an enabled object stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.results.kinds import KeyFrame

_MOVING = ("x", "y", "width", "height")


def sorted_frames(sequence: Sequence[KeyFrame]) -> list[KeyFrame]:
    """The key frames by frame; of two on one frame the later entry counts."""
    by_frame = {frame.get("frame", 1): frame for frame in sequence}
    return [by_frame[number] for number in sorted(by_frame)]


def box_at(sequence: Sequence[KeyFrame], frame: int) -> dict[str, float] | None:
    """`x, y, width, height, rotation` (percent, degrees) on a frame; None when the object is not there."""
    return _box_at(sorted_frames(sequence), frame)


def _box_at(frames: Sequence[KeyFrame], frame: int) -> dict[str, float] | None:
    at = bisect_right(frames, frame, key=lambda key: key.get("frame", 1)) - 1
    if at < 0:
        return None
    before = frames[at]
    if before.get("frame", 1) == frame:
        return _box(before)
    if not before.get("enabled", True):
        return None
    return _between(before, frames[at + 1], frame) if at + 1 < len(frames) else _box(before)


def _box(frame: KeyFrame) -> dict[str, float]:
    values: Mapping[str, object] = frame
    return {key: _number(values.get(key)) for key in (*_MOVING, "rotation")}


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0.0


def _between(before: KeyFrame, after: KeyFrame, frame: int) -> dict[str, float]:
    first, last = _box(before), _box(after)
    share = (frame - before.get("frame", 1)) / (after.get("frame", 1) - before.get("frame", 1))
    box = {key: first[key] + (last[key] - first[key]) * share for key in _MOVING}
    shorter = (last["rotation"] - first["rotation"] + 180) % 360 - 180
    return {**box, "rotation": first["rotation"] + shorter * share}


def lifespans(sequence: Sequence[KeyFrame], frames_count: int) -> list[tuple[int, int]]:
    """First and last frame of every stretch in which the object is there, both inclusive."""
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    for key in sorted_frames(sequence):
        number = key.get("frame", 1)
        if begun is None:
            begun = number
        if not key.get("enabled", True):
            spans.append((begun, number))
            begun = None
    if begun is not None:
        spans.append((begun, max(begun, frames_count)))
    return spans


def boxes(sequence: Sequence[KeyFrame], frames_count: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Frame and box for every frame on which the object is there."""
    frames = sorted_frames(sequence)
    for first, last in lifespans(frames, frames_count):
        for frame in range(first, last + 1):
            box = _box_at(frames, frame)
            if box is not None:
                yield frame, box
