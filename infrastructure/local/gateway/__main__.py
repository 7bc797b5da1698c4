"""Runs the gateway until it is told to stop: the app's paths and the built front end on one port."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from infrastructure.local.functions.pool import AppUnavailableError, InstancePool, default_size
from infrastructure.local.functions.sources import generation_of
from infrastructure.local.gateway.api import TIMEOUT_S, Api
from infrastructure.local.gateway.paths import is_app_path
from infrastructure.local.gateway.site import Site
from infrastructure.local.http_server import Answer, Handle, Request, Server
from infrastructure.local.parent import stop_when_parent_is_gone

logger = logging.getLogger("gateway")


def route(api: Handle, site: Handle) -> Handle:
    """A handler that asks the app or the site, and logs what was asked and answered."""

    def handle(request: Request) -> Answer:
        started = time.monotonic()
        answer = (api if is_app_path(request.path) else site)(request)
        took_ms = (time.monotonic() - started) * 1000
        logger.info("%s %s %d %.0f ms", request.method, request.path, answer.status, took_ms)
        return answer

    return handle


def _warm(pool: InstancePool) -> None:
    """Import the app before somebody asks; if it cannot be, the first request tells."""
    with suppress(AppUnavailableError):
        pool.description()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="infrastructure.local.gateway")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--app", default="app:app")
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--instances", type=int, default=default_size())
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop_when_parent_is_gone()
    pool = InstancePool(options.app, options.instances, generation_of(options.root))
    api = Api(pool, timeout_s=options.timeout)
    site = Site(options.site, media_origin=os.environ.get("S3_ENDPOINT", ""))
    server = Server(options.port, route(api, site), name="skylabel")
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=_warm, args=(pool,), daemon=True).start()
    stopped.wait()
    server.server_close()
    pool.close()
    os._exit(0)


if __name__ == "__main__":
    main()
