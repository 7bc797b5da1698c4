"""Video tracks: frames between key frames, as `interpolate_key_frames` asks for.

Between two key frames of which the first is enabled every frame is filled in, place, size, turn and
time linearly; after the last key frame, if enabled, the object stays where it is until the clip ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

_PLACED = ("x", "y", "width", "height", "rotation")
MAX_FRAMES = 1_000_000


def with_frames(result: Sequence[Any]) -> list[Any]:
    """A result whose video tracks have every frame; all other items stay as they are."""
    return [_filled(item) if _is_track(item) else item for item in result]


def every_frame(sequence: Sequence[Mapping[str, Any]], frames_count: int) -> Iterator[dict[str, Any]]:
    """The key frames and, marked `auto`, the frames between and after them."""
    keys = sorted(sequence, key=lambda key: key["frame"])
    for key, following in zip_longest(keys, keys[1:]):
        yield dict(key)
        if not key.get("enabled", True):
            continue
        end = following["frame"] if following is not None else min(frames_count, MAX_FRAMES) + 1
        for frame in range(key["frame"] + 1, end):
            yield _between(key, following, frame)


def _between(key: Mapping[str, Any], following: Mapping[str, Any] | None, frame: int) -> dict[str, Any]:
    if following is None:
        rate = key["frame"] / key["time"] if key.get("time") else 0
        made = {**key, "frame": frame, "auto": True}
        if rate:
            made["time"] = round(frame / rate, 2)
        return made
    part = (frame - key["frame"]) / (following["frame"] - key["frame"])
    made = {**key, "frame": frame, "auto": True}
    for name in _PLACED:
        if name in key and name in following:
            made[name] = key[name] + (following[name] - key[name]) * part
    if "time" in key and "time" in following:
        made["time"] = round(key["time"] + (following["time"] - key["time"]) * part, 2)
    return made


def _is_track(item: Any) -> bool:
    value = item.get("value") if isinstance(item, Mapping) else None
    sequence = value.get("sequence") if isinstance(value, Mapping) else None
    return (
        isinstance(sequence, list)
        and item.get("type") == "videorectangle"
        and all(isinstance(key, Mapping) and isinstance(key.get("frame"), int) for key in sequence)
    )


def _filled(item: Mapping[str, Any]) -> dict[str, Any]:
    value = item["value"]
    count = value.get("framesCount")
    frames = list(every_frame(value["sequence"], count if isinstance(count, int) else 0))
    return {**item, "value": {**value, "sequence": frames}}
