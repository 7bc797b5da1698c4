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


@app.on_sqs_message(queue="skylabel-imports", batch_size=1)
def on_import_message(event: Any) -> dict[str, Any]:
    """A step of an import."""
    from chalicelib.jobs.handlers import on_job_message as handle

    return handle(_plain(event))


@app.on_sqs_message(queue="skylabel-exports", batch_size=1)
def on_export_message(event: Any) -> dict[str, Any]:
    """A step of an export."""
    from chalicelib.jobs.handlers import on_job_message as handle

    return handle(_plain(event))


@app.on_sqs_message(queue="skylabel-maintenance", batch_size=1)
def on_maintenance_message(event: Any) -> dict[str, Any]:
    """A step of any other job."""
    from chalicelib.jobs.handlers import on_job_message as handle

    return handle(_plain(event))


@app.on_sqs_message(queue="skylabel-predictions", batch_size=10)
def on_prediction_message(event: Any) -> dict[str, Any]:
    """Predictions that models push."""
    from chalicelib.jobs.handlers import on_prediction_message as handle

    return handle(_plain(event))


@app.schedule("rate(1 minute)")
def on_watchdog(_event: object) -> int:
    """Wakes jobs that have stalled."""
    from chalicelib.jobs.handlers import on_watchdog as handle

    return handle()


def _plain(event: Any) -> Mapping[str, Any]:
    """The event as AWS sent it."""
    plain: Mapping[str, Any] = event.to_dict()
    return plain
