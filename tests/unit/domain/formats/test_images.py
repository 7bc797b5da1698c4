"""COCO and YOLO: what stands in the files, and the known bugs that must not."""

from __future__ import annotations

import io
import json
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chalicelib.domain.formats.contract import MediaUnavailableError
from chalicelib.domain.formats.geometry import (
    Rectangle,
    corners,
    least_rectangle,
    polygon_area,
    rectangle_hull,
    rectangle_of,
)
from chalicelib.domain.formats.image_names import UniqueNames, file_name, stem_of
from chalicelib.domain.formats.image_sizes import image_size
from tests.unit.domain.formats.builders import (
    IMAGES,
    POSES,
    annotation,
    box,
    choice,
    export,
    polygon,
    region,
    task,
    unzip,
)
from tests.unit.domain.formats.sdk_converter import converted

PERCENT = st.floats(0, 100)


class FakeMedia:
    """Images that are nothing but a PNG head; addresses with "gone" in them cannot be had."""

    def open(self, url: str) -> tuple[str, BinaryIO]:
        if "gone" in url:
            raise MediaUnavailableError("404")
        size = (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
        return url.rsplit("/", 1)[-1], io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size)


def coco(*tasks: dict[str, Any], config: str = IMAGES, **options: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(unzip(export("COCO", list(tasks), config, **options)[0])["result.json"])
    return read


def yolo(*tasks: dict[str, Any], config: str = IMAGES, form: str = "YOLO") -> dict[str, list[str]]:
    files = unzip(export(form, list(tasks), config)[0])
    return {name.removeprefix("labels/"): text.decode().splitlines() for name, text in files.items()}


def numbers(line: str) -> list[float]:
    return [float(part) for part in line.split()]


def test_coco_boxes_and_polygons_are_those_of_the_sdk_converter() -> None:
    tasks = [
        task(1, annotation(box(x=1.25), polygon((0, 0), (10, 0), (10, 12.5)))),
        task(2, annotation(), image="http://h/a b.jpg?q=1"),
    ]

    ours = coco(*tasks)
    theirs = json.loads(converted("COCO", tasks, IMAGES)["result.json"])

    drop = {"id", "image_id", "category_id"}
    assert [{k: v for k, v in entry.items() if k not in drop} for entry in ours["annotations"]] == [
        {k: v for k, v in entry.items() if k not in drop} for entry in theirs["annotations"]
    ]
    names = [{c["id"]: c["name"] for c in made["categories"]} for made in (ours, theirs)]
    labels = [
        [name[entry["category_id"]] for entry in made["annotations"]]
        for made, name in zip((ours, theirs), names, strict=True)
    ]
    assert labels[0] == labels[1] == ["Car", "Tree"]
    assert ours["images"][1]["file_name"] == theirs["images"][1]["file_name"]


def test_yolo_lines_are_those_of_the_sdk_converter() -> None:
    tasks = [task(1, annotation(box(x=1.25), polygon((0, 0), (10, 0), (10, 12.5)), box("Plane")))]

    ours = yolo(*tasks)
    theirs = converted("YOLO", tasks, IMAGES)

    (name,) = [name for name in theirs if name.startswith("labels/")]
    their_lines = [numbers(line)[1:] for line in theirs[name].decode().splitlines()]
    our_lines = [numbers(line)[1:] for line in ours[name.removeprefix("labels/")]]
    assert sorted(our_lines) == sorted(their_lines)


def test_obb_corners_are_those_of_the_sdk_converter() -> None:
    tasks = [task(1, annotation(box(rotation=30), box(rotation=0)))]

    ours = yolo(*tasks, form="YOLO_OBB")
    theirs = converted("YOLO_OBB", tasks, IMAGES)

    (name,) = [name for name in theirs if name.startswith("labels/")]
    for our, their in zip(
        ours[name.removeprefix("labels/")], theirs[name].decode().splitlines(), strict=True
    ):
        assert numbers(our)[1:] == pytest.approx(numbers(their)[1:])


# --- E1, E2: rotation -------------------------------------------------------------------------------


def test_a_rotated_box_is_the_hull_of_its_pixel_corners_in_coco() -> None:
    entry = coco(task(1, annotation(box(x=50, y=0, w=20, h=40, rotation=90))))["annotations"][0]

    assert entry["bbox"] == pytest.approx([60, 0, 40, 40])


def test_a_rotated_box_is_its_hull_in_yolo() -> None:
    lines = yolo(task(1, annotation(box(x=50, y=0, w=20, h=40, rotation=90))))["00000001-pic.txt"]

    assert numbers(lines[0])[1:] == pytest.approx([0.4, 0.2, 0.2, 0.4])


def test_rotation_that_is_lost_is_reported() -> None:
    losses = export("YOLO", [task(4, annotation(box(rotation=30)))], IMAGES)[1]

    assert losses.as_dict()["rotation of a box"] == {"count": 1, "tasks": [4]}


# --- E4: one name, one image ------------------------------------------------------------------------


def test_an_image_stands_once_however_many_annotations_it_has() -> None:
    made = coco(task(1, annotation(box()), annotation(box("Plane"), number=12)))

    assert len(made["images"]) == 1
    assert [entry["image_id"] for entry in made["annotations"]] == [0, 0]


def test_several_annotations_of_an_image_are_all_kept_in_yolo() -> None:
    lines = yolo(task(1, annotation(box()), annotation(box("Plane"), number=12)))["00000001-pic.txt"]

    assert [line.split()[0] for line in lines] == ["3", "0"]


@pytest.mark.parametrize("address", ["s3://bucket/{}/pic.png", "/data/local-files/?d={}/pic.png"])
def test_images_of_one_name_get_different_files(address: str) -> None:
    tasks = [task(n, annotation(box()), image=address.format(n)) for n in range(5)]

    files = [name for name in yolo(*tasks) if name.startswith("pic")]
    images = [image["file_name"] for image in coco(*tasks)["images"]]

    assert len(set(files)) == len(set(images)) == 5
    assert images[0] == "images/pic.png"


def test_regions_that_share_an_id_by_mistake_are_both_written() -> None:
    assert len(coco(task(1, annotation(box(id="same"), box("Plane", id="same"))))["annotations"]) == 2


def test_a_box_drawn_unlabeled_takes_the_label_of_its_twin() -> None:
    config = """<View><Image name="img" value="$image"/><Rectangle name="box" toName="img"/>
      <Labels name="ner" toName="img"><Label value="Car"/></Labels></View>"""
    drawn = {**box(id="r"), "type": "rectangle"}
    named = {**box(id="r"), "from_name": "ner", "type": "labels"}
    named["value"] = {**named["value"], "labels": ["Car"]}
    del drawn["value"]["rectanglelabels"], named["value"]["rectanglelabels"]

    made = coco(task(1, annotation(drawn, named)), config=config)

    assert [entry["category_id"] for entry in made["annotations"]] == [0]


# --- E5, E6: classes --------------------------------------------------------------------------------


def test_choices_are_no_classes() -> None:
    assert {entry["name"] for entry in coco()["categories"]} == {"Car", "Plane", "Tree", "Egg", "Sky"}


def test_line_n_of_classes_is_class_n() -> None:
    files = yolo(task(1, annotation(box("Plane"), box("Car"), box("Met only here"))))

    named = [files["classes.txt"][int(line.split()[0])] for line in files["00000001-pic.txt"]]
    assert named == ["Plane", "Car", "Met only here"]
    ids = {entry["name"]: entry["id"] for entry in json.loads("".join(files["notes.json"]))["categories"]}
    assert {name: files["classes.txt"][number] for name, number in ids.items()} == {
        name: name for name in ids
    }


@pytest.mark.parametrize("category", ["-1", "x", "99999999999", "1.5"])
def test_odd_category_numbers_are_passed_over(category: str) -> None:
    config = IMAGES.replace('category="3"', f'category="{category}"')

    ids = [entry["id"] for entry in coco(config=config)["categories"]]
    assert sorted(ids) == list(range(5))


def test_a_label_met_only_in_results_never_gets_a_number_that_is_taken() -> None:
    config = IMAGES.replace('category="3"', 'category="5"')

    ids = [entry["id"] for entry in coco(task(1, annotation(box("new"))), config=config)["categories"]]
    assert len(set(ids)) == len(ids)


# --- E7: images -------------------------------------------------------------------------------------


def test_images_without_annotations_are_listed() -> None:
    made = coco(task(1), task(2, annotation(box())))

    assert len(made["images"]) == 2
    assert "00000001-pic.txt" in yolo(task(1))


@pytest.mark.parametrize("form", ["COCO_WITH_IMAGES", "YOLO_WITH_IMAGES", "YOLO_OBB_WITH_IMAGES"])
def test_images_are_in_the_archive_under_the_name_the_file_gives(form: str) -> None:
    tasks = [
        task(1, annotation(box()), image="s3://b/x/pic.png"),
        task(2, image="http://h/gone.png"),
        task(3, image="http://h/pic.png"),
    ]

    data, losses = export(form, tasks, IMAGES, media=FakeMedia())

    files = unzip(data)
    images = sorted(name for name in files if name.startswith("images/"))
    assert len(images) == 2
    assert losses.as_dict()["media file that could not be had"] == {"count": 1, "tasks": [2]}
    if form.startswith("COCO"):
        listed = json.loads(files["result.json"])["images"]
        assert set(images) < {image["file_name"] for image in listed}
        assert (listed[0]["width"], listed[0]["height"]) == (640, 480)
    else:
        assert {stem_of(name.removeprefix("images/")) for name in images} < {
            stem_of(name.removeprefix("labels/")) for name in files if name.startswith("labels/")
        }


@pytest.mark.parametrize("form", ["COCO", "YOLO"])
def test_images_are_left_out_of_the_formats_without_them(form: str) -> None:
    data = export(form, [task(1, annotation(box()))], IMAGES, media=FakeMedia(), with_media=True)[0]

    assert not [name for name in unzip(data) if name.startswith("images/")]


def test_voc_has_the_images_when_asked_for() -> None:
    data = export("VOC", [task(1, annotation(box()))], IMAGES, media=FakeMedia(), with_media=True)[0]

    assert "images/00000001-pic.jpg" in unzip(data)


def test_original_names_are_kept_when_asked_for() -> None:
    made = coco(task(1, image="http://h/dir/pic.png"), original_names=True)

    assert made["images"][0]["file_name"] == "images/pic.png"


# --- E8: other shapes -------------------------------------------------------------------------------


def test_ellipses_are_polygons_in_coco_and_yolo() -> None:
    egg = region("ellipselabels", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 0}, "Egg")

    entry = coco(task(1, annotation(egg)))["annotations"][0]
    assert entry["bbox"] == pytest.approx([80, 40, 40, 20])
    assert entry["area"] == pytest.approx(3.14159 * 20 * 10, rel=0.01)
    assert len(numbers(yolo(task(1, annotation(egg)))["00000001-pic.txt"][0])) == 129


