"""Brush masks: both run-length codes, files of masks, and masks in COCO, read back by others."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pycocotools import mask as coco_mask

from chalicelib.domain.formats.contours import patches
from chalicelib.domain.formats.masks import (
    BrokenMaskError,
    area_and_box,
    coco_counts,
    counts_of_text,
    decode_mask,
    encode_mask,
    flattened,
    mask_of_counts,
)
from chalicelib.domain.formats.raster import filled
from tests.unit.domain.formats.builders import BRUSHES, IMAGES, annotation, box, export, region, task, unzip
from tests.unit.domain.formats.sdk_converter import converted

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@st.composite
def masks(draw: st.DrawFn) -> tuple[bytes, int, int]:
    width, height = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    pixels = st.lists(st.sampled_from((0, 255)), min_size=width * height, max_size=width * height)
    return bytes(draw(pixels)), width, height


def painted(mask: bytes, width: int, height: int, label: str = "Sky", **fields: Any) -> dict[str, Any]:
    value = {"format": "rle", "rle": encode_mask(mask)}
    return region("brushlabels", value, label, original_width=width, original_height=height, **fields)


RING = bytes(
    255 if 2 <= x < 9 and 1 <= y < 7 and not (4 <= x < 6 and 3 <= y < 5) else 0
    for y in range(9)
    for x in range(12)
)


@given(masks())
def test_a_mask_comes_back_from_its_code(made: tuple[bytes, int, int]) -> None:
    mask, width, height = made

    assert decode_mask(encode_mask(mask), width, height) == mask


def test_the_example_of_the_reference_decodes() -> None:
    code = encode_mask(bytes((0, 255)))

    assert int.from_bytes(bytes(code[:4]), "big") == 8
    assert decode_mask(code, 2, 1) == b"\x00\xff"


def test_codes_of_the_sdk_decode() -> None:
    from label_studio_sdk.converter.brush import encode_rle

    rng = np.random.default_rng(1)
    for _ in range(20):
        width, height = (int(n) for n in rng.integers(1, 40, 2))
        mask = (rng.random((height, width)) > 0.5).astype(np.uint8) * 255
        code = encode_rle(np.repeat(mask.ravel(), 4))
        assert decode_mask(list(code), width, height) == mask.tobytes()


@pytest.mark.parametrize(
    "code", [[], [0] * 3, [255] * 40, encode_mask(bytes(9))[:-1], encode_mask(bytes(16)), [1.5], [300], "abc"]
)
def test_broken_codes_are_refused(code: Any) -> None:
    with pytest.raises(BrokenMaskError):
        decode_mask(code, 3, 3)


@given(st.lists(st.integers(0, 255), max_size=60))
def test_any_code_is_a_mask_or_refused(code: list[int]) -> None:
    with suppress(BrokenMaskError):
        assert len(decode_mask(code, 3, 3)) == 9


@given(masks())
def test_coco_codes_are_those_of_pycocotools(made: tuple[bytes, int, int]) -> None:
    mask, width, height = made
    counts = coco_counts(flattened(mask), width)

    packed = coco_mask.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    decoded = coco_mask.decode(packed)

    assert np.array_equal(decoded, np.frombuffer(mask, np.uint8).reshape(height, width) // 255)
    assert mask_of_counts(counts, width, height) == mask
    assert mask_of_counts(counts_of_text(packed["counts"].decode()), width, height) == mask
    area, around = area_and_box(counts, height)
    assert area == coco_mask.area(packed)
    if area:
        assert list(around) == [int(n) for n in coco_mask.toBbox(packed)]


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=3, max_size=6),
)
def test_a_filled_polygon_has_about_its_area(points: list[tuple[float, float]]) -> None:
    picture = Image.new("L", (200, 200))
    ImageDraw.Draw(picture).polygon([(x * 10, y * 10) for x, y in points], fill=255)

    ours = filled([(x * 10, y * 10) for x, y in points], 200, 200)

    theirs = np.asarray(picture)
    different = np.count_nonzero(np.frombuffer(ours, np.uint8).reshape(200, 200) != theirs)
    assert different <= 1400  # their outline is a pixel wide, ours has none


@pytest.mark.parametrize("form", ["BRUSH_TO_PNG", "BRUSH_TO_NUMPY"])
def test_mask_files_are_those_of_the_sdk_converter(form: str) -> None:
    regions = [
        painted(RING, 12, 9, id="a"),
        painted(RING[::-1], 12, 9, "a/b", id="b"),
        painted(RING, 12, 9, id="c"),
    ]
    tasks = [task(1, annotation(*regions)), task(2)]

    ours = unzip(export(form, tasks, BRUSHES)[0])
    theirs = converted(form, tasks, BRUSHES)

    assert sorted(ours) == sorted(theirs)
    for name in ours:
        assert np.array_equal(pixels(ours[name]), pixels(theirs[name]))


def pixels(data: bytes) -> Any:
    return (
        np.load(io.BytesIO(data))
        if data.startswith(b"\x93NUMPY")
        else np.asarray(Image.open(io.BytesIO(data)))
    )


def as_cv(mask: bytes, width: int, height: int) -> list[list[list[int]]]:
    import cv2

    pixels = np.frombuffer(mask, np.uint8).reshape(height, width)
    found, _ = cv2.findContours(pixels, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return sorted([[int(x), int(y)] for x, y in np.asarray(ring).reshape(-1, 2)] for ring in found)


def without_holes(mask: bytes, width: int) -> bool:
    return not any(patch.holes for patch in patches(flattened(mask), width))


@given(masks())
def test_borders_and_holes_are_those_of_opencv(made: tuple[bytes, int, int]) -> None:
    import cv2

    mask, width, height = made
    ours = sorted([list(pixel) for pixel in patch.border] for patch in patches(flattened(mask), width))

    pixels = np.frombuffer(mask, np.uint8).reshape(height, width)
    tree: Any
    _, tree = cv2.findContours(pixels, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = 0 if tree is None else sum(1 for entry in tree[0] if entry[3] >= 0)
    assert sum(patch.holes for patch in patches(flattened(mask), width)) == holes
    if not holes:
        assert ours == as_cv(mask, width, height)


def test_masks_without_holes_are_the_polygons_of_the_sdk_converter() -> None:
    block = bytes(
        255 if (2 <= x < 9 and 1 <= y < 7) or (x > 9 and y > 6) else 0 for y in range(9) for x in range(12)
    )
    tasks = [task(1, annotation(painted(block, 12, 9, "a/b")))]

    ours = json.loads(unzip(export("BRUSH_TO_COCO", tasks, BRUSHES)[0])["result_coco.json"])
    theirs = json.loads(converted("BRUSH_TO_COCO", tasks, BRUSHES)["result_coco.json"])

    def shapes(made: dict[str, Any]) -> list[Any]:
        return sorted([entry["segmentation"], entry["bbox"], entry["area"]] for entry in made["annotations"])

    assert shapes(ours) == shapes(theirs)
    assert [entry["id"] for entry in ours["categories"]] == [entry["id"] for entry in theirs["categories"]]


def test_masks_with_holes_are_run_lengths_in_brush_to_coco() -> None:
    made = json.loads(
        unzip(export("BRUSH_TO_COCO", [task(1, annotation(painted(RING, 12, 9)))], BRUSHES)[0])[
            "result_coco.json"
        ]
    )

    (entry,) = made["annotations"]
    decoded = coco_mask.decode(coco_mask.frPyObjects(entry["segmentation"], 9, 12))
    assert np.count_nonzero(decoded) == entry["area"] == 38


@pytest.mark.parametrize(("form", "numbers"), [("YOLO", 8), ("YOLO_OBB", 8)])
def test_masks_are_polygons_in_yolo_and_their_holes_are_reported(form: str, numbers: int) -> None:
    data, losses = export(form, [task(1, annotation(painted(RING, 12, 9)))], IMAGES)

    (line,) = unzip(data)["labels/00000001-pic.txt"].decode().splitlines()
    corners = [float(part) for part in line.split()[1:]]
    assert len(corners) == numbers
    assert (min(corners[::2]) * 12, max(corners[::2]) * 12) == pytest.approx((2.5, 8.5))
    assert losses.counts == {"holes of a mask": 1}


def test_boxes_beside_brushes_have_masks_too() -> None:
    files = unzip(export("BRUSH_TO_PNG", [task(1, annotation(box(x=0, y=0, w=50, h=50)))], IMAGES)[0])

    (mask,) = (pixels(data) for data in files.values())
    assert mask.shape == (100, 200)
    assert np.count_nonzero(mask) == 100 * 50


def test_masks_in_coco_keep_their_holes() -> None:
    made = json.loads(
        unzip(export("COCO", [task(1, annotation(painted(RING, 12, 9)))], IMAGES)[0])["result.json"]
    )

    (entry,) = made["annotations"]
    decoded = coco_mask.decode(coco_mask.frPyObjects(entry["segmentation"], 9, 12))
    assert (decoded * 255).tolist() == np.frombuffer(RING, np.uint8).reshape(9, 12).tolist()
    assert (entry["iscrowd"], entry["area"], entry["bbox"]) == (1, 38, [2, 1, 7, 6])


def test_a_coco_file_loads_with_pycocotools(tmp_path: Any, capsys: Any) -> None:
    from pycocotools.coco import COCO

    tasks = [task(1, annotation(box(), painted(RING, 12, 9, id="z"))), task(2)]
    path = tmp_path / "result.json"
    path.write_bytes(unzip(export("COCO", tasks, IMAGES)[0])["result.json"])

    loaded = COCO(str(path))

    assert len(loaded.getImgIds()) == 2
    assert {entry["name"] for entry in loaded.loadCats(loaded.getCatIds())} == {
        "Car",
        "Plane",
        "Tree",
        "Egg",
        "Sky",
    }
    assert len(loaded.getAnnIds(imgIds=[0])) == 2
