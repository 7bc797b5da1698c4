"""Masks and their run-length encodings: the field's own, and COCO's.

The field's stream covers the RGBA bytes of the picture: 32 bits count of values, 5 bits word size - 1, four
times 4 bits run sizes - 1, then blocks of flag, size choice, length - 1 and one repeated word (flag 1) or as
many words as the length (flag 0); most significant bit first. COCO counts runs of a mask column by column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_RUN_BITS = (3, 4, 8, 16)
_WORD_BITS = 8
_RUNS = re.compile(rb"\x00+|\x01+|\xff+|(.)\1*", re.DOTALL)
"""Runs of equal bytes; those of masks first, for the general pattern is many times slower."""
_MAX_VALUES = 4 * 100_000_000
"""A picture of 100 megapixels; a stream that claims more is refused before memory is asked for."""


@dataclass(frozen=True, slots=True)
class Mask:
    """A picture's mask: one byte a pixel, row by row, 0 or 1."""

    width: int
    height: int
    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) != self.width * self.height:
            raise ValueError(f"{len(self.data)} bytes are no mask of {self.width}×{self.height} pixels")

    @property
    def area(self) -> int:
        """Covered pixels."""
        return len(self.data) - self.data.count(0)

    def bounds(self) -> tuple[int, int, int, int] | None:
        """`x, y, width, height` of what is covered, in pixels; None for an empty mask."""
        if not self.area:
            return None
        width = self.width
        top = len(self.data) - len(self.data.lstrip(b"\0"))
        bottom = len(self.data.rstrip(b"\0")) - 1
        columns = [x for x in range(width) if any(self.data[x::width])]
        first_row, last_row = top // width, bottom // width
        return columns[0], first_row, columns[-1] - columns[0] + 1, last_row - first_row + 1


