"""One Lambda instance: a process that imports the app once and then runs event after event.

It runs one at a time, as on Lambda, so what the app keeps in globals needs no locks here either. It
reads invocations from standard input and writes results to what was standard output; whatever the
app prints goes to standard error. When its input closes it ends at once.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from infrastructure.local.functions import frames
from infrastructure.local.functions.context import LambdaContext

Invocation = dict[str, Any]


def main(module_name: str, app_name: str) -> None:
    """Serve the app `module:attribute` until the input closes."""
    results = os.dup(1)
    os.dup2(2, 1)
    try:
        module = importlib.import_module(module_name)
        app = getattr(module, app_name)
        hello: dict[str, Any] = {"ready": True, **describe(app)}
    except BaseException:  # noqa: BLE001 - reported to whoever started us, whatever it is
        frames.write(results, frames.encode({"ready": False, "trace": traceback.format_exc()}))
        return
    frames.write(results, frames.encode(hello))
    invocations: queue.SimpleQueue[Invocation] = queue.SimpleQueue()
    threading.Thread(target=_read_invocations, args=(invocations,), daemon=True).start()
    while True:
        invocation = invocations.get()
        frames.write(results, _run(module, app, invocation))


def describe(app: Any) -> dict[str, Any]:
    """What the gateway must know of a Chalice app: its routes with methods, and its binary types."""
    routes = {path: sorted(methods) for path, methods in getattr(app, "routes", {}).items()}
    binary_types = list(getattr(getattr(app, "api", None), "binary_types", []))
    return {"routes": routes, "binary_types": binary_types}


def _read_invocations(invocations: queue.SimpleQueue[Invocation]) -> None:
    try:
        while True:
            invocations.put(frames.read(0))
    except (frames.ClosedError, OSError):
        os._exit(0)  # also out of the middle of an event: nobody waits for its result any more


def _run(module: object, app: Callable[[Any, Any], Any], invocation: Invocation) -> bytes:
    name = invocation["function"]
    context = LambdaContext(
        function_name=f"skylabel-local-{name or 'api'}",
        aws_request_id=invocation["request_id"],
        deadline=time.monotonic() + invocation["timeout_s"],
    )
    try:
        handler = getattr(module, name) if name else app
        return frames.encode({"result": handler(invocation["event"], context)})
    except Exception as error:  # noqa: BLE001 - Lambda reports any of them to the caller
        traceback.print_exc()
        return frames.encode({"error": {"type": type(error).__name__, "message": str(error)}})


if __name__ == "__main__":
    main(*sys.argv[1].split(":"))
