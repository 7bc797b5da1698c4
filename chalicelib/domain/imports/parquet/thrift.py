"""Thrift's compact protocol, as Parquet's descriptions are written in it."""

from __future__ import annotations

import struct
from typing import Any

_MAX_DEPTH = 16
_MAX_ITEMS = 4_000_000
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS = frozenset((4, 5, 6))


def varint(data: bytes, place: int) -> tuple[int, int]:
    """The number of 7 bits a byte, the lowest first, that begins at the place; and where it ends."""
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
        if shift > 70:
            raise ValueError("a number without an end")


class Compact:
    """A cursor over bytes. What is cut off is an IndexError, what is no Thrift a ValueError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0
        self._items = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """A struct's fields by their numbers."""
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deeply")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._zigzag()
        if kind == _BINARY:
            return self._bytes(self.varint())
        if kind in (_LIST, _SET):
            return self._listed(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_BYTE, _TRUE, _FALSE):  # in lists a truth takes a byte
            return self._byte()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._bytes(8))[0]
        if kind == _MAP:
            return self._mapped(depth)
        raise ValueError(f"unknown type {kind}")

    def _listed(self, depth: int) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 != 15 else self.varint()
        self._count(size)
        return [self._value(head & 15, depth + 1) for _ in range(size)]

    def _mapped(self, depth: int) -> dict[Any, Any]:
        size = self.varint()
        self._count(size)
        kinds = self._byte() if size else 0
        return {self._value(kinds >> 4, depth + 1): self._value(kinds & 15, depth + 1) for _ in range(size)}

    def _count(self, items: int) -> None:
        self._items += items
        if self._items > _MAX_ITEMS:
            raise ValueError("too many items")

    def varint(self) -> int:
        """A number of 7 bits a byte, the lowest first."""
        value, self.place = varint(self._data, self.place)
        return value

    def _zigzag(self) -> int:
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def _byte(self) -> int:
        byte = self._data[self.place]
        self.place += 1
        return byte

    def _bytes(self, size: int) -> bytes:
        end = self.place + size
        if end > len(self._data):
            raise IndexError("cut off")
        data = self._data[self.place : end]
        self.place = end
        return data
