"""EventBridge's side: calls functions again and again, never the same one twice at once."""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from infrastructure.local.functions.pool import AppUnavailableError, FunctionError, InstancePool
from infrastructure.local.functions.registry import ScheduleLike

logger = logging.getLogger(__name__)
_FIRST_AFTER_S = 5


class Schedule:
    """One function and its rhythm."""

    def __init__(self, pool: InstancePool, schedule: ScheduleLike) -> None:
        self._pool = pool
        self._schedule = schedule

    def run(self, stopped: threading.Event) -> None:
        """Call soon after the start, as a run that was killed may have left work, then in rhythm."""
        wait_s = float(min(_FIRST_AFTER_S, self._schedule.every_s))
        while not stopped.wait(wait_s):
            self.call_once()
            wait_s = self._schedule.every_s

    def call_once(self) -> None:
        """Call the function; a failure is noted, the next call is another chance."""
        try:
            event = scheduled_event(self._schedule.handler)
            self._pool.invoke(self._schedule.handler, event, timeout_s=self._schedule.timeout_s)
        except (FunctionError, AppUnavailableError) as error:
            logger.warning("schedule %s: %s", self._schedule.handler, error)


def scheduled_event(handler: str) -> dict[str, Any]:
    """The event that a rule on AWS would send."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:000000000000:rule/{handler}"],
        "detail": {},
    }
