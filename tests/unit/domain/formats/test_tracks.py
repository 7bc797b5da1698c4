"""Video tracks and time series as tables, and as frames for YOLO."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.unit.domain.formats.builders import annotation, export, task, unzip

TRACKED = """<View><Labels name="lab" toName="vid"><Label value="Car"/><Label value="Bus"/></Labels>
<Video name="vid" value="$video"/><VideoRectangle name="box" toName="vid"/></View>"""


def tracked(*sequence: dict[str, Any], labels: tuple[str, ...] = ("Car",), frames: int = 3) -> dict[str, Any]:
    value = {"framesCount": frames, "duration": 1, "sequence": list(sequence), "labels": list(labels)}
    return {
        "id": "t1", "from_name": "box", "to_name": "vid", "type": "videorectangle", "value": value,
    }  # fmt: skip


def key(frame: int, x: float, *, enabled: bool = True, **more: Any) -> dict[str, Any]:
    return {"frame": frame, "x": x, "y": 10, "width": 20, "height": 40, "enabled": enabled, **more}


def test_tracks_are_a_table_with_a_row_for_each_frame_filled_in_or_not() -> None:
    film = task(7, annotation(tracked(key(1, 0), key(3, 20, enabled=False), frames=9)), video="=a.mp4")

    made, losses = export("VIDEO_TRACKS", [film], TRACKED)

    rows = list(csv.DictReader(io.StringIO(made.decode())))
    assert [(row["frame"], row["x"], row["filled_in"]) for row in rows] == [
        ("1", "0", "0"),
        ("2", "10.0", "1"),
    ]
    assert (rows[0]["task"], rows[0]["label"], rows[0]["video"]) == ("7", "Car", "'=a.mp4")
    assert losses.as_dict() == {}


def test_frames_are_yolo_files_with_fractions() -> None:
    film = task(
        7, annotation(tracked(key(1, 0), key(2, 20, rotation=5), frames=2)), video="/data/upload/1/f.mp4"
    )
    bus = tracked(key(2, 50), labels=("Bus",), frames=2)
    other = task(8, annotation(bus | {"id": "t2"}), video="/data/upload/1/f.mp4")

    made, losses = export("YOLO_VIDEO", [film, other], TRACKED)
    files = unzip(made)

    assert files["labels/f_000001.txt"] == b"1 0.1 0.30000000000000004 0.2 0.4\n"
    assert files["labels/f_000002.txt"].startswith(b"1 0.30000000000000004 0.3000")
    assert files["labels/f-task-8_000002.txt"] == b"0 0.6 0.30000000000000004 0.2 0.4\n"
    assert files["classes.txt"] == b"Bus\nCar\n"
    assert list(losses.as_dict()) == ["rotation of a box"]


@pytest.mark.parametrize("odd", [{"frame": 1}, {"frame": "1", "x": 1}, 5, key(1, float("nan"))])
def test_key_frames_without_a_place_are_left_out_and_told(odd: Any) -> None:
    made, losses = export("VIDEO_TRACKS", [task(1, annotation(tracked(odd)), video="a.mp4")], TRACKED)

    assert made.count(b"\n") == 1
    assert "key frame without a place" in losses.as_dict()


def test_stretches_of_time_series_are_a_table_in_the_series_own_units() -> None:
    config = """<View><TimeSeries name="ts" value="$csv"><Channel column="v"/></TimeSeries>
    <TimeSeriesLabels name="what" toName="ts"><Label value="Run"/></TimeSeriesLabels></View>"""
    value = {"start": "2020-01-01", "end": 5.5, "instant": False, "timeserieslabels": ["Run", "=x"]}
    item = {"id": "r", "from_name": "what", "to_name": "ts", "type": "timeserieslabels", "value": value}

    made, losses = export("TIME_SERIES", [task(4, annotation(item), csv="s.csv")], config)

    rows = list(csv.DictReader(io.StringIO(made.decode())))
    assert [(row["label"], row["start"], row["end"], row["instant"]) for row in rows] == [
        ("Run", "2020-01-01", "5.5", "0"),
        ("'=x", "2020-01-01", "5.5", "0"),
    ]
    assert losses.as_dict() == {}
