"""From a path to its routes. Only the module that declares the path is loaded, as the index says."""

from __future__ import annotations

import threading

from chalicelib.api.endpoint import ROUTES, Route, shape
from chalicelib.api.numbers import MAX_DIGITS
from chalicelib.api.routes import load
from chalicelib.api.routes.index import INDEX

_lock = threading.Lock()
_by_shape: dict[str, dict[str, Route]] = {}


def find(path: str) -> tuple[dict[str, Route], tuple[str, ...]]:
    """The routes of a path by method, and the values of its open parts; none for an unknown path."""
    steps = path.strip("/").split("/")
    if any(_is_no_id(step) for step in steps):
        return {}, ()
    shapes = shape(path).split("/")
    for place in (None, *reversed(range(len(steps)))):
        wanted = [*shapes]
        if place is not None:
            wanted[place] = "*"
        if (known := "/".join(wanted)) in INDEX:
            values = (step for step, form in zip(steps, wanted, strict=True) if form in ("#", "*"))
            return _routes(known), tuple(values)
    return {}, ()


def _routes(wanted: str) -> dict[str, Route]:
    if wanted not in _by_shape:
        with _lock:
            load(INDEX[wanted])
            fresh: dict[str, dict[str, Route]] = {}
            for declared in ROUTES:
                known = shape(declared.path, declared.texts)
                fresh.setdefault(known, {})[declared.method] = declared
            _by_shape.update(fresh)
    return _by_shape[wanted]


def _is_no_id(step: str) -> bool:
    """Whether a part of a path looks like a number, and can be none."""
    return step == "#" or (step.isdigit() and (len(step) > MAX_DIGITS or not step.isascii()))
