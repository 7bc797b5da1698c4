"""What people complain about in Label Studio's exports (e) and imports (i), numbered by how often: not here.

One test a complaint, small and on its own; the details are tested beside each format.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree
from pycocotools import mask as coco_mask

from chalicelib.domain.formats.masks import encode_mask
from chalicelib.domain.imports import ImportOptions, Problem, TaskIn, read_tasks
from chalicelib.domain.imports.checks import data_types, item_faults
from tests.unit.domain.formats.builders import (
    BRUSHES,
    IMAGES,
    SOUNDS,
    TEXTS,
    annotation,
    answer,
    box,
    choice,
    export,
    polygon,
    region,
    span,
    table,
    task,
    unzip,
)
from tests.unit.domain.formats.test_images import FakeMedia
from tests.unit.domain.formats.test_tracks import TRACKED, key, tracked


def files(form: str, *tasks: dict[str, Any], config: str = IMAGES, **options: Any) -> dict[str, bytes]:
    return unzip(export(form, list(tasks), config, **options)[0])


def coco(*tasks: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("COCO", *tasks)["result.json"])
    return read


TURNED = annotation(box(x=50, y=50, w=20, h=20, rotation=45))


def test_e1_rotated_boxes_have_the_hull_of_their_pixels_in_coco() -> None:
    x, _, width, height = coco(task(1, TURNED, image="a.jpg"))["annotations"][0]["bbox"]

    # 40 × 20 pixels on an image of 200 × 100, turned by 45 degrees: both sides of the hull are alike
    assert width == pytest.approx(60 / 2**0.5)
    assert height == pytest.approx(width)
    assert x == pytest.approx(100 - 20 / 2**0.5)


def test_e2_rotation_is_not_ignored_in_yolo_and_corners_are_kept_in_obb() -> None:
    upright = files("YOLO", task(1, TURNED, image="a.jpg"))["labels/a.txt"].split()
    corners = files("YOLO_OBB", task(1, TURNED, image="a.jpg"))["labels/a.txt"].split()

    assert float(upright[3]) == pytest.approx(60 / 2**0.5 / 200)
    assert [float(n) for n in corners[1:5]] == pytest.approx(
        [0.5, 0.5, 0.5 + 40 / 2**0.5 / 200, 0.5 + 40 / 2**0.5 / 100]
    )


def test_e3_polygons_and_rotated_boxes_are_objects_in_voc() -> None:
    shapes = annotation(box(x=50, y=50, w=20, h=20, rotation=45), polygon((0, 0), (50, 0), (50, 50), id="p"))

    root = etree.fromstring(files("VOC", task(1, shapes, image="a.jpg"))["Annotations/a.xml"])

    assert [o.findtext("name") for o in root.findall("object")] == ["Car", "Tree"]
    assert root.findall("object")[1].find("polygon") is not None


def test_e4_nothing_overwrites_what_has_the_same_name() -> None:
    tasks = [task(n, annotation(box()), image=f"/data/upload/1/{n}/a.jpg") for n in (1, 2)]
    twice = task(3, annotation(box(id="x"), number=1), annotation(box(id="y"), number=2), image="b.jpg")

    made = files("YOLO", *tasks, twice)

    assert {"labels/a.txt", "labels/a-task-2.txt"} <= set(made)
    assert made["labels/b.txt"].count(b"\n") == 2
    assert len(files("VOC", *tasks)) == 2


def test_e5_choices_are_no_classes() -> None:
    config = IMAGES.replace(
        "</View>", '<Choices name="c" toName="img"><Choice value="Nice"/></Choices></View>'
    )
    nice = answer("c", "choices", {"choices": ["Nice"]}, to="img")
    made = files("COCO", task(1, annotation(box(), nice), image="a.jpg"), config=config)

    assert "Nice" not in {c["name"] for c in json.loads(made["result.json"])["categories"]}


def test_e6_line_n_of_the_classes_is_class_n() -> None:
    config = """<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img">
    <Label value="Zebra" category="0"/><Label value="Ant" category="2"/></RectangleLabels></View>"""
    made = files("YOLO", task(1, annotation(region("rectanglelabels", box()["value"], "Ant")), image="a.jpg"),
                 config=config)  # fmt: skip

    assert made["classes.txt"].splitlines() == [b"Zebra", b"unused 1", b"Ant"]


def test_e7_images_without_annotations_stay_and_their_files_come_along() -> None:
    tasks = [task(1, image="http://h/a.jpg"), task(2, annotation(box()), image="http://h/b.jpg")]

    made = files("COCO_WITH_IMAGES", *tasks, media=FakeMedia())
    listed = [image["file_name"] for image in json.loads(made["result.json"])["images"]]

    assert len(listed) == 2
    assert set(listed) <= set(made)


def test_e8_holes_are_kept_and_polygons_have_masks() -> None:
    ring = bytearray(b"\xff" * 12 * 12)
    for row in range(4, 8):
        ring[row * 12 + 4 : row * 12 + 8] = bytes(4)
    value = {"format": "rle", "rle": encode_mask(bytes(ring))}
    brush = region("brushlabels", value, "Sky", original_width=12, original_height=12)

    (found,) = json.loads(files("BRUSH_TO_COCO", task(1, annotation(brush), image="a.jpg"),
                                config=BRUSHES)["result_coco.json"])["annotations"]  # fmt: skip
    rle = coco_mask.frPyObjects(found["segmentation"], 12, 12)

    assert coco_mask.area(rle) == 12 * 12 - 16
    shapes = annotation(polygon((0, 0), (50, 0), (50, 50)))
    assert any(name.endswith(".png") for name in files("BRUSH_TO_PNG", task(1, shapes, image="a.jpg")))


def test_e9_a_field_named_like_a_control_is_kept_beside_it() -> None:
    made = json.loads(export("JSON_MIN", [task(1, annotation(choice("good")), kind="mine")], TEXTS)[0])

    assert (made[0]["kind"], made[0]["_data_kind"]) == ("good", "mine")


def test_e10_odd_results_are_reported_and_nothing_breaks_or_is_borrowed() -> None:
    odd: list[Any] = [
        {"from_name": "box", "type": "rectanglelabels", "value": {}},
        box(rotation="much"),
        5,
        None,
    ]

    _, losses = export("COCO", [task(1, annotation(*odd), image="a.jpg")], IMAGES)
    said = answer("said", "textarea", {"text": ["hello"]}, to="snd", original_length=1)
    clips = [task(1, annotation(said), audio="a.wav"), task(2, annotation(), audio="b.wav")]
    manifest = files("ASR_MANIFEST", *clips, config=SOUNDS)["manifest.json"]

    assert losses.counts
    assert manifest.count(b"hello") == 1


def test_e11_tokens_are_cut_at_spans_and_offsets_count_code_points() -> None:
    texts = task(1, annotation(span(2, 5, "PER")), text="😀 abcde")
    chinese = task(2, annotation(span(0, 2, "PER")), text="北京很大")

    made = export("CONLL2003", [texts, chinese], TEXTS)[0].decode()

    assert "abc -X- _ B-PER\nde -X- _ O" in made
    assert "北 -X- _ B-PER\n京 -X- _ I-PER\n很 -X- _ O" in made


def test_e12_video_boxes_are_frames_for_yolo() -> None:
    film = task(1, annotation(tracked(key(1, 0), key(3, 20), frames=3)), video="a.mp4")

    made = files("YOLO_VIDEO", film, config=TRACKED)

    assert [name for name in made if name.startswith("labels/a_")] == [
        f"labels/a_{frame:06d}.txt" for frame in (1, 2, 3)
    ]


def test_e13_offsets_in_html_are_carried_as_text_and_as_source_say_them() -> None:
    config = '<View><HyperText name="h" value="$html"/><HyperTextLabels name="l" toName="h">' \
             '<Label value="A"/></HyperTextLabels></View>'  # fmt: skip
    value = {
        "start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 1, "endOffset": 3,
        "globalOffsets": {"start": 1, "end": 3}, "hypertextlabels": ["A"],
    }  # fmt: skip
    item = {"id": "r", "from_name": "l", "to_name": "h", "type": "hypertextlabels", "value": value}

    made = json.loads(export("JSON_MIN", [task(1, annotation(item), html="<p>text</p>")], config)[0])

    assert made[0]["l"][0]["globalOffsets"] == {"start": 1, "end": 3}


def test_formulas_in_cells_do_not_run_and_come_back() -> None:
    data = export("CSV", [task(1, text="=HYPERLINK(1)")], TEXTS)[0]

    (row,) = csv.DictReader(io.StringIO(data.decode()))
    (back,) = read("t.csv", data)

    assert row["text"] == "'=HYPERLINK(1)"
    assert isinstance(back, TaskIn)
    assert back.data["text"] == "=HYPERLINK(1)"


# -- imports ---------------------------------------------------------------------------------------


def read(name: str, data: bytes, config: str = "<View></View>") -> list[TaskIn | Problem]:
    options = ImportOptions(controls=table(config), media_prefix="/media/")
    return list(read_tasks(name, io.BytesIO(data), options=options))


@pytest.mark.parametrize("form", ["COCO", "YOLO", "VOC"])
def test_i1_datasets_come_back_in(form: str) -> None:
    data = export(form, [task(1, annotation(box(x=10, y=20, w=30, h=40)), image="a.jpg")], IMAGES)[0]

    found = [entry for entry in read("d.zip", data, IMAGES) if isinstance(entry, TaskIn)]

    (drawn,) = found[0].annotations[0]["result"]
    assert [round(drawn["value"][n]) for n in ("x", "y", "width", "height")] == [10, 20, 30, 40]


def test_i2_a_missing_column_is_told_with_those_that_were_found() -> None:
    (fault,) = item_faults({"txt": "a", "n": 1}, data_types(table(TEXTS)))

    assert '"text" key is expected' in fault
    assert "txt" in fault


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_i5_tables_are_read_in_what_spreadsheets_write(encoding: str) -> None:
    text = "имя;n\nнаïve;007\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding.endswith("bom") else text.encode(encoding)

    (found,) = read("t.csv", data)

    assert isinstance(found, TaskIn)
    assert found.data == {"имя": "наïve", "n": "007"}


def test_i5_what_is_not_certain_is_refused_with_its_line_rather_than_garbled() -> None:
    (problem,) = read("t.csv", "a\nb\nnaïve\n".encode("latin-1"))

    assert isinstance(problem, Problem)
    assert (problem.line, "UTF-8" in problem.message) == (3, True)
