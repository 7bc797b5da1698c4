"""The deployed functions: Chalice packages them and binds gateway, queues and schedules; no logic lives here.

Chalice's own dispatch is passed by. It would keep the request on the app object, which threads would share
in the local server, and would refuse clients that send no `Accept`. Everything behind `resolve` is free of
Chalice, so that a function URL or an HTTP API can stand in front of the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Chalice

from chalicelib.api.answers import BINARY_TYPES
from chalicelib.api.gateway import resolve

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
BODY_TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]


class Skylabel(Chalice):
    """A Chalice app whose API function hands the gateway's event on as it came."""

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        """The gateway's answer to one event; safe to call from many threads."""
        return resolve(event, context)


app = Skylabel(app_name="skylabel", configure_logs=False)
app.api.binary_types = list(BINARY_TYPES)


@app.route("/", methods=METHODS, content_types=BODY_TYPES)
@app.route("/{proxy+}", methods=METHODS, content_types=BODY_TYPES)
def gateway() -> dict[str, Any]:
    """Declares the routes to the packager; requests themselves go through `Skylabel.__call__`."""
    request = app.current_request
    return resolve(request.to_original_event() if request else {}, app.lambda_context)
