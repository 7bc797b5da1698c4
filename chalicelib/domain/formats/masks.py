"""Brush masks: the product's run-length code of RGBA bytes, COCO's run-length code, and plain bytes between.

A mask here is `width * height` bytes, row by row, 0 outside; a flat one has 1 inside, others any alpha.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_PIXELS = 400_000_000
_WIDTHS = (3, 4, 8, 16)
_SAME = bytes(range(256))
_ONES = bytes((0, *[1] * 255))
_SINGLE = {table: tuple(bytes((value,)) for value in table) for table in (_SAME, _ONES)}
_OUTSIDE_OR_INSIDE = re.compile(rb"\x00+|\x01+")


class BrokenMaskError(ValueError):
    """The code is cut off, or is not of an image of that size."""


def decode_mask(rle: Sequence[int], width: int, height: int, *, flat: bool = False) -> bytes:
    """The alpha bytes of a brush region, with `flat` a 1 for each but 0; raises `BrokenMaskError`."""
    if width <= 0 or height <= 0 or width * height > MAX_PIXELS:
        raise BrokenMaskError(f"a mask of {width} x {height} pixels")
    try:
        code = bytes(rle)
    except (TypeError, ValueError) as error:
        raise BrokenMaskError("the code is no list of bytes") from error
    return b"".join(_alpha_pieces(code, width * height * 4, _ONES if flat else _SAME))


def flattened(mask: bytes) -> bytes:
    """The flat mask of any mask."""
    return mask.translate(_ONES)


def encode_mask(mask: bytes) -> list[int]:
    """The product's run-length code of a mask; `decode_mask` gives the mask back."""
    bits = [f"{len(mask) * 4:032b}", f"{7:05b}", *(f"{width - 1:04b}" for width in _WIDTHS)]
    for match in re.finditer(rb"(.)\1*", mask, re.DOTALL):
        value, left = mask[match.start()], (match.end() - match.start()) * 4
        while left:
            count = min(left, 1 << 16)
            index = next(i for i, width in enumerate(_WIDTHS) if count <= 1 << width)
            bits.append(f"1{index:02b}{count - 1:0{_WIDTHS[index]}b}{value:08b}")
            left -= count
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return list(int(text, 2).to_bytes(len(text) // 8, "big"))


def coco_counts(mask: bytes, width: int) -> list[int]:
    """COCO's uncompressed code of a flat mask: lengths of runs, column by column, beginning with outside."""
    by_column = b"".join(mask[column::width] for column in range(width))
    counts = [match.end() - match.start() for match in _OUTSIDE_OR_INSIDE.finditer(by_column)]
    return [0, *counts] if by_column[:1] not in (b"\0", b"") else counts


def mask_of_counts(counts: Sequence[int], width: int, height: int) -> bytes:
    """The mask of COCO's uncompressed code, 255 inside; raises `BrokenMaskError`."""
    if width <= 0 or height <= 0 or width * height > MAX_PIXELS:
        raise BrokenMaskError(f"a mask of {width} x {height} pixels")
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise BrokenMaskError("the runs do not add up to the image")
    by_column = b"".join((b"\xff" if odd % 2 else b"\0") * count for odd, count in enumerate(counts))
    return b"".join(by_column[row::height] for row in range(height))


def counts_of_text(text: str) -> list[int]:
    """COCO's compressed code as the uncompressed one: 5 bits a character, differences to two runs before."""
    counts: list[int] = []
    value = shift = 0
    for character in text.encode("latin-1", "replace"):
        bits = character - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    return counts


def area_and_box(counts: Sequence[int], height: int) -> tuple[int, tuple[int, int, int, int]]:
    """Pixels inside and the upright box x, y, width, height around them, of an uncompressed code."""
    area, at = 0, 0
    columns: list[int] = []
    top, bottom = height, -1
    for odd, count in enumerate(counts):
        if odd % 2 and count:
            area += count
            columns += (at // height, (at + count - 1) // height)
            whole = columns[-1] != columns[-2]
            top = 0 if whole else min(top, at % height)
            bottom = height - 1 if whole else max(bottom, (at + count - 1) % height)
        at += count
    if not area:
        return 0, (0, 0, 0, 0)
    left = min(columns)
    return area, (left, top, max(columns) - left + 1, bottom - top + 1)


def _alpha_pieces(code: bytes, values: int, table: bytes) -> list[bytes]:
    """The alpha bytes piece by piece, each as `table` has it: every fourth of the values.

    Their runs may begin anywhere.

    Forty bits are looked at together: a run's flag, its length and its value fit in 27.
    """
    if _bits(code, 0, 32) != values or _bits(code, 32, 5) != 7:
        raise BrokenMaskError("the code is of another size")
    widths = [_bits(code, 37 + 4 * n, 4) + 1 for n in range(4)]
    single = _SINGLE[table]
    pieces: list[bytes] = []
    end, padded = len(code) * 8, code + bytes(5)
    at, place = 0, 53
    number, full = int.from_bytes, [(1 << width) - 1 for width in widths]
    while at < values:
        begin = place >> 3
        word = number(padded[begin : begin + 5], "big")
        below = 37 - (place & 7)
        head = word >> below
        width = widths[head & 3]
        count = (word >> below - width & full[head & 3]) + 1
        if head & 4:
            place += 11 + width
            pieces.append(single[word >> below - width - 8 & 255] * ((at + count >> 2) - (at >> 2)))
        else:
            place += 3 + width + 8 * count
            listed = _bits(code, place - 8 * count, 8 * count).to_bytes(count, "big")
            pieces.append(listed[(3 - at) % 4 :: 4].translate(table))
        at += count
    if place > end or at > values:
        raise BrokenMaskError("the code does not end where the image does")
    return pieces


def _bits(code: bytes, begin: int, count: int) -> int:
    """The number in these bits; bits past the end are refused."""
    end = begin + count
    if end > len(code) * 8:
        raise BrokenMaskError("the code ends too early")
    held = int.from_bytes(code[begin >> 3 : (end + 7) >> 3], "big")
    return held >> (-end % 8) & ((1 << count) - 1)