class _Bits:
    """Reads a bit stream; `ValueError` past its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> int:
        end = self.at + count
        if end > 8 * len(self.data):
            raise ValueError("the mask's data end too early")
        window = int.from_bytes(self.data[self.at // 8 : (end + 7) // 8], "big")
        self.at = end
        return (window >> (-end % 8)) & ((1 << count) - 1)


def decode_stream(rle: Iterable[int], *, expected: int | None = None) -> bytes:
    """The values that a stream stands for.

    Raises `ValueError` for what is no such stream, and before any work when it claims another number of
    values than `expected`.
    """
    try:
        bits = _Bits(bytes(rle))
    except (TypeError, ValueError):
        raise ValueError("the mask's data are no bytes") from None
    count = bits.take(32)
    if expected is not None and count != expected:
        raise ValueError(f"a mask of {count} values, not of {expected}, as the RGBA picture has")
    if count > _MAX_VALUES:
        raise ValueError(f"the mask claims {count} values")
    word_bits = bits.take(5) + 1
    if word_bits != _WORD_BITS:
        raise ValueError(f"words of {word_bits} bits are not understood")
    sizes = [bits.take(4) + 1 for _ in range(4)]
    values = bytearray()
    while len(values) < count:
        repeated = bits.take(1)
        length = bits.take(sizes[bits.take(2)]) + 1
        if repeated:
            values += bytes([bits.take(_WORD_BITS)]) * min(length, count - len(values))
        else:
            values += bits.take(_WORD_BITS * length).to_bytes(length, "big")
    return bytes(values[:count])


def encode_stream(values: bytes) -> list[int]:
    """The stream for some values, each block of the smallest size that holds it."""
    writer = _Writer()
    writer.put(len(values), 32)
    writer.put(_WORD_BITS - 1, 5)
    for size in _RUN_BITS:
        writer.put(size - 1, 4)
    for repeated, words in _blocks(values):
        writer.block(repeated, words)
    return writer.finish()


class _Writer:
    """Writes a bit stream; whole bytes leave the window as they fill."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.window = 0
        self.count = 0

    def put(self, number: int, bits: int) -> None:
        self.window = self.window << bits | number
        self.count += bits
        if self.count >= 64:
            self.spill()

    def spill(self) -> None:
        rest = self.count % 8
        self.out += (self.window >> rest).to_bytes(self.count // 8, "big")
        self.window &= (1 << rest) - 1
        self.count = rest

    def block(self, repeated: bool, words: bytes) -> None:
        """`words` all the same when repeated; at most as long as the largest size holds."""
        choice = next(at for at, size in enumerate(_RUN_BITS) if len(words) <= 1 << size)
        self.put(repeated, 1)
        self.put(choice, 2)
        self.put(len(words) - 1, _RUN_BITS[choice])
        if repeated:
            self.put(words[0], _WORD_BITS)
        else:
            self.put(int.from_bytes(words, "big"), _WORD_BITS * len(words))

    def finish(self) -> list[int]:
        self.put(0, -self.count % 8)
        self.spill()
        return list(self.out)


_LONGEST = 1 << _RUN_BITS[-1]
_SHORTEST_RUN = 3
"""Runs below this length cost less inside a block of words."""


def _blocks(values: bytes) -> Iterator[tuple[bool, bytes]]:
    literal = bytearray()
    for run in _RUNS.finditer(values):
        words = run[0]
        if len(words) < _SHORTEST_RUN:
            literal += words
            continue
        yield from ((False, part) for part in _parts(bytes(literal)))
        literal.clear()
        yield from ((True, part) for part in _parts(words))
    yield from ((False, part) for part in _parts(bytes(literal)))


def _parts(words: bytes) -> Iterator[bytes]:
    for start in range(0, len(words), _LONGEST):
        yield words[start : start + _LONGEST]


def decode_mask(rle: Iterable[int], *, width: int, height: int) -> Mask:
    """The mask of a brush region: pixels whose alpha is not 0.

    Raises `ValueError` when the stream is broken or not of a picture of that size.
    """
    values = decode_stream(rle, expected=4 * width * height)
    return Mask(width, height, values[3::4].translate(_TO_ONE))


_TO_ONE = bytes([0]) + bytes([1]) * 255
_TO_FULL = bytes([0]) + bytes([255]) * 255


def encode_mask(mask: Mask) -> list[int]:
    """`value.rle` of a brush region: covered pixels 255 in all four channels."""
    values = bytearray(4 * len(mask.data))
    full = mask.data.translate(_TO_FULL)
    for channel in range(4):
        values[channel::4] = full
    return encode_stream(bytes(values))


def coco_counts(mask: Mask) -> list[int]:
    """COCO's uncompressed counts: runs of 0, 1, 0, … column by column, the first may be 0 long."""
    columns = b"".join(mask.data[x :: mask.width] for x in range(mask.width)).translate(_TO_ONE)
    counts = [len(run[0]) for run in _RUNS.finditer(columns)]
    return [0, *counts] if columns[:1] == b"\1" else counts


def mask_from_counts(counts: Sequence[int], *, width: int, height: int) -> Mask:
    """The mask of COCO's uncompressed counts. Raises `ValueError` when they do not fill the picture."""
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise ValueError(f"the counts do not fill {width}×{height} pixels")
    columns = b"".join(bytes([at % 2]) * count for at, count in enumerate(counts))
    data = bytearray(len(columns))
    for x in range(width):
        data[x::width] = columns[x * height : (x + 1) * height]
    return Mask(width, height, bytes(data))


def pack_counts(counts: Sequence[int]) -> str:
    """COCO's compressed counts: 5 bits a letter, from the fourth on as difference to the last but one."""
    letters = []
    for at, count in enumerate(counts):
        number = count - counts[at - 2] if at > 2 else count
        while True:
            low = number & 0x1F
            number >>= 5
            more = number != (-1 if low & 0x10 else 0)
            letters.append(chr((low | 0x20 if more else low) + 48))
            if not more:
                break
    return "".join(letters)


def unpack_counts(packed: str) -> list[int]:
    """The counts of COCO's compressed text. Raises `ValueError` for a text that ends early."""
    counts: list[int] = []
    number = shift = 0
    for letter in packed:
        bits = ord(letter) - 48
        if not 0 <= bits < 64:
            raise ValueError(f"{letter!r} is no part of packed counts")
        number |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            number |= -1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
        number = shift = 0
    if shift:
        raise ValueError("the packed counts end early")
    return counts
