"""Walks through long lists: a cursor in the place of a page's number.

A cursor says after which id a walk goes on. New entries have larger ids, so a walk meets everything that
was there when it began, once, however much is added or removed meanwhile. It is signed, and serves only the
list, the filters and the organization that it was given for.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from typing_extensions import TypedDict

from chalicelib import wiring
from chalicelib.api.endpoint import Call
from chalicelib.api.paging import page_size
from chalicelib.errors import InvalidInputError

T = TypeVar("T")
Shown = TypeVar("Shown")
PARAMETER = "cursor"
_NOT_PART_OF_THE_LIST = frozenset({PARAMETER, "page", "page_size"})
_PURPOSE = "cursor"


class CursorPage(TypedDict, Generic[T]):
    """Some entries of a list by id; `next_cursor` leads to the others, and is null where there are none."""

    results: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a request stands in a list: entries with a larger id than `after`, at most `size` of them."""

    after: int
    size: int

    def cut(self, entries: Sequence[T], id_of: Callable[[T], int]) -> Sequence[T]:
        """Those of the entries, which are by id, that a page needs: one more than it shows."""
        found = [entry for entry in entries if id_of(entry) > self.after]
        return found[: self.size + 1]


def walk_of(call: Call, *, default: int, most: int) -> Walk | None:
    """The walk that a request goes on with, or begins by an empty `cursor`; None for one that wants pages.

    InvalidInputError for a cursor that was not given for this list.
    """
    if PARAMETER not in call.request.query:
        return None
    text = call.request.first(PARAMETER)
    after = _read(call, text) if text else 0
    return Walk(after, page_size(call.request, default=default, most=most))


def cursor_page(
    call: Call,
    walk: Walk,
    found: Sequence[T],
    id_of: Callable[[T], int],
    render: Callable[[Sequence[T]], Iterable[Shown]],
) -> CursorPage[Shown]:
    """A page of the found entries, of which there is one more than it shows where the walk goes on."""
    shown = found[: walk.size]
    goes_on = len(found) > walk.size
    return {
        "results": list(render(shown)),
        "next_cursor": _written(call, id_of(shown[-1])) if goes_on else None,
    }


def _written(call: Call, after: int) -> str:
    keys = wiring.keys()
    payload = _encode(json.dumps([keys.current, after, _scope(call)], separators=(",", ":")).encode())
    return f"{payload}.{keys.derive(_PURPOSE, payload)}"


def _read(call: Call, text: str) -> int:
    payload, _, signature = text.rpartition(".")
    try:
        key, after, scope = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _unknown() from None
    keys = wiring.keys()
    if not isinstance(key, str) or key not in keys.keys or not signature.isascii():
        raise _unknown()
    if not hmac.compare_digest(keys.derive(_PURPOSE, payload, key=key), signature) or scope != _scope(call):
        raise _unknown()
    return int(after)


def _unknown() -> InvalidInputError:
    return InvalidInputError.at(PARAMETER, "This cursor was not given for this list.", code="invalid_cursor")


def _scope(call: Call) -> str:
    """What tells one list from another: whose, which, and how it is filtered."""
    request = call.request
    query = {name: values for name, values in request.query.items() if name not in _NOT_PART_OF_THE_LIST}
    words = [call.principal.organization_id, request.path.rstrip("/"), sorted(query.items())]
    return sha256(json.dumps(words).encode() + request.body).hexdigest()[:16]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
