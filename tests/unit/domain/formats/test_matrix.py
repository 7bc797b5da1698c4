"""Every writer against every kind of project and every oddity of results: none raises, all parse.

The results are generated, right and wrong ones, for every control of every config.
"""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from chalicelib.domain.formats import parquet, registry
from tests.unit.domain.formats.builders import (
    BRUSHES,
    IMAGES,
    POSES,
    SOUNDS,
    TEXTS,
    annotation,
    choice,
    context,
    export,
    table,
    task,
)

VIDEO = """<View><Labels name="lab" toName="vid"><Label value="Car"/></Labels>
<Video name="vid" value="$video"/><VideoRectangle name="track" toName="vid"/></View>"""
PAIRS = """<View><Text name="a" value="$a"/><Text name="b" value="$b"/>
<Pairwise name="pw" toName="a,b"/>
<Taxonomy name="tax" toName="a"><Choice value="x"><Choice value="y"/></Choice></Taxonomy>
<Ranker name="rank" toName="a"/><DateTime name="when" toName="a"/><Number name="num" toName="b"/></View>"""
SERIES = """<View><TimeSeries name="ts" value="$csv"><Channel column="v"/></TimeSeries>
<TimeSeriesLabels name="what" toName="ts"><Label value="Run"/></TimeSeriesLabels></View>"""
CONFIGS = {
    "texts": TEXTS,
    "images": IMAGES,
    "poses": POSES,
    "brushes": BRUSHES,
    "sounds": SOUNDS,
    "video": VIDEO,
    "series": SERIES,
    "pairs": PAIRS,
    "nothing": "<View></View>",
}
NUMBERS = st.integers(-10, 200) | st.floats() | st.none() | st.text(max_size=2)
LISTS = st.lists(NUMBERS | st.lists(NUMBERS, max_size=3), max_size=4)
VALUES = st.dictionaries(
    st.sampled_from(
        [
            "x",
            "y",
            "width",
            "height",
            "rotation",
            "radiusX",
            "radiusY",
            "points",
            "rle",
            "start",
            "end",
            "text",
            "labels",
            "choices",
            "taxonomy",
            "number",
            "rating",
            "rectanglelabels",
            "polygonlabels",
            "brushlabels",
            "keypointlabels",
            "ellipselabels",
            "sequence",
            "timeserieslabels",
            "selected",
        ]
    ),
    NUMBERS | LISTS,
    max_size=8,
)


def items(config: str) -> st.SearchStrategy[Any]:
    names = st.sampled_from([*table(config).controls, "gone"]) | NUMBERS
    kinds = st.sampled_from(
        [
            "rectanglelabels",
            "polygonlabels",
            "brushlabels",
            "keypointlabels",
            "ellipselabels",
            "labels",
            "choices",
            "textarea",
            "rating",
            "relation",
            "videorectangle",
            "taxonomy",
            "timeserieslabels",
        ]
    )
    made = st.fixed_dictionaries(
        {"from_name": names, "type": kinds, "value": VALUES},
        optional={
            "id": st.sampled_from(["a", "b", 5, None]),
            "original_width": NUMBERS,
            "original_height": NUMBERS,
            "parentID": st.sampled_from(["a", "b"]),
            "score": NUMBERS,
        },
    )
    return made | NUMBERS


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("format", registry.FORMATS, ids=lambda format: format.id)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_writer_raises_and_every_file_parses(format: Any, config: str, data: st.DataObject) -> None:
    results = data.draw(st.lists(st.lists(items(CONFIGS[config]), max_size=5), max_size=3))
    values = data.draw(
        st.dictionaries(st.sampled_from(["text", "image", "audio", "a", "kind", "id"]), NUMBERS | LISTS)
    )
    annotations = [annotation(*result, number=number) for number, result in enumerate(results)]

    made = export(format.id, [task(1, *annotations, **values), task(2)], CONFIGS[config])[0]

    assert parses(made, format.id)


def parses(made: bytes, format_id: str) -> bool:
    if made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                _parse_member(name, archive.read(name))
        return True
    if format_id in ("JSON", "JSON_MIN"):
        json.loads(made, parse_constant=_refuse)
    elif format_id in ("JSONL", "SPACY"):
        for line in made.splitlines():
            json.loads(line, parse_constant=_refuse)
    elif format_id == "XML":
        etree.fromstring(made)
    else:
        made.decode()
    return True


def _parse_member(name: str, content: bytes) -> None:
    if name.endswith(".json") and name != "manifest.json":
        json.loads(content, parse_constant=_refuse)
    if name.endswith(".jsonl"):
        for line in content.splitlines():
            json.loads(line, parse_constant=_refuse)
    if name.endswith(".xml"):
        etree.fromstring(content)


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} in a file")


@pytest.mark.parametrize("format", registry.FORMATS, ids=lambda format: format.id)
def test_an_empty_project_gives_a_valid_file(format: Any) -> None:
    assert parses(export(format.id, [], IMAGES)[0], format.id)


FITTING = {
    "texts": {"CONLL2003", "SPACY"},
    "images": {
        *("COCO", "COCO_WITH_IMAGES", "YOLO", "YOLO_WITH_IMAGES", "YOLO_OBB", "YOLO_OBB_WITH_IMAGES", "VOC"),
        *("BRUSH_TO_PNG", "BRUSH_TO_NUMPY", "BRUSH_TO_COCO", "HF_IMAGE_FOLDER"),
    },
    "poses": {
        "HF_IMAGE_FOLDER",
        "COCO",
        "COCO_WITH_IMAGES",
        "YOLO",
        "YOLO_WITH_IMAGES",
        "YOLO_OBB",
        "YOLO_OBB_WITH_IMAGES",
        "VOC",
    },
    "brushes": {"BRUSH_TO_PNG", "BRUSH_TO_NUMPY", "BRUSH_TO_COCO", "HF_IMAGE_FOLDER"},
    "sounds": {"ASR_MANIFEST"},
    "video": {"VIDEO_TRACKS", "YOLO_VIDEO"},
    "series": {"TIME_SERIES"},
    "pairs": set(),
    "nothing": set(),
}
ALWAYS = {"JSON", "JSON_MIN", "JSONL", "CSV", "TSV", "XML", "HF_DATASET", "SNAPSHOT"}


@pytest.mark.parametrize("config", CONFIGS)
def test_projects_get_the_formats_that_fit(config: str) -> None:
    listed = registry.format_list(table(CONFIGS[config]))

    assert {entry["name"] for entry in listed if not entry.get("disabled")} == ALWAYS | FITTING[config]


def many(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield task(number, annotation(choice("good")), text="x" * 400, image=f"s3://b/{number}.jpg")


@pytest.mark.parametrize(
    "format_id", ["JSON", "CSV", "XML", "CONLL2003", "COCO", "YOLO", "VOC", "HF_DATASET"]
)
def test_memory_does_not_grow_with_the_tasks(format_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 200)

    def peak(count: int) -> int:
        used = context(IMAGES if format_id in ("COCO", "YOLO", "VOC") else TEXTS)
        tracemalloc.start()
        for _ in registry.write(registry.format_named(format_id), lambda: many(count), used):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    few, more = peak(800), peak(1800)

    # archives keep their directory and the names that are taken, COCO a line an image, compressed
    a_task = {"YOLO": 1500, "VOC": 1500, "COCO": 400}.get(format_id, 200)
    assert more - few < 1000 * a_task
