"""A small Chalice app that shows what the local gateway, queues and schedules give to functions."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from chalice.app import Chalice, Response

app = Chalice(app_name="stub")
app.api.binary_types = ["multipart/form-data", "application/octet-stream"]
NOTES = Path(os.environ.get("STUB_NOTES", "/dev/null"))


def note(**what: Any) -> None:
    with NOTES.open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), **what}) + "\n")


@app.route("/health")
def health() -> dict[str, str]:
    print("the app may print")
    return {"status": "UP"}


def api() -> Response:
    assert app.current_request
    event = app.current_request.to_original_event()
    context = app.lambda_context
    kind = event["path"].rstrip("/").rpartition("/")[2]
    if kind == "slow":
        time.sleep(30)
    if kind == "crash":
        os._exit(3)
    if kind == "raise":
        raise ValueError("inside")
    if kind == "long":
        return Response(body="x" * 6_500_000, headers={"Content-Type": "text/plain"})
    if kind == "bytes":
        return Response(body=bytes(range(256)), headers={"Content-Type": "application/octet-stream"})
    if kind == "unicode":
        return Response(body="", headers={"X-Name": "写真"})
    if kind == "cookies":
        return Response(body="", status_code=201, headers={"Set-Cookie": ["a=1", "b=2"]})
    seen = {
        "event": event,
        "name": context.function_name,
        "left_ms": context.get_remaining_time_in_millis(),
        "pid": os.getpid(),
    }
    return Response(body=json.dumps(seen), headers={"Content-Type": "application/json"})


for path in ("/api", "/api/{proxy+}"):  # a greedy parameter is not handed to the view
    app.route(
        path,
        methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        content_types=["application/json", "multipart/form-data", "application/octet-stream", "text/plain"],
    )(api)


@app.on_sqs_message(queue="jobs", batch_size=5)
def take_jobs(event: Any) -> dict[str, Any]:
    failures = []
    for record in event.to_dict()["Records"]:
        note(queue="jobs", body=record["body"], count=record["attributes"]["ApproximateReceiveCount"])
        if record["body"] == "poison":
            failures.append({"itemIdentifier": record["messageId"]})
        if record["body"] == "raise":
            raise RuntimeError("the whole batch")
        if record["body"] == "crash":
            os._exit(3)
    return {"batchItemFailures": failures}


@app.schedule("rate(1 minute)")
def tick(event: Any) -> None:
    note(schedule="tick", source=event.to_dict()["source"])
