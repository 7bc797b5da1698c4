"""Masks: every encoding gives the mask back; the field's own examples and tools agree."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.results.brush import (
    Mask,
    coco_counts,
    decode_mask,
    decode_stream,
    encode_mask,
    encode_stream,
    mask_from_counts,
    pack_counts,
    unpack_counts,
)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    width, height = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    bits = draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    return Mask(width, height, bytes(bits))


@given(st.binary(max_size=600))
def test_any_values_come_back_from_their_stream(values: bytes) -> None:
    assert decode_stream(encode_stream(values)) == values


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 70_000)), max_size=4))
@settings(max_examples=25)
def test_long_runs_come_back_and_stay_short(runs: list[tuple[int, int]]) -> None:
    values = b"".join(bytes([value]) * length for value, length in runs)
    stream = encode_stream(values)
    assert decode_stream(stream) == values
    assert len(stream) <= 8 + 8 * len(runs)


@given(masks())
def test_a_mask_comes_back_from_its_stream(mask: Mask) -> None:
    assert decode_mask(encode_mask(mask), width=mask.width, height=mask.height) == mask


@given(masks())
def test_a_mask_comes_back_from_coco_counts(mask: Mask) -> None:
    counts = coco_counts(mask)
    assert mask_from_counts(counts, width=mask.width, height=mask.height) == mask
    assert unpack_counts(pack_counts(counts)) == counts
    assert sum(counts[1::2]) == mask.area


def test_the_documented_stream_is_a_covered_picture() -> None:
    stream = [0, 0, 0, 64, 57, 27, 254, 63, 255]
    assert decode_mask(stream, width=4, height=4) == Mask(4, 4, b"\1" * 16)
    assert encode_mask(Mask(4, 4, b"\1" * 16)) == stream


def test_coco_counts_go_down_the_columns_and_begin_with_what_is_not_covered() -> None:
    assert coco_counts(Mask(2, 2, bytes([0, 1, 0, 1]))) == [2, 2]
    assert coco_counts(Mask(2, 2, bytes([1, 0, 1, 0]))) == [0, 2, 2]


@pytest.mark.parametrize(
    "stream", [[], [0, 0, 0, 64, 57], [255] * 20, [300], [0, 0, 0, 64, 57, 27, 254, 63], ["a"]]
)
def test_a_broken_stream_is_refused(stream: list[int]) -> None:
    with pytest.raises(ValueError, match="mask"):
        decode_stream(stream)


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="RGBA"):
        decode_mask([0, 0, 0, 64, 57, 27, 254, 63, 255], width=5, height=4)
    with pytest.raises(ValueError, match="fill"):
        mask_from_counts([3, 2], width=2, height=2)
    with pytest.raises(ValueError, match="mask"):
        Mask(2, 2, b"\0")


def test_bounds_hold_exactly_what_is_covered() -> None:
    data = bytearray(20)
    data[1 * 5 + 2] = data[3 * 5 + 3] = 1
    assert Mask(5, 4, bytes(data)).bounds() == (2, 1, 2, 3)
    assert Mask(5, 4, bytes(20)).bounds() is None


def test_the_fields_own_tool_reads_and_writes_the_same() -> None:
    brush = pytest.importorskip("label_studio_sdk.converter.brush")
    rng = random.Random(4)
    values = bytes(rng.choices([0, 255], [9, 1], k=16 * 12 * 4))
    assert bytes(brush.decode_rle(encode_stream(values))) == values
    assert decode_stream(brush.encode_rle(list(values))) == values


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside the tool, about its own numpy
@given(masks())
def test_cocos_own_tool_packs_and_reads_the_same(mask: Mask) -> None:
    tool = pytest.importorskip("pycocotools.mask")
    counts = coco_counts(mask)
    packed = tool.frPyObjects({"size": [mask.height, mask.width], "counts": counts}, mask.height, mask.width)
    assert packed["counts"].decode() == pack_counts(counts)
    assert tool.decode(packed).tobytes(order="C") == mask.data
