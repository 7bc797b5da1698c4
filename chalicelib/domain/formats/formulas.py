"""Cells that a spreadsheet would run: an apostrophe before them, and off again."""

from __future__ import annotations

import re

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet would run it (or if it looks guarded)."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text
