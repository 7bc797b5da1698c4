"""What the deployed functions do: each is one call of a service; `queues.py` says which serves what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import observability, wiring
from chalicelib.ids import ProjectId
from chalicelib.jobs.messages import handle_batch

Failures = dict[str, list[dict[str, str]]]


def on_job_message(event: Mapping[str, Any]) -> Failures:
    """A step of a job: imports, exports and maintenance alike; or columns that are to be packed."""
    return handle_batch(event, _work)


def _work(message: Mapping[str, object]) -> None:
    project = message.get("column_files")
    if isinstance(project, int):
        wiring.column_files().refresh(ProjectId(project))
        return
    wiring.jobs().handle(message)


def on_prediction_message(event: Mapping[str, Any]) -> Failures:
    """A prediction that a model pushed."""
    return handle_batch(event, wiring.prediction_intake().accept)


def on_watchdog() -> int:
    """Seal the audit log, and nudge jobs that show no sign of life; gives how many jobs."""
    wiring.audit().seal()
    wiring.audit().forget_due()
    count = wiring.jobs().watch()
    if count:
        observability.warning("jobs_stalled", count=count)
        observability.measure("jobs_stalled", count)
    return count
