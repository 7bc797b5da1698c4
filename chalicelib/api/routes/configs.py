"""Labeling configurations: checking them, what follows from them, and the gallery to begin with."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from random import SystemRandom
from typing import Any

from chalicelib import wiring
from chalicelib.api.answers import Answer, to_json
from chalicelib.api.config_faults import config_faults
from chalicelib.api.endpoint import Call, route
from chalicelib.api.errors import render_fault
from chalicelib.api.schemas.configs import (
    ConfigChange,
    ConfigFaults,
    ConfigWarnings,
    ConfigWrite,
    SampleTask,
    SampleWrite,
    TemplatesRead,
    TimeSeriesQuery,
)
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId

GALLERY_KEPT_S = 300
_TIME_FORMAT = re.compile(r"(?:[^%\x00]|%[a-zA-Z%]|%-[dHIjmMSUWy])*")
"""No widths: `%999999999d` would be a gigabyte of blanks."""


@route(
    "GET",
    "/api/templates/",
    answer=TemplatesRead,
    errors=(304,),
    summary="The gallery of configurations",
)
def templates(call: Call) -> Answer:
    """Every template with its configuration, sample data and a result; unchanged until the next release."""
    from chalicelib.domain.templates import gallery

    return _cached(call, gallery(), _gallery_tag(), f"public, max-age={GALLERY_KEPT_S}")


@route(
    "POST",
    "/api/projects/validate/",
    parameters=("warnings",),
    body=ConfigWrite,
    status=204,
    also={200: ConfigWarnings},
    refused={400: ConfigFaults},
    summary="Check a configuration",
)
def validate_config(call: Call, *, body: ConfigWrite) -> Answer | None:
    """Nothing when it is right; else the faults, in Label Studio's bare form and each with its place.

    With `?warnings=true` a right one is answered 200 with its doubts, which never block.
    """
    try:
        config = wiring.parse_config(required_config(body.label_config))
    except InvalidInputError as error:
        messages = [fault.message for fault in error.faults] or [error.message]
        faults = [render_fault(fault) for fault in error.faults]
        wrong: ConfigFaults = {"label_config": messages, "faults": faults}
        return Answer(400, wrong)
    if call.request.first("warnings").lower() not in ("true", "1"):
        return None
    found: ConfigWarnings = {"warnings": [render_fault(warning) for warning in config.warnings]}
    return Answer(200, found)


@route(
    "POST",
    "/api/projects/{project_id}/validate/",
    action="project.read",
    body=ConfigWrite,
    answer=ConfigChange,
    summary="Check a configuration against what a project holds",
)
def validate_project_config(call: Call, *, project_id: int, body: ConfigWrite) -> ConfigChange:
    """Whether it would change essential data, and its doubts; 400 if it loses what annotations use."""
    wiring.projects().get(call.principal, ProjectId(project_id))
    text = required_config(body.label_config)
    with config_faults():
        changed = wiring.projects().check_config(call.principal, ProjectId(project_id), text)
    warnings = [render_fault(warning) for warning in wiring.parse_config(text).warnings]
    return {"config_essential_data_has_changed": changed, "warnings": warnings}


@route(
    "POST",
    "/api/projects/{project_id}/sample-task/",
    action="project.read",
    body=SampleWrite,
    answer=SampleTask,
    summary="Make up a task for a configuration",
)
def sample(call: Call, *, project_id: int, body: SampleWrite) -> SampleTask:
    """Data that the configuration can show; the project's own configuration when none is sent.

    `include_annotation_and_prediction` adds an annotation and a prediction that fit.
    """
    from chalicelib.domain.label_config import sample_task, sample_task_with_results

    project = wiring.projects().get(call.principal, ProjectId(project_id))
    with config_faults():
        config = wiring.parse_config(body.label_config or project.label_config)
    if body.include_annotation_and_prediction:
        return {"sample_task": sample_task_with_results(config, SystemRandom())}
    return {"sample_task": sample_task(config)}


@route(
    "GET",
    "/api/projects/{project_id}/results-schema/",
    action="project.read",
    answer=dict[str, Any],
    errors=(304,),
    summary="The JSON Schema of a project's results",
)
def results_schema(call: Call, *, project_id: int) -> Answer:
    """What `result` may be under the project's configuration, as JSON Schema 2020-12."""
    from chalicelib.domain.label_config import results_schema as schema_of

    project = wiring.projects().get(call.principal, ProjectId(project_id))
    body = schema_of(wiring.known_config(project.label_config))
    return _cached(call, body, _tag(project.label_config.encode()), "private, no-cache")


@route(
    "GET",
    "/samples/time-series.csv",
    query=TimeSeriesQuery,
    media="text/csv",
    summary="A table of waves, for sample tasks",
)
def sample_time_series(_call: Call, *, query: TimeSeriesQuery) -> Answer:
    """One row a minute: a time column, and one column of numbers for each of the comma-separated values."""
    from chalicelib.domain.label_config.sample import time_series_csv

    if not _TIME_FORMAT.fullmatch(query.tf):
        raise InvalidInputError.at("tf", "A format of dates like %Y-%m-%d %H:%M:%S is required.")
    table = time_series_csv(time=query.time, values=query.values, separator=query.sep, time_format=query.tf)
    return Answer(200, table, "text/csv; charset=utf-8", {"Cache-Control": "public, max-age=86400"})


def required_config(label_config: str | None) -> str:
    """The configuration that was sent. Raises InvalidInputError when there is none."""
    if label_config is None:
        raise InvalidInputError.at("label_config", "This field is required.", code="required")
    if not label_config.strip():
        raise InvalidInputError.at("label_config", "This field may not be blank.", code="blank")
    return label_config


@cache
def _gallery_tag() -> str:
    from chalicelib.domain.templates import gallery

    return _tag(to_json(gallery()).encode())


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def _cached(call: Call, body: Any, tag: str, keep: str) -> Answer:
    """The body, or 304 when the client has it already."""
    headers = {"ETag": tag, "Cache-Control": keep}
    known = [
        one.strip().removeprefix("W/") for one in call.request.headers.get("if-none-match", "").split(",")
    ]
    return Answer(304, headers=headers) if tag in known else Answer(200, body, headers=headers)
