"""JSON read piece by piece: the values of a long list one after the other, in little memory.

Stricter than `json.loads` where tasks could not be stored or exported again: no NaN or infinity, no
repeated keys, no lone surrogates, no endless nesting.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from chalicelib.domain.imports.contract import Limits, UnreadableError

_CUT_NUMBER = 3
"""A number may go on where its text ends, with as much as `.`, `e` or `e+` left over."""
_NEAR_THE_END = 16
"""A token that is cut off by the end of what has been read is reported at most this far before it."""


class JsonCursor:
    """A place in a JSON text that is still being read, moved on value by value."""

    def __init__(self, chunks: Iterable[str], limits: Limits) -> None:
        self._chunks = iter(chunks)
        self._limits = limits
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._ended = False

    @property
    def line(self) -> int:
        """The line of the place, from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in " \t\n\r":
                    return self._text[self._at]
                self._at += 1
            if not self._grow():
                return ""

    def take(self, expected: str) -> None:
        """Step over this character, blanks before it included."""
        found = self.peek()
        if found != expected:
            shown = repr(found) if found else "the end of the file"
            raise UnreadableError(f"{expected!r} expected, {shown} found", line=self.line, code="json")
        self._at += 1

    def value(self) -> Any:
        """The value that begins here; raises `UnreadableError` with the line of the fault."""
        if self.peek() == "":
            raise UnreadableError("the file ends where a value should be", line=self.line, code="json")
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._may_be_cut_off(error) and self._grow():
                    continue
                raise self._fault(error) from None
            except RecursionError:
                raise self._too_deep() from None
            except ValueError as error:
                raise UnreadableError(str(error), line=self.line, code="json") from None
            if end >= len(self._text) - _CUT_NUMBER and isinstance(value, int | float) and self._grow():
                continue
            self._check(value, end)
            self._at = end
            return value

    def list_items(self) -> Iterator[tuple[int, Any]]:
        """The values of the list that begins here, each with its line."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self.peek()
            line = self.line
            yield line, self.value()
            if self.peek() == "]":
                break
            self.take(",")
        self.take("]")

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; read the value before asking for the next."""
        self.take("{")
        if self.peek() != "}":
            while True:
                key = self.value()
                if not isinstance(key, str):
                    raise UnreadableError("a key in quotes expected", line=self.line, code="json")
                self.take(":")
                yield key
                if self.peek() == "}":
                    break
                self.take(",")
        self.take("}")

    def end(self) -> None:
        """Raise `UnreadableError` unless only blanks are left."""
        if self.peek():
            raise UnreadableError("more text after the end of the JSON", line=self.line, code="json")

    def _grow(self) -> bool:
        """Read on, as much again as is held; False at the end of the file."""
        if self._ended:
            return False
        if len(self._text) - self._at > self._limits.item_characters:
            message = f"an item is longer than {self._limits.item_characters} characters"
            raise UnreadableError(message, line=self.line, code="too_large")
        line = self.line
        held = self._text[self._at :]
        wanted = max(len(held), 1)
        pieces, got = [held], 0
        for chunk in self._chunks:
            pieces.append(chunk)
            got += len(chunk)
            if got >= wanted:
                break
        else:
            self._ended = True
        if not got:
            return False
        self._text, self._at, self._counted, self._line = "".join(pieces), 0, 0, line
        return True

    def _may_be_cut_off(self, error: json.JSONDecodeError) -> bool:
        if self._ended:
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEAR_THE_END

    def _fault(self, error: json.JSONDecodeError) -> UnreadableError:
        line = self.line + self._text.count("\n", self._at, error.pos)
        return UnreadableError(f"not valid JSON: {error.msg}", line=line, code="json")

    def _too_deep(self) -> UnreadableError:
        return UnreadableError(
            f"nested deeper than {self._limits.depth} levels", line=self.line, code="too_deep"
        )

    def _check(self, value: Any, end: int) -> None:
        text, begin, depth = self._text, self._at, self._limits.depth
        if text.count("[", begin, end) + text.count("{", begin, end) > depth and _depth(value) > depth:
            raise self._too_deep()
        if end - begin > self._limits.item_characters:
            message = f"an item is longer than {self._limits.item_characters} characters"
            raise UnreadableError(message, line=self.line, code="too_large")
        if text.find("\\u", begin, end) >= 0 and _has_lone_surrogate(value):
            raise UnreadableError("half a surrogate pair (\\ud800…) in a text", line=self.line, code="json")


def json_values(chunks: Iterable[str], limits: Limits) -> Iterator[tuple[int, Any]]:
    """The items of a list, or the values that stand one after the other (JSON lines), with their lines."""
    cursor = JsonCursor(chunks, limits)
    if cursor.peek() == "[":
        yield from cursor.list_items()
        cursor.end()
        return
    while cursor.peek():
        line = cursor.line
        yield line, cursor.value()


def strict_value(text: str, line: int, limits: Limits) -> Any:
    """The one value of a JSON line."""
    cursor = JsonCursor((text,), limits)
    try:
        value = cursor.value()
        cursor.end()
    except UnreadableError as error:
        raise UnreadableError(error.message, line=line, code=error.code) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{repeated[:80]}" occurs twice in one object')
    return made


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that JSON has")


def _float(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _int(text: str) -> int:
    if len(text) > 400:
        raise ValueError(f"the number {text[:40]}… is too large")
    return int(text)


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
)


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth - 1


def _has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
