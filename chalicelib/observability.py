"""Structured logs, correlation ids and metrics, by Powertools.

A log line's message is a constant event name (`annotation_submitted`), its values are fields. Ids go in,
people's data never: fields that could hold it are refused by name. The correlation id of the request (or
of the job's envelope) is put on every line written while it is set, in its own thread only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from aws_lambda_powertools.logging import Logger

from chalicelib.settings import settings

PRIVATE_FIELDS = frozenset(
    {
        *("authorization", "body", "cookie", "data", "email", "headers", "key", "name", "password", "result"),
        *("secret", "text", "token", "url", "value"),
    }
)
"""Fields that are dropped from every line, whoever passes them."""

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


@cache
def _logger() -> Logger:
    return Logger(service="skylabel", level=settings().log_level, stream=sys.stderr, use_rfc3339=True)


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Put the id on every line that this thread logs inside the block."""
    token = _correlation_id.set(correlation_id)
    try:
        yield
    finally:
        _correlation_id.reset(token)


def correlation_id() -> str:
    """The id of what is being served now, for envelopes; empty outside of `correlated`."""
    return _correlation_id.get()


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name not in PRIVATE_FIELDS}
    if correlation := _correlation_id.get():
        kept["correlation_id"] = correlation
    return kept


def debug(event: str, **fields: Any) -> None:
    """Log for tracing."""
    _logger().debug(event, extra=_fields(fields))


def info(event: str, **fields: Any) -> None:
    """Log what an operator counts."""
    _logger().info(event, extra=_fields(fields))


def warning(event: str, **fields: Any) -> None:
    """Log what works only in part."""
    _logger().warning(event, extra=_fields(fields))


def error(event: str, **fields: Any) -> None:
    """Log what somebody must look at."""
    _logger().error(event, extra=_fields(fields))


def exception(event: str, **fields: Any) -> None:
    """Log what somebody must look at, with the traceback of the exception being handled."""
    _logger().exception(event, extra=_fields(fields))


def measure(metric: str, amount: float = 1, *, unit: str = "Count", **dimensions: str) -> None:
    """Record one number under a name that answers an operator's question (`tasks_served`).

    Dimensions must have few values (stage, kind), never ids. Outside AWS nothing is written.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=metric, unit=MetricUnit(unit), value=amount, namespace="Skylabel") as emitted:
        emitted.add_dimension(name="stage", value=settings().stage)
        for name, text in dimensions.items():
            emitted.add_dimension(name=name, value=text)
