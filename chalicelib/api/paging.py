"""Pages: `page` and `page_size` in, Label Studio's envelope out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from typing_extensions import TypedDict

from chalicelib.api.numbers import read_number
from chalicelib.api.request import Request
from chalicelib.errors import NotFoundError
from chalicelib.settings import settings

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """One page of a list; `next` and `previous` are addresses."""

    count: int
    next: str | None
    previous: str | None
    results: list[T]


INVALID_PAGE = "Invalid page."


def page_number(request: Request) -> int:
    """Which page is asked for, from 1. NotFoundError for what is no page."""
    number = read_number(request.first("page", "1") or "1")
    if not number:
        raise NotFoundError(INVALID_PAGE)
    return min(number, 2**53)


def page_size(request: Request, *, default: int, most: int) -> int:
    """How many entries a page is to have; the default for what is no number above 0."""
    size = read_number(request.first("page_size")) or 0
    return min(size, most) if size > 0 else default


def cut(items: Sequence[T], *, number: int, size: int) -> Sequence[T]:
    """The entries of a page. NotFoundError past the end, save for the first page of nothing."""
    start = (number - 1) * size
    if start and start >= len(items):
        raise NotFoundError(INVALID_PAGE)
    return items[start : start + size]


def envelope(request: Request, results: list[T], *, count: int, number: int, size: int) -> Page[T]:
    """A page with the addresses of its neighbours."""
    return {
        "count": count,
        "next": _address(request, number + 1) if number * size < count else None,
        "previous": _address(request, number - 1) if number > 1 else None,
        "results": results,
    }


def _address(request: Request, number: int) -> str:
    query = {name: values for name, values in request.query.items() if name != "page"}
    words = urlencode({"page": [str(number)], **query} if number > 1 else query, doseq=True)
    return f"{settings().public_url}{request.path}" + (f"?{words}" if words else "")
