"""Migrations at a deployment: what must come before the new code serves, and what needs it to serve alone.

Before the stack is changed the function of the migrations gets its new code, beside the old API, and applies
what is of the stage *expand*: harmless to the old code by definition. When code and ledger disagree, the
deployment ends there and nothing has moved. After the stack is changed it applies the rest.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from infrastructure.deploy.errors import DeployError

BEFORE = ("expand",)
AFTER = ("expand", "backfill", "contract")
CALL_S = 45
"""How long one call may work, so that there is a word of progress every minute."""
ANSWER_S = 180
"""How long an answer is waited for: a call ends the page that it is at, or breaks it off after a while."""
BUSY_LIMIT_S = 180.0
"""How long another runner, or the lease of one that died, is waited for."""
POLL_S = 3.0
READY = "Successful"


@dataclass(frozen=True, slots=True)
class MigrationsFunction:
    """The function of one stage. `client` is botocore's for Lambda; `pause` waits, `say` takes lines."""

    client: Any
    name: str
    say: Callable[[str], None]
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def renew(self, bucket: str, key: str) -> None:
        """Give it this release's code, ahead of the stack. The stack's own change finds it so."""
        self.client.update_function_code(FunctionName=self.name, S3Bucket=bucket, S3Key=key)
        deadline = self.clock() + BUSY_LIMIT_S
        while True:
            found = self.client.get_function_configuration(FunctionName=self.name)
            if found.get("LastUpdateStatus", READY) == READY:
                return
            if self.clock() >= deadline or found["LastUpdateStatus"] == "Failed":
                raise DeployError(
                    f"the code of {self.name} cannot be renewed: {found.get('LastUpdateStatusReason')}"
                )
            self.pause(POLL_S)

    def up(self, stages: Sequence[str]) -> None:
        """Apply what is due of these stages, however many calls it takes. Raises `DeployError`."""
        busy_since: float | None = None
        while True:
            answer = self._call({"command": "up", "stages": list(stages), "seconds": CALL_S})
            if answer["is_done"]:
                return
            if not answer["is_busy"]:
                busy_since = None
                continue
            busy_since = self.clock() if busy_since is None else busy_since
            if self.clock() - busy_since >= BUSY_LIMIT_S:
                raise DeployError("another runner is applying migrations; deploy again when it is done")
            self.pause(POLL_S)

    def _call(self, event: dict[str, Any]) -> dict[str, Any]:
        answered = self.client.invoke(FunctionName=self.name, Payload=json.dumps(event).encode())
        answer: dict[str, Any] = json.loads(answered["Payload"].read())
        if "FunctionError" in answered:
            said = f"{answer.get('errorType')}: {answer.get('errorMessage')}"
            raise DeployError(f"a migration failed: {said}\nSee docs/migrations.md, then deploy again.")
        for line in answer["lines"]:
            self.say(line)
        return answer
