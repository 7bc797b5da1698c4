"""Datasets of other tools as tasks, and our own exports read back."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.formats.masks import decode_mask
from chalicelib.domain.imports import ImportOptions, Problem, TaskIn, read_tasks
from chalicelib.domain.imports.datasets.drawing import Pen
from chalicelib.domain.imports.datasets.yolo import Card, line_items
from tests.unit.domain.formats.builders import (
    IMAGES,
    POSES,
    TEXTS,
    annotation,
    box,
    choice,
    export,
    polygon,
    region,
    span,
    table,
    task,
)
from tests.unit.domain.imports.test_archives import PNG, zipped


def read(name: str, data: bytes | str, config: str = IMAGES, **options: Any) -> list[TaskIn | Problem]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_tasks(name, stream, options=ImportOptions(controls=table(config), **options)))


def tasks_in(found: list[TaskIn | Problem]) -> list[TaskIn]:
    return [entry for entry in found if isinstance(entry, TaskIn)]


def problems_in(found: list[TaskIn | Problem]) -> list[str]:
    return [str(entry) for entry in found if isinstance(entry, Problem)]


def coco(*annotations: dict[str, Any], **category: Any) -> str:
    return json.dumps(
        {
            "info": {"x": 1},
            "annotations": list(annotations),
            "images": [
                {"id": 7, "width": 200, "height": 100, "file_name": "a.jpg"},
                {"id": "8", "width": 200, "height": 100, "file_name": "b.jpg"},
            ],
            "categories": [{"id": 3, "name": "Car", **category}],
        }
    )


def drawn(**fields: Any) -> dict[str, Any]:
    return {"id": 1, "image_id": 7, "category_id": 3, "bbox": [20, 20, 60, 40], **fields}


def results(found: list[TaskIn | Problem]) -> list[dict[str, Any]]:
    return [item for entry in tasks_in(found) for made in entry.annotations for item in made["result"]]


def test_coco_boxes_become_rectangles_and_empty_images_stay() -> None:
    found = read("c.json", coco(drawn()))

    assert [entry.data for entry in tasks_in(found)] == [{"image": "a.jpg"}, {"image": "b.jpg"}]
    assert [len(entry.annotations) for entry in tasks_in(found)] == [1, 0]
    assert results(found) == [
        {
            "from_name": "box",
            "to_name": "img",
            "type": "rectanglelabels",
            "value": {
                "x": 10,
                "y": 20,
                "width": 30,
                "height": 40,
                "rotation": 0.0,
                "rectanglelabels": ["Car"],
            },
            "original_width": 200,
            "original_height": 100,
            "image_rotation": 0,
            "id": "r1",
        }
    ]


def test_coco_polygons_are_drawn_instead_of_their_box() -> None:
    (item,) = results(read("c.json", coco(drawn(segmentation=[[0, 0, 100, 0, 100, 50]]))))

    assert item["value"]["points"] == [[0, 0], [50, 0], [50, 50]]


def test_coco_polygons_are_boxes_where_there_is_no_polygon_control() -> None:
    (item,) = results(read("c.json", coco(drawn(segmentation=[[0, 0, 100, 0, 100, 50]])), POSES))

    assert item["type"] == "rectanglelabels"


def test_coco_masks_become_brushes() -> None:
    (item,) = results(
        read("c.json", coco(drawn(segmentation={"size": [100, 200], "counts": [100, 100, 19800]})))
    )

    assert item["type"] == "brushlabels"
    mask = decode_mask(item["value"]["rle"], 200, 100)
    assert [mask[row * 200 + 1] for row in range(100)] == [255] * 100
    assert sum(mask) == 255 * 100


def test_coco_scores_make_predictions() -> None:
    (first, _) = tasks_in(read("c.json", coco(drawn(score=0.5), drawn(score=0.25))))

    assert not first.annotations
    assert first.predictions[0]["score"] == 0.375


def test_coco_key_points_belong_to_their_box() -> None:
    made = drawn(keypoints=[20, 50, 2, 0, 0, 0, 40, 50, 1], num_keypoints=2)

    shape, nose, tail = results(read("c.json", coco(made, keypoints=["nose", "ear", "tail"]), POSES))

    assert (nose["parentID"], nose["value"]["keypointlabels"], nose["value"]["x"]) == (
        shape["id"],
        ["nose"],
        10,
    )
    assert (tail["hidden"], tail["value"]["keypointlabels"]) == (True, ["tail"])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (drawn(bbox=[1, 2]), "has no shape"),
        (drawn(bbox=None), "has no shape"),
        (drawn(segmentation={"counts": [5], "size": [100, 200]}, bbox=None), "has no shape"),
        (drawn(image_id=99), "does not list"),
        (5, "is no object"),
    ],
)
def test_what_coco_files_have_wrong_is_told(entry: Any, message: str) -> None:
    (told,) = problems_in(read("c.json", coco(entry)))

    assert message in told


# --- YOLO -------------------------------------------------------------------------------------------


def yolo(lines: str, *more: tuple[str, bytes | str], config: str = IMAGES) -> list[TaskIn | Problem]:
    files: tuple[tuple[str, bytes | str], ...] = (
        ("classes.txt", "Car\nTree\n"),
        ("images/a.png", PNG),
        ("labels/a.txt", lines),
        *more,
    )
    return read("y.zip", zipped(*files), config, media_prefix="/u/")


def test_yolo_lines_are_told_apart_by_their_numbers() -> None:
    found = yolo("0 0.25 0.4 0.3 0.4\n1 0 0 0.5 0 0.5 0.5\n0 0.25 0.4 0.3 0.4 0.9\n")

    (made,) = tasks_in(found)
    shape, outline = made.annotations[0]["result"]
    assert [shape["value"][key] for key in ("x", "y", "width", "height")] == pytest.approx([10, 20, 30, 40])
    assert outline["value"]["points"] == [[0, 0], [50, 0], [50, 50]]
    assert made.predictions[0]["score"] == 0.9
    assert made.data == {"image": "/u/images/a.png"}


def test_yolo_corners_of_a_rectangle_are_a_turned_box_and_others_a_polygon() -> None:
    turned = export("YOLO_OBB", [task(1, annotation(box(rotation=30)))], IMAGES)[0]
    import zipfile

    line = zipfile.ZipFile(io.BytesIO(turned)).read("labels/00000001-pic.txt").decode()

    shape, outline = results(yolo(line + "1 0 0 0.5 0 0.5 0.5 0.1 0.9\n"))
    assert shape["value"]["rotation"] == pytest.approx(30)
    assert (shape["value"]["width"], shape["value"]["height"]) == pytest.approx((30, 40))
    assert outline["type"] == "polygonlabels"


def test_yolo_poses_need_the_card() -> None:
    card = ("data.yaml", "names: {0: Person}\nkpt_shape: [2, 3]\n")

    shape, nose = results(yolo("0 0.25 0.4 0.3 0.4 0.1 0.5 2 0 0 0\n", card, config=POSES))

    assert shape["value"]["rectanglelabels"] == ["Person"]
    assert (nose["parentID"], nose["value"]["x"]) == (shape["id"], 10)


@pytest.mark.parametrize("line", ["0 1 2", "x 1 2 3 4", "0 nan 1 1 1", "0 1 2 3 4 5 6 7"])
def test_odd_yolo_lines_are_told_with_their_line(line: str) -> None:
    (told,) = [entry for entry in yolo(f"0 .5 .5 .1 .1\n{line}\n") if isinstance(entry, Problem)]

    assert (told.file, told.line) == ("labels/a.txt", 2)


def test_an_image_without_a_label_file_has_no_annotation() -> None:
    made = tasks_in(yolo("", ("images/b.png", PNG)))

    assert [len(entry.annotations) for entry in made] == [1, 0]


def test_broken_cards_stop_the_import() -> None:
    found = yolo("", ("data.yaml", "names: [a"))

    assert "not valid YAML" in problems_in(found)[-1]


# --- VOC, CoNLL, XML --------------------------------------------------------------------------------

VOC = """<annotation><filename>a.png</filename><size><width>200</width><height>100</height></size>
<object><name>Car</name><difficult>1</difficult><bndbox><xmin>20.5</xmin><ymin>20</ymin><xmax>80</xmax><ymax>60</ymax></bndbox></object>
<object><name>Tree</name><polygon><x1>0</x1><y1>0</y1><x2>100</x2><y2>0</y2><x3>100</x3><y3>50</y3></polygon></object>
<object><name>Bad</name><bndbox><xmin>x</xmin></bndbox></object></annotation>"""


def test_voc_boxes_and_polygons_are_read() -> None:
    found = read("v.zip", zipped(("Annotations/a.xml", VOC), ("JPEGImages/a.png", PNG)), media_prefix="/u/")

    shape, outline = results(found)
    assert (shape["value"]["x"], shape["meta"]) == (10.25, {"text": ["difficult"]})
    assert outline["value"]["points"] == [[0, 0], [50, 0], [50, 50]]
    assert "bndbox/xmin is not a number" in problems_in(found)[0]
    assert tasks_in(found)[0].data == {"image": "/u/JPEGImages/a.png"}


BOMBS = {
    "laughs": '<!DOCTYPE t [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><tasks><task>&b;</task></tasks>',
    "file": '<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><tasks><task>&a;</task></tasks>',
    "empty DTD": "<!DOCTYPE tasks><tasks><task/></tasks>",
    "cut off": "<tasks><task>",
    "wrong type": '<tasks><task><data><field name="a" type="magic">1</field></data></task></tasks>',
    "not finite": '<tasks><task><data><field name="a" type="float">NaN</field></data></task></tasks>',
}


@pytest.mark.parametrize("case", BOMBS)
def test_hostile_xml_is_refused(case: str) -> None:
    found = read("t.xml", BOMBS[case])

    assert isinstance(found[-1], Problem)
    assert found[-1].line == 1
    assert not tasks_in(found)


def test_other_xml_is_one_task_with_its_text() -> None:
    (made,) = tasks_in(read("t.xml", "<html><b>x</b></html>"))

    assert made.data == {"$undefined$": "<html><b>x</b></html>"}


XML_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")))


@given(
    st.dictionaries(
        XML_TEXT,
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | XML_TEXT
        | st.lists(XML_TEXT),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=60)
def test_an_xml_export_is_read_back(data: dict[str, Any]) -> None:
    made = annotation(
        choice("good"),
        span(0, 1, "PER"),
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi"},
    )
    given_task = {**task(1, made), "data": data, "meta": {"k": [1]}}

    (read_task,) = tasks_in(read("t.xml", export("XML", [given_task], TEXTS)[0], TEXTS))

    assert (read_task.data, read_task.meta) == (data, {"k": [1]})
    assert read_task.annotations == [made]


def test_a_conll_export_is_read_back() -> None:
    text = "Ann Lee works at ACME ."
    tasks = [task(1, annotation(span(0, 7, "PER"), span(17, 21, "ORG")), text=text), task(2, text="Nobody .")]

    first, second = tasks_in(read("t.conll", export("CONLL2003", tasks, TEXTS)[0], TEXTS))

    assert first.data == {"text": text}
    assert [
        (i["value"]["start"], i["value"]["end"], i["value"]["labels"]) for i in first.annotations[0]["result"]
    ] == [
        (0, 7, ["PER"]),
        (17, 21, ["ORG"]),
    ]
    assert second.annotations == [{"result": []}]


PERCENT = st.floats(1, 60).map(lambda n: round(n, 3))
REGIONS = st.lists(
    st.builds(lambda x, y, w, h: box("Car", x=x, y=y, w=w, h=h), PERCENT, PERCENT, PERCENT, PERCENT)
    | st.builds(lambda *p: polygon(*p), *[st.tuples(PERCENT, PERCENT)] * 3),
    max_size=4,
)


@given(REGIONS)
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("form", ["COCO", "YOLO"])
def test_shapes_come_back_from_our_own_export(form: str, regions: list[dict[str, Any]]) -> None:
    numbered = [{**item, "id": f"r{number}"} for number, item in enumerate(regions, 1)]

    found = read("e.zip", export(form, [task(1, annotation(*numbered))], IMAGES)[0])

    assert shapes(results(found)) == pytest.approx(shapes(numbered), abs=1e-6)


def shapes(items: list[dict[str, Any]]) -> list[float]:
    made: list[float] = []
    for item in items:
        value = item["value"]
        made += (
            [n for point in value["points"] for n in point]
            if "points" in value
            else [value[k] for k in ("x", "y", "width", "height")]
        )
    return made


def test_voc_comes_back_within_a_pixel() -> None:
    found = read("e.zip", export("VOC", [task(1, annotation(box(x=10.3, w=33.3)))], IMAGES)[0])

    (item,) = results(found)
    assert item["value"]["x"] == pytest.approx(10.3, abs=0.5)


@pytest.mark.parametrize("first", range(4))
def test_an_upright_obb_box_is_one_whatever_its_first_corner_and_without_its_image(first: int) -> None:
    corners = [(0.25, 0.5), (0.5, 0.5), (0.5, 0.75), (0.25, 0.75)]
    numbers = [number for corner in corners[first:] + corners[:first] for number in corner]

    pen = Pen(ImportOptions(controls=table(IMAGES)))

    (item,) = line_items(f"0 {' '.join(map(str, numbers))}", Card({0: "Car"}), (0, 0), pen)

    sides = {"x": 25, "y": 50, "width": 25, "height": 25, "rotation": 0}
    assert item["value"] == {**sides, "rectanglelabels": ["Car"]}


def test_a_turned_box_comes_back_from_obb_with_its_image() -> None:
    from tests.unit.domain.formats.test_images import FakeMedia

    turned = box(rotation=30, original_width=640, original_height=480)
    data = export("YOLO_OBB_WITH_IMAGES", [task(1, annotation(turned))], IMAGES, media=FakeMedia())[0]

    (item,) = results(read("e.zip", data, media_prefix="/u/"))

    assert item["value"]["rotation"] == pytest.approx(30)


def test_brushes_come_back_from_coco() -> None:
    from chalicelib.domain.formats.masks import encode_mask

    mask = bytes(255 if n % 7 < 3 else 0 for n in range(200 * 100))
    sky = region("brushlabels", {"format": "rle", "rle": encode_mask(mask)}, "Sky")

    (item,) = results(read("e.zip", export("COCO", [task(1, annotation(sky))], IMAGES)[0]))

    assert decode_mask(item["value"]["rle"], 200, 100) == mask


def test_parquet_rows_are_tasks() -> None:
    import pyarrow
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["a", "b"], "n": [1, None], "l": [["x"], []]}), stream)

    assert [entry.data for entry in tasks_in(read("t.parquet", stream.getvalue()))] == [
        {"text": "a", "n": 1, "l": ["x"]},
        {"text": "b", "n": None, "l": []},
    ]
    broken = read("t.parquet", stream.getvalue()[:40])
    assert "not a valid Parquet file" in problems_in(broken)[0]
