"""How a deployment calls the function that migrates."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from infrastructure.deploy.errors import DeployError
from infrastructure.deploy.migrations import BUSY_LIMIT_S, MigrationsFunction

DONE = {"is_done": True, "is_busy": False, "lines": ["m1: applied"]}
BUSY = {"is_done": False, "is_busy": True, "lines": []}
PAUSED = {"is_done": False, "is_busy": False, "lines": ["running m1"]}


class Lambda:
    """Answers one call after the other; the last answer again and again."""

    def __init__(self, *answers: dict[str, Any], statuses: tuple[str, ...] = ("Successful",)) -> None:
        self.answers, self.statuses = list(answers), list(statuses)
        self.asked: list[Any] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "migrations"
        self.asked.append(json.loads(Payload))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        failed = {"FunctionError": "Unhandled"} if "errorMessage" in answer else {}
        return {**failed, "Payload": io.BytesIO(json.dumps(answer).encode())}

    def update_function_code(self, **request: Any) -> None:
        self.asked.append(request)

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "migrations"
        return {"LastUpdateStatus": self.statuses.pop(0), "LastUpdateStatusReason": "too large"}


class Time:
    """Goes on by what is waited."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def function(client: Lambda, said: list[str] | None = None) -> MigrationsFunction:
    time = Time()
    return MigrationsFunction(client, "migrations", (said or []).append, time.pause, time)


def test_it_is_called_until_it_is_done_and_tells_what_it_says() -> None:
    client, said = Lambda(PAUSED, PAUSED, DONE), ["x"]

    function(client, said).up(("expand",))

    assert len(client.asked) == 3
    assert client.asked[0] == {"command": "up", "stages": ["expand"], "seconds": 45}
    assert said[1:] == ["running m1", "running m1", "m1: applied"]


def test_another_runner_is_waited_for_but_not_for_ever() -> None:
    function(Lambda(BUSY, BUSY, DONE)).up(("expand",))

    busy = Lambda(BUSY)
    with pytest.raises(DeployError, match="another runner"):
        function(busy).up(("expand",))
    assert len(busy.asked) >= BUSY_LIMIT_S / 3


def test_a_failed_migration_stops_the_deployment_and_says_why() -> None:
    failing = Lambda({"errorType": "ConflictError", "errorMessage": "m0002 was edited"})

    with pytest.raises(DeployError, match="ConflictError: m0002 was edited"):
        function(failing).up(("expand",))


def test_new_code_is_waited_for_before_it_is_called() -> None:
    client = Lambda(DONE, statuses=("InProgress", "InProgress", "Successful"))

    function(client).renew("bucket", "code/1.zip")

    assert client.asked == [{"FunctionName": "migrations", "S3Bucket": "bucket", "S3Key": "code/1.zip"}]
    assert client.statuses == []


def test_code_that_is_refused_stops_the_deployment() -> None:
    with pytest.raises(DeployError, match="too large"):
        function(Lambda(DONE, statuses=("Failed",))).renew("bucket", "code/1.zip")