# --- E10: odd results -------------------------------------------------------------------------------

ODD: list[dict[str, Any]] = [
    {"value": {"rectanglelabels": ["Car"]}},
    {"value": {"x": "1", "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}},
    {"value": {"x": None, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}},
    {"value": {"x": float("nan"), "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}},
    {"value": {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": "a", "rectanglelabels": ["Car"]}},
    {"value": {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": None}},
    {"type": "polygonlabels", "value": {"points": [[1]], "polygonlabels": ["Tree"]}},
    {"type": "polygonlabels", "value": {"points": [], "polygonlabels": ["Tree"]}},
    {"type": "brushlabels", "value": {"rle": [1, 2, 3], "brushlabels": ["Sky"]}},
    {"type": "brushlabels", "value": {"rle": [1, 2, 999], "brushlabels": ["Sky"]}},
    {"type": "brushlabels", "value": {"rle": "x", "brushlabels": ["Sky"]}},
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("form", ["COCO", "YOLO", "YOLO_OBB"])
def test_odd_regions_are_left_out_and_reported(odd: dict[str, Any], form: str) -> None:
    data, losses = export(form, [task(1, annotation({**box(), **odd}))], IMAGES)

    assert unzip(data)
    assert sum(losses.counts.values()) == 1


def test_no_rotation_is_no_turn() -> None:
    still = box()
    del still["value"]["rotation"]

    assert coco(task(1, annotation(still)))["annotations"][0]["bbox"] == [20, 20, 60, 40]
    assert yolo(task(1, annotation(still)), form="YOLO_OBB")["00000001-pic.txt"]


def test_boxes_of_unknown_size_go_into_yolo_but_not_into_coco() -> None:
    unsized = box()
    del unsized["original_width"]

    assert yolo(task(1, annotation(unsized)))["00000001-pic.txt"] == ["0 0.25 0.4 0.3 0.4"]
    made, losses = export("COCO", [task(1, annotation(unsized))], IMAGES)
    assert losses.counts == {"region on an image of unknown size": 1}
    assert json.loads(unzip(made)["result.json"])["annotations"] == []


# --- key points -------------------------------------------------------------------------------------


def nose(label: str, x: float, **fields: Any) -> dict[str, Any]:
    return region("keypointlabels", {"x": x, "y": 50, "width": 1}, label, **fields)


def test_key_points_are_one_annotation_in_the_order_of_the_model() -> None:
    made = coco(task(1, annotation(nose("nose", 10, id="a"), nose("ear", 20, id="b"))), config=POSES)

    assert made["annotations"][0]["keypoints"] == [40, 50, 2, 20, 50, 2]
    assert made["categories"][-1] == {
        "id": 1,
        "name": "default",
        "supercategory": "default",
        "keypoints": ["ear", "nose"],
        "skeleton": [],
    }


def test_poses_belong_to_their_boxes_in_yolo() -> None:
    regions = [box("Person", id="p"), box("Person", id="q"), nose("nose", 10, id="a", parentID="p")]

    files = yolo(task(1, annotation(*regions)), config=POSES)

    assert files["00000001-pic.txt"] == [
        "0 0.25 0.4 0.3 0.4 0.0 0.0 0 0.1 0.5 2",
        "0 0.25 0.4 0.3 0.4 0.0 0.0 0 0.0 0.0 0",
    ]
    assert "kpt_shape: [2, 3]" in files["data.yaml"]


# --- laws -------------------------------------------------------------------------------------------


@given(PERCENT, PERCENT, st.floats(0.1, 100), st.floats(0.1, 100), st.floats(-360, 360))
def test_corners_give_the_rectangle_back(x: float, y: float, w: float, h: float, rotation: float) -> None:
    given_box = Rectangle(x, y, w, h, rotation)

    found = rectangle_of(corners(given_box, 640, 480), 640, 480)

    assert (found.x, found.y, found.width, found.height) == pytest.approx((x, y, w, h), abs=1e-6)
    assert (found.rotation - rotation) % 360 == pytest.approx(0, abs=1e-6) or (
        (found.rotation - rotation) % 360
    ) == pytest.approx(360, abs=1e-6)


@given(PERCENT, PERCENT, st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0, 360))
def test_a_hull_holds_all_corners(x: float, y: float, w: float, h: float, rotation: float) -> None:
    turned = Rectangle(x, y, w, h, rotation)

    left, top, width, height = rectangle_hull(turned, 640, 480)

    for px, py in corners(turned, 640, 480):
        assert left - 1e-6 <= px <= left + width + 1e-6
        assert top - 1e-6 <= py <= top + height + 1e-6
    assert polygon_area(corners(turned, 640, 480)) == pytest.approx(w * 6.4 * h * 4.8)


@given(st.lists(st.tuples(PERCENT, PERCENT), min_size=1, max_size=12))
def test_the_least_rectangle_is_no_larger_than_the_upright_hull(points: list[tuple[float, float]]) -> None:
    found = least_rectangle(points)

    xs, ys = [x for x, _ in points], [y for _, y in points]
    assert len(found) == 4
    assert polygon_area(found) <= (max(xs) - min(xs)) * (max(ys) - min(ys)) + 1e-6


@given(st.lists(st.text(min_size=1, max_size=300), max_size=20))
def test_names_are_unique_and_safe(addresses: list[str]) -> None:
    names = UniqueNames()

    taken = [names.take(file_name(f"s3://b/{address}"), n) for n, address in enumerate(addresses)]

    assert len({stem_of(name).casefold() for name in taken}) == len(taken)
    assert not any(set(name) & set('/\\\0:"') or name in (".", "..") for name in taken)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://ex.com/a b.jpg?x=1", "a5251d6a__a b.jpg"),
        ("/data/upload/1/abcd1234-pic.png", "abcd1234-pic.png"),
        ("/data/local-files/?d=dir/pic.png", "pic.png"),
        ("s3://bucket/dir/pic.png", "pic.png"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (None, "unnamed"),
        ("a\\..\\b.png", "a_.._b.png"),
        ("http://[broken/x.png", "x.png"),
    ],
)
def test_names_come_from_the_address(address: object, name: str) -> None:
    assert file_name(address).endswith(name)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_sizes_are_read_from_the_head(kind: str) -> None:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (33, 21)).save(stream, kind)

    data = stream.getvalue()
    assert image_size(data[:4096]) == (33, 21)
    for end in range(40):
        assert image_size(data[:end]) in (None, (33, 21))


def test_the_same_tasks_give_the_same_bytes() -> None:
    tasks = [task(1, annotation(box(), choice("good", to="img")))]

    assert export("YOLO", tasks, IMAGES)[0] == export("YOLO", tasks, IMAGES)[0]


# --- VOC --------------------------------------------------------------------------------------------


def voc(*tasks: dict[str, Any]) -> dict[str, etree._Element]:
    files = unzip(export("VOC", list(tasks), IMAGES)[0])
    return {name.removeprefix("Annotations/"): etree.fromstring(text) for name, text in files.items()}


def boxes_in(document: etree._Element) -> list[tuple[str, ...]]:
    return [
        (
            found.findtext("name"),
            *(found.findtext(f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")),
        )
        for found in document.iter("object")
    ]


def test_voc_boxes_are_those_of_the_sdk_converter() -> None:
    tasks = [task(1, annotation(box(x=10.26, w=33.3), box("Plane", y=1.9)))]

    ours = voc(*tasks)["00000001-pic.xml"]
    theirs = etree.fromstring(converted("VOC", tasks, IMAGES)["Annotations/00000001-pic.xml"])

    assert boxes_in(ours) == boxes_in(theirs)
    assert [element.tag for element in ours.iter()] == [element.tag for element in theirs.iter()]


def test_polygons_are_objects_with_their_box_in_voc() -> None:
    document = voc(task(1, annotation(polygon((10, 10), (20, 10), (20, 30)))))["00000001-pic.xml"]

    assert boxes_in(document) == [("Tree", "20", "10", "40", "30")]
    assert document.findtext("object/polygon/x3") == "40.0"


def test_a_rotated_box_is_its_hull_in_voc() -> None:
    document = voc(task(1, annotation(box(x=50, y=0, w=20, h=40, rotation=90))))["00000001-pic.xml"]

    assert boxes_in(document) == [("Car", "60", "0", "100", "40")]


def test_labels_with_markup_are_text_in_voc() -> None:
    assert boxes_in(voc(task(1, annotation(box("<a>&\x01"))))["00000001-pic.xml"])[0][0] == "<a>&"


def test_an_image_folder_has_boxes_in_pixels_beside_the_images() -> None:
    shapes = annotation(box(x=10, y=20, w=30, h=40), polygon((0, 0), (50, 0), (50, 50), id="p"))
    tasks = [task(1, shapes, image="http://h/a.jpg"), task(2, image="http://h/gone.jpg")]

    data, losses = export("HF_IMAGE_FOLDER", tasks, IMAGES, media=FakeMedia())

    files = unzip(data)
    first, second = (json.loads(line) for line in files["train/metadata.jsonl"].splitlines())
    assert f"train/{first['file_name']}" in files
    assert first["objects"]["categories"] == ["Car", "Tree"]
    assert first["objects"]["bbox"][0] == pytest.approx([20, 20, 60, 40])
    assert second["objects"] == {"bbox": [], "categories": []}
    assert "media file that could not be had" in losses.as_dict()
