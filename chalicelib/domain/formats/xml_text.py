"""Text as XML 1.0 can carry it."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_IN_ATTRIBUTES = _ESCAPES | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def xml_text(text: object) -> str:
    """Element content; characters that XML forbids are dropped, carriage returns are kept."""
    return _FORBIDDEN.sub("", str(text)).translate(_ESCAPES)


def xml_attribute(text: object) -> str:
    """The inside of a quoted attribute."""
    return _FORBIDDEN.sub("", str(text)).translate(_IN_ATTRIBUTES)


def loses_characters(text: str) -> bool:
    """Whether XML forbids some of the text."""
    return _FORBIDDEN.search(text) is not None
