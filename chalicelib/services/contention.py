"""Doing it again when somebody else was quicker."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import TypeVar

from chalicelib.errors import ContentionError

T = TypeVar("T")

ATTEMPTS = 14
_LONGEST_PAUSE_S = 0.5
_rng = Random()  # noqa: S311  (spreads attempts, guards nothing)


def again(
    action: Callable[[], T], *, attempts: int = ATTEMPTS, pause: Callable[[float], None] = time.sleep
) -> T:
    """What the action gives, repeated with growing random pauses while it meets contention.

    The action reads anew each time. ContentionError when the last attempt meets it too.
    """
    for attempt in range(attempts - 1):
        try:
            return action()
        except ContentionError:
            pause(_rng.uniform(0, min(_LONGEST_PAUSE_S, 0.01 * 2**attempt)))
    return action()
