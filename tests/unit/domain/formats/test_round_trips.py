"""import(export(x)) = x up to what the format says it cannot carry: one law, over every imported format.

What a format carries whole is compared whole. What it carries in part is exported, imported, exported and
imported again: nothing more may be lost the second time, and every region that was not reported lost must be
there the first time. Tables are read back as data, with the answers beside it.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.formats import registry
from chalicelib.domain.formats.contract import LossReport
from tests.unit.domain.formats.builders import (
    BRUSHES,
    IMAGES,
    TEXTS,
    annotation,
    answer,
    box,
    choice,
    export,
    polygon,
    region,
    span,
    task,
)
from tests.unit.domain.formats.test_images import FakeMedia
from tests.unit.domain.formats.test_masks import masks, painted
from tests.unit.domain.imports.test_datasets import problems_in, read, tasks_in

Tasks = list[dict[str, Any]]

WHOLE = {"JSON": "t.json", "JSONL": "t.jsonl", "XML": "t.xml", "SNAPSHOT": "t.zip"}
SHAPES = (
    *("COCO", "COCO_WITH_IMAGES", "YOLO", "YOLO_WITH_IMAGES", "YOLO_OBB", "YOLO_OBB_WITH_IMAGES", "VOC"),
    *("HF_IMAGE_FOLDER", "BRUSH_TO_COCO"),
)
SPANS = ("CONLL2003",)
TABLES = {"JSON_MIN": "t.json", "CSV": "t.csv", "TSV": "t.tsv", "HF_DATASET": "t.zip", "SPACY": "t.jsonl"}
ONE_WAY = {
    "BRUSH_TO_PNG": "pictures, which are imported as pictures",
    "BRUSH_TO_NUMPY": "arrays for training code",
    "ASR_MANIFEST": "lines for NeMo",
    "TIME_SERIES": "stretches apart from their series",
    "VIDEO_TRACKS": "frames, without the key frames they came from",
    "YOLO_VIDEO": "frames, each on its own",
}


def test_every_format_has_its_law_or_a_reason_for_none() -> None:
    assert Counter([*WHOLE, *SHAPES, *SPANS, *TABLES, *ONE_WAY]) == Counter(
        form.id for form in registry.FORMATS
    )


# --- projects to export

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
LETTERS = st.text("abc déf😀xyz", min_size=3, max_size=30).filter(lambda text: text.strip() == text)
PERCENT = st.floats(1, 60).map(lambda n: round(n, 2))
SIZE: dict[str, Any] = {"original_width": 640, "original_height": 480}


@st.composite
def spans(draw: st.DrawFn, text: str) -> dict[str, Any]:
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return span(start, end, draw(st.sampled_from(["PER", "ORG"])), text[start:end])


@st.composite
def texts(draw: st.DrawFn) -> Tasks:
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        text = draw(LETTERS)
        found = draw(st.lists(spans(text), max_size=3))
        items = [{**one, "id": f"s{n}"} for n, one in enumerate(found)]
        items += draw(st.sampled_from([[], [choice("good")], [choice("bad")]]))
        if draw(st.booleans()):
            items.append(answer("note", "textarea", {"text": [draw(NAMES)]}))
        if draw(st.booleans()):
            items.append(answer("stars", "rating", {"rating": draw(st.integers(1, 5))}))
        data = {"text": text, "source": draw(NAMES), "n": draw(st.integers(-5, 5))}
        annotated = [annotation(*items, number=10 * number)] if draw(st.booleans()) or number == 1 else []
        made.append(task(number, *annotated, **data))
    return made


SHAPE = st.one_of(
    st.builds(
        lambda x, y, w, h, turn: box("Car", x=x, y=y, w=w, h=h, rotation=turn, **SIZE),
        *[PERCENT] * 4,
        st.sampled_from([0, 0, 30]),
    ),
    st.builds(lambda *points: polygon(*points, **SIZE), *[st.tuples(PERCENT, PERCENT)] * 5),
    st.builds(
        lambda x, y, a, b: region(
            "ellipselabels", {"x": x, "y": y, "radiusX": a, "radiusY": b}, "Egg", **SIZE
        ),
        *[PERCENT] * 4,
    ),
)


@st.composite
def images(draw: st.DrawFn) -> Tasks:
    made = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        found = draw(st.lists(SHAPE, max_size=4))
        items = [{**one, "id": f"r{n}"} for n, one in enumerate(found, 1)]
        made.append(task(number, annotation(*items, number=10 * number), image=f"http://h/{number}/a.jpg"))
    return made


@st.composite
def brushes(draw: st.DrawFn) -> Tasks:
    mask, width, height = draw(masks())
    found = [painted(one, width, height, "Sky") for one in (mask, mask[::-1])]
    items = [{**one, "id": f"b{n}"} for n, one in enumerate(found, 1)]
    return [task(1, annotation(*items), image="http://h/1/a.jpg")]


# --- there and back


def there_and_back(form: str, name: str, tasks: Tasks, config: str) -> tuple[Tasks, LossReport]:
    """The tasks as an installation has them after importing what was exported, and what was reported lost."""
    with_media = "WITH_IMAGES" in form or form == "HF_IMAGE_FOLDER"
    data, losses = export(form, tasks, config, media=FakeMedia() if with_media else None)
    found = read(name, data, config, media_prefix="/u/")
    assert [problem for problem in problems_in(found) if "No tasks added" not in problem] == []
    made = []
    for number, entry in enumerate(tasks_in(found), 1):
        answers = [{**annotation(number=10 * number), **given} for given in entry.annotations]
        made.append({**task(number, *answers), "data": entry.data, "meta": entry.meta or {}})
    return made, losses


def results(tasks: Tasks) -> list[list[dict[str, Any]]]:
    return [one["result"] for each in tasks for one in each["annotations"]]


def near(value: Any) -> Any:
    """The value with its numbers rounded: a way through pixels and back costs the last digits."""
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {key: near(inner) for key, inner in value.items() if key != "rle"}
    return [near(inner) for inner in value] if isinstance(value, list) else value


def labels_in(tasks: Tasks) -> set[str]:
    return {label for items in results(tasks) for item in items for label in item["value"][item["type"]]}


@pytest.mark.parametrize("form", WHOLE)
@given(tasks=st.one_of(texts(), images(), brushes()))
@settings(max_examples=25)
def test_what_is_carried_whole_comes_back_whole(form: str, tasks: Tasks) -> None:
    config = TEXTS if "text" in tasks[0]["data"] else IMAGES

    back, losses = there_and_back(form, WHOLE[form], tasks, config)

    assert [each["data"] for each in back] == [each["data"] for each in tasks]
    assert [each["meta"] for each in back] == [each["meta"] for each in tasks]
    assert results(back) == results(tasks)
    assert losses.counts == {}


@pytest.mark.parametrize("form", SHAPES)
@given(tasks=images())
@settings(max_examples=25)
def test_shapes_come_back_and_lose_nothing_more_the_second_time(form: str, tasks: Tasks) -> None:
    name = "t.zip"
    once, losses = there_and_back(form, name, tasks, IMAGES)
    assume(any(results(once)) or form != "BRUSH_TO_COCO")

    twice, _ = there_and_back(form, name, once, IMAGES)

    gone = sum(count for reason, count in losses.counts.items() if "no mask" in reason or "nothing" in reason)
    sent, came = sum(map(len, results(tasks))), sum(map(len, results(once)))
    assert came >= sent - gone
    if form != "BRUSH_TO_COCO":  # whose borders move by up to a pixel, as it says
        assert came == sent
        assert near(results(twice)) == near(results(once))
    assert labels_in(twice) == labels_in(once)


@pytest.mark.parametrize("form", ["COCO", "BRUSH_TO_COCO"])
@given(tasks=brushes())
@settings(max_examples=25)
def test_masks_come_back_and_lose_nothing_more_the_second_time(form: str, tasks: Tasks) -> None:
    once, losses = there_and_back(form, "t.zip", tasks, BRUSHES)
    twice, _ = there_and_back(form, "t.zip", once, BRUSHES)

    if not losses.counts:
        assert sum(map(len, results(once))) >= sum(map(len, results(tasks)))
    if form == "COCO":
        assert results(twice) == results(once)


@pytest.mark.parametrize("form", SPANS)
@given(tasks=texts())
@settings(max_examples=40)
def test_spans_come_back_and_lose_nothing_more_the_second_time(form: str, tasks: Tasks) -> None:
    once, _ = there_and_back(form, "t.conll", tasks, TEXTS)
    twice, losses = there_and_back(form, "t.conll", once, TEXTS)

    assert [each["data"] for each in twice] == [each["data"] for each in once]
    assert results(twice) == results(once)
    assert losses.counts == {}


@pytest.mark.parametrize("form", TABLES)
@given(tasks=texts())
@settings(max_examples=25)
def test_tables_are_read_back_as_data_with_the_answers_beside_it(form: str, tasks: Tasks) -> None:
    back, _ = there_and_back(form, TABLES[form], tasks, TEXTS)

    rows = [each["data"] for each in back]
    annotated = [each for each in tasks if each["annotations"]] if form == "SPACY" else tasks
    assert [row["text"] for row in rows] == [each["data"]["text"] for each in annotated]
    for row, each in zip(rows, annotated, strict=True):
        told = json.dumps(row, ensure_ascii=False)
        for items in results([each]):
            for item in items:
                if item["type"] in ("labels", "choices"):
                    assert item["value"][item["type"]][0] in told
