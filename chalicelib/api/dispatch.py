"""From a path to its routes. Only the module that declares the path is loaded, as the index says."""

from __future__ import annotations

import threading

from chalicelib.api.endpoint import ROUTES, Route, shape
from chalicelib.api.routes import load
from chalicelib.api.routes.index import INDEX

MAX_DIGITS = 18
"""Longer numbers are no ids; they are answered like any unknown path."""

_lock = threading.Lock()
_by_shape: dict[str, dict[str, Route]] = {}


def find(path: str) -> tuple[dict[str, Route], tuple[str, ...]]:
    """The routes of a path by method, and the values of its open parts; none for an unknown path."""
    steps = path.strip("/").split("/")
    if any(step.isdigit() and (len(step) > MAX_DIGITS or not step.isascii()) for step in steps):
        return {}, ()
    exact = shape(path)
    if exact in INDEX:
        return _routes(exact), tuple(step for step in steps if step.isdigit())
    *front, last = steps
    open_ended = "/".join([shape("/".join(front)), "*"]) if front else "*"
    if last and open_ended in INDEX:
        return _routes(open_ended), (*(step for step in front if step.isdigit()), last)
    return {}, ()


def _routes(wanted: str) -> dict[str, Route]:
    if wanted not in _by_shape:
        with _lock:
            load(INDEX[wanted])
            for declared in ROUTES:
                known = shape(declared.path, declared.texts)
                _by_shape.setdefault(known, {})[declared.method] = declared
    return _by_shape[wanted]
