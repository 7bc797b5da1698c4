"""Numbers that clients write as text: in queries, headers and forms."""

from __future__ import annotations

from chalicelib.api.request import Request
from chalicelib.errors import InvalidInputError

MAX_DIGITS = 18
"""No number of ours has more; Python refuses to read very long ones."""
WRONG = "A valid integer is required."


def read_number(text: str) -> int | None:
    """The number that the digits of a text say; None where it says none, or one that is too long for us."""
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
        return None
    return int(text)


def number_of(request: Request, name: str) -> int | None:
    """The number of a query parameter, None without one. Raises InvalidInputError for what is no number."""
    text = request.first(name)
    if not text:
        return None
    number = read_number(text)
    if number is None:
        raise InvalidInputError.at(name, WRONG)
    return number
