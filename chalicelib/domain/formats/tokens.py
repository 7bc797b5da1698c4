"""Text as tokens with their places: the Penn Treebank's rules, and a token for each Han or kana character.

The rules are those of the Treebank's published `tokenizer.sed`, with `/` as a token of its own. A rule
inserts separators and changes nothing else, so that places in the text are never lost. Places count
code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_CUT = "\x01"
_KEPT_CHARACTERS = 40
_EDGE = rf"[ {_CUT}]"
_SIDES = rf"{_CUT}\g<0>{_CUT}"
_LEFT_OF = rf"\g<1>{_CUT}\g<2>"
_TWO_WORDS = rf"{_CUT}\g<1>{_CUT}\g<2>{_CUT}"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r'^"', rf"\g<0>{_CUT}"),
        (r"``", _SIDES),
        (rf"([ {_CUT}(\[{{<])(\"|'{{2}})", rf"\g<1>{_CUT}\g<2>{_CUT}"),
        (r"([:,])([^\d])", rf"{_CUT}\g<1>{_CUT}\g<2>"),
        (r"([:,])$", _SIDES),
        (r"\.\.\.", _SIDES),
        (r"[;@#$%&/]", _SIDES),
        (r"([^.])(\.)([\])}>\"']*)\s*$", rf"\g<1>{_CUT}\g<2>{_CUT}\g<3>{_CUT}"),
        (r"[?!]", _SIDES),
        (rf"([^'])('{_EDGE})", _LEFT_OF),
        (r"[\]\[(){}<>]", _SIDES),
        (r"--", _SIDES),
        (r"''", _SIDES),
        (r'"', _SIDES),
        (rf"([^' {_CUT}])('[sS]|'[mM]|'[dD]|')(?={_EDGE}|\Z)", _LEFT_OF),
        (rf"([^' {_CUT}])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T)(?={_EDGE}|\Z)", _LEFT_OF),
        (r"(?i)\b(can)(not)\b", _TWO_WORDS),
        (r"(?i)\b(d)('ye)\b", _TWO_WORDS),
        (r"(?i)\b(gim|lem)(me)\b", _TWO_WORDS),
        (r"(?i)\b(gon)(na)\b", _TWO_WORDS),
        (rf"(?i)\b(wan)(na)(?=[\s{_CUT}]|\Z)", _TWO_WORDS),
        (r"(?i)\b(got)(ta)\b", _TWO_WORDS),
        (r"(?i)\b(more)('n)\b", _TWO_WORDS),
        (rf"(?i)(?<![^ {_CUT}])('t)(is)\b", _TWO_WORDS),
        (rf"(?i)(?<![^ {_CUT}])('t)(was)\b", _TWO_WORDS),
        (r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]", _SIDES),
    )
)
_TOKEN = re.compile(rf"[^\s{_CUT}]+")


def token_places(text: str, *, is_whole: bool = True) -> Iterator[tuple[int, int]]:
    """Start and end of each token, in order.

    No rule looks past a blank but for that on the last full stop, so words are cut one by one, and
    short ones only once. A text that is not whole ends before a blank, and more words come after it.
    """
    words = text.split(" ")
    last = len(text.rstrip()) if is_whole else len(text) + 1
    at = 0
    for word in words:
        end = at + len(word)
        if word:
            if end >= last:
                before, after = " " if at else "", " " if end < len(text) else ""
                places = _cut_kept(before + word + after, len(before))
            else:
                places = _inner(word) if len(word) <= _KEPT_CHARACTERS else _cut(f" {word} a", 1)[:-1]
            for begin, stop in places:
                yield at + begin, at + stop
        at = end + 1


def words_before_last(text: str, begin: int) -> tuple[list[str], int]:
    """The words from a blank (or the start) of the text on but for the last, and where that begins.

    What no rule looks past can be cut word by word: `tokens_of` gives the tokens of each.
    """
    last = len(text.rstrip())
    rest = text.rfind(" ", begin, last) + 1 or begin
    return text[begin:rest].split(" "), rest


def tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of a word that is not the last, as texts."""
    if not word:
        return ()
    return tuple([word[start:end] for start, end in _cut(f" {word} a", 1)[:-1]])


def last_tokens(text: str, begin: int) -> list[str]:
    """The tokens from the beginning of the last word on."""
    before = " " if begin else ""
    return [text[begin + a : begin + b] for a, b in _cut_kept(before + text[begin:], len(before))]


@lru_cache(maxsize=1 << 15)
def _inner(word: str) -> tuple[tuple[int, int], ...]:
    """The tokens of a word that is not the last."""
    return _cut(f" {word} a", 1)[:-1]


def _cut_kept(text: str, offset: int) -> tuple[tuple[int, int], ...]:
    """As `_cut`, looked up where the text is a short one that was cut before."""
    return _short_cut(text, offset) if len(text) <= _KEPT_CHARACTERS else _cut(text, offset)


@lru_cache(maxsize=1 << 12)
def _short_cut(text: str, offset: int) -> tuple[tuple[int, int], ...]:
    return _cut(text, offset)


def _cut(text: str, offset: int) -> tuple[tuple[int, int], ...]:
    """The tokens of a text, their places counted from `offset`."""
    marked = text.replace(_CUT, " ")
    for pattern, replacement in _RULES:
        marked = pattern.sub(replacement, marked)
    places: list[tuple[int, int]] = []
    inserted, seen = offset, 0
    for match in _TOKEN.finditer(marked):
        inserted += marked.count(_CUT, seen, match.start())
        seen = match.start()
        places.append((match.start() - inserted, match.end() - inserted))
    return tuple(places)


def cut_at(places: Iterator[tuple[int, int]], borders: list[int]) -> Iterator[tuple[int, int]]:
    """The places, cut in two where a border lies inside one; borders are sorted."""
    at, count = 0, len(borders)
    for start, end in places:
        while at < count and borders[at] <= start:
            at += 1
        if at == count:
            yield start, end
            break
        begin = start
        while at < count and borders[at] < end:
            yield begin, borders[at]
            begin = borders[at]
            at += 1
        yield begin, end
    yield from places
